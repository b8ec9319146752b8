"""How the time that work takes grows with its text: a ratio, so that no machine is too slow for it."""

import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from tests.patience import PATIENCE_S

#: Slack hands over no longer text than some 13,000 characters: a message's 12,000 with what escaping adds.
LONGEST = 13_000
#: Twice the text may take at most so many times as long: linear work takes 2, quadratic 4.
MOST = 3.0
#: Other work on the machine only ever makes a run slower, so the quickest of several is nearest to the truth.
RUNS = 400
#: Seconds too few to compare: one lucky run halves a measure of microseconds, and quadratic work on such texts takes
#: many times as long.
TOO_SHORT_S = 0.0005


class TooSlowError(AssertionError):
    """The work did not end."""


def assert_grows_linearly(work: Callable[[str], object], atom: str, end: str = "x", longest: int = LONGEST) -> None:
    """Fail unless twice as many atoms take at most MOST times the processor time."""
    half, whole = (repeated(atom, end, length) for length in (longest // 2, longest))
    with _must_end(atom):
        for length in (20, 50, 200):  # exponential work shows here already; and caches are filled
            work(repeated(atom, end, length))
        once, twice = _quickest(work, half), _quickest(work, whole)
        for _ in range(RUNS):
            if twice <= max(MOST * once, TOO_SHORT_S):
                return
            once, twice = min(once, _quickest(work, half)), min(twice, _quickest(work, whole))
    raise AssertionError(f"{longest} characters of {atom!r} take {twice / once:.1f} times as long as half of them")


def calls_of(work: Callable[[str], object], text: str, most: int) -> int:
    """Return how many functions the work calls, a measure without a clock; it is interrupted after `most` of them."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"
        if calls > most:
            raise TooSlowError(f"{len(text)} characters of {text[:20]!r} take more than {most} calls")

    sys.setprofile(count)
    try:
        work(text)
    finally:
        sys.setprofile(None)
    return calls


def repeated(atom: str, end: str, length: int) -> str:
    return atom * (length // len(atom)) + end


def _quickest(work: Callable[[str], object], text: str) -> float:
    """The processor time of the quicker of two runs, in seconds."""
    took = []
    gc.disable()
    for _ in range(2):
        started = time.thread_time()
        work(text)
        took.append(time.thread_time() - started)
    gc.enable()
    return min(took)


@contextmanager
def _must_end(atom: str) -> Iterator[None]:
    """Interrupts work, even a search in the middle of a pattern, that takes PATIENCE_S of processor time."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"{atom!r}, repeated, did not end within {PATIENCE_S:.0f} s")

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
