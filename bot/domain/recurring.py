"""Recurring promises: each occurrence is a promise of its own, made when the one before is due."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.errors import NotAllowedError, TooLateError
from bot.domain.promise import CLOCK, NO_PLACE, Due, Origin, Promise, PromiseId, UserId
from bot.domain.weight import UNWEIGHED, Weight
from bot.domain.working_time import HORIZON, WorkingHours
from bot.language import _

#: The longest interval, in weeks or months.
MAX_EVERY = 60
UNNAMED = PromiseId("")


class RecurrencePace(StrEnum):
    """`DAILY` means each of the owner's working days."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class OnDayOff(StrEnum):
    """The rule for occurrences on the owner's holiday or absence."""

    SKIP = "skip"
    DAY_BEFORE = "day_before"


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """A rule of recurrence, at a wall-clock time in a zone.

    `weekdays` (Monday = 0) matter to a weekly rule, `day` to a monthly one, where a day that the month lacks means its
    last. A monthly rule with an `nth` means the nth of the month's `weekdays` instead (-1: the last of them); `every`
    counts weeks or months from the one of `starts_on`.
    """

    pace: RecurrencePace
    at: time
    zone: str
    starts_on: date
    weekdays: frozenset[int] = frozenset()
    day: int = 1
    every: int = 1
    ends_on: date | None = None
    on_day_off: OnDayOff = OnDayOff.SKIP
    nth: int = 0

    def falls_on(self, day: date) -> bool:
        """Return whether the rule includes this day, regardless of days off."""
        if day < self.starts_on or (self.ends_on and day > self.ends_on):
            return False
        match self.pace:
            case RecurrencePace.DAILY:
                return True
            case RecurrencePace.WEEKLY:
                return day.weekday() in self.weekdays and _weeks_between(self.starts_on, day) % self.every == 0
            case RecurrencePace.MONTHLY:
                months = 12 * (day.year - self.starts_on.year) + day.month - self.starts_on.month
                return months % self.every == 0 and self._is_day_of_month(day)

    def _is_day_of_month(self, day: date) -> bool:
        last = _last_of_month(day).day
        if not self.nth:
            return day.day == min(self.day, last)
        if day.weekday() not in self.weekdays:
            return False
        days = range(day.day, last + 1) if self.nth < 0 else range(1, day.day + 1)
        return abs(self.nth) == sum(day.replace(day=each).weekday() in self.weekdays for each in days)

    def written(self) -> dict[str, object]:
        """Return the rule as JSON values; `rule_from` parses it."""
        return {
            "pace": self.pace.value,
            "at": self.at.isoformat("minutes"),
            "zone": self.zone,
            "starts_on": self.starts_on.isoformat(),
            "weekdays": sorted(self.weekdays),
            "day": self.day,
            "every": self.every,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "on_day_off": self.on_day_off.value,
            "nth": self.nth,
        }


class Repeat(StrEnum):
    """The choices of recurrence in the form."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"

    def rule(self, first: Due) -> RecurrenceRule | None:
        """Return the rule for a first deadline; None without recurrence."""
        local = first.local
        rule = RecurrenceRule(
            RecurrencePace.WEEKLY, local.time(), first.zone, local.date(), frozenset({local.weekday()}), local.day
        )
        match self:
            case Repeat.ONCE:
                return None
            case Repeat.DAILY:
                return replace(rule, pace=RecurrencePace.DAILY, weekdays=frozenset(), day=1)
            case Repeat.WEEKLY | Repeat.FORTNIGHTLY:
                return replace(rule, day=1, every=2 if self is Repeat.FORTNIGHTLY else 1)
            case Repeat.MONTHLY:
                return replace(rule, pace=RecurrencePace.MONTHLY, weekdays=frozenset())

    @classmethod
    def of(cls, rule: RecurrenceRule | None, first: Due | None) -> "Repeat | None":
        """Return the form's choice for a rule; None if the form cannot express it."""
        if rule is None or first is None:
            return cls.ONCE
        return next((each for each in cls if (made := each.rule(first)) and _same(made, rule)), None)


def _same(one: RecurrenceRule, other: RecurrenceRule) -> bool:
    return replace(one, starts_on=other.starts_on) == other


