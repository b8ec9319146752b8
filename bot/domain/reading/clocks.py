"""Times of day: what "quarter past noon", "5p", "1730" and "half five" mean."""

from dataclasses import replace
from typing import Any

from bot.domain.reading import dates, periods, weekdays
from bot.domain.reading.kinds import Digits
from bot.domain.reading.meaning import (
    AFTERNOON,
    CLOSING,
    MINUTES_A_DAY,
    MORNING,
    NIGHT,
    ClockTime,
    DayPart,
    Days,
    Length,
    Part,
    View,
    Zone,
    on,
    only_seconds,
)

NOON = 12 * 60
#: A number that may be one of the coming years is rather that than a time of day.
YEARS_AHEAD = 20


def clock_of(hour: int, minute: int, *, written: bool = False) -> ClockTime | None:
    """A wall-clock time whose half of the day is known only from 13 on, at 0, or when written with a leading nought."""
    if not (0 <= hour < 24 and 0 <= minute < 60):
        return ClockTime(MINUTES_A_DAY) if (hour, minute) == (24, 0) else None
    zero = isinstance(hour, Digits) and hour.width == 2 and hour < 10
    return ClockTime(hour * 60 + minute, sure=hour > 12 or hour == 0 or zero, written=written)


def hour(_: View, number: int) -> ClockTime | None:
    """A bare hour: "5"."""
    return clock_of(number, 0)


def hour_written(_: View, number: int) -> ClockTime | None:
    """17h."""
    return clock_of(number, 0, written=True)


def on_the_hour(_: View, number: int, *__: object) -> ClockTime | None:
    return clock_of(number, 0)


def hour_minute(_: View, hours: int, minutes: Digits, *seconds: object) -> ClockTime | None:
    found = clock_of(hours, minutes, written=True) if minutes.width == 2 else None
    return replace(found, exact=True) if found and seconds else found


def dotted_clock(view: View, hours: int, minutes: Digits) -> ClockTime | None:
    """5.30; in 5.11 there may be a date."""
    found = hour_minute(view, hours, minutes)
    if found is None or not 0 < minutes < 13:
        return found
    orders = [(minutes, hours), (hours, minutes)]
    return replace(
        found, dates=tuple(day for order in orders[: 1 + view.month_first] for day in dates.yearly(view, *order))
    )


def spoken_minute(_: View, hours: int, minutes: int) -> ClockTime | None:
    """ "Ten thirty"."""
    return clock_of(hours, minutes) if 0 < hours < 25 and 9 < minutes < 60 else None


def spoken_minutes(_: View, hours: int, ten: int, one_: int) -> ClockTime | None:
    """ "Nine fifty-nine"."""
    return spoken_minute(_, hours, ten + one_) if 0 < one_ < 10 else None


def spoken_nought(_: View, hours: int, minutes: int) -> ClockTime | None:
    """ "Three oh five"."""
    return clock_of(hours, minutes) if 0 < hours < 25 and minutes < 10 else None


