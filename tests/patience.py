"""How long tests wait. They wait for what is to happen, so a quick machine never waits this long."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

IS_LONG = bool(os.environ.get("KEPT_LONG"))
#: How many times slower than usual this machine is: TEST_PATIENCE=5 on a very busy one.
SLOWNESS = float(os.environ.get("TEST_PATIENCE", "1"))
#: In seconds. After this long a test fails because something never happened.
PATIENCE_S = 120.0 * SLOWNESS * (10 if IS_LONG else 1)


def pauses_s() -> Iterator[float]:
    """Yield how many seconds to wait before each next look: looks cost the machine what the awaited work needs."""
    pause = 0.01
    while True:
        yield pause
        pause = min(1.25 * pause, 0.2)


def until(look: Callable[[], T]) -> T:
    """Return what `look` returns as soon as that is true; fail when it never is."""
    end, pauses = time.monotonic() + PATIENCE_S, pauses_s()
    while not (seen := look()):
        assert time.monotonic() < end, f"it did not happen within {PATIENCE_S:.0f} s"
        time.sleep(next(pauses))
    return seen


async def until_true(look: Callable[[], object]) -> None:
    """Wait, letting others work, until `look` gives something true, awaited if need be; fail when it never does."""
    end, pauses = time.monotonic() + PATIENCE_S, pauses_s()
    while not (await seen if isinstance(seen := look(), Awaitable) else seen):
        assert time.monotonic() < end, f"it did not happen within {PATIENCE_S:.0f} s"
        await asyncio.sleep(next(pauses))


def lasts_at_least(seconds: float, work: Callable[[], object]) -> bool:
    """Return whether the work takes so long: a bound that no busy machine breaks."""
    began = time.monotonic()
    work()
    return time.monotonic() - began >= seconds
