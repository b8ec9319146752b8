"""Calendar dates: what "March 6", "6/3", "the 15th" and "2026-03-06" mean from where the speaker stands."""

from datetime import date

from bot.domain.reading.answer import Granularity
from bot.domain.reading.holidays import holiday
from bot.domain.reading.kinds import Digits, Unit
from bot.domain.reading.meaning import DAY, Days, Stretch, View, on, plus_months

#: Number of months searched for a day of the month: "Friday the 31st" can be more than a year away.
MONTHS_AHEAD = 28
FEBRUARY_29 = (2, 29)


def year(_: View, number: Digits) -> int | None:
    return _year_of(number) if number.width == 4 else None


def month_day(_: View, day: int) -> int | None:
    """A day's number in its month; "0" is none."""
    return day if 0 < day < 32 else None


def no_such_time(_: View, hour: Digits, minute: Digits) -> Days | None:
    """25:00 and 17:75 are no time of any day."""
    return () if minute.width == 2 and hour.width < 3 and (hour > 24 or minute > 59) else None


def no_such_hour(_: View, hour: Digits, __: int) -> Days | None:
    """13 p.m."""
    return () if 12 < hour < 100 else None


def made(year_: int, month: int, day: int) -> Days:
    """The date, or no day at all ("February 30")."""
    try:
        return (on(date(year_, month, day)),)
    except ValueError:
        return ()


def yearly(view: View, month: int, day: int) -> Days:
    """The next such date, today included. A leap day that this year has not is asked about."""
    this, following = made(view.today.year, month, day), made(view.today.year + 1, month, day)
    if (month, day) == FEBRUARY_29 and not (this and this[0].last >= view.today) and not following:
        ahead = next(y for y in range(view.today.year + 2, view.today.year + 10) if made(y, month, day))
        return (*yearly(view, 2, 28), *made(ahead, month, day))
    return this if this and this[0].last >= view.today else following


def month_then_day(view: View, month: int, day: int) -> Days:
    return yearly(view, month, day)


def month_day_year(_: View, month: int, day: int, year_: int) -> Days:
    return made(year_, month, day)


def short_year(_: View, number: Digits) -> int | None:
    return _year_of(number) if number.width == 2 else None


def spelled_year(_: View, two: int, rest: int) -> int | None:
    """ "Two thousand and twenty-eight"."""
    return 2000 + rest if two == 2 and 0 < rest < 100 else None


def spelled_century(_: View, rest: int) -> int | None:
    """ "Twenty twenty-eight"."""
    return 2000 + rest if 9 < rest < 100 else None


def day_month_short_year(_: View, day: int, month: int, number: Digits) -> Days | None:
    year_ = short_year(_, number)
    return None if year_ is None else made(year_, month, day)


def year_month_day(_: View, year_: int, month: int, day: int) -> Days:
    return made(year_, month, day)


def month_day_years_on(view: View, month: int, day: int, ahead: int, *_: object) -> Days:
    return made(view.today.year + ahead, month, day)


def day_month_years_on(view: View, day: int, month: int, ahead: int, *_: object) -> Days:
    return made(view.today.year + ahead, month, day)


def years_on_month_day(view: View, ahead: int, month: int, day: int) -> Days:
    return made(view.today.year + ahead, month, day)


def two_numbers(view: View, one: Digits, other: Digits) -> Days | None:
    """3/4: the order is the zone's; when only the other order makes a date, it is that."""
    if max(one.width, other.width) > 2:
        return None
    first = yearly(view, *((one, other) if view.month_first else (other, one)))
    return first or yearly(view, *((other, one) if view.month_first else (one, other)))


def three_numbers(view: View, one: Digits, two: Digits, three: Digits) -> Days | None:
    """3/4/2026, 2026/4/3, 3/4/26."""
    if one.width == 4:
        return made(one, two, three) if max(two.width, three.width) <= 2 else None
    year_ = _year_of(three)
    if year_ is None or max(one.width, two.width) > 2:
        return None
    if view.month_first:
        return made(year_, one, two) or made(year_, two, one)
    return made(year_, two, one) or made(year_, one, two)


def two_numbers_surely(view: View, one: Digits, other: Digits) -> Days | None:
    """4-22: only when one of them can be no month, so that no score, range or version is taken for a date."""
    sure = min(one, other) <= 12 < max(one, other)
    return two_numbers(view, one, other) or None if sure else None


def month_then_days(view: View, month: int, first: int, last: int, year_: int | None = None) -> Days | None:
    """ "May 12 to 14" is due when it ends."""
    if first >= last:
        return None
    return yearly(view, month, last) if year_ is None else made(year_, month, last)


def days_then_month(_: View, first: int, days: Days) -> Days | None:
    """ "12 to 14 May"."""
    return days if all(first < stretch.last.day for stretch in days) else None


def dotted_three(view: View, one: Digits, two: Digits, three: Digits) -> Days | None:
    """3.4.2026 is day first where people write it so; elsewhere both are possible, and 1.1.30 is a version."""
    is_home = view.language.dotted_ordinals or (not view.month_first and one > 12)
    if not is_home and one.width + two.width + three.width < 6:
        return None
    if one.width == 4 or not view.month_first:
        return three_numbers(view, one, two, three)
    year_ = _year_of(three)
    if year_ is None or max(one.width, two.width) > 2:
        return None
    return tuple(dict.fromkeys((*made(year_, two, one), *made(year_, one, two))))


