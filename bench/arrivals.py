"""Requests that arrive by the clock, whatever became of those before: what people feel, not what a server can take."""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.load import answer


@dataclass(frozen=True, slots=True)
class Waits:
    """How long those who waited had to, in milliseconds, counted from when each meant to begin."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, took_ms: list[float]) -> "Waits":
        parts = statistics.quantiles(took_ms, n=100)
        return cls(statistics.median(took_ms), parts[94], parts[98])


async def waits(port: int, request: Callable[[int], bytes], count: int, per_second: float) -> list[float]:
    """Send so many requests, each at its moment, over as many connections as that takes; return the milliseconds.

    Raises RuntimeError at any answer but 200.
    """
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    began = time.perf_counter() + 0.05

    async def one(number: int) -> float:
        due = began + number / per_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        due = max(due, time.perf_counter())  # what this process itself is late is not the server's
        reader, writer = free.pop() if free else await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(number))
        await answer(reader)
        free.append((reader, writer))
        return (time.perf_counter() - due) * 1000

    took = await asyncio.gather(*(one(number) for number in range(count)))
    for _, writer in free:
        writer.close()
    return list(took)
