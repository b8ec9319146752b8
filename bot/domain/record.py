"""Rules of the record: early changes and lateness."""

from datetime import datetime, timedelta

from bot.domain.promise import Promise
from bot.domain.working_time import WorkingHours


def is_early(promise: Promise, raised_at: datetime, other_side: WorkingHours) -> bool:
    """Return whether a change raised at `raised_at` counts as early: it leaves the other side time to act.

    That is one working day in *their* calendar, or half of the promise's whole time when it is shorter than two of
    their working days (docs/adr/0008-early-is-honest.md).
    """
    return leaves_time(other_side, promise.made_at, raised_at, promise.terms.due.at)


def leaves_time(hours: WorkingHours, made_at: datetime, raised_at: datetime, due_at: datetime) -> bool:
    """Apply the rule: one working day, or half of the whole time if that is shorter than two working days."""
    if hours.working_time(raised_at, due_at) >= hours.working_day:
        return True
    if hours.working_time(made_at, due_at) >= 2 * hours.working_day:
        return False
    span = due_at - made_at
    return span > timedelta() and due_at - raised_at >= span / 2


def lateness(promise: Promise, now: datetime) -> timedelta:
    """Return how long after its deadline the promise was reported, or is open now; zero if in time."""
    return max((promise.reported_at or promise.closed_at or now) - promise.terms.due.at, timedelta())
