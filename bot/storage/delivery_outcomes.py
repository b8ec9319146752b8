"""Record the outcomes of deliveries of all workspaces, one statement per batch."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, null, select, text, update

from bot.domain.kinds import NOT_REDRAWN, Planned, Way
from bot.domain.people import is_person
from bot.domain.promise import PromiseId, TeamId
from bot.ports import Delivery, DeliveryId, Posted
from bot.storage.compiled import Compiled
from bot.storage.deliveries import DeliveryState, insert_deliveries, new_row
from bot.storage.tables import Instant, deliveries, is_pending, turns

#: Includes 'cancelled': a message cancelled while it was being sent has reached Slack, so it is recorded as sent.
_SENT = """
UPDATE deliveries SET state = 'sent', channel_id = posted.channel_id, ts = posted.ts, shown = posted.shown,
  ended_at = :at, lease_until = NULL, error = ''
FROM {posted}
WHERE deliveries.team_id = posted.team_id AND deliveries.id = posted.id AND deliveries.attempt = posted.attempt
  AND deliveries.state IN ('pending', 'cancelled')
"""
#: Returns the redraw of a promise's messages that a posted message makes necessary.
Redraw = Callable[[Posted], tuple[DeliveryId, Planned]]

#: The promises of messages just recorded that have changed since they were drawn, or of which an older message
#: shrinks: for messages about one promise, and for those that gather several. Of these a promise whose `seq` is unknown
#: counts as changed.
_STALE = f"""
SELECT sent.team_id, sent.id, sent.promise_id FROM sent
JOIN promises ON promises.team_id = sent.team_id AND promises.id = sent.promise_id
WHERE promises.seq <> sent.seq OR (sent.shrinks AND EXISTS (
  SELECT 1 FROM deliveries o WHERE o.team_id = sent.team_id AND o.promise_id = sent.promise_id
    AND o.recipient = sent.recipient AND o.id <> sent.id AND (o.ts IS NOT NULL OR o.told_in IS NOT NULL)
))
UNION
SELECT sent.team_id, sent.id, entry.promise_id FROM sent
JOIN deliveries entry ON entry.team_id = sent.team_id AND entry.told_in = sent.id AND entry.told_in IS NOT NULL
JOIN promises ON promises.team_id = entry.team_id AND promises.id = entry.promise_id
WHERE sent.gathers AND (promises.seq <> coalesce({{seq_shown}}, -1) OR EXISTS (
  SELECT 1 FROM deliveries o LEFT JOIN deliveries message ON message.team_id = o.team_id AND message.id = o.told_in
  WHERE o.team_id = entry.team_id AND o.promise_id = entry.promise_id AND o.recipient = sent.recipient
    AND o.kind NOT IN ({", ".join(f"'{kind}'" for kind in sorted(NOT_REDRAWN))})
    AND coalesce(message.ts, o.ts) IS NOT NULL AND coalesce(o.told_in, '') <> sent.id
))
"""  # noqa: S608  our own words
_COLUMNS = ("team_id", "id", "attempt", "channel_id", "ts", "shown", "seq", "shrinks", "gathers", "seqs")
_ON_SQLITE = f"""(
  SELECT {", ".join(f"json_extract(value, '$[{place}]') AS {each}" for place, each in enumerate(_COLUMNS))}
  FROM json_each(:posted)
) AS posted"""  # noqa: S608  our own words
#: In two statements: at each row that a statement gives, SQLite's driver hands the interpreter to another thread.
_SQLITE_SENT = Compiled(text(_SENT.format(posted=_ON_SQLITE)).bindparams(bindparam("at", type_=Instant())), "sqlite")
_SQLITE_STALE = Compiled(
    text(
        f"""WITH sent AS MATERIALIZED (
  SELECT posted.*, deliveries.promise_id, deliveries.recipient FROM {_ON_SQLITE}
  JOIN deliveries ON deliveries.team_id = posted.team_id AND deliveries.id = posted.id
    AND deliveries.attempt = posted.attempt AND deliveries.ts = posted.ts
)"""  # noqa: S608  our own words
        + _STALE.format(seq_shown="""json_extract(sent.seqs, '$."' || entry.promise_id || '"')""")
    ),
    "sqlite",
)
#: The condition is always true: it makes the planner expect one row, and so look each up in an index. It expects a
#: hundred otherwise, and a plan that was made while the table was small reads the whole table for each record.
_ON_POSTGRES = """(
  SELECT * FROM json_to_recordset(CAST(:posted AS json)) AS given (team_id text, id text, attempt integer,
    channel_id text, ts text, shown text, seq integer, shrinks boolean, gathers boolean, seqs jsonb)
  WHERE given.id || '' = given.id
) AS posted"""
_POSTGRES_SENT = text(
    f"""WITH sent AS ({_SENT.format(posted=_ON_POSTGRES)}
  RETURNING deliveries.team_id, deliveries.id, deliveries.promise_id, deliveries.recipient, seq, shrinks, gathers, seqs)
