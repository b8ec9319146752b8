"""Deadlines on days when somebody is away: both sides hear of it at once, with days that would do."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.agenda import TELL_TERMS
from bot.domain.clashes import Clash, clash
from bot.domain.deciding import Entry
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfAct, OfClash, version_of
from bot.domain.promise import Promise, UserId
from bot.ports import Delivery, DeliveryId, Side, Transaction
from bot.use_cases.owing import owe
from bot.use_cases.people import habits_of

#: More open promises than anybody has.
MAX_PROMISES = 10_000
Clashes = tuple[tuple[Promise, Clash], ...]


def clash_of(tx: Transaction, promise: Promise, now: datetime) -> Clash | None:
    """Whether the deadline falls on a day off of either side, as our own books know them."""
    return clash(promise, habits_of(tx, promise.owner_id), habits_of(tx, promise.requester_id), now)


def tell_of_clashes(
    tx: Transaction,
    person: UserId,
    now: datetime,
    new_id: Callable[[], DeliveryId],
    unsaid_to: UserId | None = None,
) -> Clashes:
    """Wake everybody for whom a person's time matters, and tell both sides of deadlines that now fall on a day off.

    `unsaid_to` is told otherwise: of the promises that are returned.
    """
    tx.agendas.wake_around(person, now)
    return tuple(
        (promise, found)
        for promise in tx.promises.concerning(person, Side.ALL, MAX_PROMISES)
        if (found := tell_of_clash(tx, promise, now, new_id, unsaid_to))
    )


def tell_of_clash(
    tx: Transaction, promise: Promise, now: datetime, new_id: Callable[[], DeliveryId], unsaid_to: UserId | None = None
) -> Clash | None:
    """Tell both sides of a deadline on a day off, once for the same clash; returns it if there is one."""
    found = clash_of(tx, promise, now)
    if found:
        told = {promise.owner_id, promise.requester_id} - {unsaid_to}
        owe(tx, promise.id, [_word(promise, found, each, now) for each in sorted(told)], new_id)
    return found


def clash_for_who_acted(tx: Transaction, before: Promise, after: Promise, entry: Entry) -> list[Planned]:
    """Return word of a clash for whoever agreed to the date or took it over: they get no notice to read it beside."""
    is_same = before.terms.due == after.terms.due and before.owner_id == after.owner_id
    is_side = entry.by in (after.owner_id, after.requester_id)
    found = None if is_same or not is_side else clash_of(tx, after, entry.at)
    return [_word(after, found, entry.by, entry.at)] if found else []


def _word(promise: Promise, found: Clash, to: UserId, now: datetime) -> Planned:
    """Return word of a clash: once for these terms, whoever is off, and why."""
    occasion = OfClash.of(promise.terms.version, ((off.who, off.reason) for off in found.off))
    return Planned(Kind.CLASH, to, now, str(occasion))


def clash_beside(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime
) -> Clash | None:
    """What is raised beside the message that tells one of the two sides of the terms in force."""
    if delivery.to not in (promise.owner_id, promise.requester_id):
        return None
    if delivery.kind is Kind.NOTICE:
        bound = [place for place, entry in enumerate(history, start=1) if entry.act in TELL_TERMS]
        if not bound or delivery.occasion != str(OfAct(bound[-1])):
            return None
    elif delivery.kind is not Kind.RECEIPT:
        return None
    return clash_of(tx, promise, now)


def clash_behind(tx: Transaction, delivery: Delivery, now: datetime) -> tuple[Promise, Clash] | None:
    """What a word of a clash has to say by now; None when the terms, the parties or the days off are others."""
    promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
    if promise is None or delivery.to not in (promise.owner_id, promise.requester_id):
        return None
    if version_of(delivery.occasion) != promise.terms.version:
        return None
    found = clash_of(tx, promise, now)
    return (promise, found) if found else None
