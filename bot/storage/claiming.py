"""Claim due deliveries, and find promises with a clock act due, over all workspaces.

A claim reads a window of the earliest due rows. A full window means a backlog, which one workspace's burst may fill
alone; the claim then also visits the next workspaces in turn and takes some rows of each. Both scans stop after a fixed
number of index entries, so that the cost of a claim does not depend on how much is pending, and the partial indexes
exclude sent rows (docs/adr/0004-deliveries-are-rows.md).

Stopped workspaces, and those reserved by another process, are skipped. On SQLite, a row leased by a process that died
may still be in transit to Slack, so it is not sent again before RECOVERED has passed; on PostgreSQL its lease has
expired by then.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Float,
    Integer,
    String,
    TextClause,
    bindparam,
    column,
    literal_column,
    select,
    text,
)

from bot.domain.promise import PromiseId, TeamId
from bot.ports import Delivery
from bot.storage.agenda_queries import NEXT_AGENDA
from bot.storage.among import among
from bot.storage.bulk_select import BulkSelect
from bot.storage.compiled import Compiled
from bot.storage.deliveries import delivery_from
from bot.storage.series import NEXT_SERIES
from bot.storage.tables import Instant, deliveries, is_pending, promises

#: After a crash, for which part of the lease what was under way may still be on its way into Slack.
RECOVERED = 1 / 12
#: Maximum number of workspaces that one claim visits if there is a backlog.
TURN = 500
#: An empty list in JSON.
NOTHING = "[]"

# Whose turn it is, walked one workspace at a time by its earliest row: the same words on both databases.
_TURN = """turn (team_id, due_at, n) AS (
  SELECT team_id, due_at, 1 FROM deliveries
  WHERE (SELECT count(*) FROM earliest) = :window AND {row} = (
    SELECT {row} FROM deliveries WHERE state = 'pending' AND team_id > :after ORDER BY team_id, due_at LIMIT 1
  )
  UNION ALL
  SELECT d.team_id, d.due_at, n + 1 FROM turn JOIN deliveries d ON d.{row} = (
    SELECT {row} FROM deliveries WHERE state = 'pending' AND team_id > turn.team_id ORDER BY team_id, due_at LIMIT 1
  )
  WHERE n < :turn
),
hungry AS MATERIALIZED (
  SELECT team_id FROM turn WHERE due_at <= :now AND team_id NOT IN (SELECT team_id FROM barred)
),
"""

_SQLITE = """
WITH RECURSIVE
barred AS MATERIALIZED (
  SELECT team_id FROM stops WHERE subject = '' AND (until IS NULL OR until > :now)
  UNION SELECT value FROM json_each(:full)
),
earliest AS MATERIALIZED (
  SELECT rowid AS this, team_id, due_at FROM deliveries
  WHERE state = 'pending' AND due_at <= :now
    AND (lease_until IS NULL OR lease_until <= :clock OR leased_by <> :holder)
  ORDER BY due_at LIMIT :window
),
{turn}candidates AS MATERIALIZED (
  SELECT this, due_at, row_number() OVER (PARTITION BY team_id ORDER BY due_at, this) AS place
  FROM (
    SELECT this, team_id, due_at FROM earliest WHERE team_id NOT IN (SELECT team_id FROM barred)
    UNION
    SELECT theirs.rowid, theirs.team_id, theirs.due_at FROM hungry JOIN deliveries theirs ON theirs.rowid IN (
      SELECT rowid FROM deliveries d
      WHERE state = 'pending' AND d.team_id = hungry.team_id AND due_at <= :now
        AND (lease_until IS NULL OR lease_until <= :clock OR leased_by <> :holder)
      ORDER BY due_at LIMIT (SELECT max(1, :at_most / max(1, count(*))) FROM hungry)
    )
  )
)
SELECT json_group_array(this), (SELECT max(team_id) FROM turn HAVING count(team_id) = :turn)
FROM (SELECT this FROM candidates WHERE place <= :share ORDER BY place, due_at LIMIT :at_most)
"""
_SQLITE_TAKE = """
UPDATE deliveries SET attempt = attempt + 1, was_unknown = was_unknown OR lease_until IS NOT NULL,
  resend_at = CASE WHEN lease_until IS NULL THEN resend_at ELSE max(coalesce(resend_at, 0), :recovered_at) END,
  lease_until = :lease_until, leased_by = :holder
