"""The languages of sentences: catalogues, and the language in which the reader of this task reads.

Sentences are written in English, in `_("…")` where they are drawn; `N_` marks one in a table, which `_` translates
where it is used. Placeholders are filled after the translation: `_("{owner} promised").format(owner=…)`.
"""

import gettext
from contextvars import ContextVar
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
#: Each language by its code, with its name in itself.
NAMES = {ENGLISH: "English", "de": "Deutsch"}
#: Languages whose catalogue is incomplete: they are not offered.
UNFINISHED: frozenset[str] = frozenset()
CATALOGUES = Path(__file__).parent / "locale"
#: Dates are on nearly every message, and strftime takes ten times as long as this.
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

#: The catalogue of this task's reader; None is English, the language of the code.
_READERS: ContextVar["Catalogue | None"] = ContextVar("readers", default=None)


class Catalogue(gettext.GNUTranslations):
    """The translations into one language, by its code."""

    code = ENGLISH


def _(sentence: str) -> str:
    """Return a sentence in the reader's language."""
    catalogue = _READERS.get()
    return sentence if catalogue is None else catalogue.gettext(sentence)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a sentence for `count`, in the reader's language; `{count}` in it is filled.

    >>> ngettext("{count} day", "{count} days", 3)
    '3 days'
    """
    catalogue = _READERS.get()
    if catalogue is None:
        return (one if count == 1 else many).replace("{count}", str(count))
    return catalogue.ngettext(one, many, count).replace("{count}", str(count))


def pgettext(context: str, sentence: str) -> str:
    """Return a sentence whose English means more than one thing, in the reader's language."""
    catalogue = _READERS.get()
    return sentence if catalogue is None else catalogue.pgettext(context, sentence)


def N_(sentence: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark a sentence in a table for the catalogues, and return it unchanged."""
    return sentence


def offered() -> dict[str, str]:
    """Return the languages that people can choose: code → name."""
    return {code: name for code, name in NAMES.items() if code not in UNFINISHED}


def language_of(locale: str, chosen: str = "") -> str:
    """Return the language of a reader with a Slack locale and a setting; the setting goes first, if it is offered.

    >>> language_of("en-GB"), language_of("fr-FR"), language_of("de-DE", "en")
    ('en', 'en', 'en')
    """
    wanted = chosen or locale[:2].lower()
    return wanted if wanted in NAMES and wanted not in UNFINISHED else ENGLISH


def current() -> str:
    """Return the code of the reader's language."""
    catalogue = _READERS.get()
    return ENGLISH if catalogue is None else catalogue.code


class reading_in:  # noqa: N801  used like a function: `with reading_in("de"):`
    """Draw every sentence within in a language. A class, because each message is drawn in one."""

    __slots__ = ("_language", "_token")

    def __init__(self, language: str) -> None:
        self._language = language

    def __enter__(self) -> None:
        self._token = _READERS.set(catalogue_of(self._language))

    def __exit__(self, *_: object) -> None:
        _READERS.reset(self._token)


def read_in(language: str) -> None:
    """Draw every sentence of the rest of this task in a language."""
    _READERS.set(catalogue_of(language))


@cache
def catalogue_of(language: str) -> Catalogue | None:
    """Return a language's catalogue, read once; None for English."""
    if language == ENGLISH:
        return None
    from babel.messages.mofile import write_mo  # not needed where all read English
    from babel.messages.pofile import read_po

    with (CATALOGUES / language / "LC_MESSAGES" / "kept.po").open("rb") as written:
        entries = read_po(written, locale=language)
    compiled = BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    catalogue = Catalogue(compiled)
    catalogue.code = language
    return catalogue


def day_text(day: date, *, year: bool = False, weekday: bool = True) -> str:
    """Return a day with its weekday and month, as the reader's language writes it.

    >>> day_text(date(2026, 11, 27)), day_text(date(2026, 11, 7), year=True), day_text(date(2026, 11, 7), weekday=False)
    ('Fri 27 Nov', 'Sat 7 Nov 2026', '7 Nov')
    """
    code = current()
    if code == ENGLISH:  # as Babel writes it; English readers need not wait for its import
        written = f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
        return f"{_DAYS[day.weekday()]} {written}" if weekday else written
    from babel.dates import format_date

    pattern = _("ccc d LLL yyyy") if year else _("ccc d LLL")
    return format_date(day, pattern if weekday else pattern.removeprefix("ccc").lstrip(", "), locale=code)


def weekday_name(number: int, *, short: bool = True) -> str:
    """Return a weekday's name in the reader's language; Monday is 0.

    >>> weekday_name(0), weekday_name(6, short=False)
    ('Mon', 'Sunday')
    """
    day = date(2026, 1, 5 + number)
    code = current()
    if code == ENGLISH:
        return f"{day:%a}" if short else f"{day:%A}"
    from babel.dates import format_date

    return format_date(day, "ccc" if short else "cccc", locale=code)
