"""Changes of a promise by each act, and the field with which a refusal begins: one row for each rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest

from bot.domain.acts import Act, State
from bot.domain.errors import UnreadableError
from bot.domain.promise import CLOCK, NOTE_LIMIT, WHAT_LIMIT, Due, Promise, Rest, Word
from bot.domain.transitions import HistoryEntry, agreed_rest, clock_act, perform
from bot.domain.weight import Priority
from tests.unit.factories import ALICE, BOB, DAVE, FRIDAY, MONDAY, blank, entry, promised, replay, requested

SOON = MONDAY + timedelta(minutes=1)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
NEXT = Due(FRIDAY + WEEK, "Europe/Berlin")
LATER = Rest("the charts", Due(FRIDAY + 2 * WEEK, "UTC"))
REPORT, MISS = entry(Act.REPORT, ALICE, settles_at=FRIDAY), HistoryEntry(Act.MISS, CLOCK, FRIDAY)
OFFER, AGREE = entry(Act.PROPOSE, ALICE, due=NEXT, note="ill"), entry(Act.ACCEPT_PROPOSAL, BOB)
OWN = promised(requester_id=ALICE)


def at(act: Act, by: Any, moment: datetime, **changes: Any) -> HistoryEntry:
    return replace(entry(act, by), at=moment, **changes)


def after(promise: Promise, *acts: HistoryEntry) -> Promise:
    for act in acts:
        promise = perform(promise, act)
    return promise


def edit(**changes: Any) -> HistoryEntry:
    return entry(Act.EDIT, ALICE, **changes)


@pytest.mark.parametrize(
    ("start", "acts", "changed"),
    [
        (
            requested(),
            [entry(Act.ACCEPT_REQUEST, ALICE, note="yes")],
            {"last_word": Word("accept_request", "yes", SOON)},
        ),
        (requested(), [at(Act.ACCEPT_REQUEST, ALICE, FRIDAY - HOUR)], {"state": State.ACTIVE}),
        (promised(), [entry(Act.AT_RISK, ALICE, note="ill")], {"last_word": Word("at_risk", "ill", SOON)}),
        (
            promised(),
            [OFFER],
            {"last_word": Word("propose", "ill", SOON), "proposal.to": BOB, "proposal.reason": "ill"},
        ),
        (promised(), [entry(Act.PROPOSE, BOB)], {"last_word": None, "proposal.to": ALICE}),
        (promised(), [OFFER, entry(Act.COUNTER, BOB)], {"proposal.by": BOB, "proposal.to": ALICE}),
        # a form submits the values in force, too: only what changes is offered
        (
            promised(),
            [replace(OFFER, what="send the deck", done_when="")],
            {"proposal.what": None, "proposal.done_when": None},
        ),
        (
            promised(),
            [replace(OFFER, what="half of it", due=None)],
            {"proposal.what": "half of it", "proposal.due": None},
        ),
        (
            promised(),
            [entry(Act.PROPOSE, ALICE, due=promised().terms.due, done_when="signed")],
            {"proposal.due": None, "proposal.done_when": "signed"},
        ),
        (
            promised(),
            [OFFER, AGREE],
            {"terms.due": NEXT, "terms.version": 2, "repaired_at": None, "renegotiated_at": SOON},
        ),
        (
            promised(),
            [MISS, at(Act.PROPOSE, ALICE, FRIDAY, due=NEXT), at(Act.ACCEPT_PROPOSAL, BOB, FRIDAY)],
            {"missed_at": None, "repaired_at": FRIDAY},
        ),
        (
            promised(),
            [MISS, at(Act.PROPOSE, ALICE, FRIDAY, due=None, what="half"), at(Act.ACCEPT_PROPOSAL, BOB, FRIDAY)],
            {"missed_at": FRIDAY, "repaired_at": None, "terms.what": "half"},
        ),
        (
            promised(),
            [entry(Act.HAND_OVER, ALICE), at(Act.ACCEPT_PROPOSAL, DAVE, SOON + HOUR)],
            {
                "owner_id": DAVE,
                "terms": replace(promised().terms, version=2),
                "last_word": Word("accept_proposal", "", SOON + HOUR),
                "renegotiated_at": None,
            },
        ),
        (OWN, [replace(OFFER, what="half")], {"terms.what": "half", "terms.due": NEXT, "proposal": None}),
        (promised(), [REPORT], {"reported_at": SOON, "settles_at": FRIDAY, "closed_at": None}),
        (
            promised(),
            [REPORT, at(Act.UNREPORT, ALICE, SOON + HOUR)],
            {"reported_at": None, "settles_at": None, "missed_at": None},
        ),
        (promised(), [REPORT, at(Act.REOPEN, BOB, FRIDAY)], {"reported_at": None, "missed_at": FRIDAY}),
        (
            promised(),
            [REPORT, at(Act.ACCEPT_DELIVERY, BOB, FRIDAY, rating="met")],
            {"reported_at": SOON, "rating": "met", "closed_at": FRIDAY},
        ),
        (promised(), [at(Act.ACCEPT_DELIVERY, BOB, FRIDAY)], {"reported_at": FRIDAY, "rating": ""}),
        (promised(), [REPORT, at(Act.ACCEPT_DELIVERY, BOB, FRIDAY, rating="not_needed")], {"rating": "not_needed"}),
        (
            promised(),
            [MISS, at(Act.REPORT, ALICE, FRIDAY + HOUR), at(Act.UNREPORT, ALICE, FRIDAY + 2 * HOUR)],
            {"missed_at": FRIDAY},
        ),
        (promised(), [edit(what="it")], {"terms": replace(promised().terms, what="it", version=2)}),
        (promised(), [edit(due=NEXT)], {"terms": replace(promised().terms, due=NEXT, version=2)}),
        (promised(), [edit(done_when="signed"), edit(what="it")], {"terms.done_when": "signed", "terms.version": 3}),
        (promised(), [edit(done_when="signed"), edit(done_when="")], {"terms.done_when": ""}),
        (promised(), [edit(estimate=HOUR)], {"weight.estimate": HOUR}),
        (promised(), [entry(Act.ADJUST, BOB, estimate=HOUR, priority=None)], {"weight.estimate": HOUR}),
        (promised(), [entry(Act.ADJUST, ALICE)], {"weight.priority": Priority.URGENT}),
        (promised(), [edit(what="x" * WHAT_LIMIT, done_when="x" * NOTE_LIMIT)], {"terms.what": "x" * WHAT_LIMIT}),
    ],
)
def test_an_act_changes_this_much(start: Promise, acts: Sequence[HistoryEntry], changed: dict[str, Any]) -> None:
    promise = after(start, *acts)
    assert {name: attrgetter(name)(promise) for name in changed} == changed


@pytest.mark.parametrize(
    ("start", "acts", "about"),
    [
        (requested(), [at(Act.ACCEPT_REQUEST, ALICE, FRIDAY)], "due"),
        (promised(), [OFFER, at(Act.ACCEPT_PROPOSAL, BOB, NEXT.at)], "due"),
        (promised(), [entry(Act.PROPOSE, ALICE, due=promised().terms.due)], "due"),
        (promised(), [edit(due=Due(SOON, "UTC"))], "due"),
        (promised(), [edit(what="x" * (WHAT_LIMIT + 1))], "what"),
        (promised(), [entry(Act.PROPOSE, ALICE, rest=replace(LATER, what="x" * (WHAT_LIMIT + 1)))], "rest"),
        (promised(), [entry(Act.AT_RISK, ALICE, note="x" * (NOTE_LIMIT + 1))], "note"),
        (promised(), [edit(done_when="x" * (NOTE_LIMIT + 1))], "done_when"),
        (promised(), [entry(Act.HAND_OVER, ALICE, heir=None)], "heir"),
        (promised(), [entry(Act.HAND_OVER, ALICE, heir=ALICE)], "heir"),
        (promised(), [entry(Act.HAND_OVER, ALICE, heir=BOB)], "heir"),
        (promised(), [REPORT, entry(Act.ADD_NOTE, ALICE, note=" ")], "note"),
        (promised(), [REPORT, entry(Act.ACCEPT_DELIVERY, BOB, rating="superb")], "rating"),
        (promised(), [REPORT, entry(Act.ACCEPT_DELIVERY, BOB), entry(Act.RATE, BOB, rating="")], "rating"),
        (promised(), [entry(Act.ADJUST, ALICE, priority=None)], "hours"),
    ],
)
def test_a_refusal_names_the_field_to_correct(start: Promise, acts: Sequence[HistoryEntry], about: str) -> None:
    *before, last = acts
    promise = after(start, *before)
    with pytest.raises(UnreadableError) as refusal:
        perform(promise, last)
    assert refusal.value.about == about


def test_a_promise_of_nothing_is_refused_at_its_words_and_a_history_replays_to_what_it_was() -> None:
    made = HistoryEntry(Act.PROMISE, ALICE, MONDAY)
    with pytest.raises(UnreadableError) as refusal:
        replay(blank(terms=replace(blank().terms, what=" ")), [made])
    assert refusal.value.about == "what"
    assert replay(blank(), [made, OFFER, AGREE]) == after(promised(), OFFER, AGREE)


@pytest.mark.parametrize(
    ("promise", "act", "rest"),
    [
        (OWN, entry(Act.PROPOSE, ALICE, rest=LATER), LATER),
        (promised(), entry(Act.PROPOSE, ALICE, rest=LATER), None),
        (OWN, entry(Act.COUNTER, ALICE, rest=LATER), None),
        (after(promised(), replace(OFFER, what="half", rest=LATER)), AGREE, LATER),
        (after(promised(), replace(OFFER, what="half", rest=LATER)), entry(Act.REJECT_PROPOSAL, BOB), None),
        (promised(), AGREE, None),
    ],
)
def test_what_is_left_for_later_is_promised_with_the_agreement_alone(
    promise: Promise, act: HistoryEntry, rest: Rest | None
) -> None:
    assert agreed_rest(promise, act) == rest


def test_a_proposal_on_a_request_expires_too() -> None:
    offered = perform(requested(), entry(Act.PROPOSE, ALICE, due=Due(SOON + HOUR, "UTC")))
    assert clock_act(offered, SOON + HOUR) is Act.EXPIRE
    assert clock_act(offered, SOON + HOUR - timedelta(microseconds=1)) is None
