"""The Prometheus page: the process's metrics, with gauges of the database and the connection to Slack."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import structlog

from bot.metrics import Metrics
from bot.ports import Backlog
from bot.storage.schema import revisions

log = structlog.get_logger("kept")

#: How long the database's figures are cached, and how long to wait for them, in seconds.
SHOWN_S, WITHIN_S = 10.0, 2.0
NOTHING = Backlog(0, 0, 0.0, 0, 0, 0)
#: The figures of the backlog by name of the metric.
FIGURES = {
    "kept_people_pending": "people_pending",
    "kept_people_overdue": "people_overdue",
    "kept_oldest_overdue_seconds": "oldest_s",
    "kept_messages_overdue": "messages_overdue",
    "kept_events_waiting": "events_waiting",
    "kept_workspaces_paused": "paused_workspaces",
}


class BacklogMetrics:
    """Adds the backlog to the metrics; a database that hangs delays the page by WITHIN_S at most."""

    def __init__(
        self, metrics: Metrics, backlog: Callable[[datetime], Awaitable[Backlog]], now: Callable[[], datetime]
    ) -> None:
        self._metrics, self._backlog, self._now = metrics, backlog, now
        self._seen, self._seen_at = NOTHING, -SHOWN_S
        self._took_s, self._is_up = 0.0, 0.0
        for name, shown in FIGURES.items():
            metrics.watch(name, partial(self._figure, shown))
        metrics.watch("kept_database_seconds", lambda: self._took_s)
        metrics.watch("kept_database_up", lambda: self._is_up)
        metrics.watch("kept_schema", lambda: float(revisions()[-1]))

    def _figure(self, name: str) -> float:
        return float(getattr(self._seen, name))

    async def page(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        if time.monotonic() - self._seen_at >= SHOWN_S:
            self._seen_at = time.monotonic()
            await self._look()
        return self._metrics.written()

    async def _look(self) -> None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(WITHIN_S):
                self._seen = await self._backlog(self._now())
            self._is_up = 1.0
        except Exception as fault:  # noqa: BLE001  whatever it is, the page says that the database is away
            log.warning("no figures from the database", error=type(fault).__name__)
            self._is_up = 0.0
        self._took_s = time.perf_counter() - began
