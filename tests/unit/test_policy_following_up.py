"""After silence: asking once more, telling the other side, and putting off no longer than an answer helps."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.acts import Act
from bot.domain.deciding import Entry, perform
from bot.domain.errors import TooLateError
from bot.domain.following_up import can_wait, comes_back_at, is_unanswered, snoozed_until
from bot.domain.habits import Habits
from bot.domain.promise import CLOCK, Due, Promise
from bot.domain.reminders import FOLLOW_UPS, Kind, plan
from bot.domain.timing import ANSWER_TIME, LEAST_GAP
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, entry, promised
from tests.unit.policy_people import due_in

EVERYDAY = WorkingHours()
HOUR = timedelta(hours=1)
CHECK_IN = datetime(2026, 11, 26, 13, tzinfo=UTC)


def planned(promise: Promise, now: datetime = MONDAY, owner: WorkingHours | Habits = EVERYDAY) -> dict[Kind, datetime]:
    return {nudge.kind: nudge.at for nudge in plan(promise, owner, EVERYDAY, now)}


def test_silence_is_asked_once_more_after_four_working_hours_and_told_after_four_more() -> None:
    nudges = plan(promised(), EVERYDAY, EVERYDAY, MONDAY)
    assert [(n.at - CHECK_IN, n.to) for n in nudges if n.kind is Kind.ASK_AGAIN] == [(4 * HOUR, ALICE)]
    assert [(n.at, n.to) for n in nudges if n.kind is Kind.NO_WORD] == [(datetime(2026, 11, 27, 12, tzinfo=UTC), BOB)]


def test_no_follow_up_crowds_a_short_promise_or_a_promise_to_oneself() -> None:
    assert not FOLLOW_UPS & set(planned(due_in(4 * HOUR, MONDAY)))
    assert Kind.NO_WORD not in planned(promised(requester_id=ALICE))


@pytest.mark.parametrize("act", [Act.ON_TRACK, Act.AT_RISK, Act.PROPOSE])
def test_whoever_spoke_after_the_check_in_is_not_asked_again(act: Act) -> None:
    answered = perform(promised(), entry(act, ALICE, CHECK_IN + HOUR))
    assert not FOLLOW_UPS & set(planned(answered, CHECK_IN + HOUR))


def test_whoever_spoke_just_before_the_check_in_is_not_asked_at_all() -> None:
    answered = perform(promised(), entry(Act.ON_TRACK, ALICE, CHECK_IN - 2 * HOUR))
    assert not {Kind.CHECK_IN, *FOLLOW_UPS} & set(planned(answered, CHECK_IN - 2 * HOUR))
    spoke_early = perform(promised(), entry(Act.ON_TRACK, ALICE, MONDAY + HOUR))
    assert {Kind.CHECK_IN, *FOLLOW_UPS} <= set(planned(spoke_early, MONDAY + HOUR))


def test_a_risk_that_was_told_still_gets_its_last_call() -> None:
    at_risk = perform(promised(), entry(Act.AT_RISK, ALICE, CHECK_IN + HOUR))
    assert Kind.LAST_CALL in planned(at_risk, CHECK_IN + HOUR)


def test_an_old_on_track_does_not_spare_the_last_call_and_a_fresh_one_does() -> None:
    old = perform(promised(), entry(Act.ON_TRACK, ALICE, CHECK_IN + HOUR))
    assert Kind.LAST_CALL in planned(old, CHECK_IN + HOUR)
    fresh = perform(promised(), entry(Act.ON_TRACK, ALICE, FRIDAY - 3 * HOUR))
    assert Kind.LAST_CALL not in planned(fresh, FRIDAY - 3 * HOUR)


def test_the_mark_of_a_miss_does_not_call_off_what_is_said_at_the_deadline() -> None:
    missed = perform(promised(), Entry(Act.MISS, CLOCK, FRIDAY))
    assert planned(missed, FRIDAY)[Kind.DUE_NOW] == FRIDAY
    assert Kind.DUE_NOW not in planned(missed, FRIDAY + HOUR)


def test_the_requester_is_told_of_silence_well_after_the_second_question_or_not_at_all() -> None:
    for hours in range(1, 80):
        nudges = planned(due_in(hours * HOUR, MONDAY))
        if Kind.NO_WORD in nudges:
            assert nudges[Kind.ASK_AGAIN] + HOUR <= nudges[Kind.NO_WORD] <= MONDAY + (hours - 1) * HOUR


def test_a_moved_last_call_keeps_an_hour_from_the_check_in() -> None:
    for hours in range(1, 80):
        nudges = planned(due_in(hours * HOUR, MONDAY + 8 * HOUR), MONDAY + 8 * HOUR)
        if Kind.LAST_CALL in nudges:
            assert nudges[Kind.LAST_CALL] - nudges[Kind.CHECK_IN] >= timedelta(minutes=10)


def test_the_requester_hears_while_the_owner_is_still_there_to_answer() -> None:
    away = frozenset({datetime(2026, 11, 26, tzinfo=UTC).date(), datetime(2026, 11, 27, tzinfo=UTC).date()})
    nudges = planned(promised(), owner=WorkingHours(days_off=away))
    assert nudges[Kind.HEADS_UP] <= datetime(2026, 11, 25, 14, tzinfo=UTC)
    gone_at_once = WorkingHours(days_off=away | {MONDAY.date() + timedelta(days=n) for n in range(3)})
    assert planned(promised(), owner=gone_at_once)[Kind.HEADS_UP] == datetime(2026, 11, 26, 17, tzinfo=UTC)


def test_a_word_on_older_terms_answers_nothing() -> None:
    offered = perform(promised(), entry(Act.PROPOSE, ALICE, CHECK_IN))
    agreed = perform(offered, entry(Act.ACCEPT_PROPOSAL, BOB, CHECK_IN + HOUR))
    assert Kind.CHECK_IN in planned(agreed, CHECK_IN + HOUR)


def test_any_act_of_the_owner_since_the_check_in_is_an_answer() -> None:
    promise = promised()
    made = entry(Act.PROMISE, ALICE, MONDAY)
    assert is_unanswered(promise, [made], CHECK_IN)
    assert is_unanswered(promise, [made, entry(Act.PROPOSE, BOB, CHECK_IN), Entry(Act.EXPIRE, CLOCK, FRIDAY)], CHECK_IN)
    assert not is_unanswered(promise, [made, entry(Act.REJECT_PROPOSAL, ALICE, CHECK_IN)], CHECK_IN)
    assert not is_unanswered(promise, [made], None), "who was never asked has not been silent"


def test_long_work_is_asked_about_half_way_unless_it_was_just_spoken_of() -> None:
    long = due_in(timedelta(days=14), MONDAY)
    half_way = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert planned(long)[Kind.MIDWAY] == half_way
    assert Kind.MIDWAY not in planned(promised())
    spoken = perform(long, entry(Act.ON_TRACK, ALICE, half_way - timedelta(days=3) + HOUR))
    assert Kind.MIDWAY not in planned(spoken, half_way - timedelta(days=2))


def test_check_ins_come_before_an_absence_begins() -> None:
    away = frozenset(datetime(2026, 11, day, tzinfo=UTC).date() for day in range(25, 28))
    for owner in (WorkingHours(days_off=away), Habits(WorkingHours(days_off=away))):
        assert planned(promised(), owner=owner)[Kind.CHECK_IN] <= datetime(2026, 11, 24, 18, tzinfo=UTC)


def test_quiet_hours_move_a_question_earlier() -> None:
    habits = Habits(EVERYDAY, quiet=(time(12), time(14)))
    assert planned(promised(), owner=habits)[Kind.CHECK_IN] == datetime(2026, 11, 26, 11, tzinfo=UTC)


def test_a_deadline_on_a_weekend_is_named_at_its_hour_but_never_in_the_night() -> None:
    saturday_noon, saturday_night = timedelta(days=5, hours=3), timedelta(days=5, hours=13)
    assert planned(due_in(saturday_noon, MONDAY))[Kind.DUE_NOW] == MONDAY + saturday_noon
    assert Kind.DUE_NOW not in planned(due_in(saturday_night, MONDAY))
    assert planned(due_in(saturday_noon, MONDAY))[Kind.LAST_CALL] == datetime(2026, 11, 27, 17, tzinfo=UTC)


def test_a_promise_or_a_person_may_ask_to_be_told_further_ahead() -> None:
    ahead = Habits(EVERYDAY, lead_days=3)
    assert planned(promised(), owner=ahead)[Kind.CHECK_IN] == datetime(2026, 11, 24, 17, tzinfo=UTC)
    both = {n.kind: n.at for n in plan(promised(), EVERYDAY, EVERYDAY, MONDAY, lead_days=2)}
    assert both[Kind.HEADS_UP] == datetime(2026, 11, 25, 17, tzinfo=UTC)


def test_what_is_put_off_comes_back_while_an_answer_still_helps() -> None:
    early_until = datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert snoozed_until(promised(), EVERYDAY, HOUR, CHECK_IN) == CHECK_IN + HOUR
    assert snoozed_until(promised(), EVERYDAY, timedelta(days=2), CHECK_IN) == early_until
    assert snoozed_until(promised(), EVERYDAY, timedelta(days=2), early_until) == FRIDAY - HOUR
    assert snoozed_until(promised(), EVERYDAY, HOUR, FRIDAY - HOUR) == FRIDAY - timedelta(minutes=5)
    assert snoozed_until(promised(), EVERYDAY, timedelta(days=2), FRIDAY + HOUR) == FRIDAY + 3 * HOUR
    with pytest.raises(TooLateError, match="due in a few minutes"):
        snoozed_until(promised(), EVERYDAY, HOUR, FRIDAY - timedelta(minutes=3))


def test_a_warning_waits_only_while_half_a_working_day_is_left() -> None:
    assert can_wait(Kind.CHECK_IN, promised(), FRIDAY - 4 * HOUR)
    assert not can_wait(Kind.HEADS_UP, promised(), FRIDAY - 3 * HOUR)
    assert not can_wait(Kind.LAST_CALL, promised(), FRIDAY - 4 * HOUR)
    assert not can_wait(Kind.DUE_NOW, promised(), FRIDAY + 2 * HOUR)
    assert can_wait(Kind.OVERDUE, promised(), FRIDAY + timedelta(days=3))


@given(st.integers(1, 100 * 60), st.integers(0, 100 * 60 + 300))
def test_what_is_put_off_comes_back_in_working_hours_where_any_are_left(length: int, clicked: int) -> None:
    """Never after its last useful moment either: that is `snoozed_until`, of which this is the earlier."""
    due_at = MONDAY + timedelta(minutes=length)
    promise = promised(terms=replace(promised().terms, due=Due(due_at, "UTC")))
    now, owner = MONDAY + timedelta(minutes=clicked), Habits()
    try:
        bound = snoozed_until(promise, Habits(), owner.hours.after(now, ANSWER_TIME) - now, now)
    except TooLateError:
        return
    at = comes_back_at(promise, owner, Habits(), now)
    assert now < at <= bound
    if not owner.is_listening(at):
        assert owner.moment_before(bound, now + LEAST_GAP) is None
