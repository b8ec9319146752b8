"""The act table, walked over every state, act and person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.domain.acts import BY_CLOCK, MAKING, RULE_OF, Act, Pending, Role, State
from bot.domain.errors import KeptError, NotAllowedError, NotFoundError, TooLateError, UnreadableError
from bot.domain.promise import CLOCK, ChannelId, Due, Origin, Promise, Rest, UserId
from bot.domain.rights import check_question, question_id
from bot.domain.transitions import HistoryEntry, allowed_acts, clock_act, perform, roles
from tests.rows import noted
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, blank, entry, promised, replay, requested

SOON = MONDAY + timedelta(minutes=1)


def after(promise: Promise, *acts: HistoryEntry) -> Promise:
    for act in acts:
        promise = perform(promise, act)
    return promise


def everywhere() -> Iterable[tuple[str, Promise]]:
    """A promise in every state, with and without an open proposal."""
    active, asked = promised(), requested()
    yield "active", active
    yield "active, Alice proposes", after(active, entry(Act.PROPOSE, ALICE))
    yield "active, Bob proposes", after(active, entry(Act.PROPOSE, BOB))
    yield "active, handing over", after(active, entry(Act.HAND_OVER, ALICE))
    yield "requested", asked
    yield "requested, Alice proposes", after(asked, entry(Act.PROPOSE, ALICE))
    yield "at risk, and followed", after(promised(watchers=(CHARLIE,)), entry(Act.AT_RISK, ALICE))
    yield "reported", after(active, entry(Act.REPORT, ALICE))
    yield "kept", after(active, entry(Act.REPORT, ALICE), entry(Act.ACCEPT_DELIVERY, BOB))
    yield "kept, and rated", after(active, entry(Act.REPORT, ALICE), entry(Act.ACCEPT_DELIVERY, BOB, rating="met"))
    yield "declined", after(asked, entry(Act.DECLINE, ALICE))
    yield "withdrawn", after(asked, entry(Act.WITHDRAW, BOB))
    yield "revoked", after(active, entry(Act.REVOKE, ALICE))
    yield "released", after(active, entry(Act.RELEASE, BOB))
    yield "undone", after(active, entry(Act.UNDO, ALICE))


PLACES = dict(everywhere())
PEOPLE = {"Alice": ALICE, "Bob": BOB, "Charlie": CHARLIE, "Dave": DAVE, "the clock": CLOCK}


def table_says(promise: Promise, act: Act, person: UserId) -> bool:
    """The rule read straight from DESIGN's table, apart from the code under test."""
    rule, proposal = RULE_OF[act], promise.proposal
    holds = {
        Role.OWNER: person == ALICE,
        Role.REQUESTER: person == BOB,
        Role.MAKER: person == promise.made_by,
        Role.WATCHER: person in promise.watchers,
        Role.PROPOSER: proposal is not None and person == proposal.by,
        Role.ANSWERER: proposal is not None and person == proposal.to,
        Role.CLOCK: person == CLOCK,
    }
    fits = {Pending.ANY: True, Pending.NONE: proposal is None, Pending.OPEN: proposal is not None}[rule.pending]
    counters_hand_over = act is Act.COUNTER and proposal is not None and proposal.heir is not None
    rated = act is Act.RATE and promise.rating != ""
    is_helped = act is Act.OFFER_HELP and (promise.last_word is None or promise.last_word.act != Act.AT_RISK)
    free = not is_helped and fits and not counters_hand_over and not rated
    return promise.state in rule.frm and any(holds[role] for role in rule.by) and free


@pytest.mark.parametrize("place", PLACES)
def test_an_act_happens_exactly_where_the_table_allows_it(place: str) -> None:
    for act, who in product(sorted(set(Act) - MAKING), PEOPLE):
        with noted(f"{act} by {who}"):
            act_where_allowed(PLACES[place], act, PEOPLE[who])


def act_where_allowed(promise: Promise, act: Act, person: UserId) -> None:
    act_entry = entry(act, person, due=Due(FRIDAY + timedelta(days=7), "UTC")) if act is Act.COUNTER else None
    act_entry = act_entry or entry(act, person)
    if table_says(promise, act, person):
        changed = perform(promise, act_entry)
        assert changed.seq == promise.seq + 1
        assert changed.state is (RULE_OF[act].to or promise.state)
        assert (changed.closed_at is None) == changed.state.is_open
    else:
        with pytest.raises((NotAllowedError, TooLateError)):
            perform(promise, act_entry)


