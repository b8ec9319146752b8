"""The buttons are what the domain allows, and what is spent is gone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.domain.acts import BY_CLOCK, MAKING, Act, State
from bot.domain.kinds import Kind
from bot.domain.promise import Promise
from bot.domain.transitions import allowed_acts, perform
from bot.views.buttons import IN_MENU, MORE, OPEN, VISIBLE
from bot.views.notices import notice
from bot.views.nudges import nudge
from bot.views.promise_card import promise_card, promise_details
from bot.views.replies import recorded
from tests.rows import noted
from tests.unit.factories import ALICE, BOB, DAVE, FRIDAY, entry, promised
from tests.unit.views_gallery import SOON, VIEWERS, messages, stage, stages

STAGES = list(stages())
HOURS = timedelta(hours=1)


def buttons(shown: Any) -> Iterator[Mapping[str, Any]]:
    for block in shown.blocks:
        yield from block["elements"] if block["type"] == "actions" else ()


def acts(shown: Any) -> list[str]:
    """Every act offered, in a button or in a menu."""
    found = []
    for button in buttons(shown):
        if button["action_id"] == MORE:
            found += [option["value"].partition(":")[0] for option in button["options"]]
        elif not button["action_id"].startswith(("nudge.", "refusal.")):
            found.append(button["action_id"].removeprefix("act."))
    return found


@pytest.mark.parametrize(("name", "promise", "history"), STAGES, ids=[name for name, _, _ in STAGES])
def test_a_persons_card_has_exactly_the_acts_they_may_do(name: str, promise: Promise, history: Any) -> None:
    for viewer, now in product(VIEWERS, [SOON, FRIDAY - HOURS, FRIDAY + HOURS]):
        with noted((viewer, now)):
            check_buttons(name, promise, history, viewer, now)


def check_buttons(name: str, promise: Promise, history: Any, viewer: Any, now: datetime) -> None:
    may = allowed_acts(promise, viewer, now)
    may = may if promise.state.is_open else may & {Act.RATE}
    may -= {Act.RELEASE} if promise.is_own else set()
    may -= {Act.ADJUST} if Act.EDIT in may or len(may) <= VISIBLE + 1 else set()
    for card in (promise_card(promise, viewer, now), promise_details(promise, history, viewer, now)):
        offered = acts(card)
        assert len(set(offered)) == len(offered)
        assert set(offered) <= may, name
        assert len(offered) == min(len(may), VISIBLE + IN_MENU), name


@pytest.mark.parametrize(("name", "promise", "history"), STAGES, ids=[name for name, _, _ in STAGES])
def test_a_card_in_a_channel_has_one_button_that_everyone_may_use(name: str, promise: Promise, history: Any) -> None:
    shown = [button["action_id"] for button in buttons(promise_card(promise, None, SOON))]
    assert shown == ([OPEN] if promise.state.is_open else [])


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_message_offers_what_its_reader_may_not_do(viewer: Any) -> None:
    for name, promise, history in STAGES:
        may = allowed_acts(promise, viewer, SOON)
        sent = [notice(promise, history, f"a{seq}", viewer, SOON) for seq in range(1, len(history) + 1)]
        for message in [*sent, *(nudge(kind, promise, viewer, SOON) for kind in Kind if kind.is_nudge)]:
            assert set(acts(message)) <= may, name


def test_an_acts_button_carries_the_promises_id_and_nothing_else() -> None:
    for name, message in messages("send the deck"):
        for button in buttons(message):
            if button["action_id"].startswith("act.") and button["type"] == "button":
                assert Act(button["action_id"].removeprefix("act.")) not in MAKING | BY_CLOCK, name
                assert re.fullmatch(r"P\d+", button["value"]), name


@pytest.mark.parametrize("act", [Act.RELEASE, Act.WITHDRAW])
def test_what_ends_a_promise_asks_once_more(act: Act) -> None:
    found = [
        button for _, message in messages("x") for button in buttons(message) if button["action_id"] == f"act.{act}"
    ]
    assert found
    assert all("confirm" in button for button in found)


def test_the_check_in_offers_a_word_and_stops_asking_once_it_is_given() -> None:
    promise = promised()
    assert acts(nudge(Kind.CHECK_IN, promise, ALICE, SOON)) == ["on_track", "propose", "report", "at_risk"]
    sent = perform(promise, entry(Act.ON_TRACK, ALICE, FRIDAY - 20 * HOURS))
    assert acts(nudge(Kind.CHECK_IN, sent, ALICE, FRIDAY - 19 * HOURS)) == ["propose", "report", "at_risk"]
    early = perform(promise, entry(Act.ON_TRACK, ALICE, SOON))
    assert "on_track" in acts(nudge(Kind.CHECK_IN, early, ALICE, FRIDAY - 20 * HOURS))


@pytest.mark.parametrize(
    ("kind", "viewer", "now", "expected"),
    [
        (Kind.HEADS_UP, BOB, FRIDAY - HOURS, ["propose", "release"]),
        (Kind.LAST_CALL, ALICE, FRIDAY - HOURS, ["on_track", "propose", "report", "at_risk"]),
        (Kind.CALL_AGAIN, ALICE, FRIDAY - HOURS, ["on_track", "propose", "report", "at_risk"]),
        (Kind.DUE_NOW, ALICE, FRIDAY, ["report", "propose"]),
        (Kind.OVERDUE, ALICE, FRIDAY + HOURS, ["report", "propose", "revoke"]),
    ],
)
def test_each_nudge_offers_the_acts_of_its_moment(kind: Kind, viewer: Any, now: datetime, expected: list[str]) -> None:
    assert acts(nudge(kind, promised(), viewer, now)) == expected


def test_a_nudge_falls_silent_when_its_moment_is_over() -> None:
    promise = promised()
    assert acts(nudge(Kind.CHECK_IN, promise, ALICE, FRIDAY + HOURS)) == []
    assert acts(nudge(Kind.HEADS_UP, promise, BOB, FRIDAY + HOURS)) == []
    moved = replace(promise, terms=replace(promise.terms, due=replace(promise.terms.due, at=FRIDAY + 24 * HOURS)))
    assert acts(nudge(Kind.DUE_NOW, moved, ALICE, FRIDAY + HOURS)) == []
    handed = replace(promise, owner_id=DAVE)
    assert acts(nudge(Kind.CHECK_IN, handed, ALICE, SOON)) == []


@pytest.mark.parametrize(
    ("name", "seq", "viewer", "expected"),
    [
        ("active", 1, BOB, ["propose", "release"]),
        ("requested", 1, ALICE, ["accept_request", "propose", "decline"]),
        ("at risk", 2, BOB, ["offer_help", "propose", "release"]),
        ("at risk, help offered", 3, ALICE, ["hand_over", "propose"]),
        ("proposed by Alice", 2, BOB, ["accept_proposal", "counter", "reject_proposal"]),
        ("handing over", 2, DAVE, ["accept_proposal", "reject_proposal"]),
        ("handing over", 2, BOB, []),
        ("reported", 2, BOB, ["accept_delivery", "reopen"]),
        ("reopened", 3, ALICE, ["report", "propose"]),
        ("missed", 2, BOB, ["propose", "release"]),
        ("kept", 3, ALICE, []),
        ("said more", 3, BOB, ["accept_delivery", "reopen"]),
        ("settled", 3, BOB, ["rate"]),
        ("settled", 3, ALICE, []),
        ("revoked", 2, BOB, []),
    ],
)
def test_a_notice_has_the_one_tap_that_answers_it(name: str, seq: int, viewer: Any, expected: list[str]) -> None:
    promise, history = stage(name)
    assert acts(notice(promise, history, f"a{seq}", viewer, SOON)) == expected


@pytest.mark.parametrize(
    ("name", "seq", "viewer"),
    [("countered", 2, BOB), ("agreed", 2, BOB), ("kept", 2, BOB), ("reopened", 2, BOB), ("reported", 1, BOB)],
)
def test_the_answers_of_a_notice_are_gone_once_the_promise_moved_on(name: str, seq: int, viewer: Any) -> None:
    promise, history = stage(name)
    assert acts(notice(promise, history, f"a{seq}", viewer, SOON)) == []


def test_a_replaced_offer_is_not_answered_from_the_message_of_the_old_one() -> None:
    """Alice offers, Bob counters, Alice counters again: Bob's first message must not accept the third offer."""
    promise, history = stage("countered")
    again = entry(Act.COUNTER, ALICE, SOON + 2 * HOURS)
    promise, history = perform(promise, again), (*history, again)
    assert acts(notice(promise, history, "a2", BOB, SOON + 3 * HOURS)) == []
    assert "accept_proposal" in acts(notice(promise, history, "a4", BOB, SOON + 3 * HOURS))


def test_second_thoughts_last_five_minutes() -> None:
    promise = promised()
    assert acts(recorded(promise, SOON))[:2] == ["undo", "edit"]
    assert acts(recorded(promise, SOON + 5 * HOURS)) == ["obstacle.ask"]


def test_an_undone_promise_leaves_a_single_quiet_line() -> None:
    promise, history = stage("undone")
    assert promise.state is State.UNDONE
    shown = [promise_card(promise, None, SOON), notice(promise, history, "a1", BOB, SOON)]
    for message in [*shown, nudge(Kind.CHECK_IN, promise, ALICE, SOON)]:
        assert [block["type"] for block in message.blocks] == ["context"]
        assert "send the deck" not in str(message)
