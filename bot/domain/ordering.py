"""The order in which promises are listed: urgent ones, then by date, and last of a day what can wait."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.promise import Promise
from bot.domain.weight import Priority
from bot.domain.working_time import WorkingHours

SortKey = tuple[bool, date, bool, datetime, int]


def sort_key(promise: Promise, hours: WorkingHours) -> SortKey:
    """Return what to sort promises by for a reader, whose days are those of `hours`."""
    due_at, priority = promise.terms.due.at, promise.weight.priority
    is_last = priority is Priority.WHENEVER
    return priority is not Priority.URGENT, hours.local(due_at).date(), is_last, due_at, promise.number


def in_order(promises: Iterable[Promise], hours: WorkingHours) -> tuple[Promise, ...]:
    return tuple(sorted(promises, key=lambda promise: sort_key(promise, hours)))
