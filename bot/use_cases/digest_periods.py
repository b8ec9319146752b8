"""Read what a channel's digest is about, as far as those who read the channel now may see it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digests import DigestSetting, Period, announcement, misses, period_of
from bot.domain.figures import WEEKS
from bot.domain.held_misses import held_misses
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import SHARED, PlaceUnreachable
from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.domain.working_time import WorkingHours
from bot.ports import Audience, Messenger, Transaction
from bot.use_cases.context import Context
from bot.use_cases.outbox import owe

CHART = timedelta(weeks=WEEKS)


class DigestPeriods:
    """The promises of a digest's periods."""

    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock, self._new_delivery = context.store, context.clock, context.new_delivery
        self._messenger = messenger

    async def as_read(self, setting: DigestSetting) -> DigestSetting:
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

    async def of_post(self, setting: DigestSetting, end: datetime) -> tuple[tuple[Past, ...], Period]:
        """Return the promises of a post, and its period with the misses that it leaves to the next one."""
        period = period_of(setting, end)
        pasts = await self.pasts(setting, period)
        late = misses(pasts, period)
        hours = await self.hours_of_owners(setting.team_id, late)
        held = held_misses(late, hours, announcement(setting, end))
        # The owners of those left out of the last chances may have come back since.
        held |= setting.held.next & {past.promise.id for past in late}
        return pasts, replace(period, held=held)

    async def hours_of_owners(self, team_id: TeamId, pasts: Iterable[Past]) -> dict[UserId, WorkingHours]:
        """Return the working hours of the owners who have an account."""
        owners = {past.promise.owner_id for past in pasts}

        def work(tx: Transaction) -> dict[UserId, WorkingHours]:
            tx.people.prefetch(owners)
            known = (tx.people.get(each) for each in owners)
            return {person.id: person.hours for person in known if person and not person.is_gone}

        return await self._store.read(team_id, work) if owners else {}

    async def pasts(self, setting: DigestSetting, period: Period) -> tuple[Past, ...]:
        """Return the promises of a period and of the chart, without those that were made where others read along."""
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
