"""Colleagues write "by Friday 5pm" in a German Slack, and "bis Freitag 17 Uhr" in an English one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.absences import read_absence
from bot.domain.due_dates import Deadline, Unread, candidates_of, read_deadline
from bot.domain.repeating import read_repeating
from bot.domain.wording import Wording, read_promise
from bot.domain.working_time import WorkingHours

HOURS = WorkingHours("Europe/Berlin")
TUESDAY = datetime(2026, 11, 24, 10, 20, tzinfo=ZoneInfo("Europe/Berlin"))


def read(text: str, locale: str) -> Wording:
    return read_repeating(text, TUESDAY, HOURS, locale) or read_promise(text, TUESDAY, HOURS, locale)


def shown(answer: Deadline | Unread) -> list[str]:
    return [f"{HOURS.local(each.at):%d.%m. %H:%M}" for each in candidates_of(answer)]


@pytest.mark.parametrize(
    ("locale", "text", "what", "due"),
    [
        ("de", "send the deck by Friday 5pm", "send the deck", "27.11. 17:00"),
        ("de", "I'll send the deck by Friday at 5pm", "send the deck", "27.11. 17:00"),
        ("de", "deck by Fri 17:00", "deck", "27.11. 17:00"),
        ("de", "deck before Friday", "deck", "27.11. 09:00"),
        ("de", "den Bericht by Wednesday", "den Bericht", "25.11. 18:00"),
        ("de", "send the report every Friday 5pm", "send the report", "27.11. 17:00"),
        ("en", "Deck bis Fr 17:00 Uhr", "Deck", "27.11. 17:00"),
        ("en", "Deck bis morgen mittag", "Deck", "25.11. 12:00"),
        ("en", "Vertrag bis Ende der Woche", "Vertrag", "27.11. 18:00"),
        ("en-US", "Vertrag bis zum 3.12.", "Vertrag", "03.12. 18:00"),
        ("en", "jeden Freitag um 17 Uhr den Bericht schicken", "den Bericht schicken", "27.11. 17:00"),
    ],
)
def test_what_another_language_announces_is_read(locale: str, text: str, what: str, due: str) -> None:
    found = read(text, locale)
    assert isinstance(found.deadline, Deadline)
    assert (found.what, shown(found.deadline)) == (what, [due])


@pytest.mark.parametrize(
    ("locale", "text", "what", "due"),
    [
        ("de", "send the deck tomorrow", "send the deck", "25.11. 18:00"),
        ("de", "deck in 2 hours", "deck", "24.11. 12:20"),
        ("en", "Deck in 2 Stunden", "Deck", "24.11. 12:20"),
        ("en", "Deck nächsten Freitag", "Deck", "04.12. 18:00"),
        ("en", "send it am Freitag um 17 Uhr", "send it", "27.11. 17:00"),
        ("en", "send slides to Morgen", "send slides to Morgen", "25.11. 18:00"),
    ],
)
def test_what_no_word_announces_is_asked_about(locale: str, text: str, what: str, due: str) -> None:
    found = read(text, locale)
    assert isinstance(found.deadline, Unread)
    assert (found.what, shown(found.deadline)) == (what, [due])


@pytest.mark.parametrize(
    ("locale", "text", "what", "due"),
    [
        ("de", "Sunday-Skript bis Freitag 17 Uhr", "Sunday-Skript", ["27.11. 17:00"]),
        ("de", "Review by Anna bis Montag", "Review by Anna", ["30.11. 18:00"]),
        ("de", "Banner für Black Friday fertig machen", "Banner für Black Friday fertig machen", []),
        ("en", "send slides to Morgen by Friday", "send slides to Morgen", ["27.11. 18:00"]),
        ("en", "the Montag report by Friday 5pm", "the Montag report", ["27.11. 17:00"]),
        ("en", "fix so 5 tests", "fix so 5 tests", []),
    ],
)
def test_a_reader_s_own_language_goes_first(locale: str, text: str, what: str, due: list[str]) -> None:
    found = read(text, locale)
    assert (found.what, shown(found.deadline)) == (what, due)


@pytest.mark.parametrize(
    ("locale", "words", "due"),
    [
        ("de", "Friday 5pm", "27.11. 17:00"),
        ("de", "tomorrow", "25.11. 18:00"),
        ("en", "Freitag 17 Uhr", "27.11. 17:00"),
    ],
)
def test_a_date_alone_may_be_in_another_language(locale: str, words: str, due: str) -> None:
    answer = read_deadline(words, TUESDAY, HOURS, locale)
    assert isinstance(answer, Deadline)
    assert shown(answer) == [due]


@pytest.mark.parametrize(
    ("locale", "words", "days"),
    [
        ("de", "until Friday", "24.11.-27.11."),
        ("de", "24 Dec - 2 Jan", "24.12.-02.01."),
        ("de", "next week", "30.11.-06.12."),
        ("en", "bis Freitag", "24.11.-27.11."),
        ("en", "24. Dez - 2. Jan", "24.12.-02.01."),
        ("en", "nächste Woche", "30.11.-06.12."),
    ],
)
def test_days_off_may_be_in_another_language(locale: str, words: str, days: str) -> None:
    absence = read_absence(words, TUESDAY, HOURS, locale)
    assert f"{absence.first_on:%d.%m.}-{absence.last_on:%d.%m.}" == days
