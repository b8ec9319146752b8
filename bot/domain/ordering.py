"""The order of listed promises: urgent ones first, then by date, low priority last within a day."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.promise import Promise
from bot.domain.weight import Priority
from bot.domain.working_time import WorkingHours

SortKey = tuple[bool, date, bool, datetime, int]


def sort_key(promise: Promise, hours: WorkingHours) -> SortKey:
    """Return the sort key of a promise for a reader, in whose zone (`hours`) days are counted."""
    return key_of(promise.weight.priority, promise.terms.due.at, promise.number, hours)


def key_of(priority: Priority, due_at: datetime, number: int, hours: WorkingHours) -> SortKey:
    """Return the sort key of a promise with these values, as `sort_key` does."""
    is_last = priority is Priority.WHENEVER
    return priority is not Priority.URGENT, hours.local(due_at).date(), is_last, due_at, number


def in_order(promises: Iterable[Promise], hours: WorkingHours) -> tuple[Promise, ...]:
    return tuple(sorted(promises, key=lambda promise: sort_key(promise, hours)))
