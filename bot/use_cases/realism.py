"""What an owner should know about a date they promise: read with the promise that is made, told to them alone."""

from dataclasses import dataclass

from bot.domain.promise import Promise
from bot.domain.realism import LAST, Doubt, doubt, week_of
from bot.ports import Transaction
from bot.use_cases.people import hours_of

#: How many deadlines are looked at, and how many closed promises: some were cancelled.
OWED, CLOSED = 200, 3 * LAST


@dataclass(frozen=True, slots=True)
class Made:
    """A promise just recorded, and what its owner alone should know about the date."""

    promise: Promise
    doubt: Doubt | None = None


def doubt_of(tx: Transaction, promise: Promise) -> Doubt | None:
    """What its owner should know; for a date that has just been promised."""
    owner, hours = promise.owner_id, hours_of(tx, promise.owner_id)
    since, _ = week_of(promise.terms.due.at, hours)
    others = tx.promises.deadlines_of(owner, since, OWED, but=promise.id)
    return doubt(promise, others, tx.records.closed_of(owner, CLOSED), hours)