@pytest.mark.parametrize("who", ["Alice", "Bob", "Charlie", "Dave"])
@pytest.mark.parametrize("place", PLACES)
def test_buttons_offer_exactly_what_would_succeed(place: str, who: str) -> None:
    promise, person = PLACES[place], PEOPLE[who]
    expected = {act for act in set(Act) - MAKING - BY_CLOCK if table_says(promise, act, person)}
    assert allowed_acts(promise, person, SOON) == expected


def test_accepting_a_proposal_moves_the_deadline_and_the_version() -> None:
    new_due = Due(FRIDAY + timedelta(days=3), "Europe/Berlin")
    moved = after(promised(), entry(Act.PROPOSE, ALICE, due=new_due), entry(Act.ACCEPT_PROPOSAL, BOB))
    assert (moved.terms.due, moved.terms.version, moved.proposal) == (new_due, 2, None)


def test_old_terms_bind_while_a_proposal_is_open() -> None:
    open_ = after(promised(), entry(Act.PROPOSE, ALICE))
    assert open_.terms == promised().terms
    missed = perform(open_, HistoryEntry(Act.MISS, CLOCK, FRIDAY))
    assert missed.missed_at == FRIDAY


def test_a_counter_swaps_the_sides() -> None:
    countered = after(promised(), entry(Act.PROPOSE, ALICE), entry(Act.COUNTER, BOB))
    assert countered.proposal is not None
    assert (countered.proposal.by, countered.proposal.to) == (BOB, ALICE)


def test_the_heir_answers_a_hand_over_and_becomes_the_owner() -> None:
    offered = perform(promised(), entry(Act.HAND_OVER, ALICE, heir=DAVE))
    assert Act.ACCEPT_PROPOSAL in allowed_acts(offered, DAVE, SOON)
    assert Act.ACCEPT_PROPOSAL not in allowed_acts(offered, BOB, SOON)
    assert perform(offered, entry(Act.ACCEPT_PROPOSAL, DAVE)).owner_id == DAVE


def test_a_report_voids_the_open_proposal_and_closes_a_promise_to_oneself() -> None:
    assert after(promised(), entry(Act.PROPOSE, ALICE), entry(Act.REPORT, ALICE)).proposal is None
    own = promised(requester_id=ALICE)
    assert perform(own, entry(Act.REPORT, ALICE)).state is State.KEPT


def test_moving_a_promise_to_oneself_asks_no_one() -> None:
    own = perform(promised(requester_id=ALICE), entry(Act.PROPOSE, ALICE))
    assert own.proposal is None
    assert own.terms.version == 2


def test_reopening_after_the_deadline_counts_as_missed() -> None:
    reported = perform(promised(), entry(Act.REPORT, ALICE))
    assert perform(reported, entry(Act.REOPEN, BOB)).missed_at is None
    assert perform(reported, entry(Act.REOPEN, BOB, FRIDAY)).missed_at == FRIDAY


@pytest.mark.parametrize("act", [Act.UNDO, Act.EDIT])
def test_second_thoughts_end_after_five_minutes(act: Act) -> None:
    perform(promised(), entry(act, ALICE, MONDAY + timedelta(minutes=5)))
    with pytest.raises(TooLateError, match="five minutes"):
        perform(promised(), entry(act, ALICE, MONDAY + timedelta(minutes=5, seconds=1)))


def test_a_delivery_is_rated_once_by_its_requester_within_two_weeks_of_its_closing() -> None:
    kept = after(promised(), entry(Act.REPORT, ALICE), entry(Act.ACCEPT_DELIVERY, BOB))
    rated = perform(kept, entry(Act.RATE, BOB, SOON + timedelta(days=14), rating="exceeded"))
    assert (rated.rating, rated.closed_at) == ("exceeded", kept.closed_at)
    with pytest.raises(TooLateError, match="14 days ago"):
        perform(kept, entry(Act.RATE, BOB, SOON + timedelta(days=14, seconds=1)))
    with pytest.raises(UnreadableError, match="Choose how it was"):
        perform(kept, entry(Act.RATE, BOB, rating="splendid"))
    own = perform(promised(requester_id=ALICE), entry(Act.REPORT, ALICE))
    assert Act.RATE not in allowed_acts(own, ALICE, SOON)


