"""Record the outcomes of deliveries of all workspaces, one statement per batch."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, null, select, text, update

from bot.domain.kinds import NOT_REDRAWN
from bot.domain.people import is_person
from bot.ports import Delivery, Posted, Transaction
from bot.storage.deliveries import DeliveryState
from bot.storage.tables import Instant, deliveries, turns
from bot.storage.transaction import SqlTransaction

#: Includes 'cancelled': a message cancelled while it was being sent has reached Slack, so it is recorded as sent.
_SENT = """
UPDATE deliveries SET state = 'sent', channel_id = posted.channel_id, ts = posted.ts, shown = posted.shown,
  ended_at = :at, lease_until = NULL, error = ''
FROM {posted}
WHERE deliveries.team_id = posted.team_id AND deliveries.id = posted.id AND deliveries.attempt = posted.attempt
  AND deliveries.state IN ('pending', 'cancelled')
RETURNING deliveries.team_id, deliveries.id,
  (SELECT seq FROM promises p WHERE p.team_id = deliveries.team_id AND p.id = deliveries.promise_id) AS seq,
  EXISTS (
    SELECT 1 FROM deliveries o WHERE o.team_id = deliveries.team_id AND o.promise_id = deliveries.promise_id
      AND o.recipient = deliveries.recipient AND o.id <> deliveries.id AND (o.ts IS NOT NULL OR o.told_in IS NOT NULL)
  ) AS has_older
"""
_POSTED = {
    "sqlite": """(
  SELECT json_extract(value, '$.team_id') AS team_id, json_extract(value, '$.id') AS id,
    json_extract(value, '$.attempt') AS attempt, json_extract(value, '$.channel_id') AS channel_id,
    json_extract(value, '$.ts') AS ts, json_extract(value, '$.shown') AS shown
  FROM json_each(:posted)
) AS posted""",
    "postgresql": """json_to_recordset(CAST(:posted AS json)) AS posted
  (team_id text, id text, attempt integer, channel_id text, ts text, shown text)""",
}
_RECORD_SENT = {
    name: text(_SENT.format(posted=source)).bindparams(bindparam("at", type_=Instant()))
    for name, source in _POSTED.items()
}
_RELEASE = (
    update(deliveries)
    .where(
        deliveries.c.team_id == bindparam("team"),
        deliveries.c.id == bindparam("delivery"),
        deliveries.c.attempt == bindparam("mine"),
        deliveries.c.state == DeliveryState.PENDING.value,
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
    connection: Connection, posted: Sequence[Posted], at: datetime, stale: Callable[[Transaction, Posted], None]
) -> None:
    by_key = {(each.delivery.team_id, each.delivery.id): each for each in posted}
    rows: list[dict[str, Any]] = [
        {
            "team_id": each.delivery.team_id,
            "id": each.delivery.id,
            "attempt": each.delivery.attempt,
            "channel_id": each.channel_id,
            "ts": each.ts,
            "shown": each.shown,
        }
        for each in posted
    ]
    statement = _RECORD_SENT[connection.dialect.name]
    for row in connection.execute(statement, {"posted": json.dumps(rows), "at": at}).all():
        one = by_key[row.team_id, row.id]
        shrinks = row.has_older and is_person(one.delivery.to) and one.delivery.kind not in NOT_REDRAWN
        if row.seq is not None and (shrinks or row.seq != one.seq):
            stale(SqlTransaction(connection, one.delivery.team_id), one)


def release(connection: Connection, returned: Sequence[tuple[Delivery, datetime]]) -> None:
    rows = [
        {"team": each.team_id, "delivery": each.id, "mine": each.attempt, "until": until} for each, until in returned
    ]
    connection.execute(_RELEASE, rows)


def let_go(connection: Connection, holder: str) -> None:
    connection.execute(_LET_GO, {"holder": holder})


def failures(connection: Connection, since: datetime) -> dict[str, int]:
    return {row.error: row.times for row in connection.execute(_FAILURES, {"since": since})}
