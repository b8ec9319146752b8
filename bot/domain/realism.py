"""Whether a date is realistic: what is owed around it already, and how long such things took before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from bot.domain.acts import State
from bot.domain.load import AHEAD_DAYS, Days
from bot.domain.outcomes import Past, course_of
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours

#: So many others due in the same week are worth a word.
BUSY_WEEK = 3
#: The outside view: the last so many deliveries, not fewer than a few, and not for a difference that nobody feels.
LAST, LEAST, SLOWER = 8, 5, 1.2
#: How far a deadline is ever stretched.
MOST = 5.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a date; `better` is one that would be realistic.

    `others` are due in the same week, and take `estimated` as far as that is known; `ratio` is how long the last
    `deliveries` took against what was promised, 0 where it says nothing. `estimate` is set where the promise itself
    takes more time than there is left before its date.
    """

    others: int
    ratio: float
    deliveries: int
    better: Due
    estimated: timedelta = timedelta()
    estimate: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPace:
    """How long somebody's last `deliveries` took against the time first promised; `ratio` is 0 for too few of them."""

    ratio: float
    deliveries: int


def doubt(promise: Promise, pace: DeliveryPace, days: Days) -> Doubt | None:
    """What the owner should know about the date they just promised; None when nothing speaks against it.

    `days` hold what else they owe, of that week and later ones.
    """
    due, estimate, hours = promise.terms.due, promise.weight.estimate, days.hours
    in_week = days.in_week(due.at)
    is_busy, is_slow = days.heads(in_week) >= BUSY_WEEK, pace.ratio >= SLOWER
    first = days.first_with_room(due.at, estimate) if estimate else None
    is_tight = first is not None and first > due.at
    if not (is_busy or is_slow or is_tight):
        return None
    at = stretched(promise.made_at, due.at, min(pace.ratio, MOST), hours) if is_slow else due.at
    better = days.first_with_room(at, estimate)
    if better is None or better <= due.at:
        return None
    return Doubt(
        others=len(in_week) if is_busy else 0,
        ratio=pace.ratio if is_slow else 0.0,
        deliveries=pace.deliveries,
        better=Due(better, due.zone),
        estimated=sum((each.estimate for each in in_week if each.estimate), timedelta()),
        estimate=estimate if is_tight else None,
    )


def delivery_pace(pasts: Sequence[Past]) -> DeliveryPace:
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
    return DeliveryPace(median(ratios) if len(ratios) >= LEAST else 0.0, len(ratios))


def stretched(start: datetime, due_at: datetime, ratio: float, hours: WorkingHours) -> datetime:
    """The deadline as experience has it, at the same time of day, on a day of work."""
    end = hours.after(start, hours.working_time(start, due_at) * ratio)
    day = hours.local(end).date()
    same = hours.instant(day, hours.local(due_at).time())
    return same if same >= end else hours.instant(_next_workday(day, hours), hours.local(due_at).time())


def _next_workday(day: date, hours: WorkingHours) -> date:
    for ahead in range(1, AHEAD_DAYS):
        later = day + timedelta(days=ahead)
        if hours.works_on(later):
            return later
    return day + timedelta(days=1)
