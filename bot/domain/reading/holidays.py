"""The dates of days that people know by name, in any year."""

from datetime import date, timedelta


def holiday(name: str, year: int) -> date:
    """The date of a named day.

    >>> holiday("thanksgiving", 2026).isoformat(), holiday("good friday", 2026).isoformat()
    ('2026-11-26', '2026-04-03')
    """
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in FROM_EASTER:
        return easter(year) + timedelta(days=FROM_EASTER[name])
    month, nth, weekday, later = FLOATING[name]
    return nth_weekday(year, month, nth, weekday) + timedelta(days=later)


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth weekday (Monday = 0) of a month; -1 is its last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876).

    >>> easter(2026).isoformat(), easter(2038).isoformat()
    ('2026-04-05', '2038-04-25')
    """
    century, in_century = divmod(year, 100)
    golden = year % 19
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - moon_shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


FIXED = {
    "new year": (1, 1),
    "epiphany": (1, 6),
    "burns night": (1, 25),
    "australia day": (1, 26),
    "groundhog day": (2, 2),
    "waitangi day": (2, 6),
    "valentine": (2, 14),
    "st david": (3, 1),
    "womens day": (3, 8),
    "pi day": (3, 14),
    "st patrick": (3, 17),
    "april fools": (4, 1),
    "earth day": (4, 22),
    "st george": (4, 23),
    "anzac day": (4, 25),
    "labour day may": (5, 1),
    "star wars day": (5, 4),
    "cinco de mayo": (5, 5),
    "flag day": (6, 14),
    "juneteenth": (6, 19),
    "canada day": (7, 1),
    "independence": (7, 4),
    "bastille": (7, 14),
    "assumption": (8, 15),
    "patriot day": (9, 11),
    "constitution day": (9, 17),
    "german unity": (10, 3),
    "bosses": (10, 16),
    "halloween": (10, 31),
    "reformation": (10, 31),
    "all saints": (11, 1),
    "all souls": (11, 2),
    "guy fawkes": (11, 5),
    "veterans": (11, 11),
    "singles": (11, 11),
    "st andrew": (11, 30),
    "st nicholas": (12, 6),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "kwanzaa": (12, 26),
    "new year eve": (12, 31),
}
#: Days from Easter Sunday.
FROM_EASTER = {
    "shrove tuesday": -47,
    "ash wednesday": -46,
    "palm sunday": -7,
    "maundy thursday": -3,
    "good friday": -2,
    "holy saturday": -1,
    "easter": 0,
    "easter monday": 1,
    "ascension": 39,
    "pentecost": 49,
    "whit monday": 50,
    "trinity sunday": 56,
    "corpus christi": 60,
}
#: Month, which one, weekday, days after it.
FLOATING = {
    "mlk": (1, 3, 0, 0),
    "presidents": (2, 3, 0, 0),
    "arbor day": (4, -1, 4, 0),
    "may bank holiday": (5, 1, 0, 0),
    "mothers": (5, 2, 6, 0),
    "spring bank holiday": (5, -1, 0, 0),
    "memorial": (5, -1, 0, 0),
    "fathers": (6, 3, 6, 0),
    "parents": (7, 4, 6, 0),
    "summer bank holiday": (8, -1, 0, 0),
    "labor": (9, 1, 0, 0),
    "grandparents": (9, 1, 0, 6),
    "columbus": (10, 2, 0, 0),
    "election": (11, 1, 0, 1),
    "thanksgiving": (11, 4, 3, 0),
    "black friday": (11, 4, 3, 1),
    "small business saturday": (11, 4, 3, 2),
    "cyber monday": (11, 4, 3, 4),
    "giving tuesday": (11, 4, 3, 5),
}
