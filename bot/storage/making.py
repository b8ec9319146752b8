"""The statements that make a promise: one to read, one to write, since each is a round trip on PostgreSQL."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    column,
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
from bot.storage.agenda_queries import WAKE
from bot.storage.compiled import Compiled, from_microseconds
from bot.storage.rows import Values, estimate_from
from bot.storage.tables import acts, deliveries, for_both, is_open, promises, teams


@dataclass(frozen=True, slots=True)
class PromiseRows:
    """A promise with the act that makes or changes it, its messages, and the agendas it wakes, in the order of ids."""

    promise: Values
    act: Values
    messages: Sequence[Values]
    woken: Sequence[Values]


Named = Callable[[str], Any]


def deadlines_of(asked: Named) -> "Select[Any, Any]":
    """Build the query of an owner's deadlines; `asked` returns the bound value or the column of a name."""
    return (
        select(promises.c.due_at, promises.c.estimate_minutes)
        .where(
            promises.c.team_id == asked("team"),
            is_open,
            promises.c.owner_id == asked("owner"),
            promises.c.due_at >= asked("due_since"),
            promises.c.state == State.ACTIVE.value,
            promises.c.id != asked("but"),
        )
        .order_by(promises.c.due_at)
        .limit(asked("at_most"))
    )


def made_since(asked: Named) -> "Select[int, int]":
    """Build the query that counts recent promises; `asked` as for `deadlines_of`.

    Numbers rise with time, so the newest promise before then is found from the end of the index of numbers.
    """
    in_team = promises.c.team_id == asked("team")
    before = (
        select(promises.c.number)
        .where(in_team, promises.c.made_at < asked("made_since"))
        .order_by(promises.c.number.desc())
        .limit(1)
    )
    in_channel = and_(promises.c.channel_id == asked("channel"), promises.c.is_private.is_(False))
    return select(
        func.count(case((promises.c.made_by == asked("by"), 1))).label("by_person"),
        func.count(case((in_channel, 1))).label("in_channel"),
    ).where(in_team, promises.c.number > func.coalesce(before.scalar_subquery(), 0))


NEXT_NUMBER = for_both(
    lambda insert: (
        insert(teams)
        .values(team_id=bindparam("team"), last_number=1)
        .on_conflict_do_update(index_elements=["team_id"], set_={"last_number": teams.c.last_number + 1})
        .returning(teams.c.last_number)
    )
)


def grouped_deadlines_of(asked: Named) -> "Select[Any, Any, int]":
    """Build the query of the same deadlines, with equal ones counted in one row: each row has its price in Python."""
    each = deadlines_of(asked).subquery("each")
    return (
        select(each.c.due_at, each.c.estimate_minutes, func.count().label("alike"))
        .group_by(each.c.due_at, each.c.estimate_minutes)
        .order_by(each.c.due_at)
    )


DEADLINES_OF = grouped_deadlines_of(bindparam)
_MOMENT = postgresql.TIMESTAMP(timezone=True)
_ASKED: dict[str, Any] = {
    **dict.fromkeys(("team", "owner", "but", "by", "channel"), String()),
    **dict.fromkeys(("due_since", "made_since"), _MOMENT),
    **dict.fromkeys(("place", "at_most"), Integer()),
    "counts": Boolean(),
}


def rows_of_json(name: str, columns: Mapping[str, Any]) -> Any:
    """Build the function that returns a bound JSON list of objects as rows."""
    found = func.jsonb_to_recordset(cast(bindparam(name, type_=String()), postgresql.JSONB))
    return found.table_valued(*starmap(column, columns.items())).render_derived(name=name, with_types=True)


def _of_asked(name: str) -> Any:
    """Return a column of the request by its name only: SQLAlchemy would expand that list again in each subquery."""
    return literal_column(f"asked.{name}", _ASKED[name])


def _facts() -> Any:
    """Build the statement that takes the next number and reads the other facts, for several promises.

    A workspace's numbers are taken together: the row holds the last of them. The commit does not wait for the disk,
    like `numbering`: a number lost in a crash was never shown.
    """
    asked = rows_of_json("asked", _ASKED)
    counted = select(asked.c.team, func.count()).group_by(asked.c.team).order_by(asked.c.team)
    taken = postgresql.insert(teams).from_select(["team_id", "last_number"], counted)
    numbered = (
        taken.on_conflict_do_update(
            index_elements=["team_id"], set_={"last_number": teams.c.last_number + taken.excluded.last_number}
        )
        .returning(teams.c.team_id, teams.c.last_number)
        .cte("numbered")
    )
    made = made_since(_of_asked).where(_of_asked("counts")).lateral("made")
    owed = grouped_deadlines_of(_of_asked).subquery("owed")
    lists = select(
        type_coerce(func.array_agg(owed.c.due_at), postgresql.ARRAY(_MOMENT)).label("due"),
        type_coerce(func.array_agg(owed.c.estimate_minutes), postgresql.ARRAY(Integer)).label("minutes"),
        type_coerce(func.array_agg(owed.c.alike), postgresql.ARRAY(Integer)).label("alike"),
    ).lateral("lists")
    always: ColumnElement[bool] = literal_column("true")
    return (
        select(
            numbered.c.team_id,
            numbered.c.last_number,
            lists,
            made,
            func.set_config(literal_column("'synchronous_commit'"), literal_column("'off'"), always),
        )
        .select_from(asked.join(numbered, numbered.c.team_id == asked.c.team).join(made, always).join(lists, always))
        .order_by(asked.c.place)
    )


_FACTS = Compiled(_facts(), "postgresql")
_NUMBER, _DEADLINES, _MADE = (
    Compiled(each, "sqlite") for each in (NEXT_NUMBER["sqlite"], DEADLINES_OF, made_since(bindparam))
)


