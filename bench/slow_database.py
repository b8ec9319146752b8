"""Measure how soon 200 promises a second are acknowledged over a PostgreSQL 200 ms late, and how many are kept."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from bench.figures import Figure, at_least
from bench.load import SOON
from bot.storage.engine import open_store
from tests.databases import PostgresServer, in_thread
from tests.e2e.strict_slack import counting_slack
from tests.e2e.test_full_size import kept_run, posted
from tests.e2e.wires import wire_to

RATE, LOADED_S, SLOW_S = 200, 60, 0.2
#: How long after the last request promises may still be recorded: none comes for so long, or all are there.
STILL_S = 30.0
ALL = f"promises recorded over a PostgreSQL {SLOW_S * 1000:.0f} ms late, {RATE} a second,"
NAME = "slowest hundredth of the acks over a PostgreSQL 200 ms late (peer: the median)"


async def figures() -> Sequence[Figure]:
    server = await asyncio.to_thread(PostgresServer)
    try:
        with tempfile.TemporaryDirectory() as folder:
            took_ms, recorded = await _acks_ms(Path(folder), server)
    finally:
        await asyncio.to_thread(server.close)
    p50, p99 = statistics.median(took_ms), statistics.quantiles(took_ms, n=100)[98]
    sent = RATE * LOADED_S
    return [
        Figure(NAME, "ms", round(p99), round(p50), round(p99 / p50, 2)),
        at_least(f"{ALL} of {sent:,} sent in {LOADED_S} s", "", recorded, sent, 1),
    ]


async def _acks_ms(folder: Path, server: PostgresServer) -> tuple[list[float], int]:
    """Return the milliseconds until each ack, and how many promises are recorded in the end.

    Requests begin in step, whatever became of those before.
    """
    database = await in_thread(server)
    await (await open_store(database)).close()
    took_ms: list[float] = []
    async with (
        wire_to(database, SLOW_S) as wire,
        counting_slack(2) as slack,
        kept_run(folder, wire.url, slack, 1) as (url,),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        async with asyncio.TaskGroup() as requests:
            began = time.perf_counter()
            for number in range(RATE * LOADED_S):
                await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
                requests.create_task(_request(session, url, number, took_ms))
        return took_ms, await _recorded(database)


async def _request(session: aiohttp.ClientSession, url: str, number: int, took_ms: list[float]) -> None:
    began = time.perf_counter()
    await posted(session, url, _command(number), "application/x-www-form-urlencoded")
    took_ms.append((time.perf_counter() - began) * 1000)


async def _recorded(database: str) -> int:
    """Count the promises past the slow wire, once all are there or no more come."""
    store = await open_store(database)
    try:
        found, until = 0, time.monotonic() + STILL_S
        while found < RATE * LOADED_S and time.monotonic() < until:
            await asyncio.sleep(0.5)
            now = (await store.so_far())["acts"].get("promise", 0)
            if now > found:
                found, until = now, time.monotonic() + STILL_S
        return found
    finally:
        await store.close()


def _command(number: int) -> str:
    form = {
        "command": "/promise",
        "text": f"<@UBOB|bob> send deck {number} by {SOON} 5pm",
        "user_id": f"U{number % 50}",
        "channel_id": "C1",
        "channel_name": "deck",
        "team_id": "T1",
        "trigger_id": f"t{number}",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return urlencode(form)
