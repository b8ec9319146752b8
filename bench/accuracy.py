"""Measure how often the reader of deadlines is right, and how fast, against dateparser on the same sentences.

dateparser is in the dependency group "bench"; without it the reader is measured alone. The project's own corpus is
always there. The sets of `../shared/data` are read when they are there: public test suites'
expressions, texts without a deadline, and whole commands.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bench.figures import Figure, at_most
from bot.domain.due_dates import Deadline, Unread, read_deadline
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours
from tests.corpus import Sentence, sentences

SHARED = Path(__file__).parents[2] / "shared" / "data"
EXPRESSIONS, NOTHING, COMMANDS = "external_dev.jsonl", "external_neg_dev.jsonl", "commands_dev.jsonl"
MINUTE = timedelta(minutes=1)

Answer = datetime | None
Reader = Callable[[str, datetime, str, str], Answer]


@dataclass(frozen=True, slots=True)
class Case:
    """A deadline's words; `right` returns whether an answer, in local time, is an accepted one (None: a refusal)."""

    text: str
    now: datetime
    zone: str
    locale: str
    right: Callable[[Answer], bool]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares in per cent of all cases, and microseconds each."""

    right: float
    wrong: float
    median_us: float


NO_ONE = Score(0, 0, 0)


def figures() -> Sequence[Figure]:
    """Accuracy and speed on every set that is here."""
    found: list[Figure] = []
    peer = dateparser()
    if peer is None:
        sys.stdout.write("dateparser is not installed, so there is no peer to compare with: pip install dateparser\n")
    for name, cases in (("own expressions", own()), ("public suites' expressions", list(expressions()))):
        if cases:
            kepts, peers = scored(kept, cases), scored(peer, cases) if peer else NO_ONE
            found += [
                goal(f"{name}: right", kepts.right, peers.right, at_least=97),
                goal(f"{name}: wrong", kepts.wrong, peers.wrong, at_most=0.5),
                faster(f"{name}: median time of a parse", kepts.median_us, peers.median_us),
            ]
    if nothing := list(lines(NOTHING)):
        ours, theirs = (sum(reads(read, row) for row in nothing) if read else 0 for read in (kept, peer))
        name = f"a deadline found in {len(nothing)} texts without one"
        found.append(Figure(name, "", ours, theirs, ratio(ours, theirs), "0", ours == 0))
    own_promises = [taken_apart(sentence) for sentence in sentences("promises")]
    found.append(goal("own commands: who, what and when", share(own_promises), at_least=98))
    if commands := [command_is_right(row) for row in lines(COMMANDS)]:
        found.append(goal("shared commands: who, what and when", share(commands), at_least=98))
    return found


def faster(name: str, ours: float, theirs: float) -> Figure:
    """Without a peer there is nothing to be faster than."""
    return at_most(name, "µs", ours, theirs, 1) if theirs else Figure(name, "µs", round(ours, 3), 0, 0)


def goal(name: str, ours: float, theirs: float = 0, at_least: float = 0, at_most: float = 100) -> Figure:
    """A share in per cent with an absolute goal; a peer that does not do the thing at all stands at 0."""
    shown = f"≥ {at_least:g} %" if at_least else f"≤ {at_most:g} %"
    return Figure(name, "%", round(ours, 1), round(theirs, 1), ratio(ours, theirs), shown, at_least <= ours <= at_most)


def ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3) if theirs else 0.0


def share(right: Sequence[bool]) -> float:
    return 100 * sum(right) / len(right)


def kept(text: str, now: datetime, zone: str, locale: str) -> Answer:
    answer = read_deadline(text, now, WorkingHours(zone), locale)
    return answer.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if isinstance(answer, Deadline) else None


def dateparser() -> Reader | None:
    """dateparser, set to prefer the future, where it is installed."""
    if find_spec("dateparser") is None:
        return None
    peer = import_module("dateparser")

    def read(text: str, now: datetime, zone: str, locale: str) -> Answer:
        local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        settings = {"RELATIVE_BASE": local, "PREFER_DATES_FROM": "future", "TIMEZONE": zone, "TO_TIMEZONE": zone}
        found: datetime | None = peer.parse(text, languages=[locale[:2]], settings=settings)
        return found.replace(tzinfo=None) if found else None

    return read


def scored(read: Reader, cases: Sequence[Case]) -> Score:
    for case in cases[:8]:
        read(case.text, case.now, case.zone, case.locale)
    right = wrong = 0
    us: list[float] = []
    for case in cases:
        started = time.perf_counter()
        answer = read(case.text, case.now, case.zone, case.locale)
        us.append((time.perf_counter() - started) * 1e6)
        fits = case.right(answer)
        right += fits
        wrong += not fits and answer is not None
    return Score(100 * right / len(cases), 100 * wrong / len(cases), median(us))


def own() -> list[Case]:
    def expects(expected: tuple[str, ...]) -> Callable[[Answer], bool]:
        instants = {one for one in expected if one[:1].isdigit()}
        return lambda answer: (
            bool(instants & {answer.strftime("%Y-%m-%d"), answer.strftime("%Y-%m-%dT%H:%M")})
            if answer
            else len(instants) < len(expected)
        )

    return [
        Case(one.text, one.now, one.zone, one.locale, expects(one.expect))
        for name in ("english", "german")
        for one in sentences(name)
    ]


def expressions() -> Iterable[Case]:
    for row in lines(EXPRESSIONS):
        accepted = [(row["expect_date"], row["expect_time"]), *((one["date"], one["time"]) for one in row["accept"])]
        if row["granularity"] != "minute":
            accepted = [(day, None) for day, _ in accepted]
        yield Case(row["text"], datetime.fromisoformat(row["now"]), row["tz"], "en", is_one_of(accepted))


def is_one_of(accepted: list[tuple[str, str | None]]) -> Callable[[Answer], bool]:
    def right(answer: Answer) -> bool:
        return answer is not None and any(
            abs(answer - datetime.fromisoformat(f"{day}T{at}")) <= MINUTE if at else answer.strftime("%Y-%m-%d") == day
            for day, at in accepted
        )

    return right


def reads(read: Reader, row: dict[str, Any]) -> bool:
    return read(row["text"], datetime.fromisoformat(row["now"]), row["tz"], "en") is not None


def taken_apart(sentence: Sentence) -> bool:
    read = read_promise(sentence.text, sentence.now, WorkingHours(sentence.zone), sentence.locale)
    return sentence.allows(read.deadline) and (read.what, read.people) == (sentence.what, sentence.people)


def command_is_right(row: dict[str, Any]) -> bool:
    """Who, what and when, or a refusal where one is due."""
    read = read_promise(row["text"], datetime.fromisoformat(row["now"]), WorkingHours(row["tz"]))
    if isinstance(read.deadline, Unread) or not read.what:
        return bool(row["error"]) or any("error" in one for one in row["accept"])
    local = read.deadline.at.astimezone(ZoneInfo(row["tz"]))
    accepted = [one["deadline"] for one in (row, *row["accept"]) if one.get("deadline")]
    if not any(fits(local, deadline) for deadline in accepted):
        return False
    if row["what"] is None:
        return True
    people = {plain(person) for person in read.people}
    asked = [{plain(one) for one in some} for some in (row["requester"], *row["accept_requester"])]
    return plain(read.what) in {plain(one) for one in (row["what"], *row["accept_what"])} and people in asked


def fits(local: datetime, deadline: dict[str, Any]) -> bool:
    if local.strftime("%Y-%m-%d") != deadline["date"]:
        return False
    if deadline["time"]:
        return bool(local.strftime("%H:%M") == deadline["time"])
    first, last = deadline["window"] or ("00:00", "23:59")
    return bool(first <= local.strftime("%H:%M") <= last)


def plain(text: str) -> str:
    """The text without what does not count: case, spacing, names in mentions, marks at its ends."""
    text = re.sub(r"<@(\w+)\|[^>]*>", r"<@\1>", text)
    return " ".join(text.lower().split()).strip(" .,;:!—–-")


def lines(name: str) -> Iterable[dict[str, Any]]:
    path = SHARED / name
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