def digits_as_clock(view: View, number: Digits) -> ClockTime | None:
    """1730, 730; "by 2027" is before that year begins, or before it ends."""
    if number.width not in (3, 4):
        return None
    found = clock_of(Digits(str(number // 100).zfill(number.width - 2)), number % 100, written=True)
    if found is None or not 0 <= number - view.today.year < YEARS_AHEAD:
        return found
    return replace(found, dates=(*periods.whole_year(view, number - 1), *periods.whole_year(view, number)))


def six_digits(_: View, number: Digits) -> ClockTime | None:
    """The time of 20261102T153000."""
    found = clock_of(number // 10_000, number // 100 % 100) if number.width == 6 else None
    return None if found is None else ClockTime(found.minutes, exact=True)


def military(view: View, number: Digits) -> ClockTime | None:
    """ "1730 hours" is on the 24-hour clock, however early."""
    found = digits_as_clock(view, number)
    return None if found is None else ClockTime(found.minutes)


def military_alone(view: View, number: Digits) -> ClockTime | None:
    """1730; 2026 is a year, and 1234 anything."""
    plain = number.width == 4 and number % 5 == 0 and not 1900 <= number < 2200
    return military(view, number) if plain else None


def halved(_: View, clock: ClockTime, add: int) -> ClockTime | None:
    """With a.m. or p.m.; 17 o'clock p.m. is what it is, 17 a.m. nothing. 12 a.m. is often written for noon."""
    if clock.minutes >= 13 * 60:
        return ClockTime(clock.minutes) if add and clock.written else None
    if not clock.minutes and not clock.written:
        return None
    return ClockTime(clock.minutes % NOON + add * 60, midnight=clock.minutes == NOON and not add)


def spaced(_: View, hours: Digits, minutes: Digits, add: int) -> ClockTime | None:
    """5 30pm."""
    found = hour_minute(_, hours, minutes)
    return None if found is None or hours > 12 else halved(_, found, add)


def noon(_: View, *__: object) -> ClockTime:
    return ClockTime(NOON)


def twelve_noon(_: View, clock: ClockTime) -> ClockTime | None:
    return ClockTime(NOON) if clock.minutes == NOON else None


def twelve_midnight(_: View, clock: ClockTime) -> ClockTime | None:
    return midnight(_) if clock.minutes == NOON else None


def midnight(_: View, *__: object) -> ClockTime:
    return ClockTime(MINUTES_A_DAY, midnight=True)


def past(_: View, minutes: int, clock: ClockTime) -> ClockTime | None:
    return _moved(clock, minutes) if 0 < minutes < 60 else None


def to(_: View, minutes: int, clock: ClockTime) -> ClockTime | None:
    return _moved(clock, -minutes) if 0 < minutes < 60 else None


def tens_to(view: View, ten: int, one_: int, clock: ClockTime) -> ClockTime | None:
    return to(view, ten + one_, clock)


def digits_to(_: View, minutes: int, clock: ClockTime) -> ClockTime | None:
    """ "20 to 3pm"; "5 to 6" and "18 to 20" are rather ranges."""
    return _moved(clock, -minutes) if minutes in (15, 20, 25) else None


def half_past(_: View, __: float, clock: ClockTime) -> ClockTime:
    return _moved(clock, 30)


def half(view: View, _: float, clock: ClockTime) -> ClockTime | None:
    """ "Half five": 5:30 in British English, 4:30 in German."""
    if clock.minutes % 60:
        return None
    return _moved(clock, -30 if view.language.half_before else 30)


def later(_: View, length: Length, clock: ClockTime) -> ClockTime | None:
    return _moved(clock, length.seconds // 60) if only_seconds(length) else None


def earlier(_: View, length: Length, clock: ClockTime) -> ClockTime | None:
    return _moved(clock, -length.seconds // 60) if only_seconds(length) else None


def _moved(clock: ClockTime, minutes: int) -> ClockTime:
    return ClockTime(clock.minutes + minutes, clock.sure)


def same_time(view: View) -> ClockTime:
    return ClockTime(view.local.hour * 60 + view.local.minute)


def tonight(view: View) -> DayPart:
    return today_part(view, NIGHT)


def today_part(view: View, found: Part) -> DayPart:
    """ "This morning"."""
    return (on(view.today),), found


def day_part(_: View, days: Days, found: Part) -> DayPart:
    """ "Late Friday afternoon"."""
    return days, found


def early_on(_: View, days: Days) -> DayPart:
    """ "Early tomorrow"."""
    return days, early(_, MORNING)


def early_part(view: View, days: Days, found: Part) -> DayPart:
    return days, early(view, found)


def half_of_day(_: View, days: Days, half: int) -> DayPart:
    """ "Tuesday AM"."""
    return days, AFTERNOON if half else MORNING


def part_in_week(view: View, days: Days, found: Part, weeks: Days) -> DayPart | None:
    """ "Wednesday evening next week"."""
    in_weeks = weekdays.weekday_in(view, days[0].last.weekday(), weeks)
    return None if in_weeks is None else (in_weeks, found)


def weekday_part(view: View, named: tuple[int, Part]) -> DayPart:
    """German "Freitagabend"."""
    return weekdays.weekday(view, named[0]), named[1]


def morning(_: View, *__: object) -> Part:
    return MORNING


def closing(_: View, *__: object) -> Part:
    return CLOSING


def early(_: View, found: Part) -> Part:
    return replace(found, end=(found.start + found.end) // 2)


def dotted_day_clock(
    view: View, one: Digits, two: Digits, clock: ClockTime
) -> tuple[Days, ClockTime, Zone | None] | None:
    """15.06 noon: with a time behind it, the numbers are a date."""
    days = None if max(one.width, two.width) > 2 else dates.dotted_two(view, one, two)
    return (days, clock, None) if days else None


def day_clock(view: View, *parts: Any) -> tuple[Days, ClockTime, Zone | None]:
    """Fri Mar 20 17:00:00 2026, as C writes it."""
    month, day, clock, year = parts[-4:]
    return dates.month_day_year(view, month, day, year), clock, None


def day_clock_zone(view: View, *parts: Any) -> tuple[Days, ClockTime, Zone | None]:
    """Fri Mar 20 17:00:00 EDT 2026, as `date` writes it."""
    *before, zone, year = parts
    days, clock, _ = day_clock(view, *before, year)
    return days, clock, zone
