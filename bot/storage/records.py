"""Promises with their histories in bulk, for digests and records."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, exists, select

from bot.domain.acts import State
from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, Promise, PromiseId, UserId
from bot.storage.among import among
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.promises_by_id import promises_by_id
from bot.storage.record_tables import open_records
from bot.storage.rows import entry_from_row, promise_from
from bot.storage.tables import acts, for_both, is_open, promises

#: Maximum number of promises whose acts one query reads.
PER_QUERY = 500

_TABLE = promises.c
_NOT_UNDONE = select(promises).where(_TABLE.team_id == bindparam("team"), _TABLE.state != State.UNDONE.value)
_PUBLIC = _NOT_UNDONE.where(~_TABLE.is_private)
_IN_CHANNEL = _TABLE.channel_id == bindparam("channel")
_BY_MEMBERS = among(_TABLE.owner_id, "members")
_OPEN_OF = _NOT_UNDONE.where(_TABLE.owner_id == bindparam("owner"), is_open)
#: Others that are open count for nothing yet: no deadline of theirs has passed.
_MISSED_OF = _OPEN_OF.where(_TABLE.missed_at.is_not(None) | (_TABLE.due_at <= bindparam("now")))
_CLOSED_OF = (
    _NOT_UNDONE.where(_TABLE.owner_id == bindparam("owner"), _TABLE.closed_at.is_not(None))
    .order_by(_TABLE.closed_at.desc())
    .limit(bindparam("at_most"))
)
_NEWS_IN = _PUBLIC.where(_IN_CHANNEL, _TABLE.news_at > bindparam("since"))
_COMING_IN = _PUBLIC.where(_IN_CHANNEL, is_open, _TABLE.due_at < bindparam("due_before"))
_CLOSED_BY = _PUBLIC.where(_BY_MEMBERS, _TABLE.closed_at > bindparam("since"))
OPEN_BY = _PUBLIC.where(_BY_MEMBERS, is_open)
_ACTS = BulkSelect(
    select(acts)
    .where(acts.c.team_id == bindparam("team"), among(acts.c.promise_id, "ids"))
    .order_by(acts.c.promise_id, acts.c.seq)
)
_ABOUT = itemgetter(acts.c.keys().index("promise_id"))
_THIS = (open_records.c.team_id == bindparam("team"), open_records.c.person == bindparam("whose"))
_IS_OPENED = select(exists().where(*_THIS))
_CLOSE = delete(open_records).where(*_THIS)
_OPEN = for_both(lambda insert: insert(open_records).on_conflict_do_nothing())


class SqlRecordBook(SqlBook):
    """RecordBook over a connection."""

    __slots__ = ()

    def of_owner(self, owner: UserId, limit: int) -> tuple[Past, ...]:
        return self._pasts(self._rows(_OPEN_OF, owner=owner), self._rows(_CLOSED_OF, owner=owner, at_most=limit))

    def counted_of(self, owner: UserId, limit: int, now: datetime) -> tuple[Past, ...]:
        return self._pasts(
            self._rows(_MISSED_OF, owner=owner, now=now), self._rows(_CLOSED_OF, owner=owner, at_most=limit)
        )

    def closed_of(self, owner: UserId, limit: int) -> tuple[Past, ...]:
        return self._pasts(self._rows(_CLOSED_OF, owner=owner, at_most=limit))

    def of_channel(self, channel_id: ChannelId, since: datetime, due_before: datetime) -> tuple[Past, ...]:
        return self._pasts(
            self._rows(_NEWS_IN, channel=channel_id, since=since),
            self._rows(_COMING_IN, channel=channel_id, due_before=due_before),
        )

    def of_members(self, members: Collection[UserId], since: datetime, due_before: datetime) -> tuple[Past, ...]:
        who = sorted(members)
        if not who:
            return ()
        still_open = self._rows(OPEN_BY, members=who)
        shown = [row for row in still_open if row.due_at < due_before or (row.news_at and row.news_at > since)]
        return self._pasts(self._rows(_CLOSED_BY, members=who, since=since), shown)

    def those(self, ids: Collection[PromiseId]) -> dict[PromiseId, Past]:
        found: dict[PromiseId, Promise] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), PER_QUERY):
            read = promises_by_id(self._connection, self._team_id, wanted[start : start + PER_QUERY])
            found |= {promise.id: promise for promise in read}
        return {past.promise.id: past for past in self._with_histories(found)}

    def is_opened(self, person: UserId) -> bool:
        return bool(self._connection.execute(_IS_OPENED, {"team": self._team_id, "whose": person}).scalar_one())

    def open(self, person: UserId, at: datetime) -> None:
        values = {"team_id": self._team_id, "person": person, "opened_at": at}
        self._connection.execute(_OPEN[self._connection.dialect.name], values)

    def close(self, person: UserId) -> None:
        self._connection.execute(_CLOSE, {"team": self._team_id, "whose": person})

    def _rows(self, statement: "Select[Any]", **key: object) -> list[Row[Any]]:
        return list(self._connection.execute(statement, {"team": self._team_id, **key}))

    def _pasts(self, *found: Iterable[Row[Any]]) -> tuple[Past, ...]:
        return self._with_histories({row.id: promise_from(row) for rows in found for row in rows})

    def _with_histories(self, found: Mapping[PromiseId, Promise]) -> tuple[Past, ...]:
        ids, histories = sorted(found), {}
        for start in range(0, len(ids), PER_QUERY):
            acted = _ACTS.rows(self._connection, {"team": self._team_id, "ids": ids[start : start + PER_QUERY]})
            for promise_id, entries in groupby(acted, key=_ABOUT):
                histories[promise_id] = tuple(map(entry_from_row, entries))
        ordered = sorted(found.values(), key=lambda promise: (promise.terms.due.at, promise.number))
        return tuple(Past(promise, histories[promise.id]) for promise in ordered)
