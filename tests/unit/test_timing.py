"""The best instants for messages about a promise: one row for each rule and its edge."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.habits import Habits
from bot.domain.promise import Due, Proposal, Word
from bot.domain.timing import Timing
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, DAVE, promised
from tests.unit.test_agenda_places import utc

FROM_SIX, FROM_TWO, TWO_HOURS = (
    Habits(WorkingHours(start=time(start), end=time(end))) for start, end in ((6, 14), (14, 22), (9, 11))
)
MONDAYS = Habits(WorkingHours(days=frozenset({0})))
AN_HOUR, AN_HOUR_ON_SOME_DAYS = (
    Habits(WorkingHours(days=frozenset(days), end=time(10))) for days in (range(5), (0, 2, 4))
)
USUAL, OWN = Habits(), {"requester_id": ALICE}
TWO_DAYS, THREE_DAYS = Habits(lead_days=2), Habits(lead_days=3)


def shown(at: datetime | None) -> str:
    return f"{at:%d %H:%M:%S}".removesuffix(":00") if at else "-"


def timing(made: str, due: str, owner: Habits = USUAL, requester: Habits = USUAL, **changes: Any) -> Timing:
    terms = replace(promised().terms, due=Due(utc(due), "UTC"))
    return Timing(promised(made_at=utc(made), terms=terms, **changes), owner, requester)


@pytest.mark.parametrize(
    ("made", "due", "changes", "asked", "warned", "called", "silent"),
    [
        # a working day ahead, and the owner three hours before that while a change is early
        ("23 09:00", "27 17:00", {}, "26 14:00", "26 17:00", "27 14:30", "27 16:00"),
        ("23 09:00", "27 18:00", {}, "26 15:00", "26 17:00", "27 15:30", "27 17:00"),
        ("23 09:00", "27 09:00", {}, "25 15:00", "26 09:00", "26 17:00", "26 17:00"),
        # by the hours of the one and of the other
        ("23 09:00", "27 17:00", {"owner": FROM_SIX}, "26 11:00", "26 17:00", "27 13:00", "27 16:00"),
        ("23 09:00", "27 17:00", {"requester": FROM_SIX}, "26 11:30", "26 13:00", "27 14:30", "27 13:00"),
        ("23 09:00", "27 17:00", {"requester": FROM_TWO}, "26 14:00", "26 17:00", "27 14:30", "27 16:00"),
        ("23 09:00", "26 12:00", {"owner": TWO_HOURS}, "24 09:30", "25 09:00", "26 09:30", "26 11:00"),
        ("23 09:00", "26 12:00", {"requester": TWO_HOURS}, "24 17:30", "25 10:00", "26 09:30", "26 10:00"),
        # by the days of the one, of the other, and of the promise
        ("02 09:00", "27 17:00", {"requester": TWO_DAYS}, "25 15:30", "25 17:00", "27 14:30", "27 16:00"),
        ("02 09:00", "27 17:00", {"owner": THREE_DAYS}, "24 17:00", "26 17:00", "27 14:30", "27 16:00"),
        ("02 09:00", "27 17:00", {"lead_days": 3}, "24 15:30", "24 17:00", "27 14:30", "27 16:00"),
        (
            "02 09:00",
            "27 17:00",
            OWN | {"lead_days": 3},
            "24 17:00",
            "24 17:00",
            "27 14:30",
            "27 16:00",
        ),
        # where one of them works on few days, or for few hours
        ("23 14:00", "26 12:00", {"owner": MONDAYS}, "-", "25 12:00", "23 17:00", "26 11:00"),
        ("23 09:00", "27 17:00", {"requester": MONDAYS}, "26 17:00", "23 17:00", "27 14:30", "23 17:00"),
        ("23 09:00", "30 09:40", {"owner": AN_HOUR_ON_SOME_DAYS}, "25 09:20", "27 09:40", "27 09:30", "27 17:40"),
        ("23 09:00", "27 09:00", {"owner": AN_HOUR}, "24 09:30", "26 09:00", "26 09:30", "26 17:00"),
        ("24 09:00", "27 09:00", {"owner": THREE_DAYS}, "25 15:00", "26 09:00", "26 17:00", "26 17:00"),
        # half-way where there is no such day; the owner is not asked within a working day of their word
        ("24 09:00", "25 12:00", {}, "-", "24 12:00", "25 09:30", "25 11:00"),
        ("24 09:00", "24 17:00", {}, "-", "24 13:00", "24 14:30", "24 16:00"),
        ("24 09:00", "24 12:00", {}, "-", "24 10:30", "24 10:30", "24 11:00"),
        ("24 09:00", "24 11:00", {}, "-", "24 10:00", "24 10:00", "24 10:00"),
        ("24 09:00", "24 10:00", {}, "-", "24 09:30", "24 09:30", "24 09:00"),
        # five minutes ahead at the latest
        ("24 09:00", "24 09:20", {}, "-", "24 09:10", "24 09:10", "-"),
        ("24 09:00", "24 09:10", {}, "-", "24 09:05", "24 09:05", "-"),
        ("24 09:00", "24 09:09", {}, "-", "24 09:04:30", "-", "-"),
        # over a night, over a weekend, and outside of all work
        ("24 17:00", "25 17:00", {}, "-", "24 17:30", "25 14:30", "25 16:00"),
        ("24 17:00", "25 09:30", {}, "-", "24 17:30", "25 07:00", "24 17:30"),
        ("24 16:00", "25 09:00", {}, "-", "24 17:00", "24 17:00", "24 17:00"),
        ("24 20:00", "25 09:02", {}, "-", "25 02:31", "25 06:32", "-"),
        ("24 08:20", "24 09:20", {}, "-", "24 09:00", "24 09:00", "-"),
        ("27 12:00", "30 09:00", {}, "-", "27 17:00", "27 17:00", "27 17:00"),
        ("27 19:00", "30 12:00", {}, "-", "30 09:00", "30 09:30", "30 11:00"),
        ("28 10:00", "28 16:00", {}, "-", "28 13:00", "28 14:00", "-"),
        ("24 09:00", "25 09:00", {"owner": FROM_TWO}, "-", "24 17:00", "24 21:00", "24 17:00"),
        ("24 09:00", "25 09:00", {"requester": FROM_TWO}, "-", "24 14:00", "24 17:00", "24 21:00"),
        ("24 09:00", "25 17:00", {"owner": FROM_TWO, "requester": FROM_SIX}, "-", "24 13:00", "25 14:30", "25 13:00"),
        ("24 09:00", "25 17:00", {"owner": FROM_SIX}, "25 09:00", "24 17:00", "25 13:00", "25 16:00"),
    ],
)
def test_each_side_is_asked_and_warned_in_time(
    made: str, due: str, changes: dict[str, Any], asked: str, warned: str, called: str, silent: str
) -> None:
    found = timing(made, due, **changes)
    times = found.check_in_at, found.heads_up_at, found.last_call_at, found.silence_notice_by
    assert tuple(map(shown, times)) == (asked, warned, called, silent)


def word(act: Act, at: str) -> dict[str, Word]:
    return {"last_word": Word(act, "", utc(at))}


@pytest.mark.parametrize(
    ("due", "changes", "asked"),
    [
        ("20 09:00", {}, "16 09:00"),  # eight working days
        ("19 17:59", {}, "-"),
        ("20 09:00", OWN | {"lead_days": 3}, "16 09:00"),  # a working day before the check-in
        ("20 09:00", OWN | {"lead_days": 4}, "-"),
        ("20 09:00", word(Act.ON_TRACK, "13 09:00"), "16 09:00"),  # a working day after their word
        ("20 09:00", word(Act.ON_TRACK, "13 09:01"), "-"),
    ],
)
def test_the_owner_of_long_work_is_asked_half_way(due: str, changes: dict[str, Any], asked: str) -> None:
    assert shown(timing("10 09:00", due, **changes).midway_at) == asked


@pytest.mark.parametrize(
    ("due", "is_due_at_work"), [("24 09:00", True), ("24 08:59", False), ("24 18:00", True), ("24 18:01", False)]
)
def test_the_end_of_a_working_day_is_part_of_it(due: str, is_due_at_work: bool) -> None:
    assert timing("23 09:00", due).is_due_at_work is is_due_at_work


@pytest.mark.parametrize(
    ("act", "at", "renegotiated_at", "is_on_track"),
    [
        (Act.ON_TRACK, "27 12:30", None, True),
        (Act.ON_TRACK, "27 12:29", None, False),
        (Act.ON_TRACK, "27 12:30", "27 12:31", False),  # on other terms
        (Act.AT_RISK, "27 13:00", None, False),
    ],
)
def test_on_track_counts_for_two_hours_on_the_same_terms(
    act: Act, at: str, renegotiated_at: str | None, is_on_track: bool
) -> None:
    changed = {"renegotiated_at": utc(renegotiated_at) if renegotiated_at else None}
    assert timing("23 09:00", "27 17:00", **word(act, at), **changed).is_on_track(utc("27 14:30")) is is_on_track


@pytest.mark.parametrize(
    ("changes", "began", "word_at"),
    [
        ({}, "23 09:00", "23 09:00"),
        (word(Act.ACCEPT_REQUEST, "23 11:00"), "23 11:00", "23 11:00"),
        (word(Act.AT_RISK, "23 11:00"), "23 09:00", "23 11:00"),
        ({"renegotiated_at": utc("24 10:00")}, "24 10:00", "24 10:00"),
        (word(Act.ACCEPT_REQUEST, "23 11:00") | {"renegotiated_at": utc("24 10:00")}, "24 10:00", "24 10:00"),
    ],
)
def test_terms_begin_when_both_agree(changes: dict[str, Any], began: str, word_at: str) -> None:
    found = timing("23 09:00", "27 17:00", **changes)
    assert (found.began_at, found.word_at) == (utc(began), utc(word_at))


@pytest.mark.parametrize(
    ("offer", "is_offering"),
    [
        (Proposal(ALICE, BOB, utc("27 10:30"), what="half"), True),
        (Proposal(ALICE, BOB, utc("27 10:29"), what="half"), False),
        (Proposal(BOB, ALICE, utc("27 12:00"), what="half"), False),
        (Proposal(ALICE, DAVE, utc("27 12:00"), heir=DAVE), False),
        (None, False),
    ],
)
def test_an_offer_of_the_owners_stands_for_four_hours(offer: Proposal | None, is_offering: bool) -> None:
    assert timing("23 09:00", "27 17:00", proposal=offer).is_offering(utc("27 14:30")) is is_offering
