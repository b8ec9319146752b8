"""Public holidays by country, from the `holidays` library; no other module imports it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from unicodedata import normalize

import structlog

from bot.domain.errors import UnreadableError
from bot.language import N_, NAMES, _
from bot.ports import Clock
from bot.region_names import other_names

log = structlog.get_logger("kept.holidays")

#: Years that are loaded around the current one: for promises of last year and of years to come.
YEARS_BACK, YEARS_AHEAD = 1, 6
#: The fewest letters by which a part is found without its country: BY is Belarus, and seven countries have an AR.
SHORTEST_ALONE = 3
_UNKNOWN = N_(
    "I have no holiday calendar called {}. Write a country or a part of it, by name or by code: "
    "Germany, Bavaria, US or GB-SCT."
)
_SEVERAL = N_("Several countries have a {}. Write which one you mean: {}.")


class Holidays:
    """Calendars from the library. The years loaded follow the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def days_off(self, country: str) -> frozenset[date]:
        return _around(country, self._clock.now().year) if country else frozenset()

    def named(self, words: str) -> str:
        return calendar_named(words)

    def title(self, calendar: str) -> str:
        return calendar_title(calendar)


def holidays_of(country: str, years: Iterable[int]) -> frozenset[date]:
    """Return the holidays of a country or a region ("DE", "DE-BY"); none for an empty name.

    Raises UnreadableError for a country or region that the library does not have.

    >>> date(2026, 10, 3) in holidays_of("DE", [2026]), holidays_of("", [2026])
    (True, frozenset())
    """
    if not country:
        return frozenset()
    import holidays  # importing takes 0.2 s, which most starts do not need

    code, _, part = country.partition("-")
    try:
        part = _parts_by_name(code.upper()).get(_bare(part), part)
        return frozenset(holidays.country_holidays(code.upper(), subdiv=part or None, years=list(years)))
    except NotImplementedError as unknown:
        raise _unknown(country) from unknown


def countries() -> dict[str, tuple[str, ...]]:
    """Return all countries with a calendar, and the codes of their regions."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in sorted(known.items())}


def calendar_named(words: str) -> str:
    """Return the calendar for codes or names; empty for empty text. A country comes before a part of the same name.

    Raises UnreadableError when there is none, or more than one.

    >>> [calendar_named(words) for words in ("de", "DE-by", "Germany, Bayern", "Wien", "united states / ca", "")]
    ['DE', 'DE-BY', 'DE-BY', 'AT-9', 'US-CA', '']
    """
    if not words.strip():
        return ""
    known = _countries_by_name()
    if whole := known.get(_bare(words)):  # Guinea-Bissau is no region of Guinea, and Georgia is the country
        return whole
    separator = next((each for each in (",", "/", "-", "–") if each in words), " ")
    first, _mark, second = words.strip().partition(separator)
    for country, part in ((first, second), (second, first)):  # "Austria, Wien" and "Wien, Austria"
        code = known.get(_bare(country))
        if code and (found := _parts_by_name(code).get(_bare(part))):
            return f"{code}-{found}"
    return _part_alone(words)


def _part_alone(words: str) -> str:
    """Return the calendar of a part named without its country.

    Raises UnreadableError if no country has it, or several have.
    """
    from holidays.registry import COUNTRIES

    name = _bare(words)
    if len(name) < SHORTEST_ALONE:
        raise _unknown(words)
    countries_by_code = {code: country for country, (_class, code, *_codes) in COUNTRIES.items()}
    found = {code: part for code in countries_by_code if (part := _parts_by_name(code).get(name))}
    if not found:
        raise _unknown(words)
    if len(found) > 1:
        given = words.strip()
        choices = "; ".join(f"{_spelled(countries_by_code[code])}, {given}" for code in found)
        raise UnreadableError(_(_SEVERAL).format(given, choices), "country")
    return "-".join(*found.items())


def calendar_title(calendar: str) -> str:
    """Return a calendar's name with its code; the code alone if the library no longer has it.

    >>> [calendar_title(code) for code in ("GE", "DE-BY", "DE-Augsburg", "US-XX", "")]
    ['Georgia (GE)', 'Germany, Bayern (DE-BY)', 'Germany, Augsburg (DE-Augsburg)', 'US-XX', '']
    """
    import holidays
    from holidays.registry import COUNTRIES

    code, _mark, part = calendar.partition("-")
    country = next((_spelled(name) for name, (_class, each, *_codes) in COUNTRIES.items() if each == code), "")
    if not (country and part):
        return f"{country} ({code})" if country else calendar
    known = holidays.country_holidays(code)
    names = [name for name, each in known.subdivisions_aliases.items() if each == part]
    names += [name for name in known.subdivisions if name == part]
    return f"{country}, {max(names, key=len)} ({calendar})" if names else calendar


def _spelled(name: str) -> str:
    """Return a country's name from the library's name of its module.

    >>> _spelled("trinidad_and_tobago")
    'Trinidad and Tobago'
    """
    return name.replace("_", " ").title().replace(" And ", " and ")


def _unknown(words: str) -> UnreadableError:
    return UnreadableError(_(_UNKNOWN).format(words.strip()[:60]), "country")


def _bare(words: str) -> str:
    """Return a name in the form used for comparison: the library writes "United States" as one word.

    Accents are left out, because not every keyboard has them.

    >>> _bare(" United States "), _bare("Zürich")
    ('unitedstates', 'zurich')
    """
    return "".join(letter for letter in normalize("NFKD", words.casefold()) if letter.isalnum())


@lru_cache(1)
def _countries_by_name() -> dict[str, str]:
    """Return the countries that have a calendar: the code by each name and code, in the languages of Kept."""
    from babel import Locale
    from holidays.registry import COUNTRIES

    codes = {code for _class, code, *_codes in COUNTRIES.values()}
    names = {"uk": "GB", "usa": "US"}
    for language in NAMES:
        names |= {_bare(name): code for code, name in Locale(language).territories.items() if code in codes}
    for name, code, *more in COUNTRIES.values():
        names |= {_bare(each): code for each in (name, code, *more) if not each.startswith("Holidays")}
    return names


@lru_cache(64)
def _parts_by_name(code: str) -> dict[str, str]:
    import holidays

    country = holidays.country_holidays(code)
    named = {**other_names(code), **country.subdivisions_aliases, **{part: part for part in country.subdivisions}}
    return {_bare(name): part for name, part in named.items()}


@lru_cache(512)
def _around(country: str, year: int) -> frozenset[date]:
    try:
        return holidays_of(country, range(year - YEARS_BACK, year + YEARS_AHEAD + 1))
    except UnreadableError:
        # It was chosen when the library still had it. A plan without holidays is better than no plan.
        log.warning("a calendar of holidays is gone", country=country)
        return frozenset()
