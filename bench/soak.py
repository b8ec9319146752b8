"""Kept as it runs, five requests a second for an hour: does its memory grow?

`KEPT_BENCH_SOAK=20 make bench ARGS=soak` takes twenty minutes. Less says little, since what grows at first is warm-up,
so `make bench` without names leaves it out. On SQLite and on PostgreSQL side by side. Each promise is cancelled two
minutes later, and everybody works day and night, so that what Kept has to look after stays as much as it was: news
would wait for the morning, two of them more in each second. A line for each sixth of the time goes to stderr.
"""

import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from statistics import linear_regression, median

from bench.arrivals import Waits
from bench.crowds import both, opened
from bench.figures import Figure, at_most
from bench.load import SOON, answer
from bench.memory import kept_running
from bench.people import ANN, BUSY, FEW, TEAM, Scene, clicked, opened_home, prepared, sent_in, typed
from bot.domain.preferences import MAX_A_DAY, Preferences
from bot.domain.promise import ChannelId, UserId
from bot.ports import Transaction

MINUTES = float(os.environ.get("KEPT_BENCH_SOAK", "60"))
RATE = float(os.environ.get("KEPT_BENCH_SOAK_RATE", "5"))
#: Of an hour the first ten minutes are warm-up, the next ten the base, and the last ten are compared with them.
PARTS, SAMPLES_EACH = 6, 60
#: So many people make promises, to as many others in turn, and cancel each so many turns later. One person on the other
#: side of all would have a digest that grows as long as the soak takes.
OWNERS, OTHERS, LATER = 50, 100, 60
#: In one channel alone the cards and what becomes of them would come faster than Slack takes them, one in a second, and
#: wait in memory.
CHANNELS = 10
#: Uvicorn closes a connection that was idle for five seconds.
KEPT_ALIVE_S = 4.0
#: With the moment at which it was used last.
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter, float]


@dataclass
class Watched:
    """A running Kept, and what Linux counted of it: seconds since the start, resident megabytes, descriptors."""

    name: str
    pid: int
    port: int
    scene: Scene
    samples: list[tuple[float, float, int]] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    failed: int = 0

    def sample(self, since: float) -> None:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        files = sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())
        self.samples.append((time.monotonic() - since, pages * os.sysconf("SC_PAGE_SIZE") / 1e6, files))


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        ready = both(Path(folder))
        urls = await asyncio.to_thread(ready.__enter__)
        try:
            async with AsyncExitStack() as stack:
                watched = []
                for name, url in urls.items():
                    async with opened(url) as store:
                        await store.write(TEAM, _work_day_and_night)
                    scene = await prepared(url, 0)
                    pid, port = await stack.enter_async_context(kept_running(url))
                    watched.append(Watched(name, pid, port, scene))
                await asyncio.gather(*(_soak(each) for each in watched))
        finally:
            await asyncio.to_thread(ready.__exit__, None, None, None)
    return [figure for each in watched for figure in _compared(each)]


def _work_day_and_night(tx: Transaction) -> None:
    everybody = Preferences(frozenset(range(7)), clock_time(0), clock_time(23, 59), daily_cap=MAX_A_DAY)
    tx.people.choose_for_all(everybody, ANN, datetime.now(UTC))


async def _soak(kept: Watched) -> None:
    began, most = time.monotonic(), round(MINUTES * 60 * RATE)
    sampling = asyncio.create_task(_sample(kept, began))
    free: list[Connection] = []
    async with asyncio.TaskGroup() as group:
        for number in range(most):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            turn, which = divmod(number, len(ASKED))
            group.create_task(_ask(kept, free, ASKED[which](kept.scene, turn)))
    sampling.cancel()
    for _, writer, _ in free:
        writer.close()


async def _sample(kept: Watched, since: float) -> None:
    for number in itertools.count(1):
        kept.sample(since)
        if number % SAMPLES_EACH == 0:
            at_s, megabytes, files = kept.samples[-1]
            sys.stderr.write(f"{kept.name}: {at_s:.0f} s, {megabytes:.1f} MB, {files} descriptors\n")
        await asyncio.sleep(MINUTES * 60 / (PARTS * SAMPLES_EACH))


