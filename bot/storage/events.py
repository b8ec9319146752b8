"""What Slack told, kept from before its acknowledgement until it is a day old."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, delete, select, tuple_, update

from bot.domain.promise import TeamId
from bot.ports import Event
from bot.storage.tables import events, for_both

T = TypeVar("T")


class Run(Protocol):
    """Runs work in a transaction of its own."""

    def __call__(self, work: Callable[[Connection], T], /) -> Awaitable[T]: ...


_ADD = for_both(lambda insert: insert(events).on_conflict_do_nothing().returning(events.c.event_id))
_NOBODYS = (
    select(events.c.team_id, events.c.event_id)
    .where(events.c.done_at.is_(None), events.c.lease_until <= bindparam("at"))
    .order_by(events.c.lease_until)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(events)
    .where(tuple_(events.c.team_id, events.c.event_id).in_(_NOBODYS))
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
_FORGET = delete(events).where(events.c.received_at < bindparam("before"), events.c.done_at.is_not(None))


class Events:
    """EventShelf over whatever runs its transactions."""

    def __init__(self, run: Run) -> None:
        self._run = run

    async def add(self, event: Event, now: datetime, lease: timedelta) -> bool:
        values: dict[str, Any] = {"team_id": event.team_id, "event_id": event.id, "body": event.body}
        values |= {"received_at": now, "lease_until": now + lease, "attempt": event.attempt, "error": ""}
        return await self._run(lambda connection: _added(connection, values))

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> tuple[Event, ...]:
        asked = {"at": now, "until": now + lease, "at_most": limit}

        def work(connection: Connection) -> tuple[Event, ...]:
            rows = connection.execute(_CLAIM, asked)
            return tuple(Event(TeamId(row.team_id), row.event_id, row.body, row.attempt) for row in rows)

        return await self._run(work)

    async def end(self, event: Event, now: datetime, error: str = "") -> None:
        key = {"team": event.team_id, "event": event.id, "mine": event.attempt, "at": now, "why": error}
        await self._run(lambda connection: connection.execute(_END, key) and None)

    async def forget(self, received_before: datetime) -> int:
        return await self._run(lambda connection: connection.execute(_FORGET, {"before": received_before}).rowcount)


def _added(connection: Connection, values: dict[str, Any]) -> bool:
    return connection.execute(_ADD[connection.dialect.name], values).one_or_none() is not None
