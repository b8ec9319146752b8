"""Days and weeks in a period: what "end of Q3", "the last Friday of May" and "early next week" mean."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.domain.reading.answer import Granularity
from bot.domain.reading.kinds import Unit
from bot.domain.reading.meaning import DAY, Days, Stretch, View, again, on
from bot.domain.reading.periods import GRAINS, period, week_of

FindDay = Callable[[Stretch], date | None]


def end_of(_: View, days: Days) -> Days:
    return tuple(replace(stretch, ends=True) for stretch in days)


def end_of_this(view: View, unit: Unit) -> Days | None:
    found = period(view, unit, 0)
    return None if found is None else (replace(found, ends=True),)


def end_of_same(view: View, unit: Unit, days: Days) -> Days | None:
    """ "EOM April", "EOW next week": the unit and the period must agree."""
    return end_of(view, days) if all(stretch.grain is GRAINS.get(unit) for stretch in days) else None


def start_of(_: View, days: Days) -> Days:
    return tuple(on(stretch.first) for stretch in days)


def beginning_of(_: View, days: Days) -> Days:
    """Return the candidates for "the beginning of": its first day, or its first third."""
    return _sixths(days, 0, 2)


def early_in(_: View, days: Days) -> Days:
    return _sixths(days, 1, 2)


def middle_of(_: View, days: Days) -> Days:
    """The middle of a week is its third day or the one after that."""
    return tuple(
        on(day)
        for one in days
        for day in (
            (one.first + 2 * DAY, one.first + 3 * DAY)
            if one.grain is Granularity.WEEK
            else (one.first + 14 * DAY, one.first + 19 * DAY)
            if one.grain is Granularity.MONTH
            else (one.first + (one.last - one.first) // 2, one.first + 2 * (one.last - one.first) // 3)
        )
    )


def _sixths(days: Days, *parts: int) -> Days:
    return tuple(on(one.first + part * (one.last - one.first) // 6) for one in days for part in parts)


def nth_weekday_of(view: View, nth: int, number: int, days: Days) -> Days | None:
    """ "The second Monday of March", "the last Friday of next month" (nth = -1)."""

    def find(stretch: Stretch) -> date | None:
        first = stretch.first + (number - stretch.first.weekday()) % 7 * DAY
        last = stretch.last - (stretch.last.weekday() - number) % 7 * DAY
        day = first + 7 * (nth - 1) * DAY if nth >= 0 else last
        return day if stretch.first <= day <= stretch.last else None

    return _in_period(view, days, find)


def nth_week_of(view: View, nth: int, days: Days) -> Days | None:
    """ "The first week of May" begins with its first Monday, or holds its first Thursday: often the same."""
    mondays, thursdays = (nth_weekday_of(view, nth, weekday, days) for weekday in (0, 3))
    if not mondays or not thursdays:
        return None
    return tuple(dict.fromkeys(week_of(view, mondays) + week_of(view, thursdays)))


def last_weekday_of(view: View, number: int, days: Days) -> Days | None:
    return nth_weekday_of(view, -1, number, days)


def nth_day_of(view: View, nth: int, unit: Unit, days: Days) -> Days | None:
    """ "The third working day of next month", "the last day of March" (nth = -1)."""

    def find(stretch: Stretch) -> date | None:
        if unit is Unit.WEEKEND:
            saturday = nth_weekday_of(view, nth, 5, (replace(stretch, every=None),))  # of this very month
            return saturday[0].last + DAY if saturday else None
        step = DAY if nth > 0 else -DAY
        day, left = (stretch.first if nth > 0 else stretch.last) - step, abs(nth)
        while left and stretch.first <= day + step <= stretch.last:
            day += step
            left -= unit is Unit.DAY or view.hours.works_on(day)
        return day if nth and not left else None

    return _in_period(view, days, find) if unit in (Unit.DAY, Unit.WORKDAY, Unit.WEEKEND) else None


def nth_weekend_of(view: View, nth: int, days: Days) -> Days | None:
    return nth_day_of(view, nth, Unit.WEEKEND, days)


def nth_workday_of(view: View, nth: int, days: Days) -> Days | None:
    return nth_day_of(view, nth, Unit.WORKDAY, days)


def last_day_of(view: View, unit: Unit, days: Days) -> Days | None:
    if unit is Unit.WEEK:
        # The last whole week, or the one that holds the last Thursday.
        sundays, thursdays = (nth_weekday_of(view, -1, weekday, days) for weekday in (6, 3))
        return (
            tuple(dict.fromkeys(week_of(view, sundays) + week_of(view, thursdays))) if sundays and thursdays else None
        )
    return nth_day_of(view, -1, unit, days)


def _in_period(view: View, days: Days, find: FindDay) -> Days | None:
    """A day found in a period; in the period's next turn when it is over and the year was left open."""
    if len(days) != 1 or days[0].single:
        return None
    day = find(days[0])
    if days[0].every is not None and (day is None or day < view.today):
        day = find(again(days[0]))
    return () if day is None else (on(day),)
