"""`move 4 …`: dates that count from the deadline, and those that may."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.due_dates import candidates_of
from bot.domain.moving import read_new_date, split_reason
from bot.domain.working_time import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = WorkingHours("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=BERLIN)


def read(words: str, due_at: datetime = FRIDAY, locale: str = "en") -> tuple[list[str], str]:
    found, reason = split_reason(words, lambda date: read_new_date(date, due_at, MONDAY, HOURS, locale))
    return [f"{HOURS.local(each.at):%a %d %H:%M}" for each in candidates_of(found)], reason


@pytest.mark.parametrize(
    ("words", "locale", "meant"),
    [
        ("a day later", "en", ["Mon 30 17:00", "Sat 28 17:00"]),
        ("to a week later", "en", ["Fri 04 17:00"]),
        ("by 2 more days", "en", ["Mon 30 17:00", "Sun 29 17:00"]),
        ("two more working days", "en", ["Tue 01 17:00"]),
        ("back a day", "en", ["Mon 30 17:00", "Sat 28 17:00"]),
        ("+1 day", "en", ["Mon 30 17:00", "Sat 28 17:00"]),
        ("an hour later", "en", ["Fri 27 18:00"]),
        ("einen Tag später", "de", ["Mon 30 17:00", "Sat 28 17:00"]),
        ("zwei Stunden länger", "de", ["Fri 27 19:00"]),
        # from now, because they say so
        ("in 2 days", "en", ["Wed 25 18:00"]),
        # a day that they name
        ("Saturday", "en", ["Sat 28 18:00"]),
        ("out tomorrow", "en", []),
        ("tomorrow", "en", ["Tue 24 18:00"]),
        ("today 6pm", "en", ["Mon 23 18:00"]),
        ("later today", "en", ["Mon 23 18:00"]),
        # from either
        ("a day", "en", ["Mon 30 17:00", "Sat 28 17:00", "Tue 24 18:00"]),
        ("by 3 hours", "en", ["Fri 27 20:00", "Mon 23 13:00"]),
        ("6pm", "en", ["Fri 27 18:00", "Mon 23 18:00"]),
        ("the evening", "en", ["Fri 27 21:00", "Mon 23 21:00"]),
        ("18 Uhr", "de", ["Fri 27 18:00", "Mon 23 18:00"]),
        ("later", "en", []),
    ],
)
def test_a_new_date_may_count_from_the_deadline(words: str, locale: str, meant: list[str]) -> None:
    assert read(words, locale=locale) == (meant, "")


def test_a_reason_may_follow() -> None:
    assert read("a day later because legal is late") == (["Mon 30 17:00", "Sat 28 17:00"], "legal is late")


def test_nothing_counts_from_a_deadline_that_has_passed() -> None:
    passed = datetime(2026, 11, 20, 17, tzinfo=BERLIN)
    assert read("a day later", passed) == (["Tue 24 10:00"], "")
    assert read("6pm", passed) == (["Mon 23 18:00"], "")


def test_a_time_on_the_day_of_the_deadline_is_certain() -> None:
    assert read("6pm", MONDAY.replace(hour=17)) == (["Mon 23 18:00"], "")


def test_a_length_leads_to_a_day_off_unasked_only_from_a_day_off() -> None:
    saturday = datetime(2026, 11, 28, 12, tzinfo=BERLIN)
    assert read("a day later", saturday) == (["Sun 29 12:00"], "")
    assert read("a day later", datetime(2026, 11, 26, 12, tzinfo=BERLIN)) == (["Fri 27 12:00"], "")
