"""The examples of the documentation, and those in the code, are true."""

import doctest
import importlib
import pkgutil
from datetime import datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from bot.domain import due_dates, reading, wording
from bot.domain.due_dates import Deadline, Unread, read_deadline
from bot.domain.repeating import read_repeating
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours
from bot.views.recurring import every

PAGE = Path(__file__).parents[2] / "docs" / "deadlines.md"
NEW_YORK = ZoneInfo("America/New_York")
HOURS = WorkingHours("America/New_York")
MODULES = [due_dates, wording] + [
    importlib.import_module(f"{reading.__name__}.{module.name}") for module in pkgutil.iter_modules(reading.__path__)
]


def shown(answer: Deadline | Unread) -> str:
    if isinstance(answer, Deadline):
        return answer.at.astimezone(NEW_YORK).strftime("%a %Y-%m-%d %H:%M")
    candidates = " or ".join(shown(candidate) for candidate in answer.candidates)
    return f"{answer.refusal}: {candidates}" if candidates else str(answer.refusal)


def due(words: str, now: str = "2026-03-04T10:15", locale: str = "en") -> str:
    return shown(read_deadline(words, datetime.fromisoformat(now).replace(tzinfo=NEW_YORK), HOURS, locale))


def promise(text: str, locale: str = "en") -> tuple[str, tuple[str, ...], str]:
    read = read_promise(text, datetime(2026, 3, 4, 10, 15, tzinfo=NEW_YORK), HOURS, locale)
    return read.what, read.people, shown(read.deadline)


def again(text: str, locale: str = "en") -> tuple[str, str, str] | str:
    """Return the text, how often it is due and when first; or the question asked."""
    read = read_repeating(text, datetime(2026, 3, 4, 10, 15, tzinfo=NEW_YORK), HOURS, locale)
    if read is None:
        return "once, if at all"
    rules = " or ".join(every(rule, zone=False) for rule in read.rules)
    if isinstance(read.deadline, Deadline):
        return read.what, rules, shown(read.deadline)
    return f"asked: {rules}" if rules else "refused"


def test_every_example_of_the_page_is_true() -> None:
    readers = {"due": due, "promise": promise, "again": again}
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, globs=readers)
    assert tried > 40
    assert failed == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_example_in_the_code_is_true(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
