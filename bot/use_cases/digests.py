"""Channel digests: set, pause, stop, announce to the owners they name, and compose."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digest_channels import DIGEST_CHANNELS, DigestChannels
from bot.domain.digests import (
    DigestContent,
    DigestSetting,
    LastChance,
    after_post,
    announcement,
    at_stake,
    digest,
    last_chance_at,
    misses,
    next_post_at,
    period_of,
    resumed,
)
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import InThread, OfPost
from bot.domain.promise import ChannelId, PromiseId, TeamId, UserId
from bot.language import N_, _
from bot.ports import Delivery, Messenger, Posted, Transaction
from bot.use_cases.context import Context
from bot.use_cases.digest_periods import DigestPeriods
from bot.use_cases.outbox import owe

#: Owners whose usual hours end before the last chances get theirs earlier; they are looked for this often.
LOOKED_FOR_OWNERS = timedelta(days=1)
#: How long a post is deferred while deadlines of its period are not marked yet.
LOOKED_AT_AGAIN_IN = timedelta(seconds=5)
NONE_HERE = N_("This channel has no digest. `/promise digest here weekly 16:00` sets one.")


class Digests:
    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock, self._new_delivery = context.store, context.clock, context.new_delivery
        self._periods = DigestPeriods(context, messenger)

    async def set(self, setting: DigestSetting) -> datetime:
        """Set or replace a channel's digest; return when the next one is posted. The covered period stays.

        Raises NotAllowedError in a channel where the workspace's admins want none.
        """

        def work(tx: Transaction) -> datetime:
            if not digest_channels(tx).allow(setting.channel_id):
                raise NotAllowedError(
                    _("Your admins chose other channels for digests: `/promise settings digests` lists them.")
                )
            earlier, kept = tx.digests.get(setting.channel_id), setting
            if earlier:
                earlier = resumed(earlier, self._clock.now())
                kept = replace(setting, covered_to=earlier.covered_to, covered_from=earlier.covered_from)
                kept = replace(kept, held=earlier.held, pauses=earlier.pauses)
            tx.digests.save(kept)
            return self.plan_next(tx, kept)

        return await self._store.write(setting.team_id, work)

    async def stop(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Delete a channel's digest.

        Raises NotFoundError when it has none.
        """

        def work(tx: Transaction) -> None:
            _setting(tx, channel_id)
            tx.digests.remove(channel_id)
            self._call_off(tx, channel_id)

        await self._store.write(team_id, work)

    def restrict(self, tx: Transaction, channels: DigestChannels) -> int:
        """Delete the digests of channels that may have none; return how many those were."""
        ended = [each for each in tx.digests.channels() if not channels.allow(each)]
        for channel_id in ended:
            tx.digests.remove(channel_id)
            self._call_off(tx, channel_id)
        return len(ended)

    async def pause(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Pause a channel's digest until it is resumed.

        Raises NotFoundError when there is no digest.
        """

        def work(tx: Transaction) -> None:
            setting = _setting(tx, channel_id)
            tx.digests.save(replace(setting, paused_at=setting.paused_at or self._clock.now()))
            self._call_off(tx, channel_id)

        await self._store.write(team_id, work)

    async def resume(self, team_id: TeamId, channel_id: ChannelId) -> DigestSetting:
        """Resume a digest and return its setting. What happened in the pause is left out of the next post.

        Raises NotFoundError when there is no digest.
        """

        def work(tx: Transaction) -> DigestSetting:
            setting = _setting(tx, channel_id)
            if setting.paused_at:
                setting = resumed(setting, self._clock.now())
                tx.digests.save(setting)
            self.plan_next(tx, setting)
            return setting

        return await self._store.write(team_id, work)

    async def setting(self, team_id: TeamId, channel_id: ChannelId) -> DigestSetting | None:
        return await self._store.read(team_id, lambda tx: tx.digests.get(channel_id))

    async def check_readers(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Notify the person who set a digest of `members` when the channel is read by another company now."""
        if setting := await self.setting(team_id, channel_id):
            await self._periods.as_read(setting)

    async def preview(self, setting: DigestSetting) -> DigestContent:
        """Return the content of the digest if it were posted now."""
        setting = await self._periods.as_read(setting)
        return digest(*await self._periods.of_post(setting, self._clock.now()), setting.zone)

    async def waits(self, delivery: Delivery) -> bool:
        """Defer a post or its last chance while deadlines before it are not marked yet; return whether it was deferred.

        After a downtime, deadlines that passed before it was due are marked in batches.
        """
        by = ends_at(delivery) if delivery.kind is Kind.DIGEST else self._clock.now() - LOOKED_AT_AGAIN_IN

        def work(tx: Transaction) -> bool:
            if not tx.promises.has_clock_act_by(by):
                return False
            until = self._clock.now() + LOOKED_AT_AGAIN_IN
            return tx.deliveries.put_off(delivery, until, "the clock is behind", unknown=False, counts=False)

        return await self._store.write(delivery.team_id, work)

    async def compose(self, delivery: Delivery) -> tuple[DigestSetting, DigestContent] | None:
        """Return the content of a post; None when the digest has been stopped or paused.

        The misses that it leaves to the next one are recorded.
        """
        setting = await self.setting(delivery.team_id, ChannelId(delivery.to))
        if setting is None or setting.paused_at:
            return None
        setting, end = await self._periods.as_read(setting), ends_at(delivery)
        pasts, period = await self._periods.of_post(setting, end)

        def work(tx: Transaction) -> None:
            self._hold(tx, setting.channel_id, period.held)

        if setting.held.next != period.held:
            await self._store.write(setting.team_id, work)
        return setting, digest(pasts, period, setting.zone)

    async def details(self, delivery: Delivery) -> DigestContent | None:
        """Return the content of the last post, for its thread; None when the digest has been stopped."""
        setting = await self.setting(delivery.team_id, ChannelId(delivery.to))
        if setting is None or setting.covered_from is None:
            return None
        past = await self._periods.as_read(replace(setting, covered_to=setting.covered_from))
        period = replace(period_of(past, setting.covered_to), carried=setting.held.before, held=setting.held.last)
        return digest(await self._periods.pasts(past, period), period, past.zone)

    async def announce(self, delivery: Delivery) -> None:
        """Add a last-chance message for each owner whose time it is; look again later for those who follow.

        This is what the row addressed to the channel does.
        """
        post, now = OfPost.read(delivery.occasion), self._clock.now()
        setting = await self._announcing(delivery.team_id, post)
        if setting is None:
            await self._store.write(delivery.team_id, lambda tx: tx.deliveries.record_done(delivery, "moot", now))
            return
        pasts, period = await self._periods.of_post(setting, post.post_at)
        hours = await self._periods.hours_of_owners(setting.team_id, misses(pasts, period))
        planned = announcement(setting, post.post_at)
        times = {owner: planned.chance_for(each) for owner, each in hours.items()}
        due = [owner for owner in at_stake(pasts, period) if times.get(owner, planned.chance_at) <= now]
        ahead = [at for at in times.values() if at > now]

        def work(tx: Transaction) -> None:
            messages = [Planned(Kind.LAST_CHANCE, owner, now, delivery.occasion) for owner in due]
            owe(tx, None, messages, self._new_delivery)
            if now >= planned.chance_at:
                self._hold(tx, post.channel_id, period.held)
                tx.deliveries.record_done(delivery, "notified each owner", now)
            else:
                until = min([planned.chance_at, now + LOOKED_FOR_OWNERS, *ahead])
                tx.deliveries.put_off(delivery, until, "its owners' hours", unknown=False, counts=False)

        await self._store.write(delivery.team_id, work)

    async def chance(self, delivery: Delivery) -> LastChance | None:
        """Return the promises that an owner can still change before the announced post; None if there are none."""
        post, owner = OfPost.read(delivery.occasion), UserId(delivery.to)
        setting = await self._announcing(delivery.team_id, post)
        if setting is None:
            return None
        promises = at_stake(*await self._periods.of_post(setting, post.post_at)).get(owner)
        return LastChance(owner, setting.channel_id, setting.zone, post.post_at, promises) if promises else None

    def plan_next(self, tx: Transaction, setting: DigestSetting) -> datetime:
        """Schedule the next post and its last-chance message, replacing pending ones; return when it is posted."""
        now = self._clock.now()
        at = next_post_at(setting, now)
        self._call_off(tx, setting.channel_id)
        if setting.held != setting.held.of_last_posts():
            tx.digests.save(replace(setting, held=setting.held.of_last_posts()))
        if setting.paused_at:
            return at
        post = Planned(Kind.DIGEST, setting.channel_id, at, at.isoformat())
        before = max(min(last_chance_at(setting, at), now + LOOKED_FOR_OWNERS), now)
        chance = Planned(Kind.LAST_CHANCE, setting.channel_id, before, str(OfPost(at, setting.channel_id)))
        tx.deliveries.owe(None, [post, chance], self._new_delivery)
        return at

    def covered(self, tx: Transaction, setting: DigestSetting, posted: Posted) -> None:
        """Advance the covered period after a post was sent; add its thread and the next post."""
        advanced = after_post(tx.digests.get(setting.channel_id) or setting, ends_at(posted.delivery))
        tx.digests.save(advanced)
        thread = Planned(Kind.DETAILS, setting.channel_id, self._clock.now(), str(InThread(posted.ts)))
        tx.deliveries.owe(None, [thread], self._new_delivery)
        self.plan_next(tx, advanced)

    async def _announcing(self, team_id: TeamId, post: OfPost) -> DigestSetting | None:
        """Return the setting of a digest whose next post is this one; None if it was called off or moved."""
        setting = await self.setting(team_id, post.channel_id)
        if setting is None or setting.paused_at or next_post_at(setting, self._clock.now()) != post.post_at:
            return None
        return await self._periods.as_read(setting)

    def _hold(self, tx: Transaction, channel_id: ChannelId, held: frozenset[PromiseId]) -> None:
        """Record the misses that the next post leaves out."""
        if kept := tx.digests.get(channel_id):
            tx.digests.save(replace(kept, held=replace(kept.held, next=held)))

    def _call_off(self, tx: Transaction, channel_id: ChannelId) -> None:
        tx.deliveries.cancel(None, Kind.DIGEST, channel_id)
        tx.deliveries.cancel(None, Kind.LAST_CHANCE, channel_id)


def digest_channels(tx: Transaction) -> DigestChannels:
    """Return in which channels the workspace's admins want digests."""
    chosen = tx.retention.chosen(DIGEST_CHANNELS)
    return DigestChannels.stored(chosen) if chosen else DigestChannels()


def ends_at(delivery: Delivery) -> datetime:
    """Return the end of the period that a post covers: the time it was planned for, however late it is sent."""
    return delivery.planned_at or delivery.due_at


def _setting(tx: Transaction, channel_id: ChannelId) -> DigestSetting:
    setting = tx.digests.get(channel_id)
    if setting is None:
        raise NotFoundError(_(NONE_HERE))
    return setting
