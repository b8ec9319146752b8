"""Concurrent reads share one transaction: each gets its own answer, from one snapshot, or its own fault."""

import asyncio

import pytest

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.domain.promise import Promise, PromiseId
from bot.ports import Delivery, DeliveryId, Store, Transaction
from bot.use_cases.delivery.preloading import BatchedReads
from tests.integration.store_examples import adding, doing
from tests.unit.factories import BOB, MONDAY, TEAM


class Counting:
    """A store that counts how often it is read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def read(self, team_id: str, work: object) -> object:
        self.reads += 1
        return await self._store.read(team_id, work)  # type: ignore[arg-type]


def about(promise_id: str, kind: Kind = Kind.NOTICE) -> Delivery:
    return Delivery(TEAM, DeliveryId(f"about {promise_id}"), kind, PromiseId(promise_id), BOB, "a1", MONDAY)


async def asked(reading: BatchedReads, promise_id: str, kind: Kind = Kind.NOTICE) -> tuple[Promise | None, int]:
    def work(tx: Transaction) -> tuple[Promise | None, int]:
        return tx.promises.get(PromiseId(promise_id)), len(tx.promises.history(PromiseId(promise_id)))

    return await reading.of(about(promise_id, kind), work, lambda found: found)


async def test_those_who_ask_together_are_answered_by_one_read(store: Store) -> None:
    for _ in range(8):
        await store.write(TEAM, adding())
    await store.write(TEAM, doing(PromiseId("P3"), Act.ON_TRACK))
    counting = Counting(store)
    reading = BatchedReads(counting.read)

    kinds = [Kind.NOTICE, Kind.CARD, Kind.RECEIPT, *[Kind.CARD] * 5]
    found = await asyncio.gather(*(asked(reading, f"P{n}", kind) for n, kind in enumerate(kinds, 1)))

    assert [promise.number for promise, _ in found if promise] == list(range(1, 9))
    assert [acts for _, acts in found] == [1, 1, 2, 1, 1, 1, 1, 1]
    assert counting.reads == 1


async def test_undone_and_unknown_promises_are_shown_as_such(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, doing(PromiseId("P1"), Act.UNDO))
    reading = BatchedReads(store.read)

    (undone, acts), (nothing, none) = await asyncio.gather(asked(reading, "P1"), asked(reading, "P9"))

    assert undone is not None
    assert (undone.state.value, acts, nothing, none) == ("undone", 2, None, 0)


async def test_each_read_sees_what_was_committed_before_it_was_asked_for(store: Store) -> None:
    await store.write(TEAM, adding())
    reading = BatchedReads(store.read)
    assert (await asked(reading, "P1"))[1] == 1

    await store.write(TEAM, doing(PromiseId("P1"), Act.ON_TRACK))

    assert (await asked(reading, "P1"))[1] == 2


async def test_a_fault_fails_its_own_read_and_no_other(store: Store) -> None:
    await store.write(TEAM, adding())
    reading = BatchedReads(store.read)

    def fails(_: object) -> None:
        raise LookupError("mine alone")

    def nothing(_: object) -> None: ...

    for work, then in ((fails, nothing), (nothing, fails)):
        first, second = await asyncio.gather(
            reading.of(about("P1"), work, then), asked(reading, "P1"), return_exceptions=True
        )
        assert isinstance(first, LookupError)
        assert not isinstance(second, BaseException)
        with pytest.raises(LookupError, match="mine alone"):
            await reading.of(about("P1"), work, then)
