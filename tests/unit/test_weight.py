"""The estimate and the priority: read out of words only when certain, and what they order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex

from bot.domain.errors import UnreadableError
from bot.domain.ordering import in_order
from bot.domain.promise import Due
from bot.domain.reading.weighing import PHRASE, SIGN, estimate_named, in_small_letters, weight_named
from bot.domain.repeating import read_repeating
from bot.domain.weight import NO_ESTIMATE, UNWEIGHED, Priority, Weight
from bot.domain.wording import Wording, read_promise
from bot.domain.working_time import WorkingHours
from tests.unit.factories import FRIDAY, MONDAY, promised

HOURS = WorkingHours("Europe/Berlin")
URGENT, WHENEVER = Priority.URGENT, Priority.WHENEVER

#: (what is typed, what is left as the task, the estimate in hours, the priority)
TAKEN: list[tuple[str, str, float, Priority]] = [
    ("@client send the deck by Friday 5pm, about 3 h", "send the deck", 3, Priority.NORMAL),
    ("@client send the deck by Friday 5pm about 3 h", "send the deck", 3, Priority.NORMAL),
    ("send the deck by Friday (~2h)", "send the deck", 2, Priority.NORMAL),
    ("send the deck by Friday ~2h", "send the deck", 2, Priority.NORMAL),
    ("send the deck by Friday (2h)", "send the deck", 2, Priority.NORMAL),
    ("send the deck (about 3 hours) by Friday", "send the deck", 3, Priority.NORMAL),
    ("send the deck by Friday, takes half a day", "send the deck", 4, Priority.NORMAL),
    ("send the deck by Friday takes half a day", "send the deck", 4, Priority.NORMAL),
    ("send the deck by Friday, it should take me two days", "send the deck", 16, Priority.NORMAL),
    ("send the deck by Friday, it'll take me two hours", "send the deck", 2, Priority.NORMAL),
    ("send the deck by Friday, est. 1h30", "send the deck", 1.5, Priority.NORMAL),
    ("send the deck by Friday – effort: 1.5 hours", "send the deck", 1.5, Priority.NORMAL),
    ("send the deck by Friday, 2h of work", "send the deck", 2, Priority.NORMAL),
    ("send the deck by Friday, about half an hour", "send the deck", 0.5, Priority.NORMAL),
    ("every Friday send the status, about 30 min", "send the status", 0.5, Priority.NORMAL),
    ("prüfe den Vertrag bis Freitag, dauert etwa 3 Std.", "prüfe den Vertrag", 3, Priority.NORMAL),
    ("prüfe den Vertrag bis Freitag, ca. 2 Stunden, dringend", "prüfe den Vertrag", 2, URGENT),
    ("prüfe den Vertrag bis Freitag, dauert einen halben Tag", "prüfe den Vertrag", 4, Priority.NORMAL),
    ("prüfe den Vertrag bis Freitag, dürfte 3 h dauern", "prüfe den Vertrag", 3, Priority.NORMAL),
    ("prüfe den Vertrag bis Freitag, dauert vier Stunden", "prüfe den Vertrag", 4, Priority.NORMAL),
    ("prüfe den Vertrag bis Freitag, wenn du Zeit hast", "prüfe den Vertrag", 0, WHENEVER),
    ("dringend: prüfe den Vertrag bis Freitag", "prüfe den Vertrag", 0, URGENT),
    ("@client urgent: send the deck by Friday", "send the deck", 0, URGENT),
    ("URGENT! send the deck by Friday", "send the deck", 0, URGENT),
    ("[urgent] send the deck by Friday", "send the deck", 0, URGENT),
    ("send the deck by Friday, urgent", "send the deck", 0, URGENT),
    ("send the deck by Friday - urgent!", "send the deck", 0, URGENT),
    ("send the deck by Friday. It's urgent.", "send the deck", 0, URGENT),
    ("send the deck, urgent, by Friday", "send the deck", 0, URGENT),
    ("send the deck by Friday, high priority", "send the deck", 0, URGENT),
    ("send deck, notes and figures by Friday, urgent", "send deck, notes and figures", 0, URGENT),
    ("send the deck by Friday, about 3 h, urgent", "send the deck", 3, URGENT),
    ("urgent, about 3 h: send the deck by Friday", "send the deck", 3, URGENT),
    ("send the deck by Friday when you can", "send the deck", 0, WHENEVER),
    ("send the deck by Friday, whenever you get a chance", "send the deck", 0, WHENEVER),
    ("send the deck by Friday, no rush", "send the deck", 0, WHENEVER),
    ("send the deck by Friday, not urgent", "send the deck", 0, WHENEVER),
]
#: Words that stay in the task, whole.
LEFT: list[tuple[str, str]] = [
    ("review the urgent care contract by Friday", "review the urgent care contract"),
    ("send about 3 hours of video by Friday", "send about 3 hours of video"),
    ("cut it to about 3 hours by Friday", "cut it to about 3 hours"),
    ("record the talk, about 3 hours of video, by Friday", "record the talk, about 3 hours of video"),
    ("tell me when you can come by Friday", "tell me when you can come"),
    ("tell me when you can by Friday", "tell me when you can"),
    ("add the labels bug, ui, urgent by Friday", "add the labels bug, ui, urgent"),
    ("find out why the build takes 3 hours by Friday", "find out why the build takes 3 hours"),
    ("fix the build, it takes 3 hours, by Friday", "fix the build, it takes 3 hours"),
    ("run the load test ~2h by Friday", "run the load test ~2h"),
    ("non-urgent: send the deck by Friday", "non-urgent: send the deck"),
    ("draw the urgent/important matrix by Friday", "draw the urgent/important matrix"),
    ('answer the mail "urgent" by Friday', 'answer the mail "urgent"'),
    ("send the deck by Friday, urgent, when you can", "send the deck urgent, when you can"),
    ("answer what is urgent by Friday", "answer what is urgent"),
    ("by Friday make the header urgent", "make the header urgent"),
    ("record the talk (2h) by Friday", "record the talk (2h)"),
    ("urgent by Friday", "urgent"),
    ("send the deck by Friday, urgent X", "send the deck urgent X"),
    ("send the deck by Friday X (3 h)", "send the deck X (3 h)"),
    ("sort the mails by urgent priority by Friday", "sort the mails by urgent priority"),
    ("prüfe die dringende Anfrage bis Freitag", "prüfe die dringende Anfrage"),
    ("schneide etwa 3 Stunden Video bis Freitag", "schneide etwa 3 Stunden Video"),
]


def read(text: str) -> Wording:
    locale = "de" if text.startswith(("prüfe", "dringend", "schneide")) else "en"
    return read_repeating(text, MONDAY, HOURS, locale) or read_promise(text, MONDAY, HOURS, locale)


@pytest.mark.parametrize(("text", "what", "hours", "priority"), TAKEN, ids=[row[0] for row in TAKEN])
def test_an_estimate_and_a_priority_are_read_next_to_the_task(
    text: str, what: str, hours: float, priority: Priority
) -> None:
    found = read(text)
    assert (found.what, found.weight) == (what, Weight(timedelta(hours=hours) if hours else None, priority))
    assert getattr(found.deadline, "at", None) in (FRIDAY, FRIDAY - timedelta(hours=1)), "the deadline stays"


@pytest.mark.parametrize(("text", "what"), LEFT, ids=[row[0] for row in LEFT])
def test_words_that_may_belong_to_the_task_stay_in_it(text: str, what: str) -> None:
    found = read(text)
    assert found.weight == UNWEIGHED
    assert sorted(found.what.replace(",", "").split()) == sorted(what.replace(",", "").split())


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("3", 3),
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("2h", 2),
        ("90 min", 1.5),
        ("half a day", 4),
        ("2 days", 16),
        ("1h30", 1.5),
    ],
)
def test_the_field_takes_a_length_in_numbers_or_words(words: str, hours: float) -> None:
    assert estimate_named(words) == timedelta(hours=hours)


@pytest.mark.parametrize("words", ["soon", "-3", "3 bananas", "0", "9" * 50, "h"])
def test_what_is_no_length_is_none(words: str) -> None:
    assert not estimate_named(words)


def test_words_behind_edit_set_both_or_are_something_else() -> None:
    both = weight_named("urgent, about 3 h")
    assert both
    assert (both.estimate, both.priority) == (timedelta(hours=3), URGENT)
    cleared = weight_named("no estimate and normal")
    assert cleared
    assert (cleared.estimate, cleared.priority) == (NO_ESTIMATE, Priority.NORMAL)
    assert [weight_named(words) for words in ("to Friday", "urgent care", "", ",", "3 h video")] == [None] * 5


def test_an_estimate_is_taken_back_and_a_senseless_one_refused() -> None:
    three = Weight(timedelta(hours=3))
    assert three.changed(NO_ESTIMATE, None) == UNWEIGHED
    assert three.changed(None, URGENT) == Weight(timedelta(hours=3), URGENT)
    for length in (timedelta(minutes=1), timedelta(hours=500)):
        with pytest.raises(UnreadableError, match="from 5 minutes to 200 hours"):
            three.changed(length, None)


def test_the_urgent_come_first_and_of_a_day_what_can_wait_last() -> None:
    def due(number: int, hours: int, priority: Priority = Priority.NORMAL) -> object:
        terms = replace(promised().terms, due=Due(FRIDAY + timedelta(hours=hours), "Europe/Berlin"))
        return promised(number=number, terms=terms, weight=Weight(priority=priority))

    given = [due(1, -3, WHENEVER), due(2, -1), due(3, 40), due(4, 90, URGENT), due(5, -2), due(6, -30, WHENEVER)]
    assert [each.number for each in in_order(given, HOURS)] == [4, 6, 5, 2, 1, 3]  # type: ignore[arg-type]


@given(from_regex(PHRASE))
def test_what_is_passed_over_for_want_of_a_sign_names_no_weight(text: str) -> None:
    assert not PHRASE.search(text) or SIGN.search(in_small_letters(text))
