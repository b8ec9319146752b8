"""Times of day: what "quarter past noon", "5p", "1730" and "half five" mean."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.reading import dates
from bot.domain.reading.kinds import Digits, Unit
from bot.domain.reading.meaning import (
    CLOSING,
    MINUTES_A_DAY,
    MORNING,
    NIGHT,
    Clock,
    DayPart,
    Days,
    Instants,
    Length,
    Part,
    View,
    Zone,
    length_of,
    on,
    plus,
)
from bot.domain.reading.weekdays import weekday

NOON = 12 * 60


def clock_of(hour: int, minute: int, *, written: bool = False) -> Clock | None:
    """A wall-clock time whose half of the day is known only from 13 on, at 0, or when written with a leading nought."""
    if not (0 <= hour < 24 and 0 <= minute < 60):
        return Clock(MINUTES_A_DAY) if (hour, minute) == (24, 0) else None
    zero = isinstance(hour, Digits) and hour.width == 2 and hour < 10
    return Clock(hour * 60 + minute, sure=hour > 12 or hour == 0 or zero, written=written)


def hour(_: View, number: int) -> Clock | None:
    """A bare hour: "5"."""
    return clock_of(number, 0)


def hour_written(_: View, number: int) -> Clock | None:
    """17h."""
    return clock_of(number, 0, written=True)


def on_the_hour(_: View, number: int, *__: object) -> Clock | None:
    return clock_of(number, 0)


def hour_minute(_: View, hours: int, minutes: Digits, *seconds: object) -> Clock | None:
    found = clock_of(hours, minutes, written=True) if minutes.width == 2 else None
    return replace(found, exact=True) if found and seconds else found


def dotted(view: View, hours: int, minutes: Digits) -> Clock | None:
    """5.30; in 5.11 there may be a date."""
    found = hour_minute(view, hours, minutes)
    return None if found is None else replace(found, datelike=0 < minutes < 13)


def spoken_minute(_: View, hours: int, minutes: int) -> Clock | None:
    """ "Ten thirty"."""
    return clock_of(hours, minutes) if 0 < hours < 25 and 9 < minutes < 60 else None


def spoken_minutes(_: View, hours: int, ten: int, one_: int) -> Clock | None:
    """ "Nine fifty-nine"."""
    return spoken_minute(_, hours, ten + one_) if 0 < one_ < 10 else None


def spoken_nought(_: View, hours: int, minutes: int) -> Clock | None:
    """ "Three oh five"."""
    return clock_of(hours, minutes) if 0 < hours < 25 and minutes < 10 else None


def run_together(_: View, number: Digits) -> Clock | None:
    """1730, 730."""
    if number.width not in (3, 4):
        return None
    return clock_of(Digits(str(number // 100).zfill(number.width - 2)), number % 100, written=True)


def military(view: View, number: Digits) -> Clock | None:
    """ "1730 hours" is on the 24-hour clock, however early."""
    found = run_together(view, number)
    return None if found is None else Clock(found.minutes)


def military_alone(view: View, number: Digits) -> Clock | None:
    """1730; 2026 is a year, and 1234 anything."""
    plain = number.width == 4 and number % 5 == 0 and not 1900 <= number < 2200
    return military(view, number) if plain else None


def halved(_: View, clock: Clock, add: int) -> Clock | None:
    """With a.m. or p.m.; 17 o'clock p.m. is what it is, 17 a.m. nothing."""
    if clock.minutes >= 13 * 60:
        return Clock(clock.minutes) if add and clock.written else None
    if clock.minutes < 60 and not clock.written:
        return None
    return Clock(clock.minutes % NOON + add * 60)


def noon(_: View, *__: object) -> Clock:
    return Clock(NOON)


def twelve_noon(_: View, clock: Clock) -> Clock | None:
    return Clock(NOON) if clock.minutes == NOON else None


def twelve_midnight(_: View, clock: Clock) -> Clock | None:
    return midnight(_) if clock.minutes == NOON else None


def midnight(_: View, *__: object) -> Clock:
    return Clock(MINUTES_A_DAY, midnight=True)


def past(_: View, minutes: int, clock: Clock) -> Clock | None:
    return _moved(clock, minutes) if 0 < minutes < 60 else None


def to(_: View, minutes: int, clock: Clock) -> Clock | None:
    return _moved(clock, -minutes) if 0 < minutes < 60 else None


def tens_to(view: View, ten: int, one_: int, clock: Clock) -> Clock | None:
    return to(view, ten + one_, clock)


def digits_to(_: View, minutes: int, clock: Clock) -> Clock | None:
    """ "20 to 3pm"; "5 to 6" and "18 to 20" are rather ranges."""
    return _moved(clock, -minutes) if minutes in (15, 20, 25) else None


