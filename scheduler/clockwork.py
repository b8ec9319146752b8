"""The ticking: one APScheduler with a few fixed jobs, and a watchdog that no wall clock can stop.

APScheduler decides when to look; the database decides what is due. Nothing is kept in a job store.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger("kept.clockwork")

#: How often the books are looked at when nothing wakes the scheduler earlier.
TICK = timedelta(seconds=1)
#: APScheduler waits for a wall-clock time; set the clock back two hours and it sleeps two hours. The watchdog counts
#: monotonic seconds instead, and wakes it after this many without a tick.
SILENCE_S = 10.0


class Clockwork:
    """Runs `work` every TICK and at once after `wake()`; two runs never overlap.

    `scheduler` may be one whose wall clock is wrong, to prove that the watchdog wakes it; `failed` is called for each
    run that raised.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[None]],
        *,
        scheduler: AsyncIOScheduler | None = None,
        most_silence_s: float = SILENCE_S,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._failed = work, failed
        self._most_silence_s = most_silence_s
        self._scheduler = scheduler or AsyncIOScheduler(timezone=UTC)
        self._running = asyncio.Lock()
        self._again = False
        self._ticked_at = self._succeeded_at = time.monotonic()
        self._watchdog: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def silence_s(self) -> float:
        """Monotonic seconds since the last tick that finished."""
        return time.monotonic() - self._ticked_at

    @property
    def since_success_s(self) -> float:
        """Monotonic seconds since the last tick that raised nothing."""
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
        """Ends the ticking after the run in progress."""
        if self._watchdog:
            self._watchdog.cancel()
        self._scheduler.pause()
        async with self._running:  # its waiters are served in turn: no run is left that shutting down would cancel
            pass
        self._scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """Looks at the books now rather than at the next tick."""
        if self._again:
            return
        self._again = True
        errand = asyncio.get_running_loop().create_task(self.tick(), name="wake")
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def tick(self) -> None:
        async with self._running:
            self._again = False
            try:
                await self._work()
                self._succeeded_at = time.monotonic()
            except Exception:
                # A tick must not end the ticking; what it could not do is still in the books for the next one.
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
