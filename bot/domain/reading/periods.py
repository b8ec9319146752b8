"""Weeks, months, quarters and years: what "next month", "the week after next" and "end of Q3" mean."""

from dataclasses import replace
from datetime import date

from bot.domain.reading.answer import Granularity
from bot.domain.reading.kinds import Digits, Unit
from bot.domain.reading.meaning import (
    DAY,
    MONTHS,
    Days,
    Length,
    Stretch,
    View,
    again,
    last_of_month,
    length_of,
    on,
    plus,
    plus_months,
)
from bot.domain.reading.weekdays import week_start

GRAINS = {
    Unit.WEEK: Granularity.WEEK,
    Unit.MONTH: Granularity.MONTH,
    Unit.QUARTER: Granularity.QUARTER,
    Unit.YEAR: Granularity.YEAR,
}


def period(view: View, unit: Unit, ahead: int) -> Stretch | None:
    """This week, next month, the quarter after next …"""
    if unit in MONTHS and unit in GRAINS:
        size = MONTHS[unit]
        first = plus_months(view.today.replace(month=1 + (view.today.month - 1) // size * size, day=1), size * ahead)
        return Stretch(first, plus_months(first, size) - DAY, GRAINS[unit])
    first = week_start(view, view.today) + 7 * ahead * DAY
    if unit is Unit.WEEK:
        return Stretch(first, first + 6 * DAY, Granularity.WEEK)
    if unit is Unit.WEEKEND:
        return Stretch(first + 5 * DAY, first + 6 * DAY, Granularity.DAY)
    return None


def relative_period(view: View, ahead: int, unit: Unit) -> Days | None:
    """ "Next day" and "next business day" count days; anything else counts whole periods of the calendar."""
    if unit in (Unit.DAY, Unit.WORKDAY):
        length = Length(days=ahead) if unit is Unit.DAY else Length(workdays=ahead)
        return (on(plus(view, view.today, length)),)
    found = period(view, unit, ahead)
    return None if found is None else (found,)


def twice_relative_period(view: View, ahead: int, more: int, unit: Unit) -> Days | None:
    return relative_period(view, ahead + more, unit)


def coming_period(view: View, unit: Unit) -> Days | None:
    """ "The coming weekend" is the next to begin; "the coming week" is next week."""
    return relative_period(
        view, 0 if unit is Unit.WEEKEND and (view.today - week_start(view, view.today)).days < 5 else 1, unit
    )


def weekend(view: View) -> Days | None:
    return relative_period(view, 0, Unit.WEEKEND)


def last_period(view: View, unit: Unit) -> Days | None:
    return relative_period(view, -1, unit)


def period_after_next(view: View, unit: Unit) -> Days | None:
    return relative_period(view, 2, unit)


def period_after(_: View, unit: Unit, days: Days) -> Days | None:
    """ "The week after next week"."""
    if any(stretch.grain is not GRAINS.get(unit) for stretch in days):
        return None
    return tuple(replace(again(replace(stretch, every=unit)), every=stretch.every) for stretch in days)


def this_period(view: View, unit: Unit) -> Days | None:
    """ "The month": this one, or the next when what is named in it is over."""
    found = period(view, unit, 0)
    return None if found is None else (replace(found, every=unit),)


def within(view: View, unit: Unit) -> Days | None:
    """ "Within the week": before it is over, or before another has passed."""
    this, length = on(view.today) if unit is Unit.DAY else period(view, unit, 0), length_of(1, unit)
    if this is None or length is None:
        return None
    return (this, on(plus(view, view.today, length)))


def named_month(view: View, month: int) -> Days:
    found = month_of(view, month, view.today.year)
    return (found if found.last >= view.today else again(found),)


def month_of(_: View, month: int, year: int) -> Stretch:
    return Stretch(date(year, month, 1), last_of_month(year, month), Granularity.MONTH, every=Unit.YEAR)


def month_in(view: View, month: int, year: int) -> Days:
    return (replace(month_of(view, month, year), every=None),)


def month_in_numbers(view: View, month: Digits, year: int) -> Days | None:
    """3/2027, 2027-03."""
    return month_in(view, month, year) if month.width <= 2 and 0 < month < 13 else None


def month_years_on(view: View, month: int, ahead: int) -> Days:
    return month_in(view, month, view.today.year + ahead)


def relative_month(view: View, ahead: int, month: int) -> Days:
    """ "Next March", with this year's still ahead, may be either."""
    coming = named_month(view, month)
    if not ahead or coming[0].first.year > view.today.year:
        return coming
    return (*coming, again(coming[0]))


def quarter(view: View, number: int) -> Days | None:
    if not 1 <= number <= 4:
        return None
    found = _quarter_of(number, view.today.year)
    return (found if found.last >= view.today else again(found),)


def quarter_in(_: View, number: int, year: int) -> Days | None:
    return (replace(_quarter_of(number, year), every=None),) if 1 <= number <= 4 else None


def quarter_within(view: View, number: int, years: Days) -> Days | None:
    return quarter_in(view, number, years[0].first.year) if years[0].grain is Granularity.YEAR else None


def _quarter_of(number: int, year: int) -> Stretch:
    first = date(year, 3 * number - 2, 1)
    return Stretch(first, plus_months(first, 3) - DAY, Granularity.QUARTER, every=Unit.YEAR)


def half_year(view: View, number: int) -> Days | None:
    """H1, H2."""
    found = half_year_in(view, number, view.today.year)
    over = found is not None and found[0].last < view.today
    return half_year_in(view, number, view.today.year + 1) if over else found


def half_year_in(_: View, number: int, year: int) -> Days | None:
    if not 1 <= number <= 2:
        return None
    first = date(year, 6 * number - 5, 1)
    return (Stretch(first, plus_months(first, 6) - DAY, Granularity.QUARTER),)


def half_year_within(view: View, number: int, years: Days) -> Days | None:
    return half_year_in(view, number, years[0].first.year)


def half_of_year_within(view: View, number: int, _: float, years: Days) -> Days | None:
    """ "The second half of 2027"."""
    return half_year_within(view, number, years)


def short_year_quarter(view: View, year: Digits, number: int) -> Days | None:
    """26Q3."""
    return quarter_in(view, number, 2000 + year) if year.width == 2 else None


def years_on(view: View, ahead: int) -> Days:
    return whole_year(view, view.today.year + ahead)


def this_year(view: View) -> Days:
    return years_on(view, 0)


def whole_year(_: View, year: int) -> Days:
    return (Stretch(date(year, 1, 1), date(year, 12, 31), Granularity.YEAR),)


def week_number(view: View, number: int) -> Days:
    found = week_in(view, view.today.year, number)
    return found if found and found[0].last >= view.today else week_in(view, view.today.year + 1, number)


def week_in(_: View, year: int, number: int) -> Days:
    try:
        first = date.fromisocalendar(year, number, 1)
    except ValueError:
        return ()
    return (Stretch(first, first + 6 * DAY, Granularity.WEEK),)


def day_of_week_in(_: View, year: int, number: int, day: int) -> Days:
    """2026-W12-5."""
    try:
        return (on(date.fromisocalendar(year, number, day)),)
    except ValueError:
        return ()


def weekend_of(view: View, days: Days) -> Days:
    return tuple(
        Stretch(week_start(view, s.first) + 5 * DAY, week_start(view, s.first) + 6 * DAY, Granularity.DAY) for s in days
    )


def week_of(view: View, days: Days) -> Days:
    """ "The week of April 6"."""
    return tuple(
        Stretch(week_start(view, s.first), week_start(view, s.first) + 6 * DAY, Granularity.WEEK) for s in days
    )