WHERE rowid IN (SELECT value FROM json_each(:taken))
"""

_POSTGRES = """
WITH RECURSIVE
barred AS MATERIALIZED (
  SELECT team_id FROM stops WHERE subject = '' AND (until IS NULL OR until > :now)
  UNION SELECT json_array_elements_text(CAST(:full AS json))
  UNION SELECT team_id FROM turns WHERE :holds AND held_by <> :holder AND held_until > now()
),
earliest AS MATERIALIZED (
  SELECT ctid AS this, team_id, due_at FROM deliveries
  WHERE state = 'pending' AND due_at <= :now AND (lease_until IS NULL OR lease_until <= now())
  ORDER BY due_at LIMIT :window
),
{turn}candidates AS MATERIALIZED (
  SELECT this, due_at, row_number() OVER (PARTITION BY team_id ORDER BY due_at, this) AS place
  FROM (
    SELECT this, team_id, due_at FROM earliest WHERE team_id NOT IN (SELECT team_id FROM barred)
    UNION
    SELECT theirs.this, theirs.team_id, theirs.due_at FROM hungry CROSS JOIN LATERAL (
      SELECT d.ctid AS this, d.team_id, d.due_at FROM deliveries d
      WHERE d.state = 'pending' AND d.team_id = hungry.team_id AND d.due_at <= :now
        AND (d.lease_until IS NULL OR d.lease_until <= now())
      ORDER BY d.due_at LIMIT (SELECT greatest(1, :at_most / greatest(1, count(*))) FROM hungry)
    ) theirs
  ) seen
),
taken AS MATERIALIZED (
  SELECT this, d.team_id FROM candidates JOIN deliveries d ON d.ctid = this
  WHERE d.state = 'pending' AND (d.lease_until IS NULL OR d.lease_until <= now())
    AND place <= :share
  ORDER BY place, candidates.due_at LIMIT :at_most
  FOR UPDATE OF d SKIP LOCKED
),
held AS MATERIALIZED (
  INSERT INTO turns (team_id, held_by, held_until)
  SELECT team_id, :holder, clock_timestamp() + make_interval(secs => :hold_s)
  FROM (SELECT team_id FROM taken UNION SELECT json_array_elements_text(CAST(:working AS json))) ours (team_id)
  WHERE :holds ORDER BY team_id
  ON CONFLICT (team_id) DO UPDATE SET held_by = excluded.held_by, held_until = excluded.held_until
  WHERE turns.held_by = excluded.held_by OR turns.held_until <= clock_timestamp()
  RETURNING turns.team_id
)
UPDATE deliveries SET attempt = attempt + 1, was_unknown = was_unknown OR lease_until IS NOT NULL,
  lease_until = clock_timestamp() + make_interval(secs => :lease_s), leased_by = :holder
FROM taken WHERE deliveries.ctid = this AND (NOT :holds OR taken.team_id IN (SELECT team_id FROM held))
RETURNING {columns}, (SELECT max(team_id) FROM turn HAVING count(team_id) = :turn) AS turn_ends
"""


def _claim(sql: str, row: str) -> TextClause:
    """Return the statement that chooses what is claimed, with the parameters that both databases have."""
    columns = ", ".join(f"deliveries.{each.name}" for each in deliveries.c)
    integers = [bindparam(name, type_=Integer()) for name in ("window", "turn", "at_most", "share")]
    strings = [bindparam(name, type_=String()) for name in ("after", "holder", "full")]
    statement = text(sql.format(columns=columns, turn=_TURN.format(row=row)))
    return statement.bindparams(bindparam("now", type_=Instant()), *integers, *strings)


#: Takes up to `at_most` deliveries, and says in `turn_ends` where the next turn starts (null: at the first workspace).
_CLAIM_ON_POSTGRES = (
    _claim(_POSTGRES, "ctid")
    .bindparams(*(bindparam(name, type_=Float()) for name in ("lease_s", "hold_s")))
    .bindparams(bindparam("holds", type_=Boolean()), bindparam("working", type_=String()))
    .columns(*deliveries.c, column("turn_ends"))
)
#: The same in three steps: with RETURNING, SQLite's driver would let go of the interpreter at each row (bulk_select).
_CHOICE, _TAKE = (Compiled(each, "sqlite") for each in (_claim(_SQLITE, "rowid"), text(_SQLITE_TAKE)))
_TAKEN = BulkSelect(
    select(deliveries).where(among(literal_column("deliveries.rowid"), "taken")),
    unread={"state", "lease_until", "leased_by", "ended_at", "told_in"},
)

#: Reserves workspaces, those apart that another process has.
_TAKE_TURNS = text("""
INSERT INTO turns (team_id, held_by, held_until)
SELECT team_id, :holder, clock_timestamp() + make_interval(secs => :hold_s)
FROM (SELECT DISTINCT json_array_elements_text(CAST(:teams AS json))) ours (team_id) ORDER BY team_id
ON CONFLICT (team_id) DO UPDATE SET held_by = excluded.held_by, held_until = excluded.held_until
WHERE turns.held_by = excluded.held_by OR turns.held_until <= clock_timestamp()
RETURNING team_id
""").bindparams(bindparam("hold_s", type_=Float()), *(bindparam(name, type_=String()) for name in ("holder", "teams")))

_CLOCK_DUE = (
    select(promises.c.team_id, promises.c.id)
    .where(promises.c.wakes_at <= bindparam("now", type_=Instant()))
    .order_by(promises.c.wakes_at)
    .limit(bindparam("at_most"))
)
_PLANNED = (
    select(deliveries)
    .where(is_pending, deliveries.c.due_at > bindparam("after", type_=Instant()))
    .order_by(deliveries.c.due_at)
    .limit(bindparam("at_most"))
)
_FREE = deliveries.c.lease_until.is_(None)
_NEXT_DELIVERY = select(deliveries.c.due_at.label("at")).where(is_pending, _FREE).order_by(deliveries.c.due_at).limit(1)
_NEXT_WAKE = (
    select(promises.c.wakes_at.label("at"))
    .where(promises.c.wakes_at.is_not(None))
    .order_by(promises.c.wakes_at)
    .limit(1)
)


class Claims:
    """Claims in the name of one process, which remembers whose turn is next."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._after = ""

    @property
    def holder(self) -> str:
        return self._holder

    def take(
        self, connection: Connection, now: datetime, limit: int, full: Collection[TeamId], held: Mapping[str, object]
    ) -> tuple[Delivery, ...]:
        """Claim up to `limit` due deliveries; `held` are the parameters of a claim for scan depth and reservation."""
        asked: dict[str, Any] = {"now": now, "at_most": limit, "turn": TURN, "after": self._after, **held}
        asked |= {"holder": self._holder, "full": json.dumps(sorted(full))}
        is_sqlite = connection.dialect.name == "sqlite"
        rows, turn_ends = _on_sqlite(connection, asked) if is_sqlite else _on_postgres(connection, asked)
        self._after = turn_ends or ""
        return tuple(sorted(map(delivery_from, rows), key=attrgetter("due_at")))


def _on_sqlite(connection: Connection, asked: Mapping[str, Any]) -> tuple[Sequence[Sequence[Any]], str | None]:
    [(taken, turn_ends)] = _CHOICE.rows(connection, asked)
    if taken == NOTHING:
        return (), None
    _TAKE.change(connection, {**asked, "taken": taken})
    return _TAKEN.rows(connection, {"taken": taken}), turn_ends


def _on_postgres(connection: Connection, asked: Mapping[str, Any]) -> tuple[Sequence[Sequence[Any]], str | None]:
    rows = connection.execute(_CLAIM_ON_POSTGRES, asked).all()
    return rows, rows[0].turn_ends if rows else None


def take_turns(connection: Connection, teams: Collection[TeamId], hold_s: float, holder: str) -> frozenset[TeamId]:
    """Reserve workspaces on PostgreSQL for a process; return those that it has then."""
    asked = {"teams": json.dumps(sorted(teams)), "hold_s": hold_s, "holder": holder}
    return frozenset(map(TeamId, connection.execute(_TAKE_TURNS, asked).scalars()))


def clock_due(connection: Connection, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
    rows = connection.execute(_CLOCK_DUE, {"now": now, "at_most": limit})
    return tuple((TeamId(row.team_id), PromiseId(row.id)) for row in rows)


def planned_deliveries(connection: Connection, after: datetime, limit: int) -> tuple[Delivery, ...]:
    return tuple(map(delivery_from, connection.execute(_PLANNED, {"after": after, "at_most": limit})))


def next_due_at(connection: Connection) -> datetime | None:
    """The earliest instant at which time has something to do; what is under way is left out."""
    wakes = (_NEXT_DELIVERY, _NEXT_WAKE, NEXT_AGENDA, NEXT_SERIES)
    instants = [connection.execute(statement).scalar_one_or_none() for statement in wakes]
    return min((instant for instant in instants if instant is not None), default=None)
