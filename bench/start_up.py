"""From the command to the first answer with 100,000 deliveries pending, against the bare app; and idle memory.

`KEPT_BENCH_FULL=1 make bench ARGS=start_up` takes 1,000,000.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.crowds import both, fill, hours_from_now, rows
from bench.figures import Figure, at_most
from bench.load import wait_until_up
from bench.promise_path import free_port
from bench.sizes import sized

PENDING, ROUNDS, MAX_MB, SETTLED_S = sized(100_000, 1_000_000), 3, 90, 3.0


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return await asyncio.to_thread(_figures, Path(folder))


def _figures(folder: Path) -> list[Figure]:
    found = []
    with both(folder) as urls:
        for name, url in urls.items():
            fill(url, rows(PENDING, "pending", hours_from_now(24), "later"))
            bare, ours, memory = [], [], []
            for _ in range(ROUNDS):
                bare.append(asyncio.run(_started("bench.servers", "bare"))[0])
                ready_ms, megabytes = asyncio.run(_started("bot", "run", url=url))
                ours.append(ready_ms)
                memory.append(megabytes)
            what = f"ready with {PENDING:,} pending against the bare app, {name}"
            found.append(at_most(what, "ms", median(ours), median(bare), 1.1))
            found.append(at_most(f"memory idle, {name}, against the goal", "MB", median(memory), MAX_MB, 1))
    return found


async def _started(module: str, command: str, url: str = "") -> tuple[float, float]:
    """Milliseconds until it answers, and its resident megabytes once it has settled."""
    port = free_port()
    arguments = [] if url else [str(port)]
    settings = {
        "DATABASE_URL": url,
        "PORT": str(port),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": "a signing secret",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "LOG_LEVEL": "error",
    }
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, command, *arguments, env={**os.environ, **(settings if url else {})}
    )
    try:
        await asyncio.to_thread(wait_until_up, port)
        ready_ms = (time.perf_counter() - started) * 1000
        if url:
            await asyncio.sleep(SETTLED_S)
        return ready_ms, _resident_mb(process.pid)
    finally:
        process.terminate()
        await process.wait()


def _resident_mb(pid: int) -> float:
    """Return what Linux counts; 0 elsewhere."""
    pages = Path(f"/proc/{pid}/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages.exists() else 0.0
