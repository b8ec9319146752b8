"""A failure that repeats is one line in full, then one line a minute with a count; nothing else is held back."""

import io
import logging
from typing import Any

import pytest

from bot.repeats import MAX_KEYS, WINDOW_S, RepeatingHandler


class Log:
    """A log under a clock that the test moves."""

    def __init__(self) -> None:
        self.now, self.stream = 0.0, io.StringIO()
        self.handler = RepeatingHandler(self.stream, lambda: self.now)
        self.handler.setFormatter(logging.Formatter("%(name)s %(msg)s"))

    def say(self, level: int = logging.ERROR, name: str = "kept", **fields: Any) -> None:
        self.handler.handle(logging.LogRecord(name, level, "f.py", 1, fields, (), None))

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


def test_a_failure_each_second_is_one_line_a_minute() -> None:
    log = Log()
    for second in range(301):
        log.now = float(second)
        log.say(event="tick failed", error="DatabaseError")
    assert len(log.lines) == 1 + 300 / WINDOW_S


def test_the_line_says_how_often_and_what_was_last() -> None:
    log = Log()
    log.handler.setFormatter(Counted())
    for second in (0, 1, 2, 61):
        log.now = float(second)
        log.say(event="tick failed", silence_s=second)
    assert log.lines == ["0 once", "2 times 2"]


class Counted(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        assert isinstance(record.msg, dict)
        times = getattr(record, "times", None)
        return f"{record.msg['silence_s']} {f'times {times}' if times else 'once'}"


def test_different_failures_are_distinguished() -> None:
    log = Log()
    log.say(event="tick failed", error="DatabaseError")
    log.say(event="tick failed", error="TimeoutError")
    log.say(event="request not read", error="TimeoutError")
    log.say(event="tick failed", error="TimeoutError", name="kept.other")
    assert len(log.lines) == 4


@pytest.mark.parametrize("fields", [{"level": logging.INFO}, {"reference": "ab12"}])
def test_what_is_no_failure_or_bears_a_reference_is_always_written(fields: dict[str, Any]) -> None:
    log = Log()
    for _ in range(5):
        log.say(event="answered", **fields)
    assert len(log.lines) == 5


def test_a_failure_long_ago_is_written_in_full_again() -> None:
    log = Log()
    log.say(event="tick failed")
    log.now = WINDOW_S + 1
    log.say(event="something else")
    log.say(event="tick failed")
    assert len(log.lines) == 3


def test_counts_are_reported_at_the_end() -> None:
    log = Log()
    for _ in range(3):
        log.say(event="tick failed")
    log.handler.close()
    assert len(log.lines) == 2


def test_more_kinds_of_failure_than_are_distinguished_are_written_as_they_come() -> None:
    log = Log()
    for number in range(MAX_KEYS + 5):
        log.say(event=f"fault {number}")
        log.say(event=f"fault {number}")
    assert len(log.lines) == MAX_KEYS + 2 * 5
