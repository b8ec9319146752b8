"""How soon two hundred promises a second are acknowledged while PostgreSQL answers 200 ms late."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from bench.figures import Figure
from bot.storage.engine import open_store
from tests.databases import PostgresServer, in_thread
from tests.e2e.strict_slack import counting_slack
from tests.e2e.test_full_size import kept_run, posted
from tests.e2e.wires import wire_to

RATE, LOADED_S, SLOW_S = 200, 20, 0.2
NAME = "slowest hundredth of the acks over a PostgreSQL 200 ms late (peer: the median)"


async def figures() -> Sequence[Figure]:
    server = await asyncio.to_thread(PostgresServer)
    try:
        with tempfile.TemporaryDirectory() as folder:
            took_ms = await _acks_ms(Path(folder), server)
    finally:
        await asyncio.to_thread(server.close)
    p50, p99 = statistics.median(took_ms), statistics.quantiles(took_ms, n=100)[98]
    return [Figure(NAME, "ms", round(p99), round(p50), round(p99 / p50, 2))]


async def _acks_ms(folder: Path, server: PostgresServer) -> list[float]:
    """Requests begin in step, whatever became of those before."""
    database = await in_thread(server)
    await (await open_store(database)).close()
    took_ms: list[float] = []
    async with (
        wire_to(database, SLOW_S) as wire,
        counting_slack(2) as slack,
        kept_run(folder, wire.url, slack, 1) as (url,),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        asyncio.TaskGroup() as requests,
    ):

        async def request(number: int) -> None:
            began = time.perf_counter()
            await posted(session, url, _command(number), "application/x-www-form-urlencoded")
            took_ms.append((time.perf_counter() - began) * 1000)

        began = time.perf_counter()
        for number in range(RATE * LOADED_S):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            requests.create_task(request(number))
    return took_ms


def _command(number: int) -> str:
    form = {
        "command": "/promise",
        "text": f"<@UBOB|bob> send deck {number} by Friday 5pm",
        "user_id": f"U{number % 50}",
        "channel_id": "C1",
        "channel_name": "deck",
        "team_id": "T1",
        "trigger_id": f"t{number}",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return urlencode(form)
