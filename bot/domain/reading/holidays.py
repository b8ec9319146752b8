"""The dates of days that people know by name, in any year.

Which day it is is written as "7/4" (month and day), "easter-2" (days from Easter Sunday), or "11/4thu+1" (the day after
the fourth Thursday of November; "5/-1mon" the last Monday of May).
"""

import re
from datetime import date, timedelta

RULE = re.compile(r"(\d{1,2})/(-?\d{1,3})(mon|tue|wed|thu|fri|sat|sun)?(\+\d{1,3})?")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def holiday(rule: str, year: int) -> date:
    """The date of a day in a year.

    >>> holiday("11/4thu", 2026).isoformat(), holiday("easter-2", 2026).isoformat()
    ('2026-11-26', '2026-04-03')
    """
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule.removeprefix("easter")))
    found = RULE.fullmatch(rule)
    if found is None:
        raise ValueError(f"{rule!r} names no day of the year.")
    month, number, weekday, later = found.groups()
    if weekday is None:
        return date(year, int(month), int(number))
    return nth_weekday(year, int(month), int(number), WEEKDAYS.index(weekday)) + timedelta(days=int(later or 0))


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth weekday (Monday = 0) of a month; -1 is its last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876).

    >>> [f"{easter(year):%m-%d}" for year in (1906, 1954, 2025, 2038, 2049, 2106)]
    ['04-15', '04-18', '04-20', '04-25', '04-18', '04-18']
    """
    century, in_century = divmod(year, 100)
    golden = year % 19
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - moon_shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
