"""Few messages: what is said together, what waits for the morning, and what the morning holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.acts import Act
from bot.domain.bundles import FREE, TOGETHER, Owed, brief, is_news, saying, today_began_at
from bot.domain.deciding import perform
from bot.domain.following_up import can_wait
from bot.domain.habits import Habits
from bot.domain.promise import Due, Promise
from bot.domain.reminders import NUDGES, Kind, Planned
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, entry, promised

HOUR = timedelta(hours=1)
ALICES = Habits(daily_cap=4)


def owed(kind: Kind, at: datetime, due_at: datetime = FRIDAY) -> Owed:
    promise = promised(terms=replace(promised().terms, due=Due(due_at, "UTC")))
    return Owed(promise, Planned(kind, ALICE, at, "v1"))


def test_what_is_due_within_two_hours_is_said_in_one_message() -> None:
    now, soon = owed(Kind.CHECK_IN, MONDAY), owed(Kind.HEADS_UP, MONDAY + 2 * HOUR)
    later = owed(Kind.CHECK_IN, MONDAY + 2 * HOUR + timedelta(seconds=1))
    assert set(saying([now, soon, later], ALICES, 0, MONDAY).said) == {now, soon}
    assert saying([soon], ALICES, 0, MONDAY).said == ()


def test_what_would_not_be_true_yet_is_not_said_early() -> None:
    now = owed(Kind.CHECK_IN, MONDAY)
    for kind in (Kind.DUE_NOW, Kind.OVERDUE, Kind.ASK_AGAIN, Kind.NO_WORD):
        assert saying([now, owed(kind, MONDAY + HOUR)], ALICES, 0, MONDAY).said == (now,)
        assert set(saying([now, waits := owed(kind, MONDAY)], ALICES, 0, MONDAY).said) == {now, waits}


def test_over_the_daily_limit_what_can_wait_comes_with_the_next_morning() -> None:
    waiting = [owed(Kind.CHECK_IN, MONDAY), owed(Kind.MIDWAY, MONDAY)]
    assert saying(waiting, ALICES, 3, MONDAY).said
    over = saying(waiting, ALICES, 4, MONDAY)
    assert (over.said, over.held) == ((), tuple(waiting))
    assert over.held_until == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_over_the_limit_what_cannot_wait_takes_the_rest_along() -> None:
    urgent, patient = owed(Kind.HEADS_UP, MONDAY, MONDAY + 5 * HOUR), owed(Kind.CHECK_IN, MONDAY)
    assert set(saying([urgent, patient], ALICES, 9, MONDAY).said) == {urgent, patient}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(NUDGES)), st.integers(0, 300), st.integers(0, 3000)), min_size=1, max_size=8
    ),
    st.integers(0, 8),
)
def test_nothing_due_is_lost_and_nothing_waits_past_its_use(
    drawn: list[tuple[Kind, int, int]], said_today: int
) -> None:
    now = MONDAY + 2 * HOUR
    waiting = [owed(kind, MONDAY + timedelta(minutes=at), now + timedelta(minutes=more)) for kind, at, more in drawn]
    said = saying(waiting, ALICES, said_today, now)
    assert {*said.said, *said.held} >= {one for one in waiting if one.nudge.at <= now}
    assert all(one.nudge.at <= now + TOGETHER for one in said.said)
    for one in said.held:
        assert said.held_until
        assert can_wait(one.nudge.kind, one.promise, said.held_until)
        assert said_today >= ALICES.daily_cap


def test_the_limit_counts_from_the_persons_own_midnight() -> None:
    tokyo = Habits(WorkingHours("Asia/Tokyo"))
    assert today_began_at(tokyo, MONDAY) == datetime(2026, 11, 22, 15, tzinfo=UTC)


def due_at(at: datetime, number: int, **changes: str) -> Promise:
    return promised(number=number, terms=replace(promised().terms, due=Due(at, "UTC")), **changes)


def test_the_morning_tells_what_is_owed_today_what_is_awaited_and_what_is_late() -> None:
    now = FRIDAY - 8 * HOUR
    today, tomorrow = due_at(FRIDAY, 1), due_at(FRIDAY + 24 * HOUR, 2)
    awaited = due_at(FRIDAY, 3, owner_id=CHARLIE, requester_id=ALICE)
    late = due_at(FRIDAY - 24 * HOUR, 4)
    own = due_at(FRIDAY - HOUR, 5, requester_id=ALICE)
    done = perform(due_at(FRIDAY, 6), entry(Act.REPORT, ALICE))
    morning = brief(ALICE, [today, tomorrow, awaited, late, own, done], ALICES, now)
    assert [p.number for p in morning.owes] == [5, 1]
    assert [p.number for p in morning.waits_for] == [3]
    assert [p.number for p in morning.late] == [4]
    assert brief(BOB, [today, late], ALICES, now).waits_for == (today,)
    assert brief(ALICE, [tomorrow, done], ALICES, now).is_empty


def news(at: datetime, due_at: datetime = FRIDAY, act: Act = Act.REPORT) -> Owed:
    told = owed(Kind.NOTICE, at, due_at)
    return replace(told, is_news=is_news(Kind.NOTICE, act))


def test_news_comes_at_once_twice_a_day_and_then_waits_an_hour_for_company() -> None:
    told = news(MONDAY)
    assert saying([told], ALICES, FREE - 1, MONDAY).said == (told,)
    waits = saying([told], ALICES, FREE, MONDAY)
    assert (waits.said, waits.held, waits.held_until) == ((), (told,), MONDAY + HOUR)
    assert saying([told], ALICES, FREE, MONDAY + HOUR).said == (told,)
    urgent = owed(Kind.NOTICE, MONDAY)
    assert set(saying([told, urgent], ALICES, FREE, MONDAY).said) == {told, urgent}


@pytest.mark.parametrize("act", [Act.PROPOSE, Act.COUNTER, Act.AT_RISK, Act.MISS, Act.REQUEST, Act.REVOKE, Act.REOPEN])
def test_what_somebody_may_have_to_answer_is_never_held(act: Act) -> None:
    told = news(MONDAY, act=act)
    for said_today in (0, FREE, 20):
        assert saying([told], ALICES, said_today, MONDAY).said == (told,)


def test_news_of_the_night_waits_for_the_morning_unless_the_promise_ends_before() -> None:
    night = MONDAY - 6 * HOUR
    waits = saying([news(night)], ALICES, 0, night)
    assert (waits.said, waits.held_until) == ((), MONDAY)
    short = news(night, MONDAY + 3 * HOUR, Act.PROMISE)
    assert saying([short], ALICES, 0, night).said == (short,)


def test_in_the_night_no_question_of_the_day_comes_along() -> None:
    late = MONDAY + 8 * HOUR + timedelta(minutes=59)
    urgent, question = owed(Kind.NOTICE, late + HOUR), owed(Kind.CHECK_IN, late + 2 * HOUR)
    assert saying([urgent, question], ALICES, 0, late + HOUR).said == (urgent,)


@given(st.integers(0, 6 * 24 * 60), st.integers(0, 30), st.integers(1, 8 * 24 * 60))
def test_news_never_waits_until_the_deadline_is_near(at: int, said_today: int, length: int) -> None:
    now = MONDAY + timedelta(minutes=at)
    told = news(now, now + timedelta(minutes=length), Act.PROMISE)
    outcome = saying([told], ALICES, said_today, now)
    assert outcome.said == (told,) or outcome.held == (told,)
    if outcome.held_until and outcome.held_until > now + HOUR:
        assert outcome.held_until + 4 * HOUR <= told.promise.terms.due.at
