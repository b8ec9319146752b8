"""Deadlines on days when somebody is away: both sides hear of it at once, with days that would do."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.clashes import Clash, clash
from bot.domain.deciding import Entry
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Kind, Planned
from bot.ports import Delivery, DeliveryId, Transaction
from bot.use_cases.planning import habits_of

#: The acts whose notice tells of the terms that bind from then on.
_BIND = frozenset({Act.PROMISE, Act.REQUEST, Act.EDIT, Act.ACCEPT_PROPOSAL})


def clash_of(tx: Transaction, promise: Promise, now: datetime) -> Clash | None:
    """Whether the deadline falls on a day off of either side, as our own books know them."""
    return clash(promise, habits_of(tx, promise.owner_id), habits_of(tx, promise.requester_id), now)


def tell_of_clash(
    tx: Transaction,
    promise: Promise,
    found: Clash,
    to: Iterable[UserId],
    now: datetime,
    new_id: Callable[[], DeliveryId],
) -> None:
    """Owes the word to some of its two sides: once for these terms, whoever is off, and whether they are on leave."""
    occasion = f"v{promise.terms.version}:{'+'.join(sorted(f'{off.who}.{off.reason}' for off in found.off))}"
    told = sorted({promise.owner_id, promise.requester_id}.intersection(to))
    tx.deliveries.owe(promise.id, [Planned(Kind.CLASH, person, now, occasion) for person in told], new_id)


def tell_who_acted(
    tx: Transaction, before: Promise, after: Promise, entry: Entry, new_id: Callable[[], DeliveryId]
) -> None:
    """The other side reads of a clash beside its notice; whoever agreed to the date or took it over gets no notice."""
    is_same = before.terms.due == after.terms.due and before.owner_id == after.owner_id
    if not is_same and (found := clash_of(tx, after, entry.at)):
        tell_of_clash(tx, after, found, [entry.by], entry.at, new_id)


def clash_beside(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime
) -> Clash | None:
    """What is raised beside the message that tells one of the two sides of the terms in force."""
    if delivery.to not in (promise.owner_id, promise.requester_id):
        return None
    if delivery.kind is Kind.NOTICE:
        bound = [place for place, entry in enumerate(history, start=1) if entry.act in _BIND]
        if not bound or delivery.occasion != f"a{bound[-1]}":
            return None
    elif delivery.kind is not Kind.RECEIPT:
        return None
    return clash_of(tx, promise, now)


def clash_behind(tx: Transaction, delivery: Delivery, now: datetime) -> tuple[Promise, Clash] | None:
    """What a word of a clash has to say by now; None when the terms, the parties or the days off are others."""
    promise = tx.promises.get(delivery.promise_id) if delivery.promise_id else None
    if promise is None or delivery.to not in (promise.owner_id, promise.requester_id):
        return None
    if not delivery.occasion.startswith(f"v{promise.terms.version}:"):
        return None
    found = clash_of(tx, promise, now)
    return (promise, found) if found else None
