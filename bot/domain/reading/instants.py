"""Instants counted from now or from a day: "in two hours", "an hour before Thursday"."""

from datetime import time, timedelta

from bot.domain.reading.kinds import Unit
from bot.domain.reading.meaning import Days, Instants, Length, View, length_of, only_seconds, plus

#: Half of a working day, unless that is shorter.
HALF_A_DAY = timedelta(hours=4)


def instant_ahead(view: View, length: Length, *_: object) -> Instants | None:
    """ "In two hours"; None when only days are counted, which have no time of day."""
    return exactly_ahead(view, length) if length.seconds else None


def half_a_day_ahead(view: View, *_: object) -> Instants:
    """ "In half a day": in half of a working day, as work goes."""
    return (view.hours.after(view.now, min(HALF_A_DAY, view.hours.working_day / 2)),)


def instant_before(view: View, length: Length, days: Days) -> Instants | None:
    """ "An hour before Thursday": before the day begins, or before its work does."""
    if not only_seconds(length):
        return None
    starts = [start for one in days for start in (view.hours.instant(one.first, time()), view.hours.opens(one.first))]
    return tuple(start - timedelta(seconds=length.seconds) for start in starts)


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
