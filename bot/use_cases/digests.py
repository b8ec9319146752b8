"""Channel digests: set, pause, stop, announce to the owners they name, and compose."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digest_channels import DIGEST_CHANNELS, DigestChannels
from bot.domain.digests import (
    DigestContent,
    DigestSetting,
    LastChance,
    Period,
    after_post,
    at_stake,
    digest,
    last_chance_at,
    misses,
    next_post_at,
    period_of,
)
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.figures import WEEKS
from bot.domain.held_misses import held_misses
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import SHARED, InThread, OfPost, PlaceUnreachable
from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, PromiseId, TeamId, UserId
from bot.domain.working_time import WorkingHours
from bot.language import N_, _
from bot.ports import Audience, Delivery, Messenger, Posted, Transaction
from bot.use_cases.context import Context
from bot.use_cases.outbox import owe

CHART = timedelta(weeks=WEEKS)
#: How long a post is deferred while deadlines of its period are not marked yet.
LOOKED_AT_AGAIN_IN = timedelta(seconds=5)
NONE_HERE = N_("This channel has no digest. `/promise digest here weekly 16:00` sets one.")


class Digests:
    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock, self._new_delivery = context.store, context.clock, context.new_delivery
        self._messenger = messenger

    async def set(self, setting: DigestSetting) -> datetime:
        """Set or replace a channel's digest; return when the next one is posted. The covered period stays.

        Raises NotAllowedError in a channel where the workspace's admins want none.
        """

        def work(tx: Transaction) -> datetime:
            if not digest_channels(tx).allow(setting.channel_id):
                raise NotAllowedError(
                    _("Your admins chose other channels for digests: `/promise settings digests` lists them.")
                )
            earlier = tx.digests.get(setting.channel_id)
            kept = replace(setting, held=earlier.held) if earlier else setting
            if earlier and earlier.paused_at is None:
                kept = replace(kept, covered_to=earlier.covered_to, covered_from=earlier.covered_from)
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
        """Resume a digest and return its setting. The pause is left out of the next post.

        Raises NotFoundError when there is no digest.
        """

        def work(tx: Transaction) -> DigestSetting:
            setting = _setting(tx, channel_id)
            if setting.paused_at:
                setting = replace(setting, paused_at=None, covered_to=self._clock.now())
                tx.digests.save(setting)
            self.plan_next(tx, setting)
            return setting

        return await self._store.write(team_id, work)

    async def setting(self, team_id: TeamId, channel_id: ChannelId) -> DigestSetting | None:
        return await self._store.read(team_id, lambda tx: tx.digests.get(channel_id))

    async def check_readers(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Notify the person who set a digest of `members` when the channel is read by another company now."""
        if setting := await self.setting(team_id, channel_id):
            await self._as_read(setting)

    async def preview(self, setting: DigestSetting) -> DigestContent:
        """Return the content of the digest if it were posted now."""
        setting = await self._as_read(setting)
        return digest(*await self._with_held(setting, self._clock.now()), setting.zone)

    async def waits(self, delivery: Delivery) -> bool:
        """Defer a post or its last chance while deadlines before it are not marked yet; return whether it was deferred.

        After a downtime, deadlines that passed before it was due are marked in batches.
        """

        def work(tx: Transaction) -> bool:
            if not tx.promises.has_clock_act_by(ends_at(delivery)):
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
        setting = await self._as_read(setting)
        pasts, period = await self._with_held(setting, ends_at(delivery))
        await self._hold(setting, period.held)
        return setting, digest(pasts, period, setting.zone)

    async def details(self, delivery: Delivery) -> DigestContent | None:
        """Return the content of the last post, for its thread; None when the digest has been stopped."""
        setting = await self.setting(delivery.team_id, ChannelId(delivery.to))
        if setting is None or setting.covered_from is None:
            return None
        past = await self._as_read(replace(setting, covered_to=setting.covered_from))
        period = replace(period_of(past, setting.covered_to), carried=setting.held.before, held=setting.held.last)
        return digest(await self._pasts(past, period), period, past.zone)

    async def chances(self, delivery: Delivery) -> tuple[LastChance, ...]:
        """Return, per owner, the promises they can still change before the announced post.

        The row addressed to the channel finds the owners; each owner then gets a row of their own.
        """
        post = OfPost.read(delivery.occasion)
        setting, post_at = await self.setting(delivery.team_id, post.channel_id), post.post_at
        if setting is None or setting.paused_at or next_post_at(setting, self._clock.now()) != post_at:
            return ()
        setting = await self._as_read(setting)
        pasts, period = await self._with_held(setting, post_at)
        await self._hold(setting, period.held)
        mine = at_stake(pasts, period)
        return tuple(
            LastChance(owner, setting.channel_id, setting.zone, post_at, promises) for owner, promises in mine.items()
        )

    def notify_owners(self, tx: Transaction, delivery: Delivery, owners: Collection[UserId]) -> None:
        """Add a last-chance message for each owner."""
        now = self._clock.now()
        tx.deliveries.record_done(delivery, "notified each owner", now)
        messages = [Planned(Kind.LAST_CHANCE, owner, now, delivery.occasion) for owner in owners]
        owe(tx, None, messages, self._new_delivery)

    def plan_next(self, tx: Transaction, setting: DigestSetting) -> datetime:
        """Schedule the next post and its last-chance message, replacing pending ones; return when it is posted."""
        now = self._clock.now()
        at = next_post_at(setting, now)
        self._call_off(tx, setting.channel_id)
        if setting.held.next:
            tx.digests.save(replace(setting, held=replace(setting.held, next=frozenset())))
        if setting.paused_at:
            return at
        post = Planned(Kind.DIGEST, setting.channel_id, at, at.isoformat())
        before = max(last_chance_at(setting, at), now)
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

    async def _as_read(self, setting: DigestSetting) -> DigestSetting:
        """Leave the members' other channels out if people other than colleagues can read this one.

        Asked at each post, because a channel can be shared with another company, or made private, any day. The person
        who set the digest is notified once that it is shared.
        """
        if not setting.of_members:
            return setting
        audience = await self._messenger.audience(setting.team_id, setting.channel_id, just_now=True)
        if audience is Audience.OTHERS_TOO:
            occasion = str(PlaceUnreachable(setting.channel_id, SHARED, setting.set_at.date()))
            word = Planned(Kind.TROUBLE, setting.set_by, self._clock.now(), occasion)
            await self._store.write(setting.team_id, lambda tx: owe(tx, None, [word], self._new_delivery))
        return setting if audience is Audience.COLLEAGUES else replace(setting, of_members=False)

    async def _with_held(self, setting: DigestSetting, end: datetime) -> tuple[tuple[Past, ...], Period]:
        """Return the promises of a post, and its period with the misses that it leaves to the next one."""
        period = period_of(setting, end)
        pasts = await self._pasts(setting, period)
        late = misses(pasts, period)

        def work(tx: Transaction) -> dict[UserId, WorkingHours]:
            owners = {past.promise.owner_id for past in late}
            tx.people.prefetch(owners)
            known = (tx.people.get(each) for each in owners)
            return {person.id: person.hours for person in known if person and not person.is_gone}

        hours = await self._store.read(setting.team_id, work) if late else {}
        held = held_misses(late, hours, last_chance_at(setting, end), end)
        # The owners of those left out of the last chances may have come back since.
        held |= setting.held.next & {past.promise.id for past in late}
        return pasts, replace(period, held=held)

    async def _hold(self, setting: DigestSetting, held: frozenset[PromiseId]) -> None:
        """Record the misses that the next post leaves out."""

        def work(tx: Transaction) -> None:
            if kept := tx.digests.get(setting.channel_id):
                tx.digests.save(replace(kept, held=replace(kept.held, next=held)))

        if setting.held.next != held:
            await self._store.write(setting.team_id, work)

    async def _pasts(self, setting: DigestSetting, period: Period) -> tuple[Past, ...]:
        since = min(period.start, period.end - CHART)
        channel, due_before = setting.channel_id, period.coming_to + timedelta(microseconds=1)
        members = await self._members(setting) if setting.of_members else None

        def work(tx: Transaction) -> tuple[Past, ...]:
            here = tx.records.of_channel(channel, since, due_before)
            theirs = tx.records.of_members(members, since, due_before) if members else ()
            return tuple({past.promise.id: past for past in (*here, *theirs)}.values())

        pasts = await self._store.read(setting.team_id, work)
        elsewhere = {past.promise.origin.channel_id for past in pasts} - {channel}
        hidden = {each for each in elsewhere if await self._is_hidden(setting.team_id, each)}
        return tuple(past for past in pasts if past.promise.origin.channel_id not in hidden)

    async def _members(self, setting: DigestSetting) -> frozenset[UserId]:
        """Return the members whose promises in other channels are included; none if a guest is in the channel."""
        members = await self._messenger.members(setting.team_id, setting.channel_id)
        guests = await self._messenger.guests(setting.team_id)
        return frozenset() if guests is None or members & guests else members

    async def _is_hidden(self, team_id: TeamId, channel_id: ChannelId) -> bool:
        """Return whether a channel is private now."""
        return await self._messenger.audience(team_id, channel_id) is Audience.MEMBERS

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
