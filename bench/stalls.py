"""Measure how long an event loop keeps everybody waiting."""

import asyncio
import contextlib
import time
from collections.abc import Iterator

EVERY_S = 0.001


class Stall:
    longest_ms = 0.0

    async def watch(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(EVERY_S)
            now = time.perf_counter()
            self.longest_ms = max(self.longest_ms, (now - last - EVERY_S) * 1000)
            last = now


@contextlib.contextmanager
def watched() -> Iterator[Stall]:
    """The loop's longest stall while this lasts."""
    stall = Stall()
    task = asyncio.create_task(stall.watch())
    try:
        yield stall
    finally:
        task.cancel()
