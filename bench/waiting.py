"""Measure waiting times, open loop: `/promise`, clicks, lists, forms, the Home tab, next to a bare Bolt app and a peer.

The peer is bench.literal, the same built in an afternoon of the same parts. PostgreSQL is also tried 2 and 20 ms away.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from bench.arrivals import Waits, waits
from bench.figures import Figure, at_least, at_most
from bench.load import Load, command, run, server
from bench.memory import slack_standing_in
from bench.people import ACTIONS, Scene, prepared
from bench.promise_path import free_port, postgres
from tests.e2e.wires import wire_to

QUICK = bool(os.environ.get("KEPT_BENCH_QUICK"))
RATE, ROUNDS, CALLERS = 50.0, (1 if QUICK else 3), 16
EACH, FEWER, WARM_UP, CONCURRENT = (100, 40, 40, 200) if QUICK else (200, 80, 100, 400)
#: Of each click so many, a part at a time: fewer have no p95 that two slow writes do not make.
CLICKS, PARTS = 100, 4
#: Of what comes seldom, so many seconds: at five a second, thirty requests.
MAX_S = 4 if QUICK else 6
AWAY_MS = (2, 20)
#: One round trip for what is read, one for what is written, and one to spare; the rest is ours.
TRIPS, OURS_MS, HOME_MS = 3, 10, 60


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder) / "pg") as postgres_url:
        urls = {"SQLite": f"sqlite:///{folder}/kept.db", "PostgreSQL": postgres_url}
        found = await _promises(urls, folder)
        for name, url in urls.items():
            found += await _others(name, url)
        for away_ms in AWAY_MS:
            found.append(await _far_away(postgres_url, away_ms))
    return found


async def _promises(urls: dict[str, str], folder: str) -> list[Figure]:
    """In turn, so that a machine whose speed drifts treats all alike; each round with servers of its own."""
    has_peer = all(map(find_spec, ("dateparser", "aiosqlite")))
    if not has_peer:
        sys.stdout.write("the literal peer is left out: pip install dateparser aiosqlite\n")
    kinds = {"bare": ("bare",), **({"literal": ("literal", f"sqlite:///{folder}/literal.db")} if has_peer else {})}
    kinds |= {name: ("kept", url) for name, url in urls.items()}
    took: dict[str, list[float]] = {name: [] for name in kinds}
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, (kind, *more) in kinds.items():
            port = free_port()
            async with server(port, kind, str(port), *more):
                await run(port, [command(number) for number in range(WARM_UP)], CALLERS)
                took[name] += await waits(port, command, EACH, RATE)
                rates[name].append((await _concurrently(port)).rate)
    return [each for name in urls for each in _compared(name, took, {k: median(v) for k, v in rates.items()})]


async def _concurrently(port: int) -> Load:
    return await run(port, [command(number) for number in range(CONCURRENT)], CALLERS)


def _compared(name: str, took: dict[str, list[float]], rates: dict[str, float]) -> list[Figure]:
    ours, bare, what = Waits.of(took[name]), Waits.of(took["bare"]), f"`/promise` at {RATE:g} a second, {name}"
    found = [at_most(f"{what}: p99 against bare", "ms", ours.p99, bare.p99, 4)]
    found.append(Figure(f"{what}: p95 against bare", "ms", *_rounded(ours.p95, bare.p95)))
    if "literal" in took:
        peer = Waits.of(took["literal"])
        found.insert(0, at_most(f"{what}: p50 against literal", "ms", ours.p50, peer.p50, 0.5))
        found.insert(1, at_most(f"{what}: p99 against literal", "ms", ours.p99, peer.p99, 0.35))
        callers = f"`/promise`, {CALLERS} callers, {name}, against literal"
        found.append(at_least(callers, "/s", rates[name], rates["literal"], 5))
    return found


def _rounded(ours: float, peers: float) -> tuple[float, float, float]:
    return round(ours, 3), round(peers, 3), round(ours / peers, 3)


@asynccontextmanager
async def _served(url: str) -> AsyncIterator[int]:
    """Kept with a Slack that takes everything."""
    slack, port = await slack_standing_in(), free_port()
    try:
        async with server(port, "kept", str(port), url, f"http://127.0.0.1:{slack.addresses[0][1]}/api/"):
            await run(port, [command(number) for number in range(WARM_UP)], CALLERS)
            yield port
    finally:
        await slack.cleanup()


async def _others(name: str, url: str) -> list[Figure]:
    """Everything else, each against `/promise` in the same minute."""
    scene = await prepared(url, CLICKS + WARM_UP)
    clicks = [what for what, (_, _, goal) in ACTIONS.items() if goal]
    found = []
    async with _served(url) as port:
        took = await _clicked(port, scene, clicks)
        promise = Waits.of(took["/promise"])
        for what, (request, per_second, goal) in ACTIONS.items():
            if what in clicks:
                each = Waits.of(took[what])
            else:
                count = min(FEWER, round(per_second * MAX_S))
                each = Waits.of(await waits(port, _of(request, scene), count, per_second))
            about = f"{what}, {name}: p95 against that of `/promise`"
            found.append(
                at_most(about, "ms", each.p95, promise.p95, goal)
                if goal
                else Figure(about, "ms", *_rounded(each.p95, promise.p95))
            )
            if what == "Home with 500 open":
                found.append(at_most(f"{what}, {name}: p95", "ms", each.p95, HOME_MS, 1))
    return found


async def _clicked(port: int, scene: Scene, clicks: Sequence[str]) -> dict[str, list[float]]:
    """Time `/promise` and clicks in turn: a disk that is slow for a second is then slow for all of them.

    Each kind is warmed up as `/promise` is, so that every connection has its statements prepared.
    """
    took: dict[str, list[float]] = {"/promise": [], **{what: [] for what in clicks}}
    count = CLICKS // PARTS
    for what in clicks:
        request = ACTIONS[what][0]
        await run(port, [request(scene, CLICKS + number) for number in range(WARM_UP)], CALLERS)
    for part in range(PARTS):
        took["/promise"] += await waits(port, command, count, RATE)
        for what in clicks:
            request, per_second, _ = ACTIONS[what]
            took[what] += await waits(port, _of(request, scene, part * count), count, per_second)
    return took


def _of(request: Callable[[Scene, int], bytes], scene: Scene, first: int = 0) -> Callable[[int], bytes]:
    return lambda number: request(scene, first + number)


async def _far_away(url: str, away_ms: int) -> Figure:
    async with wire_to(url, away_ms / 1000) as wire, _served(wire.url) as port:
        took = Waits.of(await waits(port, command, EACH, RATE))
    what = (
        f"`/promise` at {RATE:g} a second, PostgreSQL {away_ms} ms away: p50 against {TRIPS} round trips + {OURS_MS} ms"
    )
    return at_most(what, "ms", took.p50, TRIPS * away_ms + OURS_MS, 1)


if __name__ == "__main__":
    asyncio.run(figures())
