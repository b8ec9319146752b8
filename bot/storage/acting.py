"""The statements of an act on a promise: one to read, one to write, since each is a round trip on PostgreSQL."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from bot.domain.kinds import Kind
from bot.storage.agenda_queries import WAKE
from bot.storage.compiled import Compiled
from bot.storage.deliveries import CANCEL_KIND, STILL_WAITING, DeliveryState, insert_deliveries
from bot.storage.direct import fetch
from bot.storage.making import PromiseRows, from_json, to_json, wake_from_json, written
from bot.storage.people import as_text, person_columns
from bot.storage.preferences import defaults
from bot.storage.record_tables import needs
from bot.storage.rows import Values
from bot.storage.tables import acts, deliveries, people, promises

_OF_THIS = and_(deliveries.c.team_id == promises.c.team_id, deliveries.c.promise_id == promises.c.id)


def _latest(column: Any, kind: Kind, to: Any) -> Any:
    """Build the subquery for a column of the newest message of a kind about the promise to one of its sides."""
    return (
        select(column)
        .where(
            _OF_THIS,
            deliveries.c.kind == kind.value,
            deliveries.c.recipient == to,
            deliveries.c.state != DeliveryState.CANCELLED.value,
        )
        .order_by(deliveries.c.due_at.desc())
        .limit(1)
        .scalar_subquery()
    )


_dependent = promises.alias("dependent")
_FACTS = (
    exists()
    .where(
        needs.c.team_id == promises.c.team_id,
        needs.c.needs_id == promises.c.id,
        _dependent.c.team_id == needs.c.team_id,
        _dependent.c.id == needs.c.promise_id,
        _dependent.c.closed_at.is_(None),
    )
    .label("has_dependents"),
    _latest(deliveries.c.occasion, Kind.ASKED, promises.c.owner_id).label("asked"),
    _latest(deliveries.c.planned_at, Kind.NO_WORD, promises.c.requester_id).label("silent_at"),
)
#: Both sides with their settings: what a date means depends on their hours.
_SIDES = {"owner": people.alias("owner"), "requester": people.alias("requester")}
_WEEKS = defaults.alias("weeks")
_SOURCES = (
    promises.outerjoin(
        _SIDES["owner"],
        and_(_SIDES["owner"].c.team_id == promises.c.team_id, _SIDES["owner"].c.id == promises.c.owner_id),
    )
    .outerjoin(
        _SIDES["requester"],
        and_(_SIDES["requester"].c.team_id == promises.c.team_id, _SIDES["requester"].c.id == promises.c.requester_id),
    )
    .outerjoin(_WEEKS, _WEEKS.c.team_id == promises.c.team_id)
)


def _read(team: Any, origin: Any) -> "Select[Any]":
    """Build the query of promises with an act's facts; `team` and `origin` are bound values or columns."""
    is_repeated = exists().where(
        acts.c.team_id == promises.c.team_id, acts.c.promise_id == promises.c.id, acts.c.origin == origin
    )
    return select(
        promises,
        is_repeated.label("is_repeated"),
        *_FACTS,
        *(each.label(f"{side}_{each.key}") for side, table in _SIDES.items() for each in person_columns(table)),
        as_text(_WEEKS.c.preferences).label("for_all"),
    ).where(promises.c.team_id == team)


_ALONE = _read(bindparam("team"), bindparam("origin")).select_from(_SOURCES)
_COLUMNS = column("team", String), column("origin", String), column("ref", String), column("place", Integer)
_JSON = func.jsonb_to_recordset(cast(bindparam("asked", type_=String()), postgresql.JSONB))
_ASKED = _JSON.table_valued(*_COLUMNS).render_derived(name="asked", with_types=True)
_TOGETHER = (
    _read(_ASKED.c.team, _ASKED.c.origin)
    .add_columns(_ASKED.c.place)
    .select_from(_ASKED.join(_SOURCES, promises.c.team_id == _ASKED.c.team))
)
#: By how the promise is named: the statement for one act, and that for several on PostgreSQL.
BY_ID = (
    _ALONE.where(promises.c.id == bindparam("ref")),
    _TOGETHER.where(promises.c.id == _ASKED.c.ref),
)
BY_NUMBER = (
    _ALONE.where(promises.c.number == bindparam("ref")),
    _TOGETHER.where(promises.c.number == cast(_ASKED.c.ref, Integer)),
)
_FIRST = len(promises.columns) + len(_FACTS) + 1
_PEOPLES_WIDTH = len(people.columns)


def for_acts(connection: Connection, asked: Sequence[Values], *, by_number: bool) -> list[Any]:
    """Read several promises with the facts that an act depends on, in their order; None for a missing one.

    It is for PostgreSQL, over a connection on which each statement commits by itself.
    """
    placed = [each | {"place": place} for place, each in enumerate(asked)]
    _, together = BY_NUMBER if by_number else BY_ID
    rows = connection.execute(together, {"asked": to_json(placed)}).all()
    found = {row.place: row for row in rows}
    return [found.get(place) for place in range(len(asked))]


@cache
def _for_act_on_sqlite(by_number: bool) -> Compiled:
    alone, _ = BY_NUMBER if by_number else BY_ID
    return Compiled(alone, "sqlite")


