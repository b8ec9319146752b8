"""Working days and hours of one person, and arithmetic in working time."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.errors import NaiveTimeError
from bot.domain.spans import BLOCK, Spans, instant, spans_near

MONDAY_TO_FRIDAY = frozenset(range(5))
#: Limit of searches for working time: a year of leave with some margin.
HORIZON = timedelta(days=400)
#: Two instants no further apart than this are less than HORIZON apart in local days.
_SURELY_NEAR = HORIZON - timedelta(days=2)
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)


def aware(instant: datetime) -> datetime:
    """Convert an instant to UTC.

    Raises NaiveTimeError if it carries no zone.
    """
    if instant.tzinfo is UTC:
        return instant  # as nearly always: plans ask for this a hundred times each
    if instant.tzinfo is None:
        raise NaiveTimeError(f"{instant.isoformat()} has no time zone.")
    return instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A person's working hours: weekdays counted from Monday = 0, wall-clock hours in an IANA zone.

    `days_off` are whole local days (holidays, absences) without working time.
    """

    zone: str = "UTC"
    days: frozenset[int] = MONDAY_TO_FRIDAY
    start: time = time(9)
    end: time = time(18)
    days_off: frozenset[date] = frozenset()
    _near: dict[int, Spans] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def instant(self, day: date, at: time) -> datetime:
        """Return the UTC instant of a wall-clock time; a gap goes to the later instant, a fold to the earlier.

        >>> WorkingHours("Europe/Berlin").instant(date(2026, 3, 29), time(2, 30)).isoformat()
        '2026-03-29T01:30:00+00:00'
        >>> WorkingHours("Europe/Berlin").instant(date(2026, 10, 25), time(2, 30)).isoformat()
        '2026-10-25T00:30:00+00:00'
        """
        return instant(self.zone, day, at)

    def local(self, instant: datetime) -> datetime:
        return aware(instant).astimezone(self.tz)

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.days_off

    def opens(self, day: date) -> datetime:
        return self.instant(day, self.start)

    def closes(self, day: date) -> datetime:
        return self.instant(day, self.end)

    def spans(self, near: datetime) -> Spans:
        """Return the working hours of the months around an instant."""
        block = near.toordinal() // BLOCK
        spans = self._near.get(block)
        if spans is None:
            spans = self._near[block] = spans_near(
                (self.zone, self.start, self.end, None), self.days, self.days_off, block
            )
        return spans

    def is_working(self, instant: datetime) -> bool:
        return self.spans(instant).holds(instant)

    def next_opening(self, after: datetime) -> datetime:
        """Return `after` if it is working time, else the next instant at which work starts.

        >>> WorkingHours().next_opening(datetime(2026, 11, 27, 20, tzinfo=UTC)).isoformat()
        '2026-11-30T09:00:00+00:00'
        """
        at = after = aware(after)
        if self.is_working(after):
            return after
        while at - after <= HORIZON:
            spans = self.spans(at)
            if opens := spans.start_from(after):
                return opens if self.is_in_reach(after, opens) else after
            at = spans.until
        return after

    def is_in_reach(self, one: datetime, other: datetime) -> bool:
        """Return whether two instants are less than HORIZON apart, counted in local days."""
        return abs(one - other) < _SURELY_NEAR or abs(self.local(one).date() - self.local(other).date()) < HORIZON

    def working_day_before(self, instant: datetime) -> datetime:
        """Return the same wall-clock time on the working day before, moved into that day's hours.

        >>> WorkingHours().working_day_before(datetime(2026, 11, 30, 17, tzinfo=UTC)).isoformat()
        '2026-11-27T17:00:00+00:00'
        """
        local = self.local(instant)
        day = local.date()
        for _ in range(1, HORIZON.days):
            day -= _A_DAY
            if self.works_on(day):
                same = self.instant(day, local.time())
                return min(max(same, self.opens(day)), self.closes(day) - _AN_HOUR)
        return aware(instant) - timedelta(days=1)

    def leaving(self, until: datetime, amount: timedelta) -> datetime:
        """Return the latest instant of work from which at least `amount` of working time is left before `until`.

        >>> WorkingHours().leaving(datetime(2026, 11, 30, 12, tzinfo=UTC), timedelta(hours=9)).isoformat()
        '2026-11-27T12:00:00+00:00'
        """
        at = until = aware(until)
        left = amount
        while until - at <= HORIZON:
            spans = self.spans(at)
            passed = spans.passed(at)
            if passed >= left and (found := spans.last_at(passed - left, at)):
                return found if self.is_in_reach(until, found) else until - HORIZON
            left, at = left - passed, spans.since
        return until - HORIZON

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant of work at which `amount` of working time has passed since `start`.

        >>> WorkingHours().after(datetime(2026, 11, 27, 16, tzinfo=UTC), timedelta(hours=4)).isoformat()
        '2026-11-30T11:00:00+00:00'
        """
        at = start = aware(start)
        left = amount
        while at - start <= HORIZON:
            spans = self.spans(at)
            passed = spans.passed(at) + left
            if found := spans.first_past(passed):
                return found if self.is_in_reach(start, found) else start + HORIZON
            left, at = passed - spans.before[-1], spans.until
        return start + HORIZON

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants; zero if they are in the wrong order."""
        total, at, end = timedelta(), aware(start), aware(end)
        while at < end:
            spans = self.spans(at)
            upto = min(end, spans.until)
            total += spans.passed(upto) - spans.passed(at)
            at = upto
        return total

    @property
    def working_day(self) -> timedelta:
        """The length of one working day."""
        return _length(self.start, self.end)


@lru_cache(64)
def _length(start: time, end: time) -> timedelta:
    return timedelta(hours=end.hour - start.hour, minutes=end.minute - start.minute)


def add_working_days(start: datetime, days: int, hours: WorkingHours) -> datetime:
    """Return the same wall-clock time that many working days later.

    >>> add_working_days(datetime(2026, 11, 26, 15, tzinfo=UTC), 3, WorkingHours()).isoformat()
    '2026-12-01T15:00:00+00:00'
    """
    local, left = hours.local(start), days
    day = local.date()
    for _ in range(HORIZON.days):
        if left == 0:
            break
        day += timedelta(days=1)
        left -= hours.works_on(day)
    return hours.instant(day, local.time())
