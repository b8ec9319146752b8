"""Check whether a date is realistic, by the owner's other deadlines and the duration of past deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from bot.domain.acts import State
from bot.domain.load import AHEAD_DAYS, Days, estimated, how_many
from bot.domain.outcomes import Past
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours

#: Number of other promises in the same week from which a week counts as busy.
BUSY_WEEK = 3
#: The outside view: maximum and minimum number of past deliveries, and the smallest ratio worth a warning.
LAST, LEAST, SLOWER = 8, 5, 1.2
#: Maximum ratio by which a deadline is stretched.
MOST = 5.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """Reasons against a date; `better` is a realistic one.

    `others` are due in the same week, and take `estimated` as far as known; `ratio` is the duration of the last
    `deliveries` relative to what was promised, 0 if not significant. `estimate` is set if the promise takes more time
    than is left before its date.
    """

    others: int
    ratio: float
    deliveries: int
    better: Due
    estimated: timedelta = timedelta()
    estimate: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPace:
    """The duration of a person's last `deliveries` relative to the time first promised; `ratio` is 0 if too few."""

    ratio: float
    deliveries: int


def doubt(promise: Promise, pace: DeliveryPace, days: Days) -> Doubt | None:
    """Return the reasons against a date just promised; None if there are none.

    `days` hold the owner's other deadlines, of that week and later ones.
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
        others=how_many(in_week) if is_busy else 0,
        ratio=pace.ratio if is_slow else 0.0,
        deliveries=pace.deliveries,
        better=Due(better, due.zone),
        estimated=estimated(in_week),
        estimate=estimate if is_tight else None,
    )


def delivery_pace(pasts: Sequence[Past]) -> DeliveryPace:
    """Return the duration of the last deliveries relative to the time first promised."""
    ratios = []
    for past in sorted(pasts, key=lambda past: past.promise.closed_at or past.promise.made_at)[::-1]:
        course, first = past.course, past.history[0].due
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
    """Return the deadline stretched by `ratio`, at the same time of day, on a working day."""
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