def half_past(_: View, __: float, clock: Clock) -> Clock:
    return _moved(clock, 30)


def half(view: View, _: float, clock: Clock) -> Clock | None:
    """ "Half five": 5:30 in British English, 4:30 in German."""
    if clock.minutes % 60:
        return None
    return _moved(clock, -30 if view.language.half_before else 30)


def later(_: View, length: Length, clock: Clock) -> Clock | None:
    return _moved(clock, length.seconds // 60) if length.seconds == sum(_parts(length)) else None


def earlier(_: View, length: Length, clock: Clock) -> Clock | None:
    return _moved(clock, -length.seconds // 60) if length.seconds == sum(_parts(length)) else None


def _parts(length: Length) -> tuple[int, ...]:
    return (length.months, length.days, length.workdays, length.seconds)


def _moved(clock: Clock, minutes: int) -> Clock:
    return Clock(clock.minutes + minutes, clock.sure)


def same_time(view: View) -> Clock:
    return Clock(view.local.hour * 60 + view.local.minute)


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


def weekday_part(view: View, named: tuple[int, Part]) -> DayPart:
    """German "Freitagabend"."""
    return weekday(view, named[0]), named[1]


def morning(_: View, *__: object) -> Part:
    return MORNING


def closing(_: View, *__: object) -> Part:
    return CLOSING


def early(_: View, found: Part) -> Part:
    return replace(found, end=(found.start + found.end) // 2)


def zone_offset(_: View, found: Zone, offset: Zone) -> Zone | None:
    """UTC+02:00."""
    return offset if found.offset == 0 else None


def zone_hours_east(_: View, found: Zone, hours: Digits) -> Zone | None:
    """UTC+2."""
    return _offset(hours, 0, 1) if found.offset == 0 and hours.width < 3 else None


def zone_hours_west(_: View, found: Zone, hours: Digits) -> Zone | None:
    return _offset(hours, 0, -1) if found.offset == 0 and hours.width < 3 else None


def offset_named(_: View, *zones: Zone) -> Zone | None:
    """GMT-0400 (EDT), as browsers write it."""
    return zones[-2] if len(zones) == 2 or zones[0].offset == 0 else None


def day_clock(view: View, *parts: Any) -> tuple[Days, Clock, Zone | None]:
    """Fri Mar 20 17:00:00 2026, as C writes it."""
    month, day, clock, year = parts[-4:]
    return dates.month_day_year(view, month, day, year), clock, None


def day_clock_zone(view: View, *parts: Any) -> tuple[Days, Clock, Zone | None]:
    """Fri Mar 20 17:00:00 EDT 2026, as `date` writes it."""
    *before, zone, year = parts
    days, clock, _ = day_clock(view, *before, year)
    return days, clock, zone


def offset_east(_: View, *numbers: Digits) -> Zone | None:
    return _written_offset(numbers, 1)


def offset_west(_: View, *numbers: Digits) -> Zone | None:
    return _written_offset(numbers, -1)


def _written_offset(numbers: tuple[Digits, ...], sign: int) -> Zone | None:
    """+0200, +02:00."""
    first = numbers[0]
    if len(numbers) == 2 and first.width == 2:
        return _offset(first, numbers[1], sign)
    return _offset(first // 100, first % 100, sign) if len(numbers) == 1 and first.width == 4 else None


def _offset(hours: int, minutes: int, sign: int) -> Zone | None:
    return Zone(None, sign * (hours * 60 + minutes)) if hours <= 14 and minutes < 60 else None


def instant_ahead(view: View, length: Length, *_: object) -> Instants | None:
    """ "In two hours"; None when only days are counted, which have no time of day."""
    return exactly_ahead(view, length) if length.seconds else None


def exactly_ahead(view: View, length: Length, *_: object) -> Instants:
    """ "Three days from now": to the minute. Days keep the wall clock; hours keep the elapsed time."""
    start = view.now
    if length.months or length.days or length.workdays:
        start = view.hours.instant(plus(view, view.today, length), view.local.time())
    return (start + timedelta(seconds=length.seconds),)


def units_ahead(view: View, ahead: int, unit: Unit) -> Instants | None:
    """ "This time next week"."""
    length = length_of(ahead, unit)
    return None if length is None or not ahead else exactly_ahead(view, length)


def between_lengths(view: View, least: int, most: float, unit: Unit) -> Instants | None:
    """ "In 2 to 3 hours" may be either."""
    lengths = (length_of(least, unit), length_of(most, unit))
    return tuple(at for length in lengths if length is not None for at in instant_ahead(view, length) or ()) or None


def instant_ago(view: View, length: Length) -> Instants | None:
    return (view.now - timedelta(seconds=length.seconds),) if length.seconds else None
