"""The state machine of the loop once more, through the use case and a real database."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.promise import Origin, Promise, PromiseId, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.ports import Side, Store
from bot.services import build_services
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery.settings import DeliverySettings
from tests.databases import Databases
from tests.fakes import FakeMessenger, SetClock
from tests.integration.front import everybody
from tests.unit.factories import MONDAY, TEAM
from tests.unit.loop_machine import PEOPLE, LoopMachine

IS_LONG = bool(os.environ.get("KEPT_LONG"))
RUNS = settings(
    max_examples=300 if IS_LONG else 6,
    stateful_step_count=12,
    derandomize=not IS_LONG,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_keys = count(1)


class StoreDesk:
    """A Desk that is the use case over a store. What one run leaves open would be the clock's work in the next."""

    def __init__(self, runner: asyncio.Runner, store: Store) -> None:
        self._run, self._store, self._clock = runner.run, store, SetClock(MONDAY)
        messenger = FakeMessenger()
        messenger.know(everybody(self._clock))
        context = Context(store, self._clock)
        self._promises = build_services(context, messenger, Holidays(self._clock), DeliverySettings("s")).promises

    def make(self, by: UserId, draft: Draft, place: Origin, now: datetime) -> Promise:
        self._clock.move(now - self._clock.now())
        return self._run(self._promises.make(TEAM, by, draft, place, f"made:{next(_keys)}")).promise

    def act(self, promise_id: PromiseId, entry: HistoryEntry) -> None:
        self._clock.move(entry.at - self._clock.now())
        self._run(self._promises.act(TEAM, promise_id, entry))

    def pass_time(self, now: datetime) -> int:
        self._clock.move(now - self._clock.now())
        return self._run(self._promises.run_due())

    def shown(self, promise_id: PromiseId) -> tuple[Promise, tuple[HistoryEntry, ...]]:
        return self._run(
            self._store.read(TEAM, lambda tx: (tx.promises.get(promise_id), tx.promises.history(promise_id)))
        )

    def close(self) -> None:
        for person in PEOPLE:
            for promise in self._run(self._promises.listed(TEAM, person, Side.OWING, person)):
                self.act(promise.id, HistoryEntry(Act.REVOKE, person, self._clock.now()))


@pytest.fixture
def new_desk(databases: Databases) -> Iterator[Callable[[], StoreDesk]]:
    with asyncio.Runner() as runner:
        store = runner.run(open_store(databases.migrated()))
        yield lambda: StoreDesk(runner, store)
        runner.run(store.close())


def test_whatever_anybody_does_the_stored_promise_holds(new_desk: Callable[[], StoreDesk]) -> None:
    class Stored(LoopMachine):
        reached: ClassVar[Counter[Act]] = Counter()

        def new_desk(self) -> StoreDesk:
            return new_desk()

        def meddling(self, promise: Promise) -> list[tuple[UserId, Act]]:
            return super().meddling(promise)[promise.seq % 11 :: 11]

    run_state_machine_as_test(Stored, settings=RUNS)
    assert len(Stored.reached) > len(Act) / 2
