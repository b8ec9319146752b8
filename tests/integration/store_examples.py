"""Promises and messages to store."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.domain.acts import Act
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry, perform
from bot.ports import Delivery, DeliveryId, Store, Transaction
from tests.unit.factories import ALICE, MONDAY, entry, promised

OTHER_TEAM = TeamId("T2")
LEASE = timedelta(minutes=1)
#: So short that it has run out by the time anybody looks, and by every clock.
SPENT = timedelta(0)
_numbers = count(1)


def new_id() -> DeliveryId:
    return DeliveryId(f"delivery-{next(_numbers)}")


def first_entry(promise: Promise, origin: str = "") -> HistoryEntry:
    return HistoryEntry(Act.PROMISE, promise.made_by, promise.made_at, origin=origin)


def adding(click: str = "", **changes: Any) -> Callable[[Transaction], Promise]:
    """The work that makes one promise more; `click` is where Slack says it came from."""

    def work(tx: Transaction) -> Promise:
        number = tx.promises.next_number()
        promise = promised(**({"id": PromiseId(f"P{number}"), "number": number} | changes))
        tx.promises.add(promise, first_entry(promise, click))
        return promise

    return work


def doing(promise_id: PromiseId, act: Act, by: UserId = ALICE, **changes: Any) -> Callable[[Transaction], Promise]:
    """The work of one act on a promise, as a use case does it."""

    def work(tx: Transaction) -> Promise:
        before = tx.promises.get(promise_id, for_change=True)
        assert before is not None
        done = entry(act, by, **changes)
        after = perform(before, done)
        tx.promises.save(after, done)
        return after

    return work


def nudge(kind: Kind = Kind.CHECK_IN, to: str = ALICE, at: datetime = MONDAY, occasion: str = "v1") -> Planned:
    return Planned(kind, to, at, occasion)


def owing(*messages: Planned, promise_id: str = "P1") -> Callable[[Transaction], None]:
    """The work that owes messages which are decided: to be sent at their instants."""
    rows = [(new_id(), PromiseId(promise_id), message, None) for message in messages]
    return lambda tx: tx.agendas.insert(rows, MONDAY)


def burst(size: int, at: datetime = MONDAY) -> Callable[[Transaction], None]:
    """Return the work that adds many messages of one workspace in one transaction."""
    return owing(*(nudge(to=f"U{number}", at=at) for number in range(size)))


async def pending(store: Store) -> list[tuple[str, str, datetime]]:
    """The messages still to be sent: kind, recipient and when."""
    rows = await store.planned(datetime.min.replace(tzinfo=MONDAY.tzinfo, year=1971), 1000)
    return [(row.kind.value, row.to, row.due_at) for row in rows]


async def claim_one(store: Store, now: datetime = MONDAY, lease: timedelta = LEASE) -> Delivery:
    (claimed,) = await store.claim_due(now, lease, 10)
    return claimed