def facts_with_numbers(connection: Connection, asked: Sequence[Values]) -> list[MakingFacts]:
    """Take numbers and read the rest, for each of several promises in their order, with one statement.

    It is for PostgreSQL, over a connection on which each statement commits by itself.
    """
    placed = [each | {"place": place} for place, each in enumerate(asked)]
    rows = _FACTS.run(connection, {"asked": to_json(placed)}).all()
    left = Counter(row.team_id for row in rows)
    found = []
    for row in rows:
        left[row.team_id] -= 1
        owed = zip(row.due or (), row.minutes or (), row.alike or (), strict=True)
        deadlines = tuple(Owed(at, estimate_from(minutes), alike) for at, minutes, alike in owed)
        found.append(MakingFacts(row.last_number - left[row.team_id], deadlines, row.by_person, row.in_channel))
    return found


def facts_with_number(connection: Connection, asked: Values) -> MakingFacts:
    """Take a number and read the rest, for one promise."""
    if connection.dialect.name == "postgresql":
        return facts_with_numbers(connection, [asked])[0]
    [(number,)] = _NUMBER.rows(connection, asked)
    rows = _DEADLINES.rows(connection, asked) if asked["at_most"] else ()
    deadlines = tuple(Owed(from_microseconds(at), estimate_from(minutes), alike) for at, minutes, alike in rows)
    return MakingFacts(number, deadlines, *(_MADE.rows(connection, asked)[0] if asked["counts"] else ()))


def from_json(table: Table, source: str) -> str:
    """Return the SQL that inserts rows of JSON."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {source}"  # noqa: S608  the tables' own names


def wake_from_json(source: str, where: str) -> str:
    """Return the SQL that wakes the agendas of people in JSON, each with its promise."""
    columns = "team_id text, promise_id text, person_id text, wakes_at timestamptz"
    return f"""INSERT INTO agendas (team_id, person_id, wakes_at, seq)
  SELECT team_id, person_id, min(wakes_at), 0 FROM jsonb_to_recordset({source}) AS each ({columns})
  {where} GROUP BY team_id, person_id ORDER BY team_id, person_id
  ON CONFLICT (team_id, person_id) DO UPDATE
  SET wakes_at = least(agendas.wakes_at, excluded.wakes_at), seq = agendas.seq + 1"""  # noqa: S608  our own text


_IF_MADE = "WHERE ((team_id, promise_id) IN (SELECT team_id, promise_id FROM act)) IS TRUE"
#: Several promises. One that was made from the same origin before is left out, with all that belongs to it. What is
#: locked is locked in one order, to prevent deadlocks. IS TRUE has the ids looked up in a hash, not one by one.
#: As a transaction of its own, its outcome is unknown if the connection breaks meanwhile.
MAKE_PROMISES = f"""
WITH act AS ({from_json(acts, "jsonb_populate_recordset(NULL::acts, $2::jsonb)")}
  ORDER BY team_id, origin ON CONFLICT DO NOTHING RETURNING team_id, promise_id),
promise AS ({from_json(promises, "jsonb_populate_recordset(NULL::promises, $1::jsonb)")}
  {_IF_MADE.replace("promise_id", "id", 1)}),
message AS ({from_json(deliveries, "jsonb_populate_recordset(NULL::deliveries, $3::jsonb)")} {_IF_MADE}),
woken AS ({wake_from_json("$4::jsonb", _IF_MADE)})
SELECT promise_id FROM act
"""  # noqa: S608  the tables' own names
#: All that runs in a workspace without row level security: each commits by itself, so it cannot enter a role first.
#: Each names its workspace in every table that it reads (tests/integration/test_outside_walls.py).
OUTSIDE_WALLS = frozenset(
    {MAKE_PROMISES, _FACTS.sql, Compiled(NEXT_NUMBER["postgresql"], "postgresql").sql, "SELECT 1"}
)
to_json = json.JSONEncoder(default=lambda value: _instant(value)).encode
_ADD, _APPEND, _OWE = (Compiled(insert(table), "sqlite") for table in (promises, acts, deliveries))
_WAKE = Compiled(WAKE["sqlite"], "sqlite")
#: The columns of a message that is not sent yet.
_UNSENT: Values = dict.fromkeys(column.name for column in deliveries.columns)


def written(rows: Sequence[PromiseRows]) -> tuple[str, ...]:
    """Return promises, acts, messages and whom they wake as JSON, for a statement that writes several."""
    parts = [one.promise for one in rows], [one.act for one in rows], [each for one in rows for each in one.messages]
    woken = [each | {"promise_id": one.promise["id"]} for one in rows for each in one.woken]
    return tuple(map(to_json, (*parts, woken)))


def insert_promises(connection: Connection, rows: Sequence[PromiseRows]) -> list[bool]:
    """Insert several promises on PostgreSQL with one statement; False for each whose origin made one before."""
    made = set(connection.exec_driver_sql(MAKE_PROMISES, written(rows)).scalars())
    return [one.promise["id"] in made for one in rows]


def insert_promise(connection: Connection, rows: PromiseRows) -> bool:
    """Insert a promise with its rows.

    Returns False on PostgreSQL, and raises IntegrityError on SQLite, when its origin made one before.
    """
    if connection.dialect.name == "postgresql":
        return insert_promises(connection, [rows])[0]
    _ADD.change(connection, rows.promise)
    _APPEND.change(connection, rows.act)
    if rows.messages:
        _OWE.change(connection, *(_UNSENT | each for each in rows.messages))
    if rows.woken:
        _WAKE.change(connection, *rows.woken)
    return True


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return aware(value).isoformat()
    raise TypeError(f"{type(value).__name__} is no column's value.")
