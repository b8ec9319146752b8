"""Channel digests: set, paused, stopped, announced to those they name, composed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digests import (
    Chance,
    DigestContent,
    DigestSetting,
    Period,
    at_stake,
    digest,
    last_chance_at,
    next_post_at,
    period_of,
)
from bot.domain.errors import NotFoundError
from bot.domain.figures import WEEKS
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import InThread, OfPost
from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, PromiseId, TeamId, UserId
from bot.ports import Audience, Delivery, DeliveryId, Messenger, Posted, Transaction
from bot.use_cases.context import Context
from bot.use_cases.owing import owe
from bot.use_cases.people import hours_of

CHART = timedelta(weeks=WEEKS)
#: How long a post waits before it looks again at whether all that its period brought has been marked.
LOOKED_AT_AGAIN_IN = timedelta(seconds=5)
NONE_HERE = "This channel has no digest. `/promise digest here weekly 16:00` sets one."


class Digests:
    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._messenger = messenger

    async def set(self, setting: DigestSetting) -> datetime:
        """Sets or replaces a channel's digest; returns when the next one is posted. What was covered stays covered."""

        def work(tx: Transaction) -> datetime:
            earlier = tx.digests.get(setting.channel_id)
            kept = setting
            if earlier and earlier.paused_at is None:
                kept = replace(setting, covered_to=earlier.covered_to, covered_from=earlier.covered_from)
            tx.digests.save(kept)
            return self.plan_next(tx, kept)

        return await self._store.write(setting.team_id, work)

    async def stop(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Ends a channel's digest.

        Raises NotFoundError when it has none.
        """

        def work(tx: Transaction) -> None:
            _setting(tx, channel_id)
            tx.digests.remove(channel_id)
            self._call_off(tx, channel_id)

        await self._store.write(team_id, work)

    async def pause(self, team_id: TeamId, channel_id: ChannelId) -> None:
        """Posts nothing until it is resumed.

        Raises NotFoundError when there is no digest.
        """

        def work(tx: Transaction) -> None:
            setting = _setting(tx, channel_id)
            tx.digests.save(replace(setting, paused_at=setting.paused_at or self._clock.now()))
            self._call_off(tx, channel_id)

        await self._store.write(team_id, work)

    async def resume(self, team_id: TeamId, channel_id: ChannelId) -> DigestSetting:
        """Posts again; what happened during the pause is not told. Returns the setting.

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

    async def preview(self, setting: DigestSetting) -> DigestContent:
        """What the digest would say if it were posted now."""
        return await self._told(await self._as_read(setting), self._clock.now())

    async def waits(self, delivery: Delivery) -> bool:
        """Put a post off while the clock still owes something of its period, and return whether it does.

        After a downtime, deadlines that passed before the post was due are marked in batches.
        """

        def work(tx: Transaction) -> bool:
            if not tx.promises.clock_owes(ends_at(delivery)):
                return False
            until = self._clock.now() + LOOKED_AT_AGAIN_IN
            return tx.deliveries.put_off(delivery, until, "the clock is behind", unknown=False, counts=False)

        return await self._store.write(delivery.team_id, work)

    async def compose(self, delivery: Delivery) -> tuple[DigestSetting, DigestContent] | None:
        """What a post says; None when the digest has been stopped or paused."""
        setting = await self.setting(delivery.team_id, ChannelId(delivery.to))
        if setting is None or setting.paused_at:
            return None
        setting = await self._as_read(setting)
        return setting, await self._told(setting, ends_at(delivery))

    async def details(self, delivery: Delivery) -> DigestContent | None:
        """What the last post told, for its thread; None when the digest has been stopped."""
        setting = await self.setting(delivery.team_id, ChannelId(delivery.to))
        if setting is None or setting.covered_from is None:
            return None
        told = await self._as_read(replace(setting, covered_to=setting.covered_from))
        return await self._told(told, setting.covered_to)

    async def chances(self, delivery: Delivery) -> tuple[Chance, ...]:
        """What each owner could still change before the post that a last chance announces; one owner's, or all.

        The delivery is for the channel first, to find out whom to tell, and then for each of them.
        """
        post = OfPost.read(delivery.occasion)
        setting, post_at = await self.setting(delivery.team_id, post.channel_id), post.post_at
        if setting is None or setting.paused_at or next_post_at(setting, self._clock.now()) != post_at:
            return ()
        setting, period = await self._as_read(setting), period_of(setting, post_at)
        mine = at_stake(await self._pasts(setting, period), period)
        return tuple(
            Chance(owner, setting.channel_id, setting.zone, post_at, promises) for owner, promises in mine.items()
        )

    def tell_owners(self, tx: Transaction, delivery: Delivery, owners: Collection[UserId]) -> None:
        """Owes each owner their own last chance."""
        now = self._clock.now()
        tx.deliveries.record_done(delivery, "told each owner", now)
        messages = [Planned(Kind.LAST_CHANCE, owner, now, delivery.occasion) for owner in owners]
        owe(tx, None, messages, self._new_delivery)

    def plan_next(self, tx: Transaction, setting: DigestSetting) -> datetime:
        """Owes the next post, and the last chance before it, in place of any other that was pending."""
        now = self._clock.now()
        at = next_post_at(setting, now)
        self._call_off(tx, setting.channel_id)
        if setting.paused_at:
            return at
        post = Planned(Kind.DIGEST, setting.channel_id, at, at.isoformat())
        before = last_chance_at(setting, at)
        chance = Planned(Kind.LAST_CHANCE, setting.channel_id, before, str(OfPost(at, setting.channel_id)))
        tx.deliveries.owe(None, [post, chance] if before > now else [post], self._new_delivery)
        return at

    def covered(self, tx: Transaction, setting: DigestSetting, posted: Posted) -> None:
        """Notes what the post just sent told, owes its thread and the next one."""
        kept = tx.digests.get(setting.channel_id) or setting
        told = replace(kept, covered_from=setting.covered_to, covered_to=ends_at(posted.delivery))
        tx.digests.save(told)
        thread = Planned(Kind.DETAILS, setting.channel_id, self._clock.now(), str(InThread(posted.ts)))
        tx.deliveries.owe(None, [thread], self._new_delivery)
        self.plan_next(tx, told)

    async def _as_read(self, setting: DigestSetting) -> DigestSetting:
        """Leave the members' other channels out where others than colleagues read along: asked at each post, because
        a channel can be shared with another company, or made private, any day.
        """
        if not setting.of_members:
            return setting
        audience = await self._messenger.audience(setting.team_id, setting.channel_id, just_now=True)
        return setting if audience is Audience.COLLEAGUES else replace(setting, of_members=False)

    async def _told(self, setting: DigestSetting, end: datetime) -> DigestContent:
        period = period_of(setting, end)
        return digest(await self._pasts(setting, period), period, setting.zone)

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
        """Return whose promises in other channels are told; nobody's where a guest reads, who may see no others."""
        members = await self._messenger.members(setting.team_id, setting.channel_id)
        guests = await self._messenger.guests(setting.team_id)
        return frozenset() if guests is None or members & guests else members

    async def _is_hidden(self, team_id: TeamId, channel_id: ChannelId) -> bool:
        """Return whether a channel has become private since something was promised in it."""
        return await self._messenger.audience(team_id, channel_id) is Audience.MEMBERS

    def _call_off(self, tx: Transaction, channel_id: ChannelId) -> None:
        tx.deliveries.cancel(None, Kind.DIGEST, channel_id)
        tx.deliveries.cancel(None, Kind.LAST_CHANCE, channel_id)

    def _new_delivery(self) -> DeliveryId:
        return DeliveryId(self._new_id())


def ends_at(delivery: Delivery) -> datetime:
    """A post covers what happened up to the instant it was meant for, however late it leaves."""
    return delivery.planned_at or delivery.due_at


def chances_naming(tx: Transaction, promise_id: PromiseId) -> tuple[tuple[Delivery, Chance], ...]:
    """Every last chance that stands in Slack and names the promise, with what it named as that is now."""
    return tuple((row, _told_again(tx, row)) for row in tx.digests.chances_naming(promise_id))


def _told_again(tx: Transaction, delivery: Delivery) -> Chance:
    post = OfPost.read(delivery.occasion)
    setting = tx.digests.get(post.channel_id)
    named = [promise for each in tx.digests.named_in(delivery.id) if (promise := tx.promises.get(each))]
    promises = sorted(named, key=lambda promise: (promise.terms.due.at, promise.number))
    zone = setting.zone if setting else hours_of(tx, UserId(delivery.to)).zone
    return Chance(UserId(delivery.to), post.channel_id, zone, post.post_at, tuple(promises))


def _setting(tx: Transaction, channel_id: ChannelId) -> DigestSetting:
    setting = tx.digests.get(channel_id)
    if setting is None:
        raise NotFoundError(NONE_HERE)
    return setting
