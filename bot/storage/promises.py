"""Promises and their history, of one workspace."""

from contextlib import nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.domain.acts import State
from bot.domain.deciding import Entry
from bot.domain.errors import BusyError
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.ports import Side
from bot.storage.rows import entry_from, entry_values, promise_from, promise_values
from bot.storage.tables import EPOCH, acts, for_both, is_open, promises, teams

_IN_TEAM = promises.c.team_id == bindparam("team")
_PERSON: ColumnElement[str] = bindparam("person")

_NEXT_NUMBER = for_both(
    lambda insert: (
        insert(teams)
        .values(team_id=bindparam("team_id"), last_number=1)
        .on_conflict_do_update(index_elements=["team_id"], set_={"last_number": teams.c.last_number + 1})
        .returning(teams.c.last_number)
    )
)
_BY_ID = select(promises).where(_IN_TEAM, promises.c.id == bindparam("promise"))
_BY_NUMBER = select(promises).where(_IN_TEAM, promises.c.number == bindparam("number"))
_BY_ID_FOR_CHANGE, _BY_NUMBER_FOR_CHANGE = _BY_ID.with_for_update(), _BY_NUMBER.with_for_update()
# The index's own condition in its own words: a bound value proves nothing, and all of the workspace would be walked.
_IS_FIRST = (acts.c.origin != literal_column("''")) & (acts.c.seq == literal_column("1"))
_MADE_FROM = (
    select(promises)
    .join(acts, (acts.c.team_id == promises.c.team_id) & (acts.c.promise_id == promises.c.id))
    .where(_IN_TEAM, acts.c.team_id == bindparam("team"), acts.c.origin == bindparam("origin"), _IS_FIRST)
)
_HAS_ACT_FROM = select(
    exists().where(
        acts.c.team_id == bindparam("team"),
        acts.c.promise_id == bindparam("promise"),
        acts.c.origin == bindparam("origin"),
    )
)
_HISTORY = (
    select(acts)
    .where(acts.c.team_id == bindparam("team"), acts.c.promise_id == bindparam("promise"))
    .order_by(acts.c.seq)
)
_ADD, _APPEND = insert(promises), insert(acts)
_CHANGE = update(promises).where(
    _IN_TEAM, promises.c.id == bindparam("promise"), promises.c.seq == bindparam("seq_before")
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
_DEADLINES_OF = (
    select(promises.c.due_at)
    .where(
        _IN_TEAM,
        is_open,
        promises.c.owner_id == _PERSON,
        promises.c.due_at >= bindparam("since"),
        promises.c.state == State.ACTIVE.value,
        promises.c.id != bindparam("but"),
    )
    .order_by(promises.c.due_at)
    .limit(bindparam("at_most"))
)
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
_CLOCK_OWES = select(exists().where(_IN_TEAM, promises.c.wakes_at <= bindparam("until")))


#: Numbers rise with time, so the newest promise before then is found from the end of the index of numbers.
_BEFORE = (
    select(promises.c.number)
    .where(promises.c.team_id == bindparam("team"), promises.c.made_at < bindparam("since"))
    .order_by(promises.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_IN_CHANNEL = and_(promises.c.channel_id == bindparam("channel"), promises.c.is_private.is_(False))
_MADE_SINCE = select(
    func.count(case((promises.c.made_by == bindparam("by"), 1))).label("by_person"),
    func.count(case((_IN_CHANNEL, 1))).label("in_channel"),
).where(promises.c.team_id == bindparam("team"), promises.c.number > func.coalesce(_BEFORE, 0))


class Promises:
    """PromiseBook over a connection."""

    __slots__ = ("_connection", "_numbering", "_team_id")

    def __init__(self, connection: Connection, team_id: TeamId, numbering: Engine | None) -> None:
        self._connection = connection
        self._team_id = team_id
        self._numbering = numbering

    def next_number(self) -> int:
        """The workspace's next #N, taken through `numbering` at once when there is one.

        Taken inside the transaction, a number would make everybody else in the workspace wait for our commit.
        """
        with self._numbering.connect() if self._numbering else nullcontext(self._connection) as connection:
            statement = _NEXT_NUMBER[connection.dialect.name]
            return int(connection.execute(statement, {"team_id": self._team_id}).scalar_one())

    def add(self, promise: Promise, entry: Entry) -> None:
        """Writes a promise just made.

        Raises BusyError when one was made from the same origin meanwhile.
        """
        self._check_team(promise)
        self._connection.execute(_ADD, promise_values(promise))
        self._append(promise, entry)

    def save(self, promise: Promise, entry: Entry) -> None:
        self._check_team(promise)
        values = promise_values(promise)
        key = {"team": values.pop("team_id"), "promise": values.pop("id"), "seq_before": promise.seq - 1}
        if self._connection.execute(_CHANGE, values | key).rowcount != 1:
            raise _busy(promise)
        self._append(promise, entry)

    def get(self, promise_id: PromiseId, *, for_change: bool = False) -> Promise | None:
        return self._one(_BY_ID_FOR_CHANGE if for_change else _BY_ID, promise=promise_id)

    def numbered(self, number: int, *, for_change: bool = False) -> Promise | None:
        return self._one(_BY_NUMBER_FOR_CHANGE if for_change else _BY_NUMBER, number=number)

    def made_from(self, origin: str) -> Promise | None:
        return self._one(_MADE_FROM, origin=origin) if origin else None

    def made_since(self, since: datetime, by: UserId, channel: str) -> tuple[int, int]:
        asked = {"team": self._team_id, "since": since, "by": by, "channel": channel}
        row = self._connection.execute(_MADE_SINCE, asked).one()
        return row.by_person, row.in_channel if channel else 0

    def has_act_from(self, promise_id: PromiseId, origin: str) -> bool:
        if not origin:
            return False
        key = {"team": self._team_id, "promise": promise_id, "origin": origin}
        return bool(self._connection.execute(_HAS_ACT_FROM, key).scalar_one())

    def history(self, promise_id: PromiseId) -> tuple[Entry, ...]:
        rows = self._connection.execute(_HISTORY, {"team": self._team_id, "promise": promise_id})
        return tuple(map(entry_from, rows))

    def concerning(self, person: UserId, side: Side, limit: int) -> tuple[Promise, ...]:
        return self._many(_CONCERNING[side], person=person, at_most=limit)

    def deadlines_of(self, owner: UserId, since: datetime, limit: int, but: PromiseId) -> tuple[datetime, ...]:
        asked = {"team": self._team_id, "person": owner, "since": since, "at_most": limit, "but": but}
        return tuple(self._connection.execute(_DEADLINES_OF, asked).scalars())

    def open_after(self, after: tuple[datetime, int] | None, limit: int) -> tuple[Promise, ...]:
        due_after, number_after = after or (EPOCH, 0)
        return self._many(_OPEN_AFTER, due_after=due_after, number_after=number_after, at_most=limit)

    def clock_owes(self, until: datetime) -> bool:
        asked = {"team": self._team_id, "until": until}
        return bool(self._connection.execute(_CLOCK_OWES, asked).scalar_one())

    def _one(self, statement: "Select[Any]", **key: object) -> Promise | None:
        row = self._connection.execute(statement, {"team": self._team_id, **key}).one_or_none()
        return promise_from(row) if row is not None else None

    def _many(self, statement: "Select[Any]", **key: object) -> tuple[Promise, ...]:
        return tuple(map(promise_from, self._connection.execute(statement, {"team": self._team_id, **key})))

    def _append(self, promise: Promise, entry: Entry) -> None:
        try:
            self._connection.execute(_APPEND, entry_values(promise, entry))
        except IntegrityError as error:
            raise _busy(promise) from error

    def _check_team(self, promise: Promise) -> None:
        if promise.team_id != self._team_id:
            raise ValueError("This promise belongs to another workspace than the transaction does.")


def _busy(promise: Promise) -> BusyError:
    return BusyError(f"Somebody else changed #{promise.number} just now, so nothing was recorded. Try again.")
