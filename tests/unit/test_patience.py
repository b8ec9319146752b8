"""No test asserts seconds: speed is a ratio, waiting has one patience, and this walks over all tests to hold it."""

import re
from pathlib import Path

import pytest

from tests.growth import TooSlowError, assert_grows_linearly

TESTS = Path(__file__).parents[1]
#: Stopwatches, and waits that end after a number of seconds which is not the one of tests/patience.py.
SECONDS = re.compile(
    r"perf_counter|process_time|thread_time|\btime\.monotonic"
    r"|(?:\btimeout\(|\btimeout=|\btotal=|\b(?:wait|join|set_default_timeout)\((?:[^()\n]*, )?)\s*[1-9]"
    r"|\bwait_for\([^\n]*, [0-9.]+\)"
)
#: Where patience and growth are made.
HERE = {TESTS / "patience.py", TESTS / "growth.py", Path(__file__)}


def seconds_in(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines() if SECONDS.search(line)]


def test_no_test_measures_seconds_or_waits_a_number_of_them() -> None:
    found = {path.name: seconds_in(path.read_text()) for path in TESTS.rglob("*.py") if path not in HERE}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "async with asyncio.timeout(10):",
        "urlopen(url, timeout=3)",
        "await asyncio.wait_for(front.api.called.wait(), 5)",
        "process.wait(15)",
        "page.set_default_timeout(6000)",
        "assert time.perf_counter() - began < 0.5",
    ],
)
def test_a_number_of_seconds_is_noticed(line: str) -> None:
    assert seconds_in(line) == [line]


def quadratic(text: str) -> None:
    for _ in range(len(text) // 20):
        list(range(len(text) // 20))


def test_quadratic_work_is_noticed() -> None:
    with pytest.raises(AssertionError, match="times as long as half of them"):
        assert_grows_linearly(quadratic, "x")


def test_work_that_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.growth.PATIENCE_S", 0.2)
    with pytest.raises(TooSlowError, match="did not end"):
        assert_grows_linearly(re.compile(r"(?:1+,?)+x").fullmatch, "1", end="")
