"""Slack's events: kept before they are acknowledged, dealt with from the row, forgotten after a day."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.promise import TeamId
from bot.ports import Clock, Event, EventShelf

#: How long one attempt may take before somebody else tries; Slack itself repeats an event for no longer than an hour.
LEASE = timedelta(seconds=60)
#: How often an event is tried in all.
MOST_TRIES = 5
KEPT_FOR = timedelta(days=1)
BATCH = 50
#: How often what a crash left behind is looked for, and how often old events are thrown away.
SWEEP_S, FORGET_S = 10.0, 3600.0

Handle = Callable[[Mapping[str, Any]], Awaitable[None]]


class Events:
    def __init__(self, shelf: EventShelf, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock
        self._swept_at = self._forgot_at = float("-inf")

    async def store(self, team_id: TeamId, event_id: str, body: Mapping[str, Any]) -> bool:
        """Keeps an event that the caller goes on to deal with; False for one that is known already."""
        event = Event(team_id, event_id, json.dumps(body), attempt=1)
        return await self._shelf.add(event, self._clock.now(), LEASE)

    async def deal(self, team_id: TeamId, event_id: str, body: Mapping[str, Any], handle: Handle) -> None:
        """Has an event dealt with that was just stored.

        Raises what the handler raises: then it stays open, and the sweep tries it again once its lease is over.
        """
        await self._deal(Event(team_id, event_id, json.dumps(body), attempt=1), handle)

    async def sweep(self, handle: Handle) -> None:
        """Deals with what was begun and never ended, and forgets what is old; does nothing when called too often."""
        now = time.monotonic()
        if now - self._swept_at < SWEEP_S:
            return
        self._swept_at = now
        for event in await self._shelf.claim(self._clock.now(), LEASE, BATCH):
            await self._deal(event, handle)
        if now - self._forgot_at >= FORGET_S:
            self._forgot_at = now
            await self._shelf.forget(self._clock.now() - KEPT_FOR)

    async def _deal(self, event: Event, handle: Handle) -> None:
        error = ""
        try:
            await handle(json.loads(event.body))
        except Exception as fault:
            if event.attempt < MOST_TRIES:
                raise
            error = type(fault).__name__
        await self._shelf.end(event, self._clock.now(), error)
