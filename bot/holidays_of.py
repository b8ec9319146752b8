"""Public holidays by country, from the `holidays` library: the only file that knows it."""

from collections.abc import Iterable
from datetime import date

import holidays

from bot.domain.errors import UnreadableError


def holidays_of(country: str, years: Iterable[int]) -> frozenset[date]:
    """The days off of a country or one of its parts ("DE", "DE-BY"); none for an empty name.

    Raises UnreadableError for a calendar that nobody keeps.

    >>> date(2026, 10, 3) in holidays_of("DE", [2026]), holidays_of("", [2026])
    (True, frozenset())
    """
    if not country:
        return frozenset()
    code, _, part = country.upper().partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=part or None, years=list(years)))
    except NotImplementedError as unknown:
        raise UnreadableError(
            f"I have no calendar of holidays called {country}. Use a country's two letters, such as DE, US or DE-BY."
        ) from unknown


def countries() -> dict[str, tuple[str, ...]]:
    """Every calendar there is: a country's code, and the codes of its parts."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in sorted(known.items())}
