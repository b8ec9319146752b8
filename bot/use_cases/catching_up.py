"""After downtime, an outage or a long queue: one message for each person instead of a pile.

Rows tell what downtime was: several nudges for one person that should have gone a while ago and still make sense.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Kind, Planned, still_wanted
from bot.ports import Delivery, DeliveryId, Transaction
from bot.use_cases.people import hours_of

#: A nudge later than this was held up, and goes together with others that were.
LATE = timedelta(minutes=15)
Told = tuple[Delivery, Promise]


def is_held_up(delivery: Delivery, now: datetime) -> bool:
    """Whether a nudge is so late that it may belong into a catch-up; one that may have arrived goes its own way."""
    planned_at = delivery.planned_at or delivery.due_at
    return delivery.kind.is_nudge and not delivery.was_unknown and now - planned_at > LATE


def leave_to_catch_up(tx: Transaction, delivery: Delivery, new_id: Callable[[], str], now: datetime) -> bool:
    """Leaves a late nudge to the catch-up message of its person; False when it is the only late one.

    The message goes in their working hours, or at once when something in it is due before these begin.
    """
    person = UserId(delivery.to)
    message = tx.deliveries.waiting(Kind.CATCH_UP, person)
    others = [row for row in tx.deliveries.late_nudges(person, now - LATE) if row.id != delivery.id]
    wanted = _wanted(tx, [delivery, *others], now)
    if message is None:
        if len(wanted) < 2:
            return False
        opening = hours_of(tx, person).next_opening(now)
        is_urgent = any(now < promise.terms.due.at <= opening for _, promise in wanted)
        owed = Planned(Kind.CATCH_UP, person, now if is_urgent else opening, now.isoformat())
        tx.deliveries.owe(None, [owed], lambda: DeliveryId(new_id()))
        message = tx.deliveries.waiting(Kind.CATCH_UP, person)
    if message is None:
        return False  # another process took it this very moment
    for row, _ in wanted:
        if row.id == delivery.id or not row.is_under_way:  # whoever has one in hand finds the message by itself
            tx.deliveries.record_told(row, message.id, now)
    return True


def told_in(tx: Transaction, catch_up: Delivery, now: datetime) -> list[Told]:
    """What a catch-up message has to tell by now, the oldest nudge of each promise and kind once."""
    return _wanted(tx, tx.deliveries.told_in(UserId(catch_up.to), catch_up.id), now)


def _wanted(tx: Transaction, nudges: Sequence[Delivery], now: datetime) -> list[Told]:
    promises = {row.promise_id: tx.promises.get(row.promise_id) for row in nudges if row.promise_id}
    told = [(row, promise) for row in nudges if row.promise_id and (promise := promises[row.promise_id])]
    return [(row, promise) for row, promise in told if still_wanted(row.kind, row.occasion, promise, now)]
