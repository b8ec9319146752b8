"""When time speaks, as a pure function of promise, people and now."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.acts import Act
from bot.domain.deciding import Entry, perform
from bot.domain.promise import CLOCK, Due, Promise
from bot.domain.reminders import Kind, notices, plan, still_wanted
from bot.domain.working_time import WorkingHours, add_working_days
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, entry, promised

UTC_HOURS = WorkingHours()
BERLIN, NEW_YORK = WorkingHours("Europe/Berlin"), WorkingHours("America/New_York")


def due_in(span: timedelta, now: datetime = MONDAY) -> Promise:
    terms = promised().terms
    return promised(made_at=now, terms=type(terms)(terms.what, Due(now + span, "UTC")))


def planned(promise: Promise, now: datetime = MONDAY) -> dict[Kind, datetime]:
    return {nudge.kind: nudge.at for nudge in plan(promise, UTC_HOURS, UTC_HOURS, now)}


def test_the_requester_hears_a_working_day_ahead_and_the_owner_is_asked_four_working_hours_before_that() -> None:
    nudges = {(nudge.kind, nudge.to): nudge.at for nudge in plan(promised(), BERLIN, NEW_YORK, MONDAY)}
    assert nudges[Kind.HEADS_UP, BOB] == datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert nudges[Kind.CHECK_IN, ALICE] == datetime(2026, 11, 26, 13, tzinfo=UTC)
    assert nudges[Kind.LAST_CALL, ALICE] == FRIDAY - timedelta(hours=1)
    assert nudges[Kind.DUE_NOW, ALICE] == FRIDAY
    assert nudges[Kind.OVERDUE, ALICE] == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_a_monday_deadline_is_spoken_of_on_friday() -> None:
    nudges = planned(promised(terms=replace(promised().terms, due=Due(FRIDAY + timedelta(days=3), "UTC"))))
    assert nudges[Kind.HEADS_UP] == FRIDAY


@pytest.mark.parametrize("minutes", [10, 30, 120, 300])
def test_a_short_promise_is_spoken_of_half_way(minutes: int) -> None:
    nudges = planned(due_in(timedelta(minutes=minutes)))
    assert nudges[Kind.CHECK_IN] == nudges[Kind.HEADS_UP] == MONDAY + timedelta(minutes=minutes / 2)


def test_half_way_in_the_night_waits_for_the_morning_when_that_is_still_early_enough() -> None:
    evening, morning = datetime(2026, 11, 24, 20, tzinfo=UTC), datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert planned(due_in(timedelta(hours=14), evening), evening)[Kind.CHECK_IN] == morning
    assert planned(due_in(timedelta(hours=10), evening), evening)[Kind.CHECK_IN] == evening + timedelta(hours=5)


def test_a_last_call_never_crowds_the_check_in() -> None:
    assert Kind.LAST_CALL not in planned(due_in(timedelta(minutes=20)))
    assert Kind.LAST_CALL in planned(due_in(timedelta(hours=4)))


def test_a_promise_to_oneself_bothers_nobody_else() -> None:
    own = promised(requester_id=ALICE)
    assert {nudge.to for nudge in plan(own, UTC_HOURS, UTC_HOURS, MONDAY)} == {ALICE}


def test_nothing_is_planned_once_it_is_reported_or_closed() -> None:
    for act, by in ((Act.REPORT, ALICE), (Act.REVOKE, ALICE), (Act.RELEASE, BOB)):
        assert plan(perform(promised(), entry(act, by)), UTC_HOURS, UTC_HOURS, MONDAY) == ()


@given(
    made=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  given a zone
    minutes=st.integers(10, 60 * 24 * 60),
    zones=st.tuples(*[st.sampled_from(["UTC", "Asia/Tokyo", "America/St_Johns", "Australia/Lord_Howe"])] * 2),
    start=st.integers(0, 12),
)
def test_both_sides_always_hear_at_least_five_minutes_before_the_deadline(
    made: datetime, minutes: int, zones: tuple[str, str], start: int
) -> None:
    owner, requester = (WorkingHours(zone, start=time(start), end=time(start + 8)) for zone in zones)
    promise = due_in(timedelta(minutes=minutes), made)
    nudges = {nudge.kind: nudge.at for nudge in plan(promise, owner, requester, made)}
    due_at = promise.terms.due.at
    for kind in (Kind.CHECK_IN, Kind.HEADS_UP):
        assert made <= nudges[kind] <= due_at - timedelta(minutes=5)
    assert nudges[Kind.OVERDUE] > due_at


def test_the_overdue_nudge_comes_the_next_working_morning() -> None:
    assert planned(promised())[Kind.OVERDUE] == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert planned(due_in(timedelta(hours=2)))[Kind.OVERDUE] == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_what_was_planned_for_old_terms_or_an_earlier_time_is_dropped() -> None:
    promise = promised()
    assert still_wanted(Kind.CHECK_IN, "v1", promise, MONDAY)
    assert not still_wanted(Kind.CHECK_IN, "v0", promise, MONDAY)
    assert not still_wanted(Kind.HEADS_UP, "v1", promise, FRIDAY)
    assert not still_wanted(Kind.DUE_NOW, "v1", promise, FRIDAY + timedelta(hours=2))
    assert still_wanted(Kind.OVERDUE, "v1", promise, FRIDAY + timedelta(days=3))
    assert not still_wanted(Kind.OVERDUE, "v1", perform(promise, entry(Act.REPORT, ALICE)), FRIDAY + timedelta(days=3))
    assert still_wanted(Kind.NOTICE, "a2", perform(promise, entry(Act.REPORT, ALICE)), FRIDAY)


def told(promise: Promise, *acts: Entry) -> set[str]:
    before = promise
    for act in acts:
        before, promise = promise, perform(promise, act)
    return {notice.to for notice in notices(before, promise, acts[-1].act, acts[-1].by, MONDAY)}


def test_the_other_side_hears_of_each_act_and_the_actor_does_not() -> None:
    assert told(promised(), entry(Act.AT_RISK, ALICE)) == {BOB}
    assert told(promised(), entry(Act.ON_TRACK, ALICE)) == set()
    assert told(promised(), entry(Act.PROPOSE, ALICE)) == {BOB}
    assert told(promised(), entry(Act.PROPOSE, BOB)) == {ALICE}
    assert told(promised(), entry(Act.REPORT, ALICE)) == {BOB}
    assert told(promised(), Entry(Act.MISS, CLOCK, FRIDAY)) == {BOB}
    assert told(promised(requester_id=ALICE), entry(Act.AT_RISK, ALICE)) == set()
    assert told(promised(requester_id=ALICE), Entry(Act.MISS, CLOCK, FRIDAY)) == set()
    assert told(promised(watchers=(CHARLIE,)), entry(Act.REPORT, ALICE)) == {BOB, CHARLIE}
    assert told(promised(), entry(Act.REPORT, ALICE), Entry(Act.SETTLE, CLOCK, FRIDAY)) == {ALICE}


def test_a_hand_over_is_told_to_the_heir_and_its_answer_to_everybody_else() -> None:
    assert told(promised(), entry(Act.HAND_OVER, ALICE, heir=DAVE)) == {BOB, DAVE}
    offered = entry(Act.HAND_OVER, ALICE, heir=DAVE)
    assert told(promised(), offered, entry(Act.ACCEPT_PROPOSAL, DAVE)) == {ALICE, BOB}


def test_working_days_skip_the_weekend() -> None:
    days = [add_working_days(MONDAY, count, UTC_HOURS) for count in range(7)]
    assert all(UTC_HOURS.is_working(day) for day in days)
    assert all(later > earlier for earlier, later in pairwise(days))
    assert days[5] - MONDAY == timedelta(days=7)