async def _ask(kept: Watched, free: list[Connection], request: bytes) -> None:
    """Send a request over a connection that Kept has not closed meanwhile, or is about to close."""
    while free and (free[-1][0].at_eof() or time.perf_counter() - free[-1][2] > KEPT_ALIVE_S):
        free.pop()[1].close()
    began = time.perf_counter()
    reader, writer = free.pop()[:2] if free else await asyncio.open_connection("127.0.0.1", kept.port)
    try:
        writer.write(request)
        await answer(reader)
    except (OSError, EOFError, RuntimeError):
        kept.failed += 1
        writer.close()
        return
    free.append((reader, writer, time.perf_counter()))
    kept.took_ms.append((time.perf_counter() - began) * 1000)


def _owner(made: int) -> UserId:
    return UserId(f"U{made % OWNERS}")


def _other(made: int) -> UserId:
    return UserId(f"UR{made % OTHERS}")


def _place(turn: int) -> ChannelId:
    return ChannelId(f"CR{turn % CHANNELS}")


def _promise(_: Scene, turn: int) -> bytes:
    return typed(f"<@{_other(2 * turn)}|bob> send deck {turn} by {SOON} 5pm", _owner(2 * turn), turn, _place(turn))


def _form(_: Scene, turn: int) -> bytes:
    return sent_in(_owner(2 * turn + 1), turn, _other(2 * turn + 1))


def _cancel(scene: Scene, turn: int, which: int) -> bytes:
    """Cancel one of the two promises made LATER turns before; numbers follow those of the scene."""
    made = 2 * (turn - LATER) + which
    number = len(scene.anns) + len(scene.busys) + 1 + made
    return typed(f"cancel {number}" if made >= 0 else "help", _owner(made), turn)


def _on_track(scene: Scene, turn: int) -> bytes:
    return clicked("act.on_track", scene.busys[turn % len(scene.busys)].id, BUSY)


#: What is asked in each turn.
ASKED: Sequence[Callable[[Scene, int], bytes]] = (
    _promise,
    lambda _, turn: typed("list", ANN, turn),
    lambda scene, turn: _cancel(scene, turn, 0),
    lambda _, turn: opened_home(ANN, turn),
    lambda scene, turn: typed(f"show {scene.anns[turn % FEW].number}", ANN, turn),
    _on_track,
    _form,
    lambda scene, turn: _cancel(scene, turn, 1),
    lambda _, turn: typed("", ANN, turn),
    lambda _, turn: opened_home(BUSY, turn),
)


def _compared(kept: Watched) -> list[Figure]:
    """Compare the last sixth with the second: the first is warm-up."""
    part_s = MINUTES * 60 / PARTS
    base = [each for each in kept.samples if part_s <= each[0] < 2 * part_s]
    last = [each for each in kept.samples if each[0] >= (PARTS - 1) * part_s]
    warm = [each for each in kept.samples if each[0] >= part_s]
    slope = linear_regression([each[0] for each in warm], [each[1] for each in warm]).slope
    took = Waits.of(kept.took_ms)
    sys.stderr.write(
        f"{kept.name}: {slope * 3600:+.2f} MB an hour after the first {part_s / 60:.1f} minutes; "
        f"{len(kept.took_ms)} answered, p50 {took.p50:.1f} and p99 {took.p99:.1f} ms; {kept.failed} failed\n"
    )
    what = f"after {MINUTES:g} minutes of {RATE:g} requests a second against after {2 * part_s / 60:.2g}, {kept.name}"
    return [
        at_most(f"memory {what}", "MB", median(e[1] for e in last), median(e[1] for e in base), 1.01),
        at_most(f"descriptors {what}", "", median(e[2] for e in last), median(e[2] for e in base), 1),
    ]
