"""What a promise counts for, once it is over."""

from datetime import datetime, timedelta

from bot.domain.promise import Promise
from bot.domain.working_time import WorkingHours


def is_early(promise: Promise, raised_at: datetime, other_side: WorkingHours) -> bool:
    """Whether a change raised at `raised_at` leaves the other side time to act: then it is honest, not late.

    That is one working day in *their* calendar, or half of the promise's whole time when it is shorter than two of
    their working days (docs/adr/0008-early-is-honest.md).
    """
    due_at = promise.terms.due.at
    notice = other_side.working_time(raised_at, due_at)
    if notice >= other_side.working_day:
        return True
    whole = other_side.working_time(promise.made_at, due_at)
    if whole >= 2 * other_side.working_day:
        return False
    span = due_at - promise.made_at
    return span > timedelta() and due_at - raised_at >= span / 2


def lateness(promise: Promise, now: datetime) -> timedelta:
    """How long past its deadline the promise was reported, or is by now; zero when it is in time."""
    return max((promise.reported_at or promise.closed_at or now) - promise.terms.due.at, timedelta())
