"""Weekdays and days counted from another: what "next Friday" and "two days after tomorrow" mean."""

from datetime import date

from bot.domain.reading.answer import Granularity
from bot.domain.reading.kinds import Unit
from bot.domain.reading.meaning import DAY, Days, Length, View, length_of, on, plus


def first_weekday(view: View) -> int:
    """The day the owner's week begins with: Sunday or Saturday where it is the first after days off, else Monday."""
    days = view.hours.days
    return next((day for day in (6, 5) if day in days and day - 1 not in days), 0)


def week_start(view: View, day: date) -> date:
    return day - (day.weekday() - first_weekday(view)) % 7 * DAY


def dayword(view: View, ahead: int) -> Days:
    return (on(view.today + ahead * DAY),)


def weekday(view: View, number: int) -> Days:
    """Return the coming one. On that very day it may be today or in a week, until working hours end."""
    coming = view.today + (number - view.today.weekday()) % 7 * DAY
    if coming != view.today:
        return (on(coming),)
    return (on(coming + 7 * DAY),) if view.hours.closes(coming) <= view.now else (on(coming), on(coming + 7 * DAY))


def weekday_next(view: View, number: int) -> Days:
    """ "Thursday next": the coming one, or next week's."""
    return tuple(dict.fromkeys((*coming_weekday(view, number), *relative_weekday(view, 1, number))))


def unit_from(view: View, unit: Unit, days: Days) -> Days | None:
    """ "Fortnight from Monday"."""
    length = length_of(1, unit)
    return None if length is None else after(view, length, days[:1])


def coming_weekday(view: View, number: int) -> Days:
    return (on(view.today + ((number - view.today.weekday() - 1) % 7 + 1) * DAY),)


def relative_weekday(view: View, weeks: int, number: int) -> Days:
    """ "Next Friday" is next calendar week's; "this Monday", when the week's own is over, the coming one."""
    day = week_start(view, view.today) + (7 * weeks + (number - first_weekday(view)) % 7) * DAY
    return (on(day if day >= view.today or weeks else day + 7 * DAY),)


def twice_relative_weekday(view: View, weeks: int, more: int, number: int) -> Days:
    return relative_weekday(view, weeks + more, number)


def weekday_after_next(view: View, number: int) -> Days:
    """The one after the coming one, or after next week's: two days, unless they are the same."""
    coming = coming_weekday(view, number)[0].last + 7 * DAY
    return tuple(dict.fromkeys((on(coming), on(relative_weekday(view, 1, number)[0].last + 7 * DAY))))


def weekday_in(_: View, number: int, weeks: Days) -> Days | None:
    """ "Friday of next week"; None when the stretch is no week."""
    if any(stretch.grain is not Granularity.WEEK for stretch in weeks):
        return None
    return tuple(on(stretch.first + (number - stretch.first.weekday()) % 7 * DAY) for stretch in weeks)


def weekday_week(view: View, number: int) -> Days:
    """British "Friday week"."""
    return (on(weekday(view, number)[0].last + 7 * DAY),)


def weekday_fortnight(view: View, number: int) -> Days:
    return (on(weekday(view, number)[0].last + 14 * DAY),)


def dayword_week(view: View, ahead: int) -> Days:
    return dayword(view, ahead + 7)


def after_day(view: View, days: Days, length: Length) -> Days | None:
    """ "Monday in two weeks": counted from the coming Monday, or the Monday of the week two weeks on."""
    counted = after(view, length, days[:1])
    if counted is None or not length.days or length.days % 7:
        return None
    week = relative_weekday(view, length.days // 7, days[0].last.weekday())[0].last
    return tuple(dict.fromkeys((*counted, on(week))))


def agreeing(view: View, length: Length, days: Days) -> Days | None:
    """ "In two days on Thursday": the day if both agree on it, else both candidates."""
    counted = length_ahead(view, length)
    if counted is None:
        return None
    agreed = tuple(day for day in days if counted[0].first == day.first == day.last)
    return agreed or tuple(dict.fromkeys((*counted, *(after_day(view, days, length) or days))))


def weeks_after(view: View, length: Length, days: Days) -> Days | None:
    """British "a week tomorrow", "a week on Tuesday"."""
    return after(view, length, days[:1]) if length.days and length.days % 7 == 0 else None


def weekday_after(_: View, number: int, days: Days) -> Days:
    """ "The Friday after Thanksgiving"."""
    return tuple(on(one.last + ((number - one.last.weekday() - 1) % 7 + 1) * DAY) for one in days)


def weekday_before(_: View, number: int, days: Days) -> Days:
    return tuple(on(one.first - ((one.first.weekday() - number - 1) % 7 + 1) * DAY) for one in days)


def nth_weekday_after(_: View, nth: int, number: int, days: Days) -> Days:
    return tuple(on(one.last + 7 * (nth - 1) * DAY) for one in weekday_after(_, number, days))


def nearest_weekday(_: View, number: int, days: Days) -> Days:
    """ "The closest Monday to October 5"."""
    return tuple(on(one.last + ((number - one.last.weekday() + 3) % 7 - 3) * DAY) for one in days)


def weekdays_from(view: View, count: int, number: int, ahead: int = 0) -> Days | None:
    """ "Three Fridays from now"."""
    if not 0 < count < 100:
        return None
    start = view.today + ahead * DAY
    return (on(start + ((number - start.weekday() - 1) % 7 + 1 + 7 * (count - 1)) * DAY),)


def after(view: View, length: Length, days: Days) -> Days | None:
    """Return the day that is `length` after a day; None if the length has hours in it."""
    if length.seconds:
        return None
    return tuple(on(plus(view, stretch.last, length)) for stretch in days)


def after_next(view: View, length: Length, days: Days) -> Days | None:
    return after(view, length, days)


def before(view: View, length: Length, days: Days) -> Days | None:
    return None if length.seconds else tuple(on(plus(view, stretch.first, -length)) for stretch in days)


def length_ahead(view: View, length: Length, *_: object) -> Days | None:
    return after(view, length, (on(view.today),))


def length_ago(view: View, length: Length) -> Days | None:
    return before(view, length, (on(view.today),))


def days_between_lengths(view: View, least: int, most: float, unit: Unit) -> Days | None:
    """ "In 2 to 3 days" may be either."""
    lengths = (length_of(least, unit), length_of(most, unit))
    if any(length is None or length.seconds for length in lengths):
        return None
    return tuple(on(plus(view, view.today, length)) for length in lengths if length is not None)


def day_after(view: View, days: Days) -> Days | None:
    """ "The day after tomorrow"."""
    return after(view, Length(days=1), days)


def day_before(view: View, days: Days) -> Days | None:
    return before(view, Length(days=1), days)


def last_weekday(view: View, number: int) -> Days:
    """ "Last Friday": over, whichever it was."""
    return (on(view.today - ((view.today.weekday() - number - 1) % 7 + 1) * DAY),)
