"""A change of the terms leaves the rest of the record as it was: one row for each."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.outcomes import Outcome, Past, account_of
from bot.domain.promise import CLOCK, Due
from bot.domain.transitions import HistoryEntry
from tests.unit.factories import ALICE, BOB, DAVE, FRIDAY, MONDAY, promised, requested
from tests.unit.histories import BERLIN, agreed, delivered, first_entry, past, proposed
from tests.unit.test_record import MISS, NEXT_MONDAY, THURSDAY, TUESDAY, WEDNESDAY, outcome


def test_less_to_do_by_the_same_date_is_renegotiated_too() -> None:
    less = proposed(TUESDAY, FRIDAY, early=True, what="half of the deck"), agreed(WEDNESDAY)
    assert outcome(*less, *delivered(FRIDAY)).outcome is Outcome.RENEGOTIATED


def test_a_date_that_one_set_oneself_before_handing_over_counts_for_the_heir() -> None:
    own = (
        proposed(TUESDAY, NEXT_MONDAY, early=True),
        HistoryEntry(Act.HAND_OVER, ALICE, WEDNESDAY, heir=DAVE),
        agreed(WEDNESDAY, DAVE),
    )
    report, accept = HistoryEntry(Act.REPORT, DAVE, NEXT_MONDAY), HistoryEntry(Act.ACCEPT_DELIVERY, ALICE, NEXT_MONDAY)
    assert outcome(*own, report, accept, requester_id=ALICE).outcome is Outcome.RENEGOTIATED


LESS = HistoryEntry(Act.PROPOSE, ALICE, WEDNESDAY, what="half of the deck", early=True)
REVOKED = HistoryEntry(Act.REVOKE, ALICE, FRIDAY - timedelta(hours=1))
REOPENED = HistoryEntry(Act.REOPEN, BOB, NEXT_MONDAY)


@pytest.mark.parametrize(
    ("entries", "expected", "at"),
    [
        # less to do by the same date leaves the warning and the miss as they are
        ((HistoryEntry(Act.AT_RISK, ALICE, TUESDAY), LESS, agreed(WEDNESDAY), REVOKED), "revoked_early", REVOKED.at),
        (
            (
                HistoryEntry(Act.AT_RISK, ALICE, TUESDAY),
                replace(LESS, due=Due(FRIDAY, BERLIN)),
                agreed(WEDNESDAY),
                REVOKED,
            ),
            "revoked_early",
            REVOKED.at,
        ),
        ((MISS, replace(LESS, at=NEXT_MONDAY, early=False), agreed(NEXT_MONDAY)), "missed", FRIDAY),
        # an edited date keeps the text, so that the same text with another date is no change of it
        (
            (
                HistoryEntry(Act.EDIT, ALICE, MONDAY, due=Due(NEXT_MONDAY, BERLIN)),
                proposed(TUESDAY, FRIDAY, early=True, what="send the deck"),
                agreed(WEDNESDAY),
                *delivered(FRIDAY),
            ),
            "on_time",
            FRIDAY + timedelta(hours=1),
        ),
        # missed at its deadline, whenever that was noticed, and as soon as it is reopened at it
        ((replace(MISS, at=FRIDAY + timedelta(hours=2)),), "missed", FRIDAY),
        ((MISS, HistoryEntry(Act.REPORT, ALICE, NEXT_MONDAY), REOPENED), "missed", FRIDAY),
        ((HistoryEntry(Act.REPORT, ALICE, FRIDAY + timedelta(hours=1)), REOPENED), "missed", FRIDAY),
        ((HistoryEntry(Act.REPORT, ALICE, THURSDAY), replace(REOPENED, at=FRIDAY)), "missed", FRIDAY),
    ],
)
def test_a_change_leaves_what_it_does_not_name(entries: tuple[HistoryEntry, ...], expected: str, at: datetime) -> None:
    account = outcome(*entries)
    assert (account.outcome, account.at) == (expected, at)


def test_the_first_warning_of_the_owner_counts_until_a_new_date_is_agreed() -> None:
    twice = (HistoryEntry(Act.AT_RISK, ALICE, at) for at in (THURSDAY, FRIDAY - timedelta(hours=1)))
    assert outcome(*twice, MISS).notice == timedelta(hours=8 + 9)
    assert outcome(proposed(TUESDAY, NEXT_MONDAY, BOB), MISS).notice == timedelta()
    asked = requested()
    refused = (
        HistoryEntry(Act.AT_RISK, ALICE, TUESDAY),
        HistoryEntry(Act.ACCEPT_REQUEST, ALICE, WEDNESDAY),
        HistoryEntry(Act.MISS, CLOCK, FRIDAY),
    )
    missed = account_of(Past(asked, (first_entry(asked), *refused)))
    assert missed is not None
    assert missed.notice == timedelta()  # nothing was promised yet
    back = proposed(FRIDAY - timedelta(hours=3), NEXT_MONDAY), agreed(FRIDAY - timedelta(hours=2))
    again = proposed(FRIDAY - timedelta(minutes=90), FRIDAY), agreed(FRIDAY - timedelta(hours=1))
    assert outcome(*back, *again, MISS).notice == timedelta()


def test_a_form_that_repeats_the_words_changes_only_the_date() -> None:
    words = promised().terms.what
    later = proposed(TUESDAY, NEXT_MONDAY, BOB, what=words), agreed(TUESDAY + timedelta(hours=1), ALICE)
    sooner = proposed(WEDNESDAY, FRIDAY, early=True, what=words), agreed(WEDNESDAY + timedelta(hours=1))
    assert outcome(*later, *sooner, *delivered(FRIDAY)).outcome is Outcome.ON_TIME


def test_the_terms_of_a_request_bind_as_they_were_agreed() -> None:
    asked = requested()
    talk = proposed(TUESDAY, NEXT_MONDAY), agreed(WEDNESDAY)
    account = account_of(Past(asked, (first_entry(asked), *talk, *delivered(NEXT_MONDAY))))
    assert account is not None
    assert account.outcome is Outcome.ON_TIME
    withdrawn = HistoryEntry(Act.WITHDRAW, BOB, TUESDAY)
    assert account_of(Past(asked, (first_entry(asked), withdrawn))) is None


def test_a_delivery_that_is_not_answered_settles() -> None:
    settled = HistoryEntry(Act.REPORT, ALICE, THURSDAY, settles_at=FRIDAY), HistoryEntry(Act.SETTLE, CLOCK, FRIDAY)
    assert outcome(*settled).outcome is Outcome.ON_TIME


def test_ones_own_promise_is_kept_with_its_report_and_once_handed_over_with_the_answer() -> None:
    report = HistoryEntry(Act.REPORT, ALICE, TUESDAY)
    own = past(report, requester_id=ALICE).course.account()
    assert own is not None
    assert own.outcome is Outcome.ON_TIME
    handed = HistoryEntry(Act.HAND_OVER, ALICE, MONDAY, heir=DAVE), HistoryEntry(Act.ACCEPT_PROPOSAL, DAVE, MONDAY)
    reported = HistoryEntry(Act.REPORT, DAVE, TUESDAY)
    assert account_of(past(*handed, reported, requester_id=ALICE)) is None
    answered = HistoryEntry(Act.ACCEPT_DELIVERY, ALICE, TUESDAY)
    assert outcome(*handed, reported, answered, requester_id=ALICE).outcome is Outcome.ON_TIME