def dotted_two(view: View, one: Digits, two: int) -> Days | None:
    """3.4.: day first where people write it so, in doubt elsewhere; not "3.vierten"."""
    if not isinstance(two, Digits) or max(one.width, two.width) > 2:
        return None
    days = yearly(view, two, one)
    if not view.month_first or view.language.dotted_ordinals:
        return days if days or view.language.dotted_ordinals else None
    return tuple(dict.fromkeys((*days, *yearly(view, one, two)))) or None


def dotted_pair(view: View, one: Digits, two: Digits) -> Days | None:
    """30.6: a date only if it can be no time of day, and no version or share ("3.14", "2.5")."""
    is_clock = two.width == 2 and one < 25
    return None if is_clock or one <= 12 else yearly(view, two, one) or None


def dotted_day(view: View, one: Digits, two: Digits) -> Days | None:
    """By 12.6, where people write the day first."""
    return None if two.width == 2 or view.month_first else yearly(view, two, one) or None


def weekday_pair(view: View, weekday: int, one: Digits, two: Digits) -> Days | None:
    """Fri 12.6, Mon 6/1: the weekday says which of the numbers is the month; None when it agrees with neither."""
    if max(one.width, two.width) > 2:
        return None
    orders = [(two, one), (one, two)]
    found = [yearly(view, *order) for order in (orders[::-1] if view.month_first else orders)]
    return next((days for days in found if days and days[0].last.weekday() == weekday), None)


def digits_as_date(_: View, number: Digits) -> Days | None:
    """20260306."""
    year_ = _year_of(Digits(str(number // 10_000))) if number.width == 8 else None
    return None if year_ is None else made(year_, number // 100 % 100, number % 100)


def day_of_month(view: View, day: int) -> Days | None:
    """The 15th: this month's, or the next that is not over. "The second" alone is more often no date."""
    if day < 4 and not isinstance(day, Digits):
        return None
    return _monthly(view, day, None)


def day_number(view: View, day: int) -> Days | None:
    """ "The 15", "on 15", "on the third"."""
    return _monthly(view, day, None) if 0 < day < 32 else None


def weekday_day(view: View, weekday: int, day: int) -> Days | None:
    """Friday the 13th: certain only if the next 13th is a Friday; else that day, that Friday, or when both agree."""
    if not 0 < day < 32:
        return None
    near = _monthly(view, day, None)
    if near and near[0].last.weekday() == weekday:
        return near
    coming = view.today + (weekday - view.today.weekday()) % 7 * DAY
    return (on(coming), *near, *_monthly(view, day, weekday))


def weekday_number(view: View, weekday: int, day: Digits) -> Days | None:
    """ "Monday 21"; up to 12 it may be an hour, unless the coming Monday is that day."""
    if day > 12:
        return weekday_day(view, weekday, day)
    ahead = (weekday - view.today.weekday()) % 7
    coming = (view.today + days * DAY for days in (ahead, ahead or 7))
    return next(((on(each),) for each in coming if each.day == day), None)


def with_weekday(view: View, days: Days, weekday: int) -> Days:
    """The date, when it falls on that weekday; else both that date and the nearest such weekday that is not over."""
    if not days:
        return days
    written = days[0].last
    ahead = (weekday - written.weekday()) % 7
    near = written + (ahead if ahead < 4 else ahead - 7) * DAY
    near = near if near >= view.today or written < view.today else near + 7 * DAY
    return tuple(dict.fromkeys((*days, on(near))))


def named_day(view: View, name: str) -> Days:
    this = on(holiday(name, view.today.year))
    return (this,) if this.last >= view.today else (on(holiday(name, view.today.year + 1)),)


def named_day_in(_: View, name: str, year_: int) -> Days:
    return (on(holiday(name, year_)),)


def named_day_years_on(view: View, name: str, ahead: int, *_: object) -> Days:
    return (on(holiday(name, view.today.year + ahead)),)


def next_named_day(view: View, ahead: int, name: str) -> Days:
    """ "Next Christmas", with this year's still ahead, may be either."""
    coming = named_day(view, name)
    if not ahead or coming[0].last.year > view.today.year:
        return coming
    return (*coming, on(holiday(name, view.today.year + 1)))


def _year_of(number: Digits) -> int | None:
    if number.width == 4:
        return int(number) if 1900 <= number < 2200 else None
    return 2000 + number if number.width == 2 and number < 70 else None


def _monthly(view: View, day: int, weekday: int | None) -> Days:
    first = view.today.replace(day=1)
    for ahead in range(MONTHS_AHEAD):
        month = plus_months(first, ahead)
        for stretch in made(month.year, month.month, day):
            if stretch.last >= view.today and weekday in (None, stretch.last.weekday()):
                return (stretch,)
    return ()


def day_in_month(view: View, day: int, months: Days) -> Days | None:
    """ "The 20th of next month"; None when the stretch is no month."""
    if len(months) != 1 or months[0].grain is not Granularity.MONTH:
        return None
    month: Stretch = months[0]
    found = made(month.first.year, month.first.month, day)
    if found and found[0].last < view.today and month.every is not None:
        return made(*_next_year_month(month), day)
    return found


def day_of_relative(view: View, day: int, ahead: int) -> Days:
    """ "The 15th next month"."""
    month = plus_months(view.today.replace(day=1), ahead)
    return made(month.year, month.month, day)


def _next_year_month(month: Stretch) -> tuple[int, int]:
    later = plus_months(month.first, 12 if month.every is Unit.YEAR else 1)
    return later.year, later.month
