"""Events from Slack, stored before they are acknowledged and kept for a day."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_, update

from bot.domain.promise import TeamId
from bot.ports import Event
from bot.ports.store import NEVER_ENDED
from bot.storage.tables import events, for_both

T = TypeVar("T")


class Run(Protocol):
    """Runs work in a transaction of its own."""

    def __call__(self, work: Callable[[Connection], T], /) -> Awaitable[T]: ...


#: More than a page of either database.
PROBE_LENGTH = 10_000

_ADD = for_both(lambda insert: insert(events).on_conflict_do_nothing().returning(events.c.event_id))
# A common table expression: PostgreSQL may run a subquery once for each row, and claim another event each time.
_UNCLAIMED = (
    select(events.c.team_id, events.c.event_id)
    .where(events.c.done_at.is_(None), events.c.lease_until <= bindparam("at"))
    .order_by(events.c.lease_until)
    .limit(1)
    .with_for_update(skip_locked=True)
    .cte("unclaimed")
)
_CLAIM = (
    update(events)
    .where(tuple_(events.c.team_id, events.c.event_id).in_(select(_UNCLAIMED)))
    .values(attempt=events.c.attempt + 1, lease_until=bindparam("until"))
    .returning(events.c.team_id, events.c.event_id, events.c.body, events.c.attempt)
)
_END = (
    update(events)
    .where(
        events.c.team_id == bindparam("team"),
        events.c.event_id == bindparam("event"),
        events.c.attempt == bindparam("mine"),
    )
    .values(done_at=bindparam("at"), error=bindparam("why"))
)
_SET_ASIDE = (
    update(events)
    .where(events.c.done_at.is_(None), events.c.lease_until <= bindparam("at"), events.c.attempt >= bindparam("most"))
    .values(done_at=bindparam("at"), error=NEVER_ENDED)
)
_FAILED = (
    select(events.c.error, func.count().label("times"))
    .where(events.c.done_at >= bindparam("since"), events.c.error != "")
    .group_by(events.c.error)
)
_FORGET = delete(events).where(events.c.received_at < bindparam("before"), events.c.done_at.is_not(None))


def set_aside_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many events were set aside since a moment, by error."""
    return {row.error: row.times for row in connection.execute(_FAILED, {"since": since})}


class SqlEventBook:
    """EventBook over whatever runs its transactions."""

    def __init__(self, run: Run) -> None:
        self._run = run

    async def add(self, event: Event, now: datetime, lease: timedelta) -> bool:
        values: dict[str, Any] = {"team_id": event.team_id, "event_id": event.id, "body": event.body}
        values |= {"received_at": now, "lease_until": now + lease, "attempt": event.attempt, "error": ""}
        return await self._run(lambda connection: _added(connection, values))

    async def claim(self, now: datetime, lease: timedelta) -> Event | None:
        asked = {"at": now, "until": now + lease}

        def work(connection: Connection) -> Event | None:
            row = connection.execute(_CLAIM, asked).one_or_none()
            return None if row is None else Event(TeamId(row.team_id), row.event_id, row.body, row.attempt)

        return await self._run(work)

    async def set_aside(self, now: datetime, most_tries: int) -> int:
        return await self._run(
            lambda connection: connection.execute(_SET_ASIDE, {"at": now, "most": most_tries}).rowcount
        )

    async def failures(self, since: datetime) -> Mapping[str, int]:
        return await self._run(lambda connection: set_aside_since(connection, since))

    async def end(self, event: Event, now: datetime, error: str = "") -> None:
        key = {"team": event.team_id, "event": event.id, "mine": event.attempt, "at": now, "why": error}
        await self._run(lambda connection: connection.execute(_END, key) and None)

    async def probe(self) -> None:
        await self._run(_probe)

    async def forget(self, received_before: datetime) -> int:
        return await self._run(lambda connection: connection.execute(_FORGET, {"before": received_before}).rowcount)


def _probe(connection: Connection) -> None:
    """Commit pages without leaving a row: that fails on a full or read-only disk, where reading goes on."""
    event, now = f"probe.{uuid.uuid4().hex}", datetime.fromtimestamp(0, UTC)
    values: dict[str, Any] = {"team_id": "", "event_id": event, "body": "x" * PROBE_LENGTH, "attempt": 1, "error": ""}
    connection.execute(insert(events).values(**values, received_at=now, lease_until=now, done_at=now))
    connection.execute(delete(events).where(events.c.team_id == "", events.c.event_id == event))


def _added(connection: Connection, values: dict[str, Any]) -> bool:
    return connection.execute(_ADD[connection.dialect.name], values).one_or_none() is not None
