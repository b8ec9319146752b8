"""A workspace's number is taken with the promise, and blocks no transaction that takes one beside it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.util import await_only

from bot.domain.errors import TooManyError
from bot.domain.limits import NO_LIMITS, Limits
from bot.domain.promise import PromiseId
from bot.ports import MakingFacts, Store, Transaction
from tests.integration.store_examples import first_entry
from tests.integration.test_grouping import ASKED
from tests.integration.test_row_security import raw, secured  # noqa: F401  the fixture
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, MONDAY, TEAM, promised


def _making(ref: str, limits: Limits = NO_LIMITS) -> Callable[[Transaction], MakingFacts]:
    promise = promised(id=PromiseId(ref))
    asked = replace(ASKED, by=promise.made_by, channel=promise.origin.channel_id, limits=limits)
    return lambda tx: tx.promises.make(asked, promise, first_entry(promise), (), promise.parties)


async def _is_blocked(store: Store) -> None:
    """Wait until a statement waits for a lock."""

    def waiting(tx: Transaction) -> int:
        return int(raw(tx).exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar_one())

    while not await store.read(TEAM, waiting):
        pass


async def test_who_holds_an_agenda_gets_a_number_while_a_promise_waits_for_that_agenda(secured: Store) -> None:  # noqa: F811
    await secured.write_once(TEAM, _making("P1"))
    made: list[asyncio.Task[MakingFacts]] = []

    def holding(tx: Transaction) -> int:
        tx.agendas.wake({ALICE: MONDAY})
        made.append(asyncio.ensure_future(secured.write_once(TEAM, _making("P2"))))
        await_only(_is_blocked(secured))
        return tx.promises.next_number()

    assert await asyncio.wait_for(secured.write(TEAM, holding), PATIENCE_S) == 2
    assert (await asyncio.wait_for(made[0], PATIENCE_S)).number == 3


async def test_a_promise_over_a_limit_is_not_made_and_takes_no_number(store: Store) -> None:
    at_most_one, two_here = Limits(person=1), Limits(channel=2)
    numbers = []
    for place, limits in enumerate((at_most_one, at_most_one, two_here, two_here, NO_LIMITS), start=1):
        try:
            numbers.append((await store.write_once(TEAM, _making(f"P{place}", limits))).number)
        except TooManyError:
            numbers.append(0)
    assert numbers == [1, 0, 2, 0, 3]
    assert not await store.read(TEAM, lambda tx: tx.promises.get(PromiseId("P2")))
