"""Answers, lists, the Home tab and the forms, word for word."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread
from bot.domain.errors import UnreadableError
from bot.domain.overview import Show
from bot.domain.people import Person
from bot.domain.promise import Due
from bot.ports import Side
from bot.views.forms import note_form, promise_form, terms_form
from bot.views.help import all_commands, short_help
from bot.views.home import HomeContent, home
from bot.views.lists import promise_list
from bot.views.replies import apology, question, recorded, refused
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, TEAM, promised
from tests.unit.overviews import overview
from tests.unit.views_gallery import LATER, SOON, stage, texts_in

DUE, MOVED = "Fri 27 Nov, 18:00 CET", "Mon 30 Nov, 18:00 CET"


def test_the_answer_to_a_promise_says_what_was_understood() -> None:
    assert texts_in(recorded(promised(), SOON)) == (
        f"Recorded as *#12*: you promised <@UBOB>\n>send the deck\nby {DUE}.\n"
        "[Undo] [Edit] [What could stop this?]\n"
        "I’ll check in with you before then."
    )


def test_a_date_that_may_mean_two_moments_is_asked_back_with_both() -> None:
    moments = (
        Deadline(FRIDAY, "Europe/Berlin", Granularity.MINUTE),
        Deadline(LATER.at, "Europe/Berlin", Granularity.MINUTE),
    )
    message = question(Draft("send the deck", requester_id=BOB), Unread(Refusal.AMBIGUOUS, moments, "5/6"), SOON)
    assert texts_in(message) == (
        "Nothing is recorded yet. “5/6” can mean more than one moment. Which one?\n"
        "Promised to <@UBOB>:\nsend the deck\n"
        f"[{DUE}] [{MOVED}] [Open the form]"
    )


def test_words_too_long_for_a_promise_come_back_whole_with_the_form_alone() -> None:
    words = "w" * 5000
    message = question(Draft(words), Unread(Refusal.NO_DEADLINE), SOON)
    shown = texts_in(message)
    assert shown.replace("\n", "").count("w" * 2500) == 2
    assert shown.endswith("[Open the form]")


def test_a_refusal_gives_back_every_word_that_was_typed() -> None:
    typed = "".join(chr(97 + n % 26) for n in range(6000))
    message = refused(UnreadableError("That is 6,000 characters long; 600 fit."), typed)
    assert message.text == "That is 6,000 characters long; 600 fit."
    assert typed in texts_in(message).replace("\n", "")


def test_help_shows_an_example_of_every_command() -> None:
    shown = texts_in(short_help())
    for command in ("@bob", "ask", "list", "done", "move"):
        assert f"`/promise {command}" in shown
    every = str(all_commands())
    for command in (
        "show",
        "risk",
        "accept",
        "reopen",
        "hand",
        "cancel",
        "digest",
        "listen",
        "stats",
        "away",
        "settings",
    ):
        assert f"`/promise {command}" in every


def test_an_apology_names_its_reference_and_what_to_do() -> None:
    assert apology("a1b2").text == (
        "Something went wrong on my side, and nothing was changed. Please try again. (Reference: a1b2)"
    )


def test_lists_and_the_home_tab_say_when_there_is_nothing_and_give_one_example() -> None:
    assert promise_list([], Side.OWING, ALICE, SOON).text == "You owe nothing."
    shown = texts_in(home(Person(TEAM, ALICE, "Alice", MONDAY), HomeContent(overview()), SOON))
    assert "`/promise @colleague send the Q3 deck by Friday 5pm`" in shown
    assert shown.startswith("[Make a promise]\n*You have no open promise.*")


def test_the_home_tab_lists_each_promise_once_and_pages_the_rest() -> None:
    me = Person(TEAM, ALICE, "Alice", MONDAY)
    owing = [promised(id=f"P{n}", number=n) for n in range(60)]
    front = texts_in(home(me, HomeContent(overview(owing, at_risk=owing[:2])), SOON))
    assert "I owe (60) – 2 above" in front
    assert front.count("*#0*") == 1
    pages = [HomeContent(overview(owing, show=Show.OWING, page=page)) for page in (0, 1, 2, 99)]
    seen = [number for page in pages[:3] for number in _numbers(home(me, page, SOON, Show.OWING))]
    assert seen == [f"#{n}" for n in range(60)]
    assert "Page 3 of 3" in texts_in(home(me, pages[3], SOON, Show.OWING))


def _numbers(view: Any) -> list[str]:
    return re.findall(r"^\*(#\d+)\*", texts_in(view), re.MULTILINE)


def test_the_form_comes_filled_with_what_was_understood() -> None:
    view = promise_form(
        Draft("send the deck", Due(FRIDAY, "UTC"), BOB, watchers=(CHARLIE,)), "Europe/Berlin", SOON, "p"
    )
    fields = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert {name: element["action_id"] for name, element in fields.items()} == {name: name for name in fields}
    more = ["owner", "repeats", "watchers", "done_when", "needs", "hours", "priority", "obstacle", "lead_days"]
    assert list(fields) == ["what", "requester", "due", *more]
    assert fields["what"]["initial_value"] == "send the deck"
    assert fields["requester"]["initial_user"] == BOB
    assert fields["due"]["initial_date_time"] == int(FRIDAY.timestamp())
    assert fields["watchers"]["initial_users"] == [CHARLIE]
    assert (view["callback_id"], view["private_metadata"]) == ("make", "p")


def test_a_counter_starts_from_what_was_proposed() -> None:
    promise, _ = stage("proposed by Alice")
    view = terms_form(promise, Act.COUNTER, "")
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert view["callback_id"] == "act.counter"
    assert list(fields) == ["due", "reason", "what", "done_when", "rest", "rest_due", "hours", "priority"]
    assert fields["due"]["initial_date_time"] == int(LATER.at.timestamp())
    assert fields["what"]["initial_value"] == "send the dec!"
    assert fields["rest"]["initial_value"] == "send the dec…"
    assert fields["rest_due"]["initial_date_time"] == int(LATER.at.timestamp())


def test_a_correction_has_the_definition_of_done_too() -> None:
    view = terms_form(promised(terms=replace(promised().terms, done_when="they have it")), Act.EDIT, "")
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert list(fields) == ["due", "what", "done_when", "needs", "hours", "priority"]
    assert fields["done_when"]["initial_value"] == "they have it"


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (Act.REVOKE, "Why? (needed)"),
        (Act.REOPEN, "What is missing? (needed)"),
        (Act.AT_RISK, "What stands in the way? (optional)"),
        (Act.RATE, "How was it? (needed)\nA word of thanks (optional)"),
        (Act.ADD_NOTE, "What was delivered, and where? (needed)"),
    ],
)
def test_words_are_asked_for_as_the_act_needs_them(act: Act, expected: str) -> None:
    assert texts_in(note_form(promised(), act, "")).endswith(expected)
