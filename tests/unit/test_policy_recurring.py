"""Recurring promises: every Friday, the last of the month, and not on a holiday."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotAllowedError
from bot.domain.recurring import OnDayOff, RecurrencePace, RecurrenceRule, Series, next_due
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, CHARLIE, MONDAY

BERLIN = WorkingHours("Europe/Berlin")
FRIDAYS = RecurrenceRule(RecurrencePace.WEEKLY, time(17), "Europe/Berlin", date(2026, 11, 23), frozenset({4}))


def series(rule: RecurrenceRule) -> Series:
    return Series(ALICE, BOB, "send the status", rule)


def occurrences(rule: RecurrenceRule, owner: WorkingHours = BERLIN, after: datetime = MONDAY) -> Iterator[datetime]:
    while due := next_due(series(rule), after, owner):
        yield due.local
        after = due.at


def days(rule: RecurrenceRule, count: int, owner: WorkingHours = BERLIN) -> list[str]:
    return [f"{at:%m-%d %H:%M}" for at in islice(occurrences(rule, owner), count)]


def test_every_friday_is_every_friday_at_the_same_hour_on_the_wall() -> None:
    assert days(FRIDAYS, 3) == ["11-27 17:00", "12-04 17:00", "12-11 17:00"]
    spring = replace(FRIDAYS, starts_on=date(2027, 3, 22))
    utc_hours = [at.astimezone(UTC).hour for at in islice(occurrences(spring), 2)]
    assert utc_hours == [16, 15]


def test_a_holiday_is_skipped_or_brought_forward_by_rule() -> None:
    christmas = replace(BERLIN, days_off=frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    december = replace(FRIDAYS, starts_on=date(2026, 12, 14))
    assert days(december, 3, christmas) == ["12-18 17:00", "01-01 17:00", "01-08 17:00"]
    assert days(replace(december, on_day_off=OnDayOff.DAY_BEFORE), 2, christmas) == ["12-18 17:00", "12-23 17:00"]


def test_every_other_week_counts_from_the_week_it_began_in() -> None:
    assert days(replace(FRIDAYS, every=2), 3) == ["11-27 17:00", "12-11 17:00", "12-25 17:00"]


def test_a_month_without_that_day_means_its_last() -> None:
    monthly = RecurrenceRule(RecurrencePace.MONTHLY, time(9), "UTC", date(2026, 12, 1), day=31)
    assert days(monthly, 3) == ["12-31 09:00", "01-31 09:00", "02-28 09:00"]
    assert days(replace(monthly, every=3), 2) == ["12-31 09:00", "03-31 09:00"]


def test_daily_means_the_owners_working_days() -> None:
    daily = RecurrenceRule(RecurrencePace.DAILY, time(10), "Europe/Berlin", date(2026, 11, 27))
    assert days(daily, 2) == ["11-27 10:00", "11-30 10:00"]


def test_it_ends_on_its_day_with_either_side_or_when_the_owner_leaves() -> None:
    assert len(list(occurrences(replace(FRIDAYS, ends_on=date(2026, 12, 5))))) == 2
    for person in (ALICE, BOB):
        assert next_due(series(FRIDAYS).ended(person, MONDAY), MONDAY, BERLIN) is None
    with pytest.raises(NotAllowedError):
        series(FRIDAYS).ended(CHARLIE, MONDAY)
    assert next_due(series(FRIDAYS), MONDAY, BERLIN, owner_is_gone=True) is None


@given(
    st.sampled_from(RecurrencePace),
    st.sampled_from(OnDayOff),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 31),
    st.integers(1, 4),
    st.sets(st.integers(0, 90), max_size=30),
)
def test_occurrences_only_ever_go_forward_and_never_fall_on_a_day_off(
    pace: RecurrencePace, on_day_off: OnDayOff, weekdays: set[int], day: int, every: int, off: set[int]
) -> None:
    start = MONDAY.date()
    owner = replace(BERLIN, days_off=frozenset(start + timedelta(days=n) for n in off))
    rule = RecurrenceRule(
        pace, time(12), "Europe/Berlin", start, frozenset(weekdays), day, every, on_day_off=on_day_off
    )
    found = list(islice(occurrences(rule, owner), 8))
    assert len(found) == 8
    assert all(later > earlier for earlier, later in pairwise(found))
    assert not any(at.date() in owner.days_off for at in found)
