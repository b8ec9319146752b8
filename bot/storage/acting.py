"""The statements of an act on a promise: one to read, one to write, since each is a round trip on PostgreSQL."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, insert, select, update

from bot.domain.kinds import Kind
from bot.storage.agenda_queries import WAKE, agendas
from bot.storage.compiled import Compiled
from bot.storage.deliveries import CANCEL_KIND, INSERT, STILL_WAITING, DeliveryState
from bot.storage.making import from_json, to_json
from bot.storage.preferences import defaults
from bot.storage.record_tables import needs
from bot.storage.rows import Values
from bot.storage.tables import acts, deliveries, people, promises

_OF_THIS = and_(deliveries.c.team_id == promises.c.team_id, deliveries.c.promise_id == promises.c.id)


def _latest(column: Any, kind: Kind, to: Any) -> Any:
    """Build what reads a column of the newest message of a kind about the promise to one of its sides."""
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
        acts.c.team_id == promises.c.team_id,
        acts.c.promise_id == promises.c.id,
        acts.c.origin == bindparam("origin"),
    )
    .label("is_repeated"),
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
_READ = select(
    promises,
    *_FACTS,
    *(column.label(f"{side}_{column.name}") for side, table in _SIDES.items() for column in table.columns),
    _WEEKS.c.preferences.label("for_all"),
).select_from(
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
_IN_TEAM = promises.c.team_id == bindparam("team")
BY_ID = _READ.where(_IN_TEAM, promises.c.id == bindparam("promise"))
BY_NUMBER = _READ.where(_IN_TEAM, promises.c.number == bindparam("number"))
_PERSON_COLUMNS = (*people.columns.keys(), "for_all")
_FIRST = len(promises.columns) + len(_FACTS)


def side_rows(row: Sequence[Any]) -> list[Any]:
    """Return the rows of the owner and the requester; None for one who is unknown."""
    width = len(people.columns)
    sides = [row[first : first + width] for first in (_FIRST, _FIRST + width)]
    named = [dict(zip(_PERSON_COLUMNS, (*each, row[-1]), strict=True)) for each in sides]
    return [SimpleNamespace(**each) if each["id"] is not None else None for each in named]


_CHANGED = [column.name for column in promises.columns if column.name not in ("team_id", "id")]
_IF_CHANGED = "WHERE EXISTS (SELECT FROM changed)"
#: As a transaction of its own, its outcome is unknown if the connection breaks meanwhile.
CHANGE_PROMISE = f"""
WITH changed AS (UPDATE promises
  SET {", ".join(f'"{name}" = new."{name}"' for name in _CHANGED)}
  FROM jsonb_populate_record(NULL::promises, $1::jsonb) AS new
  WHERE promises.team_id = new.team_id AND promises.id = new.id AND promises.seq = new.seq - 1
  RETURNING promises.team_id, promises.id),
act AS ({from_json(acts, "jsonb_populate_record(NULL::acts, $2::jsonb)")} {_IF_CHANGED}),
cancelled AS (UPDATE deliveries SET state = 'cancelled' FROM changed
  WHERE deliveries.team_id = changed.team_id AND deliveries.promise_id = changed.id
  AND deliveries.kind = '{Kind.REFRESH}' AND {STILL_WAITING.compile(compile_kwargs={"literal_binds": True})}
  AND NOT $3::jsonb @> jsonb_build_array(jsonb_build_object('kind', deliveries.kind, 'occasion', deliveries.occasion))),
message AS ({from_json(deliveries, "jsonb_populate_recordset(NULL::deliveries, $3::jsonb)")} {_IF_CHANGED}
  ON CONFLICT (team_id, promise_id, kind, recipient, occasion) DO UPDATE
  SET state = excluded.state, due_at = excluded.due_at, planned_at = excluded.planned_at,
    told_in = excluded.told_in, ended_at = excluded.ended_at
  WHERE deliveries.state = 'cancelled'),
woken AS ({from_json(agendas, "jsonb_populate_recordset(NULL::agendas, $4::jsonb)")} {_IF_CHANGED}
  ON CONFLICT (team_id, person_id) DO UPDATE
  SET wakes_at = least(agendas.wakes_at, excluded.wakes_at), seq = agendas.seq + 1)
SELECT count(*) FROM changed
"""  # noqa: S608  the tables' own names
#: Statements that run outside the walls, as in bot.storage.making.
ACTING_OUTSIDE_WALLS = frozenset({CHANGE_PROMISE, *(Compiled(each, "postgresql").sql for each in (BY_ID, BY_NUMBER))})
_SQLITE_CHANGE = Compiled(
    update(promises).where(_IN_TEAM, promises.c.id == bindparam("promise"), promises.c.seq == bindparam("seq_before")),
    "sqlite",
    [*_CHANGED, "team", "promise", "seq_before"],
)
_APPEND, _WAKE = Compiled(insert(acts), "sqlite"), Compiled(WAKE["sqlite"], "sqlite")
_CANCEL, _OWE = Compiled(CANCEL_KIND, "sqlite"), Compiled(INSERT["sqlite"], "sqlite", list(deliveries.columns.keys()))


def change_promise(
    connection: Connection, promise: Values, act: Values, messages: Sequence[Values], woken: Sequence[Values]
) -> bool:
    """Update a promise and append the act, with new messages and without the redrawing that was still to come.

    Returns False, having written nothing, unless the promise was at the `seq` before. `woken` must be in the order of
    ids, to prevent deadlocks.
    """
    if connection.dialect.name == "postgresql":
        rows = tuple(to_json(each) for each in (promise, act, messages, woken))
        return bool(connection.exec_driver_sql(CHANGE_PROMISE, rows).scalar_one())
    key = {"team": promise["team_id"], "promise": promise["id"], "seq_before": promise["seq"] - 1}
    if _SQLITE_CHANGE.run(connection, promise | key).rowcount != 1:
        return False
    _APPEND.run(connection, act)
    _CANCEL.run(connection, key | {"of_kind": Kind.REFRESH.value})
    unsent: Values = dict.fromkeys(deliveries.columns.keys())
    if messages:
        _OWE.run_each(connection, [unsent | each for each in messages])
    if woken:
        _WAKE.run_each(connection, woken)
    return True
