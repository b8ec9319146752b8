"""Working time by bisection is the same as by a walk through the days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.habits import Absence, Habits
from bot.domain.preferences import Preferences
from bot.domain.spans import Spans
from tests.patience import IS_LONG
from tests.unit import day_by_day
from tests.unit.policy_people import ZONES

#: Zones with odd offsets, and clocks that change at midnight or by half an hour.
ODD = ["Europe/Berlin", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "Atlantic/Azores", "Africa/Casablanca"]
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 3 * 365 * 24 * 60).map(lambda count: FIRST + timedelta(minutes=count))
amounts = st.sampled_from([0, 1, 15, 60, 90, 240, 540, 1080, 4320, 14400]).map(lambda each: timedelta(minutes=each))


@st.composite
def habits(draw: st.DrawFn) -> Habits:
    """Settings that the form accepts: day or night, holidays, quiet hours, a day off or more than a year of leave."""
    half = draw(st.integers(0, 43))
    end = draw(st.integers(half + 4, 47))
    at = st.integers(0, 47).map(_half_hour)
    chosen = Preferences(
        days=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        start=_half_hour(half),
        end=_half_hour(end),
        quiet=draw(st.none() | st.tuples(at, at).filter(lambda quiet: quiet[0] != quiet[1])),
    )
    if chosen.faults():
        chosen = Preferences(chosen.days, chosen.start, chosen.end)
    first = draw(minutes).date()
    length = draw(st.sampled_from([0, 3, 30, 399, 420]))
    away = draw(st.lists(st.just(Absence(first, first + timedelta(days=length))), max_size=1))
    holidays = draw(st.sets(minutes.map(datetime.date), max_size=8))
    return chosen.habits(draw(st.sampled_from(ODD) | st.sampled_from(ZONES)), holidays, away)


def _half_hour(number: int) -> time:
    return time(number // 2, 30 * (number % 2))


@settings(max_examples=300 if IS_LONG else 100)
@given(habits(), minutes, st.integers(-60 * 24 * 60, 200 * 24 * 60), amounts)
def test_bisection_finds_the_working_time_that_a_walk_through_the_days_finds(
    person: Habits, at: datetime, ahead: int, amount: timedelta
) -> None:
    hours, other = person.hours, at + timedelta(minutes=ahead)
    assert hours.is_working(at) == day_by_day.is_working(hours, at)
    assert hours.next_opening(at) == day_by_day.next_opening(hours, at)
    assert hours.leaving(at, amount) == day_by_day.leaving(hours, at, amount)
    assert hours.after(at, amount) == day_by_day.after(hours, at, amount)
    assert hours.working_time(at, other) == day_by_day.working_time(hours, at, other)


@settings(max_examples=300 if IS_LONG else 100)
@given(habits(), minutes, st.integers(-3 * 24 * 60, 60 * 24 * 60))
def test_bisection_finds_the_message_hours_that_a_walk_through_the_days_finds(
    person: Habits, at: datetime, ahead: int
) -> None:
    other = at + timedelta(minutes=ahead)
    assert person.is_listening(at) == day_by_day.is_listening(person, at)
    assert person.moment_before(other, at) == day_by_day.moment_before(person, other, at)
    assert person.moment_after(at, other) == day_by_day.moment_after(person, at, other)
    assert person.next_morning(at) == day_by_day.next_morning(person, at)


@pytest.mark.parametrize("edge", ["start", "end"])
def test_the_edges_of_a_day_are_those_of_a_walk(edge: str) -> None:
    hours = Habits().hours
    at = datetime.combine(date(2026, 11, 27), getattr(hours, edge), UTC)
    for instant in (at - timedelta.resolution, at, at + timedelta.resolution):
        for amount in (timedelta(), timedelta.resolution, hours.working_day, 2 * hours.working_day):
            assert hours.leaving(instant, amount) == day_by_day.leaving(hours, instant, amount)
            assert hours.after(instant, amount) == day_by_day.after(hours, instant, amount)
        assert hours.is_working(instant) == day_by_day.is_working(hours, instant)


def test_a_search_that_forgets_what_has_passed_in_a_day_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spans, "passed", lambda spans, at: spans.before[sum(start <= at for start in spans.starts)])
    with pytest.raises(AssertionError):
        test_the_edges_of_a_day_are_those_of_a_walk("start")
