"""Promises that come again: each occurrence is a promise of its own, made when the one before is due."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.errors import NotAllowedError
from bot.domain.promise import Due, UserId
from bot.domain.working_time import HORIZON, WorkingHours


class Pace(StrEnum):
    """`DAILY` means each of the owner's working days."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class OnDayOff(StrEnum):
    """What becomes of an occurrence on the owner's holiday or absence."""

    SKIP = "skip"
    DAY_BEFORE = "day_before"


@dataclass(frozen=True, slots=True)
class Rule:
    """When it comes again, at a wall-clock time in a zone.

    `weekdays` (Monday = 0) matter to a weekly rule, `day` to a monthly one, where a day that the month lacks means its
    last; `every` counts weeks or months from the one of `starts_on`.
    """

    pace: Pace
    at: time
    zone: str
    starts_on: date
    weekdays: frozenset[int] = frozenset()
    day: int = 1
    every: int = 1
    ends_on: date | None = None
    on_day_off: OnDayOff = OnDayOff.SKIP

    def falls_on(self, day: date) -> bool:
        """Whether the rule names this day, whoever may be off on it."""
        if day < self.starts_on or (self.ends_on and day > self.ends_on):
            return False
        match self.pace:
            case Pace.DAILY:
                return True
            case Pace.WEEKLY:
                return day.weekday() in self.weekdays and _weeks_between(self.starts_on, day) % self.every == 0
            case Pace.MONTHLY:
                months = 12 * (day.year - self.starts_on.year) + day.month - self.starts_on.month
                return day.day == min(self.day, _last_of_month(day).day) and months % self.every == 0


@dataclass(frozen=True, slots=True)
class Series:
    """What recurs between two people, until either ends it."""

    owner_id: UserId
    requester_id: UserId
    what: str
    rule: Rule
    done_when: str = ""
    ended_at: datetime | None = None

    def ended(self, by: UserId, now: datetime) -> "Series":
        """The series without further occurrences; one that was made already stays a promise.

        Raises NotAllowedError for a bystander.
        """
        if by not in (self.owner_id, self.requester_id):
            raise NotAllowedError("Only the two people of a recurring promise can end it.")
        return self if self.ended_at else replace(self, ended_at=now)


def next_due(series: Series, after: datetime, owner: WorkingHours, *, owner_is_gone: bool = False) -> Due | None:
    """The deadline of the first occurrence later than `after`; None when there is none to come.

    >>> from datetime import UTC
    >>> fridays = Rule(Pace.WEEKLY, time(17), "Europe/Berlin", date(2026, 12, 1), frozenset({4}))
    >>> series = Series(UserId("U1"), UserId("U2"), "send the status", fridays)
    >>> christmas = WorkingHours("Europe/Berlin", days_off=frozenset({date(2026, 12, 25)}))
    >>> next_due(series, datetime(2026, 12, 18, 16, tzinfo=UTC), christmas).local.isoformat()
    '2027-01-01T17:00:00+01:00'
    """
    rule = series.rule
    if series.ended_at or owner_is_gone:
        return None
    clock = WorkingHours(rule.zone)
    first = max(clock.local(after).date(), rule.starts_on)
    for ahead in range(HORIZON.days * rule.every):
        day = _held_on(rule, first + timedelta(days=ahead), owner)
        at = clock.instant(day, rule.at) if day else None
        if at and at > after:
            return Due(at, rule.zone)
    return None


def _held_on(rule: Rule, day: date, owner: WorkingHours) -> date | None:
    """The day on which an occurrence is due that the rule names for `day`; None when there is none."""
    if not rule.falls_on(day) or (rule.pace is Pace.DAILY and not owner.works_on(day)):
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