def prepare_on_sqlite() -> None:
    """Compile what an act reads, so that the first click does not wait for it."""
    for by_number in (False, True):
        _for_act_on_sqlite(by_number).prepare()


def for_act(connection: Connection, asked: Values) -> Any:
    """Read a promise, whose `ref` is a number or an id, with the facts of an act; None if it is missing."""
    by_number = isinstance(asked["ref"], int)
    if connection.dialect.name == "sqlite":
        return _for_act_on_sqlite(by_number).one(connection, asked)
    alone, _ = BY_NUMBER if by_number else BY_ID
    return connection.execute(alone, asked).one_or_none()


def side_rows(row: Sequence[Any]) -> list[Any]:
    """Return the rows of the owner and the requester; None for one who is unknown."""
    after = _FIRST + 2 * _PEOPLES_WIDTH
    sides = [row[first : first + _PEOPLES_WIDTH] for first in (_FIRST, _FIRST + _PEOPLES_WIDTH)]
    return [(*each, row[after]) if each[1] is not None else None for each in sides]


_CHANGED = [column.name for column in promises.columns if column.name not in ("team_id", "id")]
_IF_CHANGED = "WHERE ((each.team_id, each.promise_id) IN (SELECT team_id, id FROM changed)) IS TRUE"
#: Several promises, each once. As a transaction of its own, its outcome is unknown if the connection breaks meanwhile.
CHANGE_PROMISES = f"""
WITH changed AS (UPDATE promises
  SET {", ".join(f'"{name}" = new."{name}"' for name in _CHANGED)}
  FROM jsonb_populate_recordset(NULL::promises, $1::jsonb) AS new
  WHERE promises.team_id = new.team_id AND promises.id = new.id AND promises.seq = new.seq - 1
  RETURNING promises.team_id, promises.id),
act AS ({from_json(acts, "$2")} {_IF_CHANGED}),
cancelled AS (UPDATE deliveries SET state = 'cancelled' FROM changed
  WHERE deliveries.team_id = changed.team_id AND deliveries.promise_id = changed.id
  AND deliveries.kind = '{Kind.REFRESH}' AND {STILL_WAITING.compile(compile_kwargs={"literal_binds": True})}
  AND NOT $3::jsonb @> jsonb_build_array(jsonb_build_object(
    'promise_id', deliveries.promise_id, 'kind', deliveries.kind, 'occasion', deliveries.occasion))),
message AS ({from_json(deliveries, "$3")} {_IF_CHANGED}
  ON CONFLICT (team_id, promise_id, kind, recipient, occasion) DO UPDATE
  SET state = excluded.state, due_at = excluded.due_at, planned_at = excluded.planned_at,
    told_in = excluded.told_in, ended_at = excluded.ended_at
  WHERE deliveries.state = 'cancelled'),
woken AS ({wake_from_json("$4::jsonb", _IF_CHANGED)})
SELECT id FROM changed
"""  # noqa: S608  the tables' own names
#: Statements that run without row level security, as in bot.storage.making.
ACTS_WITHOUT_ROW_SECURITY = frozenset(
    {CHANGE_PROMISES, *(Compiled(each, "postgresql").sql for _, each in (BY_ID, BY_NUMBER))}
)
_SQLITE_CHANGE = Compiled(
    update(promises).where(
        promises.c.team_id == bindparam("team"),
        promises.c.id == bindparam("promise"),
        promises.c.seq == bindparam("seq_before"),
    ),
    "sqlite",
    [*_CHANGED, "team", "promise", "seq_before"],
)
_APPEND, _WAKE = Compiled(insert(acts), "sqlite"), Compiled(WAKE["sqlite"], "sqlite")
_CANCEL = Compiled(CANCEL_KIND, "sqlite")


def change_promises(connection: Connection, rows: Sequence[PromiseRows]) -> list[bool]:
    """Do the same as `change_promise` for several promises on PostgreSQL, in one statement.

    Of two that change the same promise, the later is refused.
    """
    taken: dict[tuple[str, str], PromiseRows] = {}
    for each in rows:
        taken.setdefault(_key(each), each)
    ordered = [taken[key] for key in sorted(taken)]
    changed = {promise_id for (promise_id,) in fetch(connection, CHANGE_PROMISES, written(ordered))}
    return [taken[_key(each)] is each and each.promise["id"] in changed for each in rows]


def _key(rows: PromiseRows) -> tuple[str, str]:
    return rows.promise["team_id"], rows.promise["id"]


def change_promise(connection: Connection, rows: PromiseRows) -> bool:
    """Update a promise and append the act, add new messages, and cancel the pending redraw.

    Returns False, having written nothing, unless the promise was at the `seq` before.
    """
    if connection.dialect.name == "postgresql":
        return change_promises(connection, [rows])[0]
    promise = rows.promise
    key = {"team": promise["team_id"], "promise": promise["id"], "seq_before": promise["seq"] - 1}
    if _SQLITE_CHANGE.change(connection, promise | key) != 1:
        return False
    _APPEND.change(connection, rows.act)
    _CANCEL.change(connection, key | {"of_kind": Kind.REFRESH.value})
    insert_deliveries(connection, rows.messages)
    if rows.woken:
        _WAKE.change(connection, *rows.woken)
    return True
