"""Whether a date is realistic: what is owed around it already, and how long such things took before."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from bot.domain.acts import State
from bot.domain.outcomes import Past, course_of
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours

#: So many others due in the same week are worth a word, and so many a day leave no room for one more.
BUSY_WEEK, FULL_DAY = 3, 2
#: The outside view: the last so many deliveries, not fewer than a few, and not for a difference that nobody feels.
LAST, LEAST, SLOWER = 8, 5, 1.2
#: How far ahead a day with room is looked for, and how far a deadline is ever stretched.
AHEAD_DAYS, MOST = 60, 5.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a date; `better` is one that would be realistic.

    `others` are due in the same week; `ratio` is how long the last `deliveries` took against what was promised, 0
    where it says nothing.
    """

    others: int
    ratio: float
    deliveries: int
    better: Due


@dataclass(frozen=True, slots=True)
class Pace:
    """How long somebody's last `deliveries` took against the time first promised; `ratio` is 0 for too few of them."""

    ratio: float
    deliveries: int


def doubt(promise: Promise, others: Sequence[datetime], pace: Pace, hours: WorkingHours) -> Doubt | None:
    """What the owner should know about the date they just promised; None when nothing speaks against it.

    `others` are the deadlines of what else they owe, the earliest first: those of that week and later ones.
    """
    due = promise.terms.due
    starts_at, ends_at = week_of(due.at, hours)
    in_week = bisect_left(others, ends_at) - bisect_left(others, starts_at)
    ratio, deliveries = pace.ratio, pace.deliveries
    is_busy, is_slow = in_week >= BUSY_WEEK, ratio >= SLOWER
    if not (is_busy or is_slow):
        return None
    at = stretched(promise.made_at, due.at, min(ratio, MOST), hours) if is_slow else due.at
    better = day_with_room(at, others, hours)
    if better is None or better <= due.at:
        return None
    return Doubt(in_week if is_busy else 0, ratio if is_slow else 0.0, deliveries, Due(better, due.zone))


def pace_of(pasts: Sequence[Past]) -> Pace:
    """Return how long the last deliveries took against the time first promised."""
    ratios = []
    for past in sorted(pasts, key=lambda past: past.promise.closed_at or past.promise.made_at)[::-1]:
        course, first = course_of(past), past.history[0].due
        if past.promise.state is not State.KEPT or course.reported_at is None or first is None:
            continue
        hours = WorkingHours(first.zone)
        promised = hours.working_time(course.began_at, first.at)
        if promised >= timedelta(hours=1):
            ratios.append(hours.working_time(course.began_at, course.reported_at) / promised)
        if len(ratios) == LAST:
            break
    return Pace(median(ratios) if len(ratios) >= LEAST else 0.0, len(ratios))


def stretched(start: datetime, due_at: datetime, ratio: float, hours: WorkingHours) -> datetime:
    """The deadline as experience has it, at the same time of day, on a day of work."""
    end = hours.after(start, hours.working_time(start, due_at) * ratio)
    day = hours.local(end).date()
    same = hours.instant(day, hours.local(due_at).time())
    return same if same >= end else hours.instant(_next_workday(day, hours), hours.local(due_at).time())


def day_with_room(at: datetime, others: Sequence[datetime], hours: WorkingHours) -> datetime | None:
    """The first instant like `at`, on its own day or a later working day, with room for one promise more.

    `others` are in order.
    """
    day, when = hours.local(at).date(), hours.local(at).time()
    for _ in range(AHEAD_DAYS):
        if hours.works_on(day):
            begins, ends = (hours.instant(each, time()) for each in (day, day + timedelta(days=1)))
            if bisect_left(others, ends) - bisect_left(others, begins) < FULL_DAY:
                return hours.instant(day, when)
        day = _next_workday(day, hours)
    return None


def _next_workday(day: date, hours: WorkingHours) -> date:
    for ahead in range(1, AHEAD_DAYS):
        later = day + timedelta(days=ahead)
        if hours.works_on(later):
            return later
    return day + timedelta(days=1)


def week_of(instant: datetime, hours: WorkingHours) -> tuple[datetime, datetime]:
    """When their calendar week began in which it lies, and when the next one does."""
    day = hours.local(instant).date()
    monday = day - timedelta(days=day.weekday())
    return hours.instant(monday, time()), hours.instant(monday + timedelta(days=7), time())
