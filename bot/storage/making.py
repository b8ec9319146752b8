"""The statements that make a promise: one to read, one to write, since each is a round trip on PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql

from bot.domain.acts import State
from bot.domain.load import Owed
from bot.domain.working_time import aware
from bot.ports import MakingFacts
from bot.storage.agenda_queries import WAKE, agendas
from bot.storage.compiled import Compiled, from_microseconds
from bot.storage.rows import Values, estimate_from
from bot.storage.tables import acts, deliveries, for_both, is_open, promises, teams

_IN_TEAM = promises.c.team_id == bindparam("team")
NEXT_NUMBER = for_both(
    lambda insert: (
        insert(teams)
        .values(team_id=bindparam("team"), last_number=1)
        .on_conflict_do_update(index_elements=["team_id"], set_={"last_number": teams.c.last_number + 1})
        .returning(teams.c.last_number)
    )
)
DEADLINES_OF = (
    select(promises.c.due_at, promises.c.estimate_minutes)
    .where(
        _IN_TEAM,
        is_open,
        promises.c.owner_id == bindparam("owner"),
        promises.c.due_at >= bindparam("due_since"),
        promises.c.state == State.ACTIVE.value,
        promises.c.id != bindparam("but"),
    )
    .order_by(promises.c.due_at)
    .limit(bindparam("at_most"))
)
#: Numbers rise with time, so the newest promise before then is found from the end of the index of numbers.
_BEFORE = (
    select(promises.c.number)
    .where(_IN_TEAM, promises.c.made_at < bindparam("made_since"))
    .order_by(promises.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_IN_CHANNEL = and_(promises.c.channel_id == bindparam("channel"), promises.c.is_private.is_(False))
MADE_SINCE = select(
    func.count(case((promises.c.made_by == bindparam("by"), 1))).label("by_person"),
    func.count(case((_IN_CHANNEL, 1))).label("in_channel"),
).where(_IN_TEAM, promises.c.number > func.coalesce(_BEFORE, 0))


def _facts() -> Any:
    """Build the statement that takes the next number and reads the other facts.

    Its commit does not wait for the disk, like `numbering`: a number lost in a crash was never shown.
    """
    numbered = NEXT_NUMBER["postgresql"].cte("numbered")  # type: ignore[attr-defined]  # an insert has it
    made = MADE_SINCE.where(bindparam("counts", type_=Boolean())).subquery("made")
    owed = DEADLINES_OF.subquery("owed")
    lists = select(
        type_coerce(func.array_agg(owed.c.due_at), postgresql.ARRAY(postgresql.TIMESTAMP(timezone=True))).label("due"),
        type_coerce(func.array_agg(owed.c.estimate_minutes), postgresql.ARRAY(Integer)).label("minutes"),
    ).subquery("lists")
    return select(
        numbered.c.last_number,
        lists,
        made,
        func.set_config(literal_column("'synchronous_commit'"), literal_column("'off'"), literal_column("true")),
    ).select_from(numbered.join(made, literal_column("true")).join(lists, literal_column("true")))


_FACTS = Compiled(_facts(), "postgresql")
_NUMBER, _DEADLINES, _MADE = (Compiled(each, "sqlite") for each in (NEXT_NUMBER["sqlite"], DEADLINES_OF, MADE_SINCE))


def facts_with_number(connection: Connection, asked: Values) -> MakingFacts:
    """Take a number and read the rest; on PostgreSQL over a connection on which each statement commits by itself."""
    if connection.dialect.name == "postgresql":
        row = _FACTS.run(connection, asked).one()
        owed = zip(row.due or (), row.minutes or (), strict=True)
        deadlines = tuple(Owed(at, estimate_from(minutes)) for at, minutes in owed)
        return MakingFacts(row.last_number, deadlines, row.by_person, row.in_channel)
    number = _NUMBER.run(connection, asked).scalar_one()
    rows: Sequence[Any] = _DEADLINES.run(connection, asked).all() if asked["at_most"] else ()
    deadlines = tuple(Owed(from_microseconds(at), estimate_from(minutes)) for at, minutes in rows)
    return MakingFacts(number, deadlines, *(_MADE.run(connection, asked).one() if asked["counts"] else ()))


def from_json(table: Table, source: str) -> str:
    """Return the SQL that inserts rows of JSON."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {source}"  # noqa: S608  the tables' own names


#: As a transaction of its own, its outcome is unknown if the connection breaks meanwhile.
MAKE_PROMISE = f"""
WITH promise AS ({from_json(promises, "jsonb_populate_record(NULL::promises, $1::jsonb)")}),
act AS ({from_json(acts, "jsonb_populate_record(NULL::acts, $2::jsonb)")}),
message AS ({from_json(deliveries, "jsonb_populate_recordset(NULL::deliveries, $3::jsonb)")}),
woken AS ({from_json(agendas, "jsonb_populate_recordset(NULL::agendas, $4::jsonb)")}
  ON CONFLICT (team_id, person_id) DO UPDATE
  SET wakes_at = least(agendas.wakes_at, excluded.wakes_at), seq = agendas.seq + 1)
SELECT 1
"""  # noqa: S608  the tables' own names
#: All that runs in a workspace without row level security: each commits by itself, so it cannot enter a role first.
#: Each names its workspace in every table that it reads (tests/integration/test_outside_walls.py).
OUTSIDE_WALLS = frozenset({MAKE_PROMISE, _FACTS.sql, Compiled(NEXT_NUMBER["postgresql"], "postgresql").sql, "SELECT 1"})
to_json = json.JSONEncoder(default=lambda value: _instant(value)).encode
_ADD, _APPEND, _OWE = (Compiled(insert(table), "sqlite") for table in (promises, acts, deliveries))
_WAKE = Compiled(WAKE["sqlite"], "sqlite")
#: The columns of a message that is not sent yet.
_UNSENT: Values = dict.fromkeys(column.name for column in deliveries.columns)


def insert_promise(
    connection: Connection, promise: Values, act: Values, messages: Sequence[Values], woken: Sequence[Values]
) -> None:
    """Insert a promise with its rows. `woken` must be in the order of ids, to prevent deadlocks."""
    if connection.dialect.name == "postgresql":
        rows = tuple(to_json(each) for each in (promise, act, messages, woken))
        connection.exec_driver_sql(MAKE_PROMISE, rows)
        return
    _ADD.run(connection, promise)
    _APPEND.run(connection, act)
    if messages:
        _OWE.run_each(connection, [_UNSENT | each for each in messages])
    if woken:
        _WAKE.run_each(connection, woken)


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return aware(value).isoformat()
    raise TypeError(f"{type(value).__name__} is no column's value.")
