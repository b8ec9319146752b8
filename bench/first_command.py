"""A newcomer's first `/promise`: right after the process has started, and over a Slack that answers late."""

import asyncio
import hashlib
import hmac
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bench.figures import Figure, at_most
from bench.load import SOON, wait_until_up
from bench.promise_path import free_port
from handlers.responders import STILL_WORKING

SECRET = "a signing secret"  # noqa: S105  it opens nothing
STARTS, TENTH, NEWCOMERS, LATE_S = 7, 10, 50, 0.3
#: Seconds between two commands, as people type them: a processor that has done something else meanwhile has colder
#: caches than one that does the same ten times within thirty milliseconds, and no first command can be warmer.
PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, after how many milliseconds, and for how many of them Kept had a processor."""

    text: str
    took_ms: float
    cpu_ms: float


#: Everybody whom Slack lists.
MEMBERS = ("UANN", "UBOB", *(f"U{number}{side}" for number in range(NEWCOMERS) for side in "AB"))
#: Type a command in a channel.
Ask = Callable[[str, str, str], Awaitable[Answer]]


async def figures() -> Sequence[Figure]:
    """Return the first command of a fresh start against the tenth, and what fifty newcomers read."""
    with tempfile.TemporaryDirectory() as folder:
        first_ms, tenth_ms = await _first_and_tenth(Path(folder), PAUSE_S)
        hot_first_ms, hot_tenth_ms = await _first_and_tenth(Path(folder), 0)
        newcomers = await _newcomers(Path(folder))
    what = f"{NEWCOMERS} newcomers' first commands, Slack {LATE_S * 1000:.0f} ms late"
    waiting = sum(answer.text == STILL_WORKING for answer in newcomers)
    usual_ms = median(answer.took_ms for answer in newcomers)
    late = f"Slack {LATE_S * 1000:.0f} ms late"
    first = "the first `/promise` after a start against the tenth"
    return [
        at_most(f"{first}, half a second apart, {late}", "ms", first_ms, tenth_ms, 2),
        at_most(f"{first}, {late}", "ms", hot_first_ms, hot_tenth_ms, 2),
        Figure(f"{what}: those that read “Still working”", "", waiting, 0, waiting, "0", waiting == 0),
        at_most(f"{what}: the median answer against one call of Slack", "ms", usual_ms, LATE_S * 1000, 2),
    ]


async def _first_and_tenth(folder: Path, pause_s: float) -> tuple[float, float]:
    """Return the median milliseconds of the first and the tenth command after a start, Slack being late.

    The people are known to the database already, but for the first start, which is one of them.
    """
    starts: list[tuple[float, float]] = []
    for _ in range(STARTS):
        async with slack(LATE_S) as url, kept(folder / "known.db", url) as ask:
            took_ms = []
            for _ in range(TENTH):
                answer = await ask("UANN", "C1", _promise("UBOB"))
                if not answer.text.startswith("Recorded."):
                    raise RuntimeError(answer.text)
                took_ms.append(answer.took_ms)
                await asyncio.sleep(pause_s)
        starts.append((took_ms[0], took_ms[-1]))
    first_ms, tenth_ms = (median(times) for times in zip(*starts, strict=True))
    return first_ms, tenth_ms


async def _newcomers(folder: Path) -> list[Answer]:
    async with slack(LATE_S) as url, kept(folder / "new.db", url) as ask:
        return [await ask(f"U{number}A", f"C{number}", _promise(f"U{number}B")) for number in range(NEWCOMERS)]


def _promise(to: str) -> str:
    return f"<@{to}|sam> send the deck by {SOON} 5pm"


def _member(who: str) -> dict[str, str]:
    return {"id": who, "team_id": "T1", "name": who.lower(), "tz": "Europe/Berlin", "locale": "en-GB"}


@asynccontextmanager
async def slack(late_s: float) -> AsyncIterator[str]:
    """Yield the address of a Slack that knows everybody and every place, and says so late."""

    async def answer(request: web.Request) -> web.Response:
        asked = await request.post()
        await asyncio.sleep(late_s)
        who, where = str(asked.get("user", "U0")), str(asked.get("channel", "C0"))
        place = {"id": where, "name": "deck", "is_channel": True}
        us = {"team_id": "T1", "user_id": "UKEPT", "bot_id": "BKEPT"}
        sent = {"user": _member(who), "channel": place, "members": [_member(each) for each in MEMBERS]}
        return web.json_response({"ok": True, "ts": "1.0", **sent, **us})

    async def who_we_are(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "UKEPT", "bot_id": "BKEPT"})

    app = web.Application()
    app.router.add_post("/api/auth.test", who_we_are)
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def kept(database: Path, slack_url: str) -> AsyncIterator[Ask]:
    """Start Kept as a process of its own, and yield how to type something as soon as it answers."""
    port = free_port()
    settings = {
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": str(port),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack_url,
        "LOG_LEVEL": "error",
        "KEPT_LIMIT_PERSON": "0",  # else all but the first thirty promises would be refused
        "KEPT_LIMIT_CHANNEL": "0",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env={**os.environ, **settings})
    try:
        await asyncio.to_thread(wait_until_up, port)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            async with session.get("/healthz"):  # opening our own connection is not counted
                pass
            yield lambda by, channel, text: _ask(session, process.pid, _form(by, channel, text))
    finally:
        process.terminate()
        await process.wait()


def _form(by: str, channel: str, text: str) -> str:
    form = {
        "command": "/promise",
        "text": text,
        "user_id": by,
        "channel_id": channel,
        "channel_name": "deck",
        "team_id": "T1",
        "trigger_id": f"{by}.{time.time_ns()}",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return urlencode(form)


async def _ask(session: aiohttp.ClientSession, pid: int, body: str) -> Answer:
    now = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={signature}",
    }
    started, had_ms = time.perf_counter(), _cpu_ms(pid)
    async with session.post("/slack/events", data=body, headers=headers) as answer:
        shown = await answer.read()
    took_ms, cpu_ms = (time.perf_counter() - started) * 1000, _cpu_ms(pid) - had_ms
    return Answer(str(json.loads(shown)["text"]), took_ms, cpu_ms)


def _cpu_ms(pid: int) -> float:
    """Return how long the process's threads have run, as Linux counts: what else the machine does is not in it."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6