"""
    + _STALE.format(seq_shown="CAST(sent.seqs ->> entry.promise_id AS integer)")
).bindparams(bindparam("at", type_=Instant()))
_RELEASE = (
    update(deliveries)
    .where(
        deliveries.c.team_id == bindparam("team"),
        deliveries.c.id == bindparam("delivery"),
        deliveries.c.attempt == bindparam("mine"),
        is_pending,
    )
    .values(due_at=bindparam("until"), lease_until=null())
)
_LET_GO = turns.delete().where(turns.c.held_by == bindparam("holder"))
_FAILURES = (
    select(deliveries.c.error, func.count().label("times"))
    .where(deliveries.c.state == DeliveryState.FAILED.value, deliveries.c.ended_at >= bindparam("since"))
    .group_by(deliveries.c.error)
)


def record_sent(
    connection: Connection,
    posted: Sequence[Posted],
    at: datetime,
    redraw: Redraw,
) -> None:
    by_key = {(each.delivery.team_id, each.delivery.id): each for each in posted}
    given = list(map(_values, posted))
    if connection.dialect.name == "sqlite":
        values = {"posted": json.dumps(given), "at": at}  # lists: a key takes both longer than a place
        _SQLITE_SENT.change(connection, values)
        found = _SQLITE_STALE.rows(connection, values)
    else:
        values = {"posted": json.dumps([dict(zip(_COLUMNS, each, strict=True)) for each in given]), "at": at}
        found = connection.execute(_POSTGRES_SENT, values).all()
    outdated: dict[tuple[TeamId, PromiseId], Posted] = {}
    for team_id, delivery_id, promise_id in found:
        outdated.setdefault((team_id, promise_id), by_key[team_id, delivery_id])
    redraws = [(team_id, promise_id, *redraw(by)) for (team_id, promise_id), by in outdated.items()]
    insert_deliveries(
        connection, [new_row(team_id, promise_id, planned, new_id) for team_id, promise_id, new_id, planned in redraws]
    )


def _values(posted: Posted) -> tuple[Any, ...]:
    """Return the values of _COLUMNS."""
    delivery = posted.delivery
    gathers = delivery.kind.rule.way is Way.GATHERED
    shrinks = is_person(delivery.to) and delivery.kind not in NOT_REDRAWN
    place = posted.channel_id, posted.ts, posted.shown
    return (delivery.team_id, delivery.id, delivery.attempt, *place, posted.seq, shrinks, gathers, posted.seqs)


def release(connection: Connection, returned: Sequence[tuple[Delivery, datetime]]) -> None:
    rows = [
        {"team": each.team_id, "delivery": each.id, "mine": each.attempt, "until": until} for each, until in returned
    ]
    connection.execute(_RELEASE, rows)


def end_turns(connection: Connection, holder: str) -> None:
    connection.execute(_LET_GO, {"holder": holder})


def failures(connection: Connection, since: datetime) -> dict[str, int]:
    return {row.error: row.times for row in connection.execute(_FAILURES, {"since": since})}
