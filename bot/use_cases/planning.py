"""The nudges that a promise owes by the calendars and the choices of its two sides."""

from datetime import datetime

from bot.domain.habits import Habits
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Planned, plan
from bot.ports import Transaction


def nudges_of(tx: Transaction, promise: Promise, now: datetime) -> tuple[Planned, ...]:
    """Every nudge that the promise still owes, as our own books know its two sides."""
    sides = habits_of(tx, promise.owner_id), habits_of(tx, promise.requester_id)
    return plan(promise, *sides, now, promise.lead_days)


def habits_of(tx: Transaction, user_id: UserId) -> Habits:
    """Somebody's time and choices; the defaults until they have been met."""
    person = tx.people.get(user_id)
    return person.habits if person else Habits()
