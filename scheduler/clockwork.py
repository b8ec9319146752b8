"""The tick: one APScheduler with a few fixed jobs, and a watchdog on the monotonic clock.

APScheduler decides when to look; the database decides what is due. Nothing is kept in a job store.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger("kept.clockwork")

#: The interval between ticks when nothing wakes the scheduler earlier.
TICK = timedelta(seconds=1)
#: APScheduler waits for a wall-clock time: if the clock is set back two hours, it sleeps two hours. The watchdog counts
#: monotonic seconds instead, and wakes it after this many without a tick.
SILENCE_S = 10.0


class Clockwork:
    """Runs `work` every TICK and immediately after `wake()`; two runs never overlap.

    `scheduler` may be one with a wrong wall clock, to test the watchdog; `failed` is called for each run that raised.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[None]],
        *,
        scheduler: AsyncIOScheduler | None = None,
        max_silence_s: float = SILENCE_S,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._failed = work, failed
        self._most_silence_s = max_silence_s
        self._scheduler = scheduler or AsyncIOScheduler(timezone=UTC)
        self._running = asyncio.Lock()
        self._again = False
        self._ticked_at = self._succeeded_at = time.monotonic()
        self._watchdog: asyncio.Task[None] | None = None
        self._wakes: set[asyncio.Task[None]] = set()

    @property
    def silence_s(self) -> float:
        """Return monotonic seconds since the last finished tick."""
        return time.monotonic() - self._ticked_at

    @property
    def since_success_s(self) -> float:
        """Return monotonic seconds since the last tick without an exception."""
        return time.monotonic() - self._succeeded_at

    def start(self) -> None:
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=TICK.total_seconds(),
            id="tick",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        self._scheduler.start()
        self._watchdog = asyncio.create_task(self._watch(), name="watchdog")

    async def stop(self) -> None:
        """Stop ticking after the current run."""
        if self._watchdog:
            self._watchdog.cancel()
        self._scheduler.pause()
        async with self._running:  # waiters are served in turn, so no run is left that shutting down would cancel
            pass
        self._scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """Run the work now rather than at the next tick."""
        if self._again:
            return
        self._again = True
        task = asyncio.get_running_loop().create_task(self.tick(), name="wake")
        self._wakes.add(task)
        task.add_done_callback(self._wakes.discard)

    async def tick(self) -> None:
        async with self._running:
            self._again = False
            try:
                await self._work()
                self._succeeded_at = time.monotonic()
            except Exception:
                # An exception must not end the ticking; unfinished work is still in the database for the next tick.
                log.exception("tick failed")
                self._failed()
            self._ticked_at = time.monotonic()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._most_silence_s / 4)
            if self.silence_s > self._most_silence_s and not self._running.locked():
                log.warning("no tick, waking the scheduler", silence_s=round(self.silence_s))
                self._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))
                await self.tick()
