"""Measure how long an event loop keeps everybody waiting."""

import asyncio
import contextlib
import time
from collections.abc import Iterator

EVERY_S = 0.001


class Stall:
    """The longest time between two turns of the loop, and the longest that this process worked meanwhile.

    The first includes the time in which the system ran other programs on this process's core. Each may be longer by up
    to `every_s`, after which the loop is looked at again: looking takes 50 to 80 µs of the processor.
    """

    longest_ms = 0.0
    longest_own_ms = 0.0

    async def watch(self, every_s: float) -> None:
        last, worked = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(every_s)
            late = time.perf_counter() - last - every_s
            own = min(late, time.process_time() - worked)
            self.longest_ms, self.longest_own_ms = (
                max(self.longest_ms, late * 1000),
                max(self.longest_own_ms, own * 1000),
            )
            last, worked = time.perf_counter(), time.process_time()


@contextlib.contextmanager
def watched(every_s: float = EVERY_S) -> Iterator[Stall]:
    """The loop's longest stall while this lasts."""
    stall = Stall()
    task = asyncio.create_task(stall.watch(every_s))
    try:
        yield stall
    finally:
        task.cancel()
