"""Slack's events: stored before they are acknowledged, handled from the row, deleted after a day."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from bot.domain.promise import TeamId
from bot.ports import Clock, Event, EventBook, Meter
from bot.ports.store import NEVER_ENDED

log = structlog.get_logger("kept.events")

#: How long one attempt may take before another process retries; Slack itself repeats an event for an hour at most.
LEASE = timedelta(seconds=60)
#: How many times an event is tried in all.
MAX_TRIES = 5
KEPT_FOR = timedelta(days=1)
#: How many events one sweep handles.
BATCH = 50
#: How often unfinished events are retried, and how often old ones are deleted.
SWEEP_S, FORGET_S = 10.0, 3600.0

Handle = Callable[[Mapping[str, Any]], Awaitable[None]]


class Events:
    def __init__(self, events: EventBook, clock: Clock, meter: Meter | None = None) -> None:
        self._events = events
        self._clock = clock
        self._meter = meter or Meter()
        self._swept_at = self._forgot_at = float("-inf")

    async def store(self, team_id: TeamId, event_id: str, body: Mapping[str, Any]) -> bool:
        """Store an event that the caller then handles; return False if it is stored already."""
        event = Event(team_id, event_id, json.dumps(body), attempt=1)
        return await self._events.add(event, self._clock.now(), LEASE)

    async def handle_stored(self, team_id: TeamId, event_id: str, body: Mapping[str, Any], handle: Handle) -> None:
        """Handle an event that was just stored.

        Raises what the handler raises: then it stays open, and the sweep retries it once its lease has expired.
        """
        await self._handle(Event(team_id, event_id, json.dumps(body), attempt=1), handle)

    async def sweep(self, handle: Handle) -> None:
        """Retry unfinished events and delete old ones; do nothing if the last sweep was less than SWEEP_S ago.

        Raises what the first failing handler raised, after the other events were handled.
        """
        now = time.monotonic()
        if now - self._swept_at < SWEEP_S:
            return
        self._swept_at = now
        await self._set_aside()
        faults = await self._retry(handle)
        if now - self._forgot_at >= FORGET_S:
            self._forgot_at = now
            await self._events.forget(self._clock.now() - KEPT_FOR)
        if faults:
            raise faults[0]

    async def _retry(self, handle: Handle) -> list[Exception]:
        """Claim and handle events one at a time, so that one that ends the process uses up no other's attempt."""
        faults: list[Exception] = []
        for _ in range(BATCH):
            event = await self._events.claim(self._clock.now(), LEASE)
            if event is None:
                break
            try:
                await self._handle(event, handle)
            except Exception as fault:  # noqa: BLE001  raised by `sweep` when the others had their turn
                faults.append(fault)
        return faults

    async def _handle(self, event: Event, handle: Handle) -> None:
        error = ""
        try:
            async with asyncio.timeout(LEASE.total_seconds()):
                await handle(json.loads(event.body))
        except Exception as fault:
            if event.attempt < MAX_TRIES:
                raise
            error = type(fault).__name__
            self._report(1, error)
        await self._events.end(event, self._clock.now(), error)

    async def _set_aside(self) -> None:
        """Close events that were started MAX_TRIES times: they would hang or crash the next process, too."""
        if count := await self._events.set_aside(self._clock.now(), MAX_TRIES):
            self._report(count, NEVER_ENDED)

    def _report(self, count: int, error: str) -> None:
        self._meter.set_aside(count)
        log.error("events set aside", count=count, tries=MAX_TRIES, error=error)
