"""A change of the terms leaves the rest of the record as it was: one row for each."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.outcomes import Outcome
from bot.domain.promise import Due
from bot.domain.transitions import HistoryEntry
from tests.unit.factories import ALICE, BOB, DAVE, FRIDAY, MONDAY
from tests.unit.histories import BERLIN, agreed, delivered, proposed
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
