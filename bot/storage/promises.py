"""Promises and their history, of one workspace."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    bindparam,
    exists,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import BusyError
from bot.domain.kinds import Planned
from bot.domain.load import Owed
from bot.domain.outcomes import Past
from bot.domain.overview import Outline
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports import ActingFacts, DeliveryId, MakingAsked, MakingFacts, Side
from bot.storage.acting import change_promise, for_act, side_rows
from bot.storage.among import among
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.deliveries import new_row
from bot.storage.grouping import Grouped
from bot.storage.making import PromiseRows, insert_promise
from bot.storage.making_facts import DEADLINES_OF, facts_of_one, next_number, values_of
from bot.storage.outlines import read_outlines
from bot.storage.promises_by_id import promises_by_id
from bot.storage.rows import UNREAD, Values, entry_from_row, entry_values, estimate_from, promise_from, promise_values
from bot.storage.tables import EPOCH, acts, is_open, promises

_IN_TEAM = promises.c.team_id == bindparam("team")
_PERSON: ColumnElement[str] = bindparam("person")

_BY_ID = select(promises).where(_IN_TEAM, promises.c.id == bindparam("promise"))
_BY_NUMBER = select(promises).where(_IN_TEAM, promises.c.number == bindparam("number"))
_BY_ID_FOR_CHANGE, _BY_NUMBER_FOR_CHANGE = _BY_ID.with_for_update(), _BY_NUMBER.with_for_update()
# Literally the condition of the partial index, which is not used for bound values: all of the workspace would be read.
_IS_FIRST = (acts.c.origin != literal_column("''")) & (acts.c.seq == literal_column("1"))
_MADE_FROM = (
    select(promises)
    .join(acts, (acts.c.team_id == promises.c.team_id) & (acts.c.promise_id == promises.c.id))
    .where(_IN_TEAM, acts.c.team_id == bindparam("team"), acts.c.origin == bindparam("origin"), _IS_FIRST)
)
_HISTORY = (
    select(acts)
    .where(acts.c.team_id == bindparam("team"), acts.c.promise_id == bindparam("promise"))
    .order_by(acts.c.seq)
)
_EITHER = or_(promises.c.owner_id == _PERSON, promises.c.requester_id == _PERSON)
_OF_SIDE = {
    Side.OWING: promises.c.owner_id == _PERSON,
    Side.OWED: promises.c.requester_id == _PERSON,
    Side.MISSED: _EITHER & promises.c.missed_at.is_not(None),
    Side.ALL: _EITHER,
}
_CONCERNING = {
    side: select(promises)
    .where(_IN_TEAM, is_open, concerns)
    .order_by(promises.c.due_at, promises.c.number)
    .limit(bindparam("at_most"))
    for side, concerns in _OF_SIDE.items()
}
#: SQLite reads all of the workspace for an OR of both sides, and an index for one list of ids. PostgreSQL without
#: statistics would read that list again for every row.
_mine = promises.alias("mine")
_IDS = union_all(
    *(
        select(_mine.c.id).where(_mine.c.team_id == bindparam("team"), _mine.c.closed_at.is_(None), side == _PERSON)
        for side in (_mine.c.owner_id, _mine.c.requester_id)
    )
)
_CONCERNING_ON_SQLITE = _CONCERNING | {
    side: _CONCERNING[side].where(promises.c.id.in_(_IDS)) for side in (Side.MISSED, Side.ALL)
}
#: Two walks of an index: neither database walks one for an OR of both sides. Each promise is read once.
_OWED_BY_THESE = among(promises.c.owner_id, "people")
CONCERNING_EACH = union_all(
    select(promises).where(_IN_TEAM, is_open, _OWED_BY_THESE),
    select(promises).where(_IN_TEAM, is_open, among(promises.c.requester_id, "people"), not_(_OWED_BY_THESE)),
)
_CONCERNING_EACH = BulkSelect(CONCERNING_EACH, UNREAD)
_OPEN_AFTER = (
    select(promises)
    .where(
        _IN_TEAM,
        is_open,
        tuple_(promises.c.due_at, promises.c.number)
        > tuple_(bindparam("due_after", type_=promises.c.due_at.type), bindparam("number_after", type_=Integer)),
    )
    .order_by(promises.c.due_at, promises.c.number)
    .limit(bindparam("at_most"))
)
_HAS_CLOCK_ACT = select(exists().where(_IN_TEAM, promises.c.wakes_at <= bindparam("until")))


class SqlPromiseBook(SqlBook):
    """PromiseBook over a connection."""

    __slots__ = ("_cached", "_numbering", "_preload_people", "_preloaded")

    def __init__(
        self,
        connection: Connection,
        team_id: TeamId,
        numbering: Engine | None,
        preload_people: Callable[[dict[UserId, Any]], None] | None = None,
    ) -> None:
        super().__init__(connection, team_id)
        self._preload_people = preload_people or (lambda people: None)
        self._numbering = numbering
        self._preloaded: dict[PromiseId, Past] = {}
        self._cached: dict[PromiseId, Promise] = {}

    def next_number(self) -> int:
        """Return the workspace's next #N, taken through the separate connection `numbering` if there is one.

        Taken inside the transaction, it would block every other promise of the workspace until our commit.
        """
        with self._numbering.connect() if self._numbering else nullcontext(self._connection) as connection:
            return next_number(connection, self._team_id)

    def make(
        self,
        asked: MakingAsked,
        promise: Promise,
        entry: HistoryEntry,
        messages: Sequence[tuple[DeliveryId, Planned]],
        wakes: Collection[UserId],
    ) -> MakingFacts:
        connection, values = self._connection, values_of(asked, self._team_id, promise.id)
        if isinstance(connection, Grouped):
            self._check_team(promise)
            made = connection.make((values, self._rows(promise, entry, messages, wakes)))
            if made is None:
                raise _busy(promise)
            asked.limits.check(made.by_person, made.in_channel)
            return made
        facts = facts_of_one(connection, values)
        asked.limits.check(facts.by_person, facts.in_channel)
        number = self.next_number()
        self.add(replace(promise, number=number), entry, messages, wakes)
        return replace(facts, number=number)

    def add(
        self,
        promise: Promise,
        entry: HistoryEntry,
        messages: Sequence[tuple[DeliveryId, Planned]] = (),
        wakes: Collection[UserId] = (),
    ) -> None:
        self._check_team(promise)
        try:
            is_made = insert_promise(self._connection, self._rows(promise, entry, messages, wakes))
        except IntegrityError as error:
            raise _busy(promise) from error
        if not is_made:
            raise _busy(promise)

    def for_act(self, ref: PromiseId | int, origin: str) -> ActingFacts | None:
        asked = {"team": self._team_id, "origin": origin, "ref": ref}
        connection = self._connection
        row = connection.for_act(asked) if isinstance(connection, Grouped) else for_act(connection, asked)
        if row is None:
            return None
        promise = promise_from(row)
        self._check_team(promise)
        self._preload_people(dict(zip((promise.owner_id, promise.requester_id), side_rows(row), strict=True)))
        is_repeated = bool(origin) and row.is_repeated
        return ActingFacts(promise, is_repeated, row.has_dependents, row.asked, row.silent_at)

    def save(
        self,
        promise: Promise,
        entry: HistoryEntry,
        messages: Sequence[tuple[DeliveryId, Planned]] = (),
        wakes: Collection[UserId] = (),
    ) -> None:
        self._check_team(promise)
        rows, connection = self._rows(promise, entry, messages, wakes), self._connection
        try:
            is_saved = connection.change(rows) if isinstance(connection, Grouped) else change_promise(connection, rows)
        except IntegrityError as error:
            raise _busy(promise) from error
        if not is_saved:
            raise _busy(promise)
        self._preloaded.pop(promise.id, None)
        self._cached.pop(promise.id, None)

    def prefetch(self, ids: Collection[PromiseId]) -> None:
        self._cached |= self.those(ids)

    def preload(self, pasts: Iterable[Past]) -> None:
        found = {past.promise.id: past for past in pasts}
        self._preloaded |= found
        self._cached |= {promise_id: past.promise for promise_id, past in found.items()}

    def get(self, promise_id: PromiseId, *, for_change: bool = False) -> Promise | None:
        if not for_change and (known := self._cached.get(promise_id)):
            return known
        return self._one(_BY_ID_FOR_CHANGE if for_change else _BY_ID, promise=promise_id)

    def numbered(self, number: int, *, for_change: bool = False) -> Promise | None:
        return self._one(_BY_NUMBER_FOR_CHANGE if for_change else _BY_NUMBER, number=number)

    def made_from(self, origin: str) -> Promise | None:
        return self._one(_MADE_FROM, origin=origin) if origin else None

    def those(self, ids: Collection[PromiseId]) -> Mapping[PromiseId, Promise]:
        found = promises_by_id(self._connection, self._team_id, ids) if ids else ()
        return {promise.id: promise for promise in found}

    def history(self, promise_id: PromiseId) -> tuple[HistoryEntry, ...]:
        if known := self._preloaded.get(promise_id):
            return known.history
        rows = self._connection.execute(_HISTORY, {"team": self._team_id, "promise": promise_id})
        return tuple(map(entry_from_row, rows))

    def concerning(self, person: UserId, side: Side, limit: int) -> tuple[Promise, ...]:
        statements = _CONCERNING_ON_SQLITE if self._connection.dialect.name == "sqlite" else _CONCERNING
        return self._many(statements[side], person=person, at_most=limit)

    def outlines(self, person: UserId, limit: int) -> tuple[Sequence[Outline], Sequence[Outline]]:
        owing, owed = read_outlines(self._connection, {"team": self._team_id, "person": person, "at_most": limit})
        return owing, owed

    def concerning_each(self, people: Collection[UserId], limit: int) -> Mapping[UserId, tuple[Promise, ...]]:
        rows = _CONCERNING_EACH.rows(self._connection, {"team": self._team_id, "people": sorted(people)})
        found: dict[UserId, list[Promise]] = {person: [] for person in people}
        for promise in map(promise_from, rows):
            for person in {promise.owner_id, promise.requester_id}:
                if person in found:
                    found[person].append(promise)
        return {
            person: tuple(sorted(theirs, key=lambda each: (each.terms.due.at, each.number))[:limit])
            for person, theirs in found.items()
        }

    def deadlines_of(
        self, owner: UserId, since: datetime, limit: int, but: PromiseId | None = None
    ) -> tuple[Owed, ...]:
        asked = {"team": self._team_id, "owner": owner, "due_since": since, "at_most": limit, "but": but or ""}
        rows = self._connection.execute(DEADLINES_OF, asked)
        return tuple(Owed(row.due_at, estimate_from(row.estimate_minutes), row.alike) for row in rows)

    def open_after(self, after: tuple[datetime, int] | None, limit: int) -> tuple[Promise, ...]:
        due_after, number_after = after or (EPOCH, 0)
        return self._many(_OPEN_AFTER, due_after=due_after, number_after=number_after, at_most=limit)

    def has_clock_act_by(self, until: datetime) -> bool:
        asked = {"team": self._team_id, "until": until}
        return bool(self._connection.execute(_HAS_CLOCK_ACT, asked).scalar_one())

    def _one(self, statement: "Select[Any]", **key: object) -> Promise | None:
        row = self._connection.execute(statement, {"team": self._team_id, **key}).one_or_none()
        return promise_from(row) if row is not None else None

    def _many(self, statement: "Select[Any]", **key: object) -> tuple[Promise, ...]:
        return tuple(map(promise_from, self._connection.execute(statement, {"team": self._team_id, **key})))

    def _owed(self, promise: Promise, messages: Sequence[tuple[DeliveryId, Planned]]) -> list[Values]:
        return [new_row(self._team_id, promise.id, planned, each) for each, planned in messages]

    def _rows(
        self,
        promise: Promise,
        entry: HistoryEntry,
        messages: Sequence[tuple[DeliveryId, Planned]],
        wakes: Collection[UserId],
    ) -> PromiseRows:
        woken = self._woken(wakes, entry.at)
        return PromiseRows(promise_values(promise), entry_values(promise, entry), self._owed(promise, messages), woken)

    def _woken(self, wakes: Collection[UserId], at: datetime) -> list[Values]:
        return [{"team_id": self._team_id, "person_id": each, "wakes_at": at, "seq": 0} for each in sorted(wakes)]

    def _check_team(self, promise: Promise) -> None:
        if promise.team_id != self._team_id:
            raise ValueError("This promise belongs to another workspace than the transaction does.")


def _busy(promise: Promise) -> BusyError:
    return BusyError(f"Somebody else changed #{promise.number} just now, so nothing was recorded. Try again.")
