"""The rules of the record and of who may do what, each with its edge."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from bot.domain.acts import BY_CLOCK, Act
from bot.domain.errors import ChangedError, KeptError, TooLateError
from bot.domain.figures import Record, RecordAccess, credit, record_of, team_record, visible_pasts, weeks, with_deleted
from bot.domain.outcomes import Account, Outcome
from bot.domain.promise import Due, Origin, Promise, Proposal, Rest, UserId
from bot.domain.record import is_early, lateness, leaves_time
from bot.domain.retention import PastOutcome
from bot.domain.rights import ANSWERS, check_question, check_seq, question_id
from bot.domain.transitions import HistoryEntry, perform
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, entry, promised, requested
from tests.unit.histories import past

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOON, HOURS = MONDAY + MINUTE, WorkingHours()
#: The Monday after, ten o'clock.
NEXT = MONDAY + 7 * DAY + HOUR
OFFER = entry(Act.PROPOSE, ALICE)


@pytest.mark.parametrize(
    ("made_at", "raised_at", "due_at", "early"),
    [
        (MONDAY, FRIDAY - DAY, FRIDAY, True),  # exactly a working day
        (MONDAY, FRIDAY - DAY + MINUTE, FRIDAY, False),
        # over a weekend an hour of work is left and more than half of the time: that counts below two working days
        (NEXT - 4 * DAY, NEXT - 2 * DAY - 16 * HOUR, NEXT, False),
        (NEXT - 4 * DAY + MINUTE, NEXT - 2 * DAY - 16 * HOUR, NEXT, True),
        (MONDAY, MONDAY + 3 * HOUR, MONDAY + 6 * HOUR, True),  # exactly half
        (MONDAY, MONDAY + 3 * HOUR + MINUTE, MONDAY + 6 * HOUR, False),
        (MONDAY, MONDAY, MONDAY, False),
        (MONDAY + HOUR, MONDAY, MONDAY, False),
    ],
)
def test_a_change_is_early_with_a_working_day_or_half_of_the_time_left(
    made_at: datetime, raised_at: datetime, due_at: datetime, early: bool
) -> None:
    assert leaves_time(HOURS, made_at, raised_at, due_at) is early
    promise = replace(promised(), made_at=made_at, terms=replace(promised().terms, due=Due(due_at, "UTC")))
    assert is_early(promise, raised_at, HOURS) is early


@pytest.mark.parametrize(
    ("times", "late"),
    [
        ({}, 3 * HOUR),
        ({"reported_at": FRIDAY + HOUR}, HOUR),
        ({"closed_at": FRIDAY + 2 * HOUR}, 2 * HOUR),
        ({"reported_at": FRIDAY - HOUR, "closed_at": FRIDAY + 2 * HOUR}, timedelta()),
    ],
)
def test_lateness_ends_with_the_report_else_with_the_end(times: dict[str, datetime], late: timedelta) -> None:
    assert lateness(replace(promised(), **times), FRIDAY + 3 * HOUR) == late


@pytest.mark.parametrize(
    ("outcome", "late_by", "score"),
    [
        (Outcome.ON_TIME, timedelta(), "1"),
        (Outcome.RENEGOTIATED, timedelta(), "1"),
        (Outcome.LATE, 81 * HOUR, "1/10"),
        (Outcome.REPAIRED, 81 * HOUR, "1/2"),
        (Outcome.REPAIRED, HOUR, "9/10"),
        (Outcome.REVOKED_EARLY, timedelta(), "1/2"),
        (Outcome.REVOKED_LATE, timedelta(), "0"),
        (Outcome.MISSED, timedelta(), "0"),
        (Outcome.RELEASED, timedelta(), "0"),
    ],
)
def test_an_outcome_scores(outcome: Outcome, late_by: timedelta, score: str) -> None:
    assert credit(Account(outcome, FRIDAY, late_by)) == Fraction(score)


def test_a_record_counts_warnings_of_broken_promises_alone_and_what_retention_has_deleted() -> None:
    record = record_of([Account(Outcome.ON_TIME, FRIDAY, notice=HOUR), Account(Outcome.LATE, FRIDAY, 9 * HOUR, HOUR)])
    assert (record.notice, record.warnings, record.credit) == (HOUR, 1, Fraction(3, 2))
    broken = (Outcome.LATE, Outcome.REPAIRED, Outcome.MISSED, Outcome.REVOKED_EARLY, Outcome.REVOKED_LATE)
    changed = [Account(each, FRIDAY, notice=HOUR) for each in (*broken, Outcome.RENEGOTIATED)]
    assert record_of(changed).warnings == 6
    both = with_deleted(
        record, [PastOutcome(Outcome.ON_TIME, 2, Fraction(2)), PastOutcome(Outcome.MISSED, 1, Fraction(0))]
    )
    assert (both.counts[Outcome.ON_TIME], both.outcomes, both.kept) == (3, 5, Fraction(7, 10))
    assert Record({}, Fraction(0), None, 0).kept == Fraction(0)


def test_figures_leave_out_what_is_open_or_long_ago() -> None:
    people = [UserId(f"U{n}") for n in range(5)]
    ended = [past(entry(Act.ACCEPT_DELIVERY, BOB), owner_id=each, made_by=each) for each in people]
    released = past(entry(Act.RELEASE, BOB), owner_id=people[4], made_by=people[4])
    assert team_record([*ended, past()]) is not None
    assert team_record([*ended[:4], released]) is None
    assert visible_pasts([past()], CHARLIE, RecordAccess.WHOLE) == (past(),)
    assert all(not week.counts for week in weeks([Account(Outcome.ON_TIME, FRIDAY - 60 * DAY)], FRIDAY, "UTC"))


# What the promise itself answers.


def test_an_offer_lapses_with_the_first_of_its_dates_and_the_clock_looks_then() -> None:
    rest = Rest("the charts", Due(FRIDAY + 2 * DAY, "UTC"))
    offer = Proposal(ALICE, BOB, SOON, due=Due(FRIDAY + DAY, "UTC"), rest=rest)
    assert offer.lapses_at == FRIDAY + DAY
    assert replace(offer, due=None).lapses_at == FRIDAY + 2 * DAY
    assert replace(offer, rest=None, due=None).lapses_at is None
    assert replace(promised(), proposal=replace(offer, due=Due(FRIDAY - DAY, "UTC"))).next_clock_at() == FRIDAY - DAY
    assert replace(promised(), proposal=offer, missed_at=FRIDAY).next_clock_at() == FRIDAY + DAY
    reported = perform(promised(), entry(Act.REPORT, ALICE, settles_at=FRIDAY))
    assert reported.next_clock_at() == FRIDAY
    assert perform(reported, entry(Act.ACCEPT_DELIVERY, BOB)).next_clock_at() is None


def test_an_heir_sees_a_private_promise_that_is_handed_over_to_them() -> None:
    private = promised(origin=Origin(promised().origin.channel_id, is_private=True))
    assert not private.is_visible_to(DAVE)
    assert perform(private, entry(Act.HAND_OVER, ALICE)).is_visible_to(DAVE)


def test_the_offered_terms_are_those_in_force_with_the_changes() -> None:
    terms = replace(promised().terms, done_when="signed")
    promise = replace(promised(), terms=terms)
    assert promise.proposed_terms() == terms
    offer = Proposal(ALICE, BOB, SOON, what="half")
    assert replace(promise, proposal=offer).proposed_terms() == replace(terms, what="half", version=2)
    emptied = replace(promise, proposal=replace(offer, done_when="")).proposed_terms()
    assert emptied == replace(terms, what="half", done_when="", version=2)


# Refusals, by the sentence that a person reads.


@pytest.mark.parametrize(
    ("promise", "act", "sentence"),
    [
        (promised(), entry(Act.ADD_NOTE, ALICE), "#12 is not delivered yet, so you can’t add a note"),
        (promised(), entry(Act.DECLINE, ALICE), "#12 is a promise already, so you can’t decline"),
        (requested(), entry(Act.REPORT, ALICE), "#12 is not accepted yet, so you can’t report"),
        (perform(promised(), entry(Act.REVOKE, ALICE)), entry(Act.REPORT, ALICE), "#12 was cancelled, so nothing was"),
        (perform(promised(), OFFER), OFFER, "Your proposal on #12 still waits"),
        (perform(promised(), OFFER), entry(Act.PROPOSE, BOB), "A proposal on #12 waits"),
        (promised(), entry(Act.ACCEPT_PROPOSAL, BOB), "has been answered or replaced"),
        (promised(), entry(Act.RETRACT, CHARLIE), "has been answered or replaced"),
        (promised(requester_id=ALICE), entry(Act.ACCEPT_DELIVERY, ALICE), "#12 is yours: report it as done"),
        (promised(requester_id=ALICE), entry(Act.OFFER_HELP, ALICE), "#12 is yours. Hand it over"),
        (promised(), entry(Act.OFFER_HELP, BOB), "#12 is not at risk just now"),
    ],
)
def test_a_refusal_says_how_the_promise_stands(promise: Promise, act: HistoryEntry, sentence: str) -> None:
    with pytest.raises(KeptError, match=sentence):
        perform(promise, act)


def test_help_is_offered_while_the_last_word_is_that_it_is_at_risk_and_no_other_date_was_agreed_since() -> None:
    at_risk = perform(promised(), entry(Act.AT_RISK, ALICE))
    assert perform(at_risk, entry(Act.OFFER_HELP, BOB)).seq == at_risk.seq + 1
    for moved_at, helps in ((SOON - MINUTE, True), (SOON, False), (SOON + MINUTE, False)):
        moved = replace(at_risk, renegotiated_at=moved_at)
        if helps:
            perform(moved, entry(Act.OFFER_HELP, BOB))
        else:
            with pytest.raises(TooLateError, match="not at risk"):
                perform(moved, entry(Act.OFFER_HELP, BOB))


@pytest.mark.parametrize("act", sorted(set(Act)))
def test_an_answer_to_another_question_is_refused_for_these_acts_alone(act: Act) -> None:
    asking = {
        Act.ACCEPT_REQUEST,
        Act.ACCEPT_PROPOSAL,
        Act.COUNTER,
        Act.REJECT_PROPOSAL,
        Act.ACCEPT_DELIVERY,
        Act.REOPEN,
    }
    check_question(promised(), act, question_id(promised()))
    if act not in asking:
        return check_question(promised(), act, "1.0")
    with pytest.raises(TooLateError, match="has changed since you were asked"):
        check_question(promised(), act, "1.0")
    assert asking == ANSWERS
    return None


def test_the_clock_alone_misses_expires_and_settles() -> None:
    assert {Act.MISS, Act.EXPIRE, Act.SETTLE} == BY_CLOCK


def test_an_act_on_another_state_than_the_one_read_is_refused() -> None:
    check_seq(promised(), [])
    check_seq(promised(), [1, 2])
    with pytest.raises(ChangedError, match="has changed since you read it"):
        check_seq(promised(), [2])