def test_an_answer_to_what_has_been_replaced_is_refused() -> None:
    first = perform(promised(), entry(Act.PROPOSE, ALICE))
    seen = question_id(first)
    check_question(first, Act.ACCEPT_PROPOSAL, seen)
    second = after(first, entry(Act.RETRACT, ALICE), entry(Act.PROPOSE, ALICE, SOON + timedelta(seconds=1)))
    with pytest.raises(TooLateError, match="has changed"):
        check_question(second, Act.ACCEPT_PROPOSAL, seen)
    check_question(second, Act.RELEASE, seen)
    reported = perform(promised(), entry(Act.REPORT, ALICE))
    again = after(reported, entry(Act.REOPEN, BOB), entry(Act.REPORT, ALICE, SOON + timedelta(hours=1)))
    with pytest.raises(TooLateError, match="has changed"):
        check_question(again, Act.ACCEPT_DELIVERY, question_id(reported))


def test_the_rest_needs_a_part_before_it_and_a_time_ahead() -> None:
    later = Rest("the charts", Due(FRIDAY + timedelta(days=9), "UTC"))
    offered = perform(promised(), entry(Act.PROPOSE, ALICE, what="send the text", due=None, rest=later))
    assert offered.proposal is not None
    assert offered.proposal.rest == later
    for wrong, about in (
        (entry(Act.PROPOSE, ALICE, rest=later), "what"),
        (entry(Act.PROPOSE, ALICE, what="a part", rest=replace(later, what=" ")), "rest"),
        (entry(Act.PROPOSE, ALICE, what="a part", rest=replace(later, due=Due(MONDAY, "UTC"))), "rest_due"),
    ):
        with pytest.raises(UnreadableError) as refusal:
            perform(promised(), wrong)
        assert refusal.value.about == about


def test_a_proposal_must_change_something_and_lie_ahead() -> None:
    with pytest.raises(UnreadableError, match="Nothing would change"):
        perform(promised(), entry(Act.PROPOSE, ALICE, due=promised().terms.due))
    with pytest.raises(UnreadableError, match="already passed"):
        perform(promised(), entry(Act.PROPOSE, ALICE, due=Due(MONDAY, "UTC")))


def test_terms_must_say_something_ahead_and_fit() -> None:
    for wrong, sentence in (
        (blank(terms=replace(blank().terms, what="  ")), "what is promised"),
        (blank(terms=replace(blank().terms, due=Due(MONDAY, "UTC"))), "already passed"),
    ):
        with pytest.raises(UnreadableError, match=sentence):
            replay(wrong, [HistoryEntry(Act.PROMISE, ALICE, MONDAY)])
    with pytest.raises(UnreadableError, match=r"5,000 characters"):
        replay(blank(), [HistoryEntry(Act.PROMISE, ALICE, MONDAY, what="x" * 5000)])


def test_a_private_promise_does_not_exist_for_a_bystander() -> None:
    private = promised(origin=Origin(ChannelId("D1"), is_private=True))
    with pytest.raises(NotFoundError):
        perform(private, entry(Act.REPORT, CHARLIE))
    with pytest.raises(NotAllowedError):
        perform(promised(), entry(Act.REPORT, CHARLIE))


def test_the_clock_misses_expires_and_settles_in_that_need() -> None:
    assert clock_act(promised(), FRIDAY - timedelta(seconds=1)) is None
    assert clock_act(promised(), FRIDAY) is Act.MISS
    offered = perform(promised(), entry(Act.PROPOSE, ALICE, due=Due(MONDAY + timedelta(hours=2), "UTC")))
    assert clock_act(offered, MONDAY + timedelta(hours=2)) is Act.EXPIRE
    reported = perform(promised(), entry(Act.REPORT, ALICE, settles_at=FRIDAY))
    assert clock_act(reported, FRIDAY) is Act.SETTLE
    assert clock_act(perform(reported, entry(Act.ACCEPT_DELIVERY, BOB)), FRIDAY) is None


def test_the_clock_is_given_the_next_instant_to_look_at() -> None:
    assert promised().next_clock_at() == FRIDAY
    assert perform(promised(), HistoryEntry(Act.MISS, CLOCK, FRIDAY)).next_clock_at() is None
    assert perform(promised(), entry(Act.REVOKE, ALICE)).next_clock_at() is None


def test_every_refusal_is_a_sentence() -> None:
    for promise in PLACES.values():
        for act in set(Act) - MAKING:
            for person in PEOPLE.values():
                try:
                    perform(promise, entry(act, person))
                except KeptError as refusal:
                    assert str(refusal).endswith(".")  # noqa: PT017  the refusal is one of hundreds walked over


def test_bystanders_hold_no_role_on_a_promise() -> None:
    assert roles(promised(), CHARLIE) == frozenset()
