"""Measure how long each door's slowest answer to hostile text takes, and the HTTP door's to unsigned bytes."""

import gc
import itertools
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure
from bot.config import LogFormat, LogLevel
from bot.logs import configure
from tests.hostile import DOORS, forget_answers, hostile_text, prepare
from tests.integration.front import Front, front_door

TEXTS = 5_000
UNSIGNED = {"form fields": "a=1&" * 62_000, "escapes": "payload=" + "%41" * 80_000, "brackets": "[" * 240_000}


async def figures() -> Sequence[Figure]:
    configure(LogFormat.JSON, LogLevel.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        async with front_door(Path(folder)) as front:
            await prepare(front)
            gc.collect()
            gc.freeze()  # as `kept run` does: what the tests' modules left is not walked meanwhile
            took_ms = await _hostile(front)
            unsigned_ms = await _unsigned(front)
    found = [
        Figure(f"slowest answer to hostile text, {name} (peer: the median)", "ms", *_slowest(took))
        for name, took in took_ms.items()
    ]
    return [*found, Figure("slowest refusal of 240 kB unsigned (peer: the median)", "ms", *_slowest(unsigned_ms))]


def _slowest(took: Sequence[float]) -> tuple[float, float, float]:
    slowest, median = max(took), statistics.median(took)
    return round(slowest, 1), round(median, 1), round(slowest / median, 1)


async def _hostile(front: Front) -> dict[str, list[float]]:
    """Milliseconds of the event loop's processor time, which other work on the machine does not change."""
    chance, took_ms = random.Random(29), defaultdict(list)
    for name, _ in zip(itertools.cycle(DOORS), range(TEXTS), strict=False):
        text, started = hostile_text(chance), time.thread_time()
        await DOORS[name](front, text)
        took_ms[name].append((time.thread_time() - started) * 1000)
        forget_answers(front)
    return took_ms


async def _unsigned(front: Front) -> list[float]:
    took_ms = []
    for body in [*UNSIGNED.values()] * 20:
        started = time.thread_time()
        await front.sent(body, x_slack_signature="v0=" + "0" * 64)
        took_ms.append((time.thread_time() - started) * 1000)
    return took_ms
