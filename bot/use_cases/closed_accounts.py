"""Closed accounts: notify the other side of each open promise that a person cannot be reached."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import PersonUnreachable
from bot.domain.promise import Promise, UserId
from bot.ports import DeliveryId, Side, Transaction
from bot.use_cases.outbox import owe

#: Most promises whose other side is notified that a person cannot be reached.
MAX_PROMISES_NOTIFIED = 500


def notify_other_sides(
    tx: Transaction,
    person: UserId,
    now: datetime,
    new_id: Callable[[], DeliveryId],
    subject: Promise | None = None,
) -> None:
    """Notify everyone who shares an open promise with a person that they cannot be reached, once per pair."""
    concerned = [*tx.promises.concerning(person, Side.ALL, MAX_PROMISES_NOTIFIED), *([subject] if subject else [])]
    others = {_other_side(promise, person) for promise in concerned if promise.state.is_open} - {person}
    occasion = str(PersonUnreachable(person))
    owe(tx, None, [Planned(Kind.TROUBLE, other, now, occasion) for other in sorted(others)], new_id)


def _other_side(promise: Promise, person: UserId) -> UserId:
    """Return the person to notify about an unreachable party; for a watcher, that is the owner."""
    return promise.other(person) if person in (promise.owner_id, promise.requester_id) else promise.owner_id
