"""An event loop that skips the waiting: hours of timers run without waiting, in their order, to the microsecond."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class SkippingLoop(asyncio.SelectorEventLoop):
    """Its clock jumps to the next timer whenever nothing else is to be done. Not for work in threads or sockets."""

    skipped_s = 0.0

    def time(self) -> float:
        return self.skipped_s

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio's own, for 3.11 and later
        if not ready and timers:
            self.skipped_s += max(timers[0].when() - self.time(), 0.0)
        super()._run_once()  # type: ignore[misc]  # asyncio's own


def run_without_waiting(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work)
