"""A person's workload by day, and the first day with room for one more promise.

The unit is a day of work. A promise with an estimate takes its hours on any days from now to its deadline; one without
counts as a fixed share of the day on which it is due.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from bot.domain.promise import Due, UserId
from bot.domain.working_time import WorkingHours

#: Number of promises without an estimate that fill a day.
FULL_DAY = 2
#: Number of days searched for one with room.
AHEAD_DAYS = 60
#: Tolerance of sums of fractions of days.
EXACT = 1e-6


class Owed(NamedTuple):
    """The deadline of promises, with the working time estimated for each if there is one."""

    at: datetime
    estimate: timedelta | None = None
    #: How many promises have both in common: often many are due at the end of the same day.
    alike: int = 1


@dataclass(frozen=True, slots=True)
class Days:
    """A person's working days from `now` on, with their open deadlines."""

    hours: WorkingHours
    owed: Sequence[Owed]
    now: datetime

    def first_with_room(self, at: datetime, estimate: timedelta | None = None) -> datetime | None:
        """Return the first instant like `at`, on its own day or a later working day, with room for one promise more.

        A day has room if everything due then or later can still be done in time; None where none has.
        """
        begin, when = self.hours.local(at).date(), self.hours.local(at).time()
        heads, work, need = self._heads(), self._work(), self._share(estimate)
        last, is_loose = begin + timedelta(days=2 * AHEAD_DAYS), estimate is None and not work
        spare = {} if is_loose else self._spare(last, heads, work)  # heads alone count where nothing was estimated
        for day in islice(self._work_days(begin, last), AHEAD_DAYS):
            is_counted = estimate is None and heads[day] >= FULL_DAY
            if not is_counted and (is_loose or spare[day] >= need - EXACT):
                return self.hours.instant(day, when)
        return None

    def _work_days(self, begin: date, last: date) -> Iterator[date]:
        day = max(begin, self.hours.local(self.now).date())
        while day <= last:
            if self.hours.works_on(day):
                yield day
            day += timedelta(days=1)

    def in_week(self, at: datetime) -> list[Owed]:
        """Return the deadlines in the calendar week of an instant."""
        starts_at, ends_at = week_bounds(at, self.hours)
        return [each for each in self.owed if starts_at <= each.at < ends_at]

    def heads(self, owed: Sequence[Owed]) -> float:
        """Return the equivalent number of promises without an estimate."""
        return FULL_DAY * sum(each.alike * self._share(each.estimate) for each in owed)

    def _heads(self) -> Counter[date]:
        heads: Counter[date] = Counter()
        for each in self.owed:
            if each.estimate is None:
                heads[self._day(each.at)] += each.alike
        return heads

    def _work(self) -> Mapping[date, float]:
        """Return the estimated work due on each day."""
        work: dict[date, float] = {}
        for each in self.owed:
            if each.estimate is not None:
                day = self._day(each.at)
                work[day] = work.get(day, 0) + each.alike * self._share(each.estimate)
        return work

    def _spare(self, last: date, heads: Mapping[date, int], work: Mapping[date, float]) -> Mapping[date, float]:
        """Return the spare capacity by each day, with everything due then or later still in time."""
        today, left = self.hours.local(self.now).date(), 0.0
        spare: dict[date, float] = {}
        for ahead in range((last - today).days + 1):
            day = today + timedelta(days=ahead)
            left += self._free(day, heads.get(day, 0)) - work.get(day, 0)
            spare[day] = left
        for day in sorted(spare, reverse=True):
            left = spare[day] = min(spare[day], left)
        return spare

    def _day(self, due_at: datetime) -> date:
        """Return the day of a deadline; today if it is late."""
        return self.hours.local(max(due_at, self.now)).date()

    def _free(self, day: date, heads: int) -> float:
        """Return the share of a day that is free for estimated work; of today only the rest counts."""
        if not self.hours.works_on(day):
            return 0
        opens = max(self.hours.opens(day), self.now)
        return max((self.hours.closes(day) - opens) / self._length - heads / FULL_DAY, 0)

    def _share(self, estimate: timedelta | None) -> float:
        return 1 / FULL_DAY if estimate is None else estimate / self._length

    @property
    def _length(self) -> timedelta:
        any_day = date(2026, 1, 5)
        return datetime.combine(any_day, self.hours.end) - datetime.combine(any_day, self.hours.start)


def how_many(owed: Sequence[Owed]) -> int:
    return sum(each.alike for each in owed)


def estimated(owed: Sequence[Owed]) -> timedelta:
    """Return the sum of what was estimated."""
    return sum((each.alike * each.estimate for each in owed if each.estimate), timedelta())


@dataclass(frozen=True, slots=True)
class Room:
    """Return whether the owner has room for a request due at `asked`; the requester may see no more than this.

    `first` is the first day with room from then on; `week_is_full`: no day of that week has any.
    """

    owner: UserId
    asked: Due
    first: Due | None
    week_is_full: bool


@dataclass(frozen=True, slots=True)
class Load:
    """Other promises that the owner of a request owes in that week, with their total estimate; shown to them alone."""

    others: int
    estimated: timedelta
    room: Room


def load_for(owner: UserId, asked: Due, estimate: timedelta | None, days: Days) -> Load:
    """Return the other promises in the week of a date, and the first day with room for one more."""
    in_week, (starts_at, ends_at) = days.in_week(asked.at), week_bounds(asked.at, days.hours)
    first = days.first_with_room(asked.at, estimate)
    clock = days.hours.local(asked.at).time()
    begin = days.hours.instant(days.hours.local(max(starts_at, days.now)).date(), clock)
    earliest = days.first_with_room(begin, estimate)
    is_full = earliest is None or earliest >= ends_at
    room = Room(owner, asked, Due(first, asked.zone) if first else None, is_full)
    return Load(how_many(in_week), estimated(in_week), room)


def week_bounds(instant: datetime, hours: WorkingHours) -> tuple[datetime, datetime]:
    """Return the start of the calendar week of an instant, and of the next week."""
    day = hours.local(instant).date()
    monday = day - timedelta(days=day.weekday())
    return hours.instant(monday, time()), hours.instant(monday + timedelta(days=7), time())