def rule_from(written: Mapping[str, object]) -> RecurrenceRule:
    """Parse the JSON values of `RecurrenceRule.written`.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    weekdays, ends_on = written["weekdays"], written["ends_on"]
    if not (isinstance(weekdays, list) and all(type(each) is int and 0 <= each < 7 for each in weekdays)):
        raise ValueError("no weekdays")
    day, every, nth = (_whole(written[name], least) for name, least in (("day", 1), ("every", 1), ("nth", -MAX_EVERY)))
    return RecurrenceRule(
        pace=RecurrencePace(str(written["pace"])),
        at=time.fromisoformat(str(written["at"])),
        zone=ZoneInfo(str(written["zone"])).key,
        starts_on=date.fromisoformat(str(written["starts_on"])),
        weekdays=frozenset(weekdays),
        day=day,
        every=every,
        ends_on=date.fromisoformat(str(ends_on)) if ends_on else None,
        on_day_off=OnDayOff(str(written["on_day_off"])),
        nth=nth,
    )


def _whole(value: object, least: int) -> int:
    if type(value) is not int or not least <= value <= MAX_EVERY:
        raise ValueError("no such number")
    return value


@dataclass(frozen=True, slots=True)
class Series:
    """A recurring promise between two people, until either ends it.

    `id` is that of its first occurrence, `number` that of its newest one; `wakes_at` is when that one is due by the
    rule and the next is made, None once the series has ended. `ended_by` is CLOCK if it ended on its last day, or
    because one of the two left.
    """

    owner_id: UserId
    requester_id: UserId
    what: str
    rule: RecurrenceRule
    done_when: str = ""
    ended_at: datetime | None = None
    id: PromiseId = UNNAMED
    watchers: tuple[UserId, ...] = ()
    origin: Origin = NO_PLACE
    number: int = 0
    wakes_at: datetime | None = None
    ended_by: UserId = CLOCK
    weight: Weight = UNWEIGHED

    @property
    def is_own(self) -> bool:
        return self.owner_id == self.requester_id

    @property
    def parties(self) -> tuple[UserId, ...]:
        """Return the two people who may end it."""
        return tuple(dict.fromkeys((self.owner_id, self.requester_id)))

    def ended(self, by: UserId, now: datetime) -> "Series":
        """Return the series without further occurrences; one that was made already stays a promise.

        Raises NotAllowedError for other people, TooLateError if it has ended already.
        """
        if by not in (*self.parties, CLOCK):
            raise NotAllowedError(_("Only the two people of a recurring promise can end it."))
        if self.ended_at:
            raise TooLateError(_("It has ended already: no more will be made."))
        return replace(self, ended_at=now, ended_by=by, wakes_at=None)


def series_of(first: Promise, rule: RecurrenceRule) -> Series:
    """Return the series that begins with a promise just made."""
    return Series(
        owner_id=first.owner_id,
        requester_id=first.requester_id,
        what=first.terms.what,
        rule=rule,
        done_when=first.terms.done_when,
        id=first.id,
        watchers=first.watchers,
        origin=first.origin,
        number=first.number,
        wakes_at=first.terms.due.at,
        weight=first.weight,
    )


def next_due(series: Series, after: datetime, owner: WorkingHours, *, owner_is_gone: bool = False) -> Due | None:
    """Return the deadline of the first occurrence later than `after`; None if there is none.

    >>> from datetime import UTC
    >>> fridays = RecurrenceRule(RecurrencePace.WEEKLY, time(17), "Europe/Berlin", date(2026, 12, 1), frozenset({4}))
    >>> series = Series(UserId("U1"), UserId("U2"), "send the status", fridays)
    >>> christmas = WorkingHours("Europe/Berlin", days_off=frozenset({date(2026, 12, 25)}))
    >>> next_due(series, datetime(2026, 12, 18, 16, tzinfo=UTC), christmas).local.isoformat()
    '2027-01-01T17:00:00+01:00'
    """
    return None if series.ended_at or owner_is_gone else first_due(series.rule, after, owner)


def first_due(rule: RecurrenceRule, after: datetime, owner: WorkingHours) -> Due | None:
    """Return the first deadline later than `after` by the rule and the owner's days off; None if there is none."""
    clock = WorkingHours(rule.zone)
    first = max(clock.local(after).date(), rule.starts_on)
    last = min(rule.ends_on or date.max, first + HORIZON * rule.every)
    for ahead in range((last - first).days + 1):
        day = _held_on(rule, first + timedelta(days=ahead), owner)
        at = clock.instant(day, rule.at) if day else None
        if at and at > after:
            return Due(at, rule.zone)
    return None


def _held_on(rule: RecurrenceRule, day: date, owner: WorkingHours) -> date | None:
    """Return the day on which the occurrence of `day` is due, given days off; None if it is skipped."""
    if not rule.falls_on(day) or (rule.pace is RecurrencePace.DAILY and not owner.works_on(day)):
        return None
    if day not in owner.days_off:
        return day
    if rule.on_day_off is OnDayOff.SKIP:
        return None
    return next((back for n in range(1, 15) if owner.works_on(back := day - timedelta(days=n))), None)


def _weeks_between(first: date, later: date) -> int:
    monday = first - timedelta(days=first.weekday())
    return (later - monday).days // 7


def _last_of_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
