"""Every promise is spoken of in time and in people's own hours: over random people, zones, holidays and absences."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.acts import Act, State
from bot.domain.deciding import perform
from bot.domain.habits import Habits
from bot.domain.promise import Promise
from bot.domain.reminders import NUDGES, Kind, Planned, plan, still_wanted
from tests.unit.factories import ALICE, BOB, entry
from tests.unit.policy_people import could_listen, listens, situations

FIVE_MINUTES = timedelta(minutes=5)
WARNINGS = {Kind.CHECK_IN: ALICE, Kind.HEADS_UP: BOB}
Situation = tuple[Promise, Habits, Habits]
some = settings(max_examples=100, deadline=None)


def the(kind: Kind, nudges: tuple[Planned, ...]) -> Planned:
    (only,) = (nudge for nudge in nudges if nudge.kind is kind)
    return only


@some
@given(situations(), st.floats(0, 0.99))
def test_both_sides_hear_five_minutes_or_more_before_the_deadline_whenever_it_is_planned(
    situation: Situation, passed: float
) -> None:
    promise, owner, requester = situation
    due_at = promise.terms.due.at
    now = promise.made_at + passed * (due_at - promise.made_at)
    for kind, person in WARNINGS.items():
        nudge = the(kind, plan(promise, owner, requester, now))
        assert nudge.to == person
        assert now <= nudge.at < due_at
        if due_at - now >= 2 * FIVE_MINUTES:
            assert nudge.at <= due_at - FIVE_MINUTES


@some
@given(situations())
def test_a_warning_comes_outside_their_hours_only_if_there_was_no_moment_inside(situation: Situation) -> None:
    promise, owner, requester = situation
    nudges = plan(promise, owner, requester, promise.made_at)
    for kind, habits in ((Kind.CHECK_IN, owner), (Kind.HEADS_UP, requester)):
        if not listens(habits, the(kind, nudges).at):
            assert not could_listen(habits, promise.made_at, promise.terms.due.at - FIVE_MINUTES)


@some
@given(situations())
def test_everything_else_that_time_says_keeps_to_their_hours(situation: Situation) -> None:
    promise, owner, requester = situation
    due_at = promise.terms.due.at
    for nudge in plan(promise, owner, requester, promise.made_at):
        habits = owner if nudge.to == ALICE else requester
        if nudge.kind is Kind.DUE_NOW:
            assert nudge.at == due_at
        elif nudge.kind is Kind.OVERDUE:
            assert nudge.at > due_at
            assert listens(habits, nudge.at)
        elif nudge.kind not in WARNINGS:
            assert promise.made_at < nudge.at < due_at
            assert listens(habits, nudge.at) or not could_listen(habits, promise.made_at, due_at)


@some
@given(situations(timedelta(days=21)))
def test_the_requester_has_a_working_day_left_to_react(situation: Situation) -> None:
    promise, owner, requester = situation
    day = requester.hours.working_day
    if requester.hours.working_time(promise.made_at, promise.terms.due.at) < (requester.lead_days + 2) * day:
        return  # shorter than that, it is half-way
    told_at = the(Kind.HEADS_UP, plan(promise, owner, requester, promise.made_at)).at
    assert requester.hours.working_time(told_at, promise.terms.due.at) >= day


@some
@given(situations(), st.sampled_from([Act.REPORT, Act.REVOKE, Act.RELEASE]), st.timedeltas(timedelta(), timedelta(90)))
def test_nothing_is_said_once_it_is_over(situation: Situation, act: Act, later: timedelta) -> None:
    promise, owner, requester = situation
    by = BOB if act is Act.RELEASE else ALICE
    over = perform(promise, entry(act, by, promise.made_at + timedelta(minutes=1)))
    now = promise.made_at + timedelta(minutes=1) + later
    assert plan(over, owner, requester, now) == ()
    assert not any(still_wanted(kind, "v1", over, now) for kind in NUDGES)


@some
@given(situations(), st.timedeltas(timedelta(), timedelta(90)))
def test_no_warning_is_sent_after_the_deadline(situation: Situation, later: timedelta) -> None:
    promise = situation[0]
    now = promise.terms.due.at + later
    warnings = NUDGES - {Kind.DUE_NOW, Kind.OVERDUE}
    assert not any(still_wanted(kind, "v1", promise, now) for kind in warnings)
    assert {nudge.kind for nudge in plan(promise, *situation[1:], now)} <= {Kind.DUE_NOW, Kind.OVERDUE}


@some
@given(situations())
def test_the_deadline_itself_never_moves_and_planning_twice_plans_the_same(situation: Situation) -> None:
    promise, owner, requester = situation
    first = plan(promise, owner, requester, promise.made_at)
    assert plan(replace(promise), owner, requester, promise.made_at) == first
    assert promise.state is State.ACTIVE
    assert len({(nudge.kind, nudge.to, nudge.occasion) for nudge in first}) == len(first)
