"""Measure how the reader takes sentences of the kinds once misread and hasty ones, and how long it takes for any.

The project's own sentences are always there; those of `../shared/data/kinds_dev.jsonl` are read when they are there.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bench.accuracy import COMMANDS, EXPRESSIONS, NOTHING, lines, share
from bench.figures import Figure, at_most
from bot.domain.due_dates import Deadline, candidates_of, read_deadline
from bot.domain.wording import Wording, read_promise
from bot.domain.working_time import WorkingHours
from tests.corpus import Sentence, sentences

KINDS = "kinds_dev.jsonl"
EXPRESSION_US, COMMAND_US, LONG_US = 1_000, 3_000, 20_000
#: Slack hands over no longer command.
LONG = 2_900
WORDY = "the team asked whether we could move the budget for March to the second quarter, send 3 of 5 by 4 or 6, "
ROUNDS = 5


def figures() -> Sequence[Figure]:
    """Accuracy on the kinds and on hasty commands, and speed."""
    found: list[Figure] = []
    for name, least in (("kinds", 90.0), ("hasty", 95.0)):
        tally = Counter(verdict(each) for each in sentences(name))
        found += shares(f"own {name} commands", tally, least)
    if rows := list(lines(KINDS)):
        found += shares("shared commands of the kinds", Counter(map(shared_verdict, rows)), 90)
    expressions = [*lines(EXPRESSIONS), *lines(NOTHING)] or [asked(each) for each in sentences("english")]
    commands = list(lines(COMMANDS)) or [asked(each) for each in sentences("promises")]
    long, half = ([command(WORDY * 99, length)] for length in (LONG, LONG // 2))
    found += [
        p95("95 of 100 expressions are read within", expressions, read_deadline, EXPRESSION_US),
        p95("95 of 100 commands are read within", commands, read_promise, COMMAND_US),
        p95(f"a command of {LONG:,} characters is read within", long * ROUNDS, read_promise, LONG_US),
    ]
    longer, shorter = (percentile(each * ROUNDS, read_promise, 0) for each in (long, half))
    return [*found, at_most("a command twice as long takes", "µs", longer, shorter, 3)]


def verdict(sentence: Sentence) -> str:
    """Return whether the command is read right, asked with the answer among the candidates, asked, or read wrong."""
    read = read_promise(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
    if isinstance(read.deadline, Deadline):
        return "right" if sentence.allows(read.deadline) and sentence.what in (None, read.what) else "wrong"
    if not sentence.offers:
        return "right" if sentence.allows(read.deadline) else "refused"
    return "offered" if sentence.is_offered(read.deadline) else "refused"


def shared_verdict(row: dict[str, Any]) -> str:
    read: Wording = read_promise(row["text"], datetime.fromisoformat(row["now"]), WorkingHours(row["tz"]))
    zone, due = ZoneInfo(row["tz"]), row["deadline"]
    spoken = [each.at.astimezone(zone).isoformat()[:16] for each in candidates_of(read.deadline)]
    is_meant = any(each.startswith(due) for each in spoken) if due else False
    if isinstance(read.deadline, Deadline):
        is_whole = not row["what"] or read.what.lower() == row["what"].lower()
        return "right" if is_meant and is_whole else "wrong"
    if is_meant:
        return "offered"
    return "right" if row["question_is_fine"] and row["or"] != "a question that offers it" else "refused"


def shares(name: str, tally: Counter[str], least: float) -> list[Figure]:
    good = share([key != "refused" and key != "wrong" for key in tally.elements()])
    return [
        Figure(f"{name}: right, or asked as is due", "%", round(good, 1), 0, 0, f"≥ {least:g} %", good >= least),
        Figure(f"{name}: read wrong", "", tally["wrong"], 0, 0, "0", not tally["wrong"]),
    ]


def p95(name: str, rows: Iterable[dict[str, Any]], read: Callable[..., object], most_us: int) -> Figure:
    us = percentile(list(rows), read, 0.95)
    return Figure(name, "µs", round(us, 1), 0, 0, f"≤ {most_us:,} µs", us <= most_us)


def percentile(rows: Sequence[dict[str, Any]], read: Callable[..., object], at: float) -> float:
    """The processor time of one reading, in microseconds, at that place among all, the quickest first."""
    took = []
    for row in (*rows[:8], *rows):  # what is built once is built before
        now, hours = datetime.fromisoformat(row["now"]), WorkingHours(row["tz"])
        started = time.thread_time()
        read(row["text"], now, hours)
        took.append((time.thread_time() - started) * 1e6)
    took = sorted(took[min(8, len(rows)) :])
    return took[int(len(took) * at)]


def asked(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "now": sentence.now.isoformat(), "tz": sentence.zone}


def command(words: str, length: int) -> dict[str, Any]:
    text = words[: length - 20] + " by Friday 5pm"
    return {"text": text, "now": "2026-03-04T10:15:00-05:00", "tz": "America/New_York"}
