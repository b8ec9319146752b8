"""The statement that makes a promise: a single one, since each is a round trip on PostgreSQL."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql

from bot.domain.load import Owed
from bot.domain.working_time import aware
from bot.ports import MakingFacts
from bot.storage.agenda_queries import WAKE
from bot.storage.compiled import Compiled
from bot.storage.direct import fetch
from bot.storage.making_facts import ASKED_COLUMNS, NEXT_NUMBER, facts_of_several
from bot.storage.rows import Values, estimate_from
from bot.storage.tables import acts, deliveries, promises


@dataclass(frozen=True, slots=True)
class PromiseRows:
    """A promise with the act that makes or changes it, its messages, and the agendas it wakes, in the order of ids."""

    promise: Values
    act: Values
    messages: Sequence[Values]
    woken: Sequence[Values]


def from_json(table: Table, parameter: str, **instead: str) -> str:
    """Return the SQL that inserts the rows of a JSON parameter, some columns with other values `instead`."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    read = ", ".join(instead.get(column.name, f'each."{column.name}"') for column in table.columns)
    source = f"jsonb_populate_recordset(NULL::{table.name}, {parameter}::jsonb) AS each"
    return f"INSERT INTO {table.name} ({names}) SELECT {read} FROM {source}"  # noqa: S608  the tables' own names


def wake_from_json(source: str, where: str) -> str:
    """Return the SQL that wakes the agendas of people in JSON, each with its promise."""
    columns = "team_id text, promise_id text, person_id text, wakes_at timestamptz"
    return f"""INSERT INTO agendas (team_id, person_id, wakes_at, seq)
  SELECT team_id, person_id, min(wakes_at), 0 FROM jsonb_to_recordset({source}) AS each ({columns})
  {where} GROUP BY team_id, person_id ORDER BY team_id, person_id
  ON CONFLICT (team_id, person_id) DO UPDATE
  SET wakes_at = least(agendas.wakes_at, excluded.wakes_at), seq = agendas.seq + 1"""  # noqa: S608  our own text


_IF_MADE = "WHERE ((each.team_id, each.promise_id) IN (SELECT team_id, promise_id FROM act)) IS TRUE"
_ONCE = "ORDER BY team_id, origin ON CONFLICT DO NOTHING RETURNING team_id, promise_id"
_WITH_IT = f"""message AS ({from_json(deliveries, "$3")} {_IF_MADE}),
woken AS ({wake_from_json("$4::jsonb", _IF_MADE)} RETURNING 1)"""
#: Promises that have their numbers. One that was made from the same origin before is left out, with all that belongs to
#: it. What is locked is locked in one order, to prevent deadlocks. IS TRUE has the ids looked up in a hash, not one by
#: one. As a transaction of its own, its outcome is unknown if the connection breaks meanwhile.
ADD_PROMISES = f"""
WITH act AS ({from_json(acts, "$2")} {_ONCE}),
promise AS ({from_json(promises, "$1")} {_IF_MADE.replace("promise_id", "id", 1)}),
{_WITH_IT}
SELECT promise_id FROM act
"""  # noqa: S608  the tables' own names


def making_statement() -> str:
    """Return the SQL that adds promises as ADD_PROMISES does, within limits, under the next numbers of workspaces.

    A workspace's row with its last number is locked last, once the agendas are: another transaction holds agendas
    while it takes a number over a connection of its own, so that PostgreSQL would see no deadlock.
    """
    dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    facts = facts_of_several().compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    columns = ", ".join(f'"{name}" {kind.compile(dialect)}' for name, kind in ASKED_COLUMNS.items())
    fits = "WHERE ((each.team_id, each.promise_id) IN (SELECT team, promise FROM facts WHERE fits)) IS TRUE"
    return f"""
WITH asked AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($5::jsonb) AS asked ({columns})),
facts AS MATERIALIZED ({facts}),
act AS ({from_json(acts, "$2")} {fits} {_ONCE}),
{_WITH_IT},
made AS MATERIALIZED (SELECT team_id, promise_id,
  row_number() OVER (PARTITION BY team_id ORDER BY promise_id DESC) - 1 AS later FROM act),
last AS (INSERT INTO teams (team_id, last_number)
  SELECT team_id, count(*) FROM made WHERE (SELECT count(*) FROM woken) >= 0 GROUP BY team_id ORDER BY team_id
  ON CONFLICT (team_id) DO UPDATE SET last_number = teams.last_number + excluded.last_number
  RETURNING team_id, last_number),
numbered AS MATERIALIZED (SELECT team_id, promise_id, last_number - later AS number
  FROM made JOIN last USING (team_id)),
promise AS ({from_json(promises, "$1", number="numbered.number")}
  JOIN numbered ON numbered.team_id = each.team_id AND numbered.promise_id = each.id)
SELECT due, minutes, alike, by_person, in_channel, fits, number
FROM facts LEFT JOIN numbered ON numbered.team_id = facts.team AND numbered.promise_id = facts.promise ORDER BY place
"""  # noqa: S608  the tables' own names


MAKE_PROMISES = making_statement()
#: All that runs in a workspace without row level security: each commits by itself, so it cannot enter a role first.
#: Each names its workspace in every table that it reads (tests/integration/test_without_row_security.py).
WITHOUT_ROW_SECURITY = frozenset({MAKE_PROMISES, Compiled(NEXT_NUMBER["postgresql"], "postgresql").sql, "SELECT 1"})
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


def make_promises(connection: Connection, asked: Sequence[tuple[Values, PromiseRows]]) -> list[MakingFacts | None]:
    """Make several promises on PostgreSQL with one statement, over a connection on which it commits by itself.

    Returns for each what was read, its number with it; None if its origin made one before.
    """
    placed = [each | {"place": place} for place, (each, _) in enumerate(asked)]
    values = *written([rows for _, rows in asked]), to_json(placed)
    return list(map(_made, fetch(connection, MAKE_PROMISES, values)))


def _made(row: Sequence[Any]) -> MakingFacts | None:
    due, minutes, alike, by_person, in_channel, fits, number = row
    if fits and number is None:
        return None
    owed = zip(due or (), minutes or (), alike or (), strict=True)
    deadlines = tuple(Owed(at, estimate_from(estimate), count) for at, estimate, count in owed)
    return MakingFacts(deadlines, by_person, in_channel, number or 0)


def insert_promise(connection: Connection, rows: PromiseRows) -> bool:
    """Insert a promise with its rows.

    Returns False on PostgreSQL, and raises IntegrityError on SQLite, when its origin made one before.
    """
    if connection.dialect.name == "postgresql":
        return bool(connection.exec_driver_sql(ADD_PROMISES, written([rows])).all())
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
