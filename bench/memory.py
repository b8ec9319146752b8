"""Measure how much memory `kept run` takes at its most, while people make promises and get messages about them."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bench.crowds import both
from bench.figures import Figure
from bench.load import command, run, wait_until_up
from bench.promise_path import free_port
from bench.servers import SECRET

PROMISES, CONNECTIONS, MORE_S = 2000, 64, 10.0


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        ready = both(Path(folder))
        urls = await asyncio.to_thread(ready.__enter__)
        found = [
            Figure(f"memory at its most while {PROMISES:,} promises are made, {name}", "MB", await _peak_mb(url), 0, 0)
            for name, url in urls.items()
        ]
        await asyncio.to_thread(ready.__exit__, None, None, None)
    return found


async def _peak_mb(url: str) -> float:
    async with kept_running(url) as (pid, port):
        await run(port, [command(number) for number in range(PROMISES)], CONNECTIONS)
        await asyncio.sleep(MORE_S)
        return await asyncio.to_thread(_most_resident_mb, pid)


@asynccontextmanager
async def kept_running(url: str) -> AsyncIterator[tuple[int, int]]:
    """Start Kept with a Slack that takes everything, without limits; yield its process id and its port."""
    slack, port = await slack_standing_in(), free_port()
    settings = {
        "DATABASE_URL": url,
        "PORT": str(port),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack.addresses[0][1]}/api/",
        "LOG_LEVEL": "error",
        "KEPT_LIMIT_PERSON": "0",
        "KEPT_LIMIT_CHANNEL": "0",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env={**os.environ, **settings})
    try:
        await asyncio.to_thread(wait_until_up, port)
        yield process.pid, port
    finally:
        process.terminate()
        await process.wait()
        await slack.cleanup()


def _most_resident_mb(pid: int) -> float:
    """Return what Linux counts; 0 elsewhere."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return round(int(found[1]) / 1000, 1) if found else 0.0


async def slack_standing_in() -> web.AppRunner:
    """A Slack that knows everybody and takes everything."""

    async def answer(request: web.Request) -> web.Response:
        asked = await (request.json() if request.content_type == "application/json" else request.post())
        user = {"id": asked.get("user", "UBOT"), "name": "somebody", "tz": "Europe/Berlin"}
        channel = {"id": "D1"} if request.match_info["method"].startswith("conversations.") else "C1"
        sent = {"team_id": "T1", "user_id": "UBOT", "user": user, "channel": channel, "ts": "1.1"}
        return web.json_response({"ok": True, **sent})

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner
