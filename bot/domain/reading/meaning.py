"""Values of expressions before they are settled: lengths, stretches of days, times of day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.reading.answer import Granularity
from bot.domain.reading.kinds import Unit
from bot.domain.reading.language import Language
from bot.domain.unlocked import unlocked_property
from bot.domain.working_time import WorkingHours

DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60
SECONDS = {
    Unit.SECOND: 1,
    Unit.MINUTE: 60,
    Unit.HOUR: 3600,
    Unit.DAY: 86400,
    Unit.WEEK: 604800,
    Unit.FORTNIGHT: 1209600,
}
MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12, Unit.DECADE: 120}
#: The longest length that is read. It keeps every sum of dates within the calendar's range.
LONGEST_MONTHS = 1200


@dataclass(frozen=True)
class View:
    """From where words are read: the speaker's instant, wall clock, working hours and language."""

    now: datetime
    hours: WorkingHours
    language: Language
    #: 3/4 is the 4th of March.
    month_first: bool

    @unlocked_property
    def local(self) -> datetime:
        return self.hours.local(self.now)

    @unlocked_property
    def today(self) -> date:
        return self.local.date()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days in a row that words name; a deadline in them is their last."""

    first: date
    last: date
    grain: Granularity
    #: The words named its end, not the whole: "before the end of March" is not before March.
    ends: bool = False
    #: The unit after which it recurs if no year (or month) was named.
    every: Unit | None = None

    @property
    def single(self) -> bool:
        return self.first == self.last


#: The meanings of a day expression: one stretch if certain, several in doubt, none if there is no such day.
Days = tuple[Stretch, ...]
#: The meanings of an exact expression, likewise.
Instants = tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """A duration in the measures that calendars keep apart."""

    months: int = 0
    days: int = 0
    workdays: int = 0
    seconds: int = 0

    def __add__(self, other: "Length") -> "Length":
        return Length(
            self.months + other.months,
            self.days + other.days,
            self.workdays + other.workdays,
            self.seconds + other.seconds,
        )

    def __neg__(self) -> "Length":
        return Length(-self.months, -self.days, -self.workdays, -self.seconds)


def only_seconds(length: Length) -> bool:
    return length == Length(seconds=length.seconds)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day in minutes since midnight; it may lie outside the day ("two hours after 23:00")."""

    minutes: int
    #: Morning or evening is known.
    sure: bool = True
    #: Written as on a clock, 6:30: when nothing else decides, it is meant so.
    written: bool = False
    #: Written as computers write it, with a T or with seconds: an offset may stand right behind it.
    exact: bool = False
    #: The dates that it may be as well: 5.11.
    dates: "Days" = ()
    #: Midnight as a word, or "12 am" (minutes 0): "Friday midnight" does not say which of two, and "12 am" may be noon.
    midnight: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, in minutes since midnight."""

    start: int
    end: int
    #: The first and the last minute that may be called by its name ("3 in the morning").
    earliest: int
    latest: int
    #: It ends with the working day, whenever that is.
    closing: bool = False
    #: It ends when the working day starts ("first thing").
    opening: bool = False


#: "Tonight": a day and a part of it.
DayPart = tuple[Days, Part]

MORNING = Part(9 * 60, 12 * 60, 0, 12 * 60)
LUNCH = Part(12 * 60, 12 * 60, 11 * 60, 15 * 60)
AFTERNOON = Part(12 * 60, 17 * 60, 12 * 60, 19 * 60)
EVENING = Part(17 * 60, 21 * 60, 16 * 60, MINUTES_A_DAY)
NIGHT = Part(20 * 60, MINUTES_A_DAY - 1, 17 * 60, MINUTES_A_DAY)
CLOSING = Part(18 * 60, 18 * 60, 12 * 60, MINUTES_A_DAY, closing=True)
OPENING = Part(9 * 60, 9 * 60, 4 * 60, 12 * 60, opening=True)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone named in the text: a place, an offset in minutes east of Greenwich, or both ("EST")."""

    place: str | None
    offset: int | None = None


def on(day: date) -> Stretch:
    return Stretch(day, day, Granularity.DAY)


def length_of(amount: float, unit: Unit) -> Length | None:
    """Return `amount` of a unit; None if calendars cannot express it (a fifth of a month)."""
    if amount * (MONTHS.get(unit, 0) + SECONDS.get(unit, 86400) / 2.6e6) > LONGEST_MONTHS:
        return None
    if unit in MONTHS:
        months = amount * MONTHS[unit]
        return Length(months=int(months)) if months == int(months) else None
    if unit is Unit.WORKDAY:
        return Length(workdays=int(amount)) if amount == int(amount) else None
    if unit is Unit.WEEKEND:
        return None
    seconds = amount * SECONDS[unit]
    if unit in (Unit.DAY, Unit.WEEK, Unit.FORTNIGHT):
        # Whole days keep the wall clock when the clocks change; what is left of a day is time that passes.
        return Length(days=int(seconds // 86400), seconds=int(seconds % 86400))
    return Length(seconds=int(seconds))


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last.

    >>> plus_months(date(2028, 1, 31), 1).isoformat()
    '2028-02-29'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, last_of_month(year, month + 1).day))


def last_of_month(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - DAY


def plus(view: View, day: date, length: Length) -> date:
    """A date, so many days, working days and months later."""
    day = plus_months(day, length.months) + length.days * DAY
    step = DAY if length.workdays >= 0 else -DAY
    left = abs(length.workdays)
    for _ in range(left * 4 + 30):
        if not left:
            break
        day += step
        left -= view.hours.works_on(day)
    return day


def again(stretch: Stretch) -> Stretch:
    """The next time the stretch comes round, when its year or month was left open."""
    if stretch.every is None:
        return stretch
    step = MONTHS.get(stretch.every)
    if step is None:
        return replace(stretch, first=stretch.first + 7 * DAY, last=stretch.last + 7 * DAY)
    first = plus_months(stretch.first, step)
    last = plus_months(stretch.last + DAY, step) - DAY
    return replace(stretch, first=first, last=last)
