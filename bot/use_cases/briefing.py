"""The morning brief: a row for each morning, which owes the next one in the transaction that puts it into words."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.bundles import Brief, brief
from bot.domain.habits import Habits
from bot.domain.promise import UserId
from bot.domain.reminders import Kind, Planned
from bot.ports import Delivery, DeliveryId, Side, Transaction
from bot.use_cases.bundling import take_along
from bot.use_cases.planning import habits_of

#: How many open promises a morning looks at, the nearest deadline first.
LOOKED_AT = 500


def plan_brief(tx: Transaction, person: UserId, now: datetime, new_id: Callable[[], DeliveryId]) -> None:
    """Owes somebody's next brief by what they chose just now, or none any more; a day that had one gets no second."""
    tx.deliveries.cancel(None, Kind.BRIEF, person)
    habits = habits_of(tx, person)
    if habits.has_brief:
        planned = _next(person, habits, now)
        if tx.bundles.was_briefed(person, planned.occasion):
            planned = _next(person, habits, planned.at)
        tx.deliveries.owe(None, [planned], new_id)


def begin_brief(
    tx: Transaction, row: Delivery, behind: Sequence[Delivery], now: datetime, new_id: Callable[[], DeliveryId]
) -> frozenset[DeliveryId]:
    """Owes the next one, and lets this one tell what is due besides; returns what it tells.

    One that was overtaken, by another day or by its reader's choice, tells nothing.
    """
    person = UserId(row.to)
    habits = habits_of(tx, person)
    if habits.has_brief:
        tx.deliveries.owe(None, [_next(person, habits, now)], new_id)
    return take_along(tx, row, behind, now) if _is_due(row, habits, now) else frozenset()


def brief_of(tx: Transaction, row: Delivery, now: datetime) -> Brief:
    """What the morning tells; empty for one that was overtaken."""
    person = UserId(row.to)
    habits = habits_of(tx, person)
    if row.ts is None and not _is_due(row, habits, now):
        return Brief()
    promises = tx.promises.concerning(person, Side.ALL, LOOKED_AT)
    return brief(person, promises, habits, row.planned_at or row.due_at)


def _is_due(row: Delivery, habits: Habits, now: datetime) -> bool:
    today = habits.hours.local(now).date()
    return habits.has_brief and row.occasion == today.isoformat() and bool(habits.windows(today))


def _next(person: UserId, habits: Habits, after: datetime) -> Planned:
    at = habits.next_morning(after)
    return Planned(Kind.BRIEF, person, at, habits.hours.local(at).date().isoformat())
