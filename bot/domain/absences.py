"""Days off in words, and lists of them: “24 Dec – 2 Jan”, “next week”, “until Friday”, “vom 24. bis 31. Dezember”."""

import contextlib
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.domain.due_dates import charts_of, view_of
from bot.domain.errors import UnreadableError
from bot.domain.habits import Absence
from bot.domain.reading.chart import Chart
from bot.domain.reading.meaning import Days, Stretch
from bot.domain.working_time import WorkingHours
from bot.language import N_, _

ONE_DAY = timedelta(days=1)
#: The longest absence, and the maximum number of absences per person.
LONGEST, MOST = timedelta(days=366), 20
#: Retention of past absences.
KEPT_FOR = timedelta(days=31)
LONGEST_WORDS, MAX_TOKENS = 100, 24
_BEGINNING = re.compile(r"^(?:from|starting|vom|von|ab)\s+", re.IGNORECASE)
_UNTIL = re.compile(r"^(?:until|till|til|through|bis(?:\s+(?:zum|einschließlich))?)\s+", re.IGNORECASE)
#: Separators of a range, in text with single blanks.
_BETWEEN = re.compile(
    r"\s?(?:[–—]|\s-\s|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bbis\szum\b|\bbis\b|(?<=[\w.])-(?=\d|\w))\s?",
    re.IGNORECASE,
)
#: A hyphen after this belongs to an ISO date.
_PART_OF_A_DATE = re.compile(r"\b\d{4}(?:-\d\d?)?$")
_BARE_DAY = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?")
#: Dotted numeric dates are day first, in any language.
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?")
_EXAMPLE = N_("Write it like `/promise away 24 Dec – 2 Jan`, `away Friday` or `away next week`.")


def read_absence(words: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Absence:
    """Read the days of an absence, in the speaker's zone.

    Raises UnreadableError if the words name none, several, or past days.
    """
    text = " ".join(words.split()).strip(" !")
    if len(text) > LONGEST_WORDS:
        raise UnreadableError(f"{_('I cannot tell which days those are.')} {_(_EXAMPLE)}", "when")
    today = hours.local(now).date()
    for first, last in _ranges(text, now, hours, locale):
        if last < today:
            raise UnreadableError(_("Those days are over already, so nothing was noted."), "when")
        if last - first > LONGEST:
            raise UnreadableError(_("That is longer than a year. Name the days of the next twelve months."), "when")
        if first <= last:
            return Absence(max(first, today), last)
    raise UnreadableError(
        f"{_('I cannot tell for certain which days those are, so nothing was noted.')} {_(_EXAMPLE)}", "when"
    )


def _ranges(text: str, now: datetime, hours: WorkingHours, locale: str) -> Iterator[tuple[date, date]]:
    """Yield the possible readings as a first and a last day, the most likely first."""
    if until := _UNTIL.match(text):
        ends = _days(text[until.end() :], now, hours, locale)
        if ends:
            yield hours.local(now).date(), ends.last
    text = _BEGINNING.sub("", text)
    for between in _BETWEEN.finditer(text):
        left, right = text[: between.start()], text[between.end() :]
        begins = _days(_completed(left, right), now, hours, locale, begins=True)
        is_inside_a_date = between.group() == "-" and _PART_OF_A_DATE.search(left)
        if begins is None or is_inside_a_date:
            continue
        if day := _BARE_DAY.fullmatch(right):
            yield from _to_day_of_month(begins.first, int(day[1]))
        noon = hours.instant(begins.first, time(12))
        ends = _days(right, max(noon, now), hours, locale)
        if ends:
            yield begins.first, ends.last
    whole = _days(text, now, hours, locale)
    if whole:
        yield whole.first, whole.last


def _completed(left: str, right: str) -> str:
    """Complete a bare first day with the month that follows: "24" in “24 – 31 Dec”."""
    bare, named = _BARE_DAY.fullmatch(left), _BARE_DAY.match(right)
    month = right[named.end() :] if named else ""
    if not bare or not month.strip(" ."):
        return left
    return f"{bare[1]}{month}" if month[0] == " " else f"{bare[1]}.{month}"


def _to_day_of_month(first: date, day: int) -> Iterator[tuple[date, date]]:
    """Yield the range to a bare last day in the same month: "28" in “Dec 24 – 28”."""
    if first.day <= day <= 31:
        with contextlib.suppress(ValueError):  # the 31st of a shorter month
            yield first, first.replace(day=day)


def _days(text: str, now: datetime, hours: WorkingHours, locale: str, *, begins: bool = False) -> Stretch | None:
    """Return the stretch of days that the words name; None if they name none or are ambiguous.

    A range that `begins` on the weekday of today begins today, not in a week.
    """
    view = view_of(now, hours, "de" if _DOTTED.fullmatch(text) else locale)
    readings = (_all_days(chart) for chart in charts_of(text, view) if 0 < len(chart.tokens) <= MAX_TOKENS)
    first, *others = next(filter(None, readings), (None,))
    is_certain = not others or (begins and first is not None and first.first == hours.local(now).date())
    return first if is_certain else None


def _all_days(chart: Chart) -> Days:
    """Return the days that the whole text may mean."""
    found: Days = next((days for end, days in chart.find("day", 0) if end == len(chart.tokens)), ())
    return found


def added(absences: tuple[Absence, ...], new: Absence, today: date) -> tuple[Absence, ...]:
    """Add an absence: sorted, adjacent ones merged, those older than KEPT_FOR dropped.

    Raises UnreadableError if there are too many.
    """
    first, last = new.first_on, new.last_on
    apart = []
    for each in absences:
        if each.first_on <= last + ONE_DAY and first <= each.last_on + ONE_DAY:
            first, last = min(first, each.first_on), max(last, each.last_on)
        elif each.last_on >= today - KEPT_FOR:
            apart.append(each)
    if len(apart) >= MOST:
        raise UnreadableError(
            _("{most} absences fit; take one away with `/promise away off` first.").format(most=MOST), "when"
        )
    return tuple(sorted((*apart, Absence(first, last, new.why)), key=lambda each: each.first_on))


def coming(absences: tuple[Absence, ...], today: date) -> tuple[Absence, ...]:
    """Return the absences that are not over."""
    return tuple(each for each in absences if each.last_on >= today)


def without_today(absences: tuple[Absence, ...], today: date) -> tuple[Absence, ...]:
    """End the absences that cover today as of yesterday, for a person who is back."""
    cut = (
        Absence(each.first_on, min(each.last_on, today - ONE_DAY), each.why) if each.covers(today) else each
        for each in absences
    )
    return tuple(each for each in cut if each.first_on <= each.last_on)
