"""Rows of per-person agendas: when each is due, and the messages that it reads and writes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.agenda import ActRecord, MessageRecord
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfAct
from bot.domain.promise import PromiseId, TeamId, UserId
from bot.ports import AgendaState, Delivery, DeliveryId, RecentMessages
from bot.storage.agenda_queries import (
    ACTED,
    ACTS_OF,
    AROUND,
    BEGIN,
    DROP,
    DUE,
    GATHERED_ABOUT,
    GIVE_UP,
    HAD,
    INCLUDE,
    INCLUDED_IN,
    LEAVE_OUT,
    LOCK,
    LOOK,
    MESSAGES_ABOUT,
    NEWEST_TO,
    RECALL,
    SETTLE,
    WAITS,
    WAKE,
    WAKE_ALL,
    WAKE_THESE,
    WAS_BRIEFED,
    agendas,
    is_set,
)
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.deliveries import KIND_OF, DeliveryState, delivery_from, insert_deliveries, new_row
from bot.storage.rows import act_from
from bot.storage.tables import EPOCH, deliveries

#: Upper bound of the messages that wait for one person's agenda.
MAX_WAITING = 500
#: Upper bound of the rows that one gathered message includes.
MAX_INCLUDED = 200
_MESSAGES_ABOUT, _ACTED, _LOOK = BulkSelect(MESSAGES_ABOUT), BulkSelect(ACTED), BulkSelect(LOOK)
_HAD, _WAITS, _INCLUDED_IN = BulkSelect(HAD), BulkSelect(WAITS), BulkSelect(INCLUDED_IN)
_ACTS_OF, _GATHERED_ABOUT, _NEWEST_TO = BulkSelect(ACTS_OF), BulkSelect(GATHERED_ABOUT), BulkSelect(NEWEST_TO)
_STATE, _TOLD_IN = (deliveries.c.keys().index(name) for name in ("state", "told_in"))


class SqlAgendaBook(SqlBook):
    """AgendaBook over a connection."""

    __slots__ = ("_included", "_messages")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        super().__init__(connection, team_id)
        #: The rows that gathered messages include, if they were read in this transaction.
        self._included: dict[str, list[Delivery]] = {}
        #: The messages about promises, if they were read to be kept in this transaction.
        self._messages: dict[PromiseId, tuple[MessageRecord, ...]] = {}

    def wake(self, due: Mapping[UserId, datetime]) -> None:
        rows = [
            {"team_id": self._team_id, "person_id": person, "wakes_at": at, "seq": 0}
            for person, at in sorted(due.items())
        ]
        if rows:
            self._connection.execute(WAKE[self._connection.dialect.name], rows)

    def wake_around(self, person: UserId, at: datetime) -> None:
        others = self._connection.execute(AROUND, self._asked(person=person)).scalars()
        self._connection.execute(WAKE_THESE, self._asked(people=sorted({person, *others}), at=at))

    def wake_all(self, at: datetime) -> None:
        self._connection.execute(WAKE_ALL, self._asked(at=at))

    def lock(self, people: Iterable[UserId]) -> Mapping[UserId, int]:
        rows = self._connection.execute(LOCK, self._asked(people=sorted(set(people))))
        return {UserId(row.person_id): row.seq for row in rows}

    def look(self, people: Collection[UserId]) -> Mapping[UserId, AgendaState]:
        rows = _LOOK.rows(self._connection, self._asked(people=sorted(people)))
        found = {UserId(person): AgendaState(wakes_at, seq) for person, wakes_at, seq in rows}
        return {person: found.get(person, AgendaState(None, 0)) for person in people}

    def settle(self, settled: Sequence[tuple[UserId, int, datetime | None]]) -> None:
        rows = [self._asked(person=person, seen=seq, until=wakes_at) for person, seq, wakes_at in settled]
        if rows:
            self._connection.execute(SETTLE, rows)

    def recent_messages(self, people: Mapping[UserId, tuple[datetime, datetime]]) -> Mapping[UserId, RecentMessages]:
        since = min((each for _, each in people.values()), default=EPOCH)
        sent: dict[str, list[datetime]] = {}
        for to, ended_at in _HAD.rows(self._connection, self._asked(people=sorted(people), since=since)):
            sent.setdefault(to, []).append(ended_at)
        waiting: dict[str, list[tuple[Delivery, str]]] = {}
        for row in _WAITS.rows(self._connection, self._asked(people=sorted(people))):
            delivery = delivery_from(row)
            waiting.setdefault(delivery.to, []).append((delivery, row[_STATE]))
        return {
            person: _recent_messages(sent.get(person, ()), waiting.get(person, [])[:MAX_WAITING], today, from_on)
            for person, (today, from_on) in people.items()
        }

    def messages_about(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, tuple[MessageRecord, ...]]:
        if self._messages.keys() >= set(promises):
            return {each: self._messages[each] for each in promises}
        found: dict[PromiseId, list[MessageRecord]] = {}
        for row in _MESSAGES_ABOUT.rows(self._connection, self._asked(promises=sorted(promises))):
            found.setdefault(PromiseId(row[0]), []).append(_sent_message(row))
        return {promise_id: tuple(messages_about) for promise_id, messages_about in found.items()}

    def prefetch_messages(self, promises: Collection[PromiseId]) -> None:
        self._messages |= dict.fromkeys(promises, ()) | dict(self.messages_about(promises))

    def acted(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, datetime]:
        rows = _ACTED.rows(self._connection, self._asked(promises=sorted(promises)))
        return {PromiseId(row[0]): row[1] for row in rows}

    def acts_of(self, notices: Collection[Delivery]) -> Mapping[PromiseId, Sequence[ActRecord]]:
        about = sorted({row.promise_id for row in notices if row.promise_id})
        seqs = sorted({str(OfAct.read(row.occasion).seq) for row in notices})
        asked = self._asked(promises=about, seqs=seqs, readers=sorted({row.to for row in notices}))
        found: dict[PromiseId, list[ActRecord]] = {}
        for promise_id, seq, by, written, rating, is_adjusted in _ACTS_OF.rows(self._connection, asked):
            act = act_from(written, rating, is_adjusted=is_adjusted)
            found.setdefault(PromiseId(promise_id), []).append(ActRecord(seq, act, UserId(by)))
        return {promise_id: sorted(theirs) for promise_id, theirs in found.items()}

    def insert(
        self, rows: Sequence[tuple[DeliveryId, PromiseId | None, Planned, DeliveryId | None]], at: datetime
    ) -> None:
        values = [
            new_row(self._team_id, promise_id, planned, delivery_id)
            | {
                "state": DeliveryState.DONE.value if included_in else DeliveryState.PENDING.value,
                "told_in": included_in,
                "ended_at": at if included_in else None,
            }
            for delivery_id, promise_id, planned, included_in in rows
        ]
        insert_deliveries(self._connection, values)

    def begin(self, rows: Sequence[str], at: datetime) -> None:
        self._each(BEGIN, [{"row": row} for row in rows], at=at)

    def include(self, rows: Sequence[tuple[str, DeliveryId]], at: datetime) -> None:
        self._each(INCLUDE, [{"row": row, "message": message} for row, message in rows], at=at)

    def recall(self, row: DeliveryId, at: datetime) -> None:
        self._connection.execute(RECALL, self._asked(row=row, at=at))

    def drop(self, rows: Sequence[str], at: datetime) -> None:
        self._each(DROP, [{"row": row} for row in rows], at=at)

    def included_in(self, message: DeliveryId) -> tuple[Delivery, ...]:
        if message not in self._included:
            self.prefetch_included([message])
        return tuple(self._included[message])

    def prefetch_included(self, messages: Collection[DeliveryId]) -> Sequence[Delivery]:
        found: dict[str, list[Delivery]] = {message: [] for message in messages}
        for row in _INCLUDED_IN.rows(self._connection, self._asked(messages=sorted(messages))):
            found[row[_TOLD_IN]].append(delivery_from(row))
        self._included |= {message: rows[:MAX_INCLUDED] for message, rows in found.items()}
        return [row for message in messages for row in self._included[message]]

    def leave_out(self, row: Delivery) -> None:
        self._forget_included(row)
        self._connection.execute(LEAVE_OUT, self._asked(delivery=row.id))

    def give_up(self, rows: Iterable[Delivery], error: str, at: datetime) -> None:
        for row in rows:
            self._forget_included(row)
            self._connection.execute(GIVE_UP, self._asked(delivery=row.id, why=error, at=at))

    def gathered_about(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, Collection[Delivery]]:
        found: dict[PromiseId, dict[DeliveryId, Delivery]] = {each: {} for each in promises}
        for row in _GATHERED_ABOUT.rows(self._connection, self._asked(promises=sorted(promises))):
            message = delivery_from(row)
            found[row[-1]][message.id] = message
        return {promise_id: messages.values() for promise_id, messages in found.items()}

    def newest_to(self, person: UserId, promises: Collection[PromiseId]) -> Mapping[PromiseId, str]:
        if not promises:
            return {}
        asked = self._asked(person=person, promises=sorted(promises))
        return {PromiseId(about): stamp for about, stamp in _NEWEST_TO.rows(self._connection, asked)}

    def was_briefed(self, person: UserId, day: str) -> bool:
        return bool(self._connection.execute(WAS_BRIEFED, self._asked(person=person, day=day)).scalar_one())

    def _forget_included(self, row: Delivery) -> None:
        for message, rows in self._included.items():
            self._included[message] = [each for each in rows if each.id != row.id]

    def _each(self, statement: Any, rows: Sequence[Mapping[str, object]], **values: object) -> None:
        if rows:
            self._connection.execute(statement, [self._asked(**row, **values) for row in rows])

    def _asked(self, **asked: object) -> dict[str, object]:
        return {"team": self._team_id, **asked}


def agendas_due(
    connection: Connection,
    now: datetime,
    limit: int,
    after: str = "",
    busy: Collection[TeamId] = (),
    holder: str = "",
) -> tuple[tuple[TeamId, UserId], ...]:
    """Return people whose agenda is due, TOGETHER of each workspace in turn, beginning behind the workspace `after`.

    Those of `busy` workspaces come after the others, and those of workspaces whose messages another process than
    `holder` sends come last.
    """
    asked = {"now": now, "at_most": limit, "after": after, "busy": sorted(busy), "holder": holder}
    rows = connection.execute(DUE[connection.dialect.name], asked)
    return tuple((TeamId(row.team_id), UserId(row.person_id)) for row in rows)


def agendas_set(connection: Connection, limit: int) -> tuple[tuple[TeamId, UserId, datetime], ...]:
    """Return people with the time at which their agenda is due, the earliest first."""
    columns = agendas.c.team_id, agendas.c.person_id, agendas.c.wakes_at
    rows = connection.execute(select(*columns).where(is_set).order_by(agendas.c.wakes_at).limit(limit))
    return tuple((TeamId(row.team_id), UserId(row.person_id), row.wakes_at) for row in rows)


def _recent_messages(
    sent: Sequence[datetime], waiting: Sequence[tuple[Delivery, str]], today: datetime, since: datetime
) -> RecentMessages:
    untold = tuple(each for each, state in waiting if state == DeliveryState.UNTOLD)
    coming = [each for each, state in waiting if state == DeliveryState.PENDING and each.kind is not Kind.RECEIPT]
    since_at = min((each.planned_at or each.due_at for each in coming), default=None)
    last_at = max((at for at in sent if at >= since), default=None)
    return RecentMessages(sum(at >= today for at in sent if at >= since) + len(coming), last_at, since_at, untold)


def _sent_message(row: Sequence[Any]) -> MessageRecord:
    _, kind, to, occasion, state, planned_at, taken_at = row
    if state == DeliveryState.UNTOLD:
        return MessageRecord(KIND_OF[kind], to, occasion)
    was_dropped = state not in (DeliveryState.SENT, DeliveryState.PENDING)
    return MessageRecord(KIND_OF[kind], to, occasion, planned_at, taken_at, was_dropped)
