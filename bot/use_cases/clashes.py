"""Clashes: deadlines on a day off of either side. Both are notified, with alternative days."""

from collections.abc import Callable, Sequence, Set
from datetime import datetime

from bot.domain.agenda import STATES_TERMS
from bot.domain.clashes import Clash, Reason, clash
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfAct, OfClash, version_of
from bot.domain.promise import Promise, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports import Delivery, DeliveryId, Side, Transaction
from bot.use_cases.outbox import owe
from bot.use_cases.people import habits_of

#: Upper bound of a person's open promises.
MAX_PROMISES = 10_000
Clashes = tuple[tuple[Promise, Clash], ...]


def clash_of(tx: Transaction, promise: Promise, now: datetime) -> Clash | None:
    """Return the clash of the deadline with a day off of either side, from stored calendars; None if none."""
    return clash(promise, habits_of(tx, promise.owner_id), habits_of(tx, promise.requester_id), now)


def clashes_of(tx: Transaction, person: UserId, now: datetime) -> Clashes:
    """Return a person's open promises with a deadline on a day off of either side."""
    promises = tx.promises.concerning(person, Side.ALL, MAX_PROMISES)
    return tuple((promise, found) for promise in promises if (found := clash_of(tx, promise, now)))


def notify_of_clashes(
    tx: Transaction,
    person: UserId,
    now: datetime,
    new_id: Callable[[], DeliveryId],
    before: Clashes = (),
    *,
    is_in_reply: bool = False,
) -> Clashes:
    """Wake everyone whom a person's calendar concerns, and notify both sides of deadlines that now fall on a day off.

    The person is not notified again of `before`, the clashes until now. Returns the others; if those are shown in the
    reply to the person, only the other side gets a message about them.
    """
    tx.agendas.wake_around(person, now)
    known, new = {(promise.id, _days_off(found)) for promise, found in before}, []
    for promise, found in clashes_of(tx, person, now):
        is_known = (promise.id, _days_off(found)) in known
        if not is_known:
            new.append((promise, found))
        _notify(tx, promise, found, now, new_id, {person} if is_known or is_in_reply else frozenset())
    return tuple(new)


def notify_of_clash(tx: Transaction, promise: Promise, now: datetime, new_id: Callable[[], DeliveryId]) -> None:
    """Notify both sides of a deadline on a day off, once per clash."""
    if found := clash_of(tx, promise, now):
        _notify(tx, promise, found, now, new_id)


def _notify(
    tx: Transaction,
    promise: Promise,
    found: Clash,
    now: datetime,
    new_id: Callable[[], DeliveryId],
    except_for: Set[UserId] = frozenset(),
) -> None:
    recipients = {promise.owner_id, promise.requester_id} - except_for
    owe(tx, promise.id, [_message(promise, found, each, now) for each in sorted(recipients)], new_id)


def _days_off(found: Clash) -> frozenset[tuple[UserId, Reason]]:
    """Return who is off and why: a clash with the same is not reported again."""
    return frozenset((off.who, off.reason) for off in found.off)


def clash_for_who_acted(tx: Transaction, before: Promise, after: Promise, entry: HistoryEntry) -> list[Planned]:
    """Return the clash message for a person who accepted the date or took it over: no notice to them could show it."""
    is_same = before.terms.due == after.terms.due and before.owner_id == after.owner_id
    is_side = entry.by in (after.owner_id, after.requester_id)
    found = None if is_same or not is_side else clash_of(tx, after, entry.at)
    return [_message(after, found, entry.by, entry.at)] if found else []


def _message(promise: Promise, found: Clash, to: UserId, now: datetime) -> Planned:
    """Return the clash message. Its occasion holds the terms, who is off and why, so it is sent once for each."""
    occasion = OfClash.of(promise.terms.version, _days_off(found))
    return Planned(Kind.CLASH, to, now, str(occasion))


def clash_aside(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[HistoryEntry], now: datetime
) -> Clash | None:
    """Return the clash to show under a message that states the terms in force to one of the two sides."""
    if delivery.to not in (promise.owner_id, promise.requester_id):
        return None
    if delivery.kind is Kind.NOTICE:
        bound = [place for place, entry in enumerate(history, start=1) if entry.act in STATES_TERMS]
        if not bound or delivery.occasion != str(OfAct(bound[-1])):
            return None
    elif delivery.kind is not Kind.RECEIPT:
        return None
    return clash_of(tx, promise, now)


def clash_of_delivery(tx: Transaction, delivery: Delivery, now: datetime) -> tuple[Promise, Clash] | None:
    """Return the clash that a delivery reports; None if terms, parties or days off changed."""
    promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
    if promise is None or delivery.to not in (promise.owner_id, promise.requester_id):
        return None
    if version_of(delivery.occasion) != promise.terms.version:
        return None
    found = clash_of(tx, promise, now)
    return (promise, found) if found else None
