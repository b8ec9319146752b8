"""A person's record: who may see it, and the figures computed from the histories."""

from datetime import timedelta

from bot.domain.figures import (
    WEEKS,
    Record,
    RecordAccess,
    RecordSeen,
    Week,
    may_see,
    record_of,
    team_record,
    visible_pasts,
    weeks,
    with_deleted,
)
from bot.domain.outcomes import accounts_of
from bot.domain.promise import ChannelId, Promise, TeamId, UserId
from bot.domain.satisfaction import trend
from bot.ports import Transaction
from bot.use_cases.context import Context

#: How many closed promises a record covers.
LOOK_BACK = 500
WEEKS_BACK = timedelta(weeks=WEEKS)
#: How many closed promises a list shows, and how far ahead an open one of a channel may be due.
CLOSED_LISTED, FAR_AHEAD = 20, timedelta(days=3650)


class Records:
    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def of(
        self, team_id: TeamId, owner: UserId, viewer: UserId, zone: str, *, is_guest: bool = False
    ) -> RecordSeen:
        """Return a person's record as far as the viewer may see it. Weeks are in the viewer's `zone`.

        A record that its owner shared is visible to colleagues; a guest sees only the promises between the two.
        """
        now = self._clock.now()

        def work(tx: Transaction) -> RecordSeen:
            if viewer == owner:  # the Home tab is drawn often, and needs no open promises of one's own
                pasts = tx.records.counted_of(owner, LOOK_BACK, now)
            else:
                pasts = tx.records.of_owner(owner, LOOK_BACK)
            is_opened = tx.records.is_opened(owner) and (viewer == owner or not is_guest)
            shared = [past for past in pasts if past.promise.is_owed_to(viewer)]
            view = may_see(owner, viewer, len(shared), is_opened=is_opened)
            seen = visible_pasts(pasts, viewer, view)
            accounts = accounts_of(seen)
            ratings = trend(seen if view is RecordAccess.WHOLE else shared)
            record = record_of(accounts)
            if view is RecordAccess.WHOLE:
                record = with_deleted(record, tx.retention.counted(owner))
            return RecordSeen(owner, view, record, weeks(accounts, now, zone), is_opened, ratings)

        return await self._store.read(team_id, work)

    async def of_channel(
        self, team_id: TeamId, channel_id: ChannelId, zone: str
    ) -> tuple[Record, tuple[Week, ...]] | None:
        """Return a channel's figures for the last weeks, all people together; None if too few people contribute."""
        now = self._clock.now()
        since = now - WEEKS_BACK
        pasts = await self._store.read(team_id, lambda tx: tx.records.of_channel(channel_id, since, now))
        record = team_record(pasts)
        return (record, weeks(accounts_of(pasts), now, zone)) if record else None

    async def closed(self, team_id: TeamId, owner: UserId) -> tuple[Promise, ...]:
        """Return the promises a person owed that were closed last, the newest first."""
        pasts = await self._store.read(team_id, lambda tx: tx.records.closed_of(owner, CLOSED_LISTED))
        return tuple(past.promise for past in pasts)

    async def open_in(self, team_id: TeamId, channel_id: ChannelId) -> tuple[Promise, ...]:
        """Return the open promises made in public in a channel, the earliest deadline first."""
        now = self._clock.now()
        pasts = await self._store.read(team_id, lambda tx: tx.records.of_channel(channel_id, now, now + FAR_AHEAD))
        found = [past.promise for past in pasts if past.promise.state.is_open]
        return tuple(sorted(found, key=lambda promise: (promise.terms.due.at, promise.number)))

    async def open(self, team_id: TeamId, owner: UserId) -> None:
        now = self._clock.now()
        await self._store.write(team_id, lambda tx: tx.records.open(owner, now))

    async def close(self, team_id: TeamId, owner: UserId) -> None:
        await self._store.write(team_id, lambda tx: tx.records.close(owner))
