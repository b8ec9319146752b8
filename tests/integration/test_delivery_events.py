"""Events are kept before they are acknowledged, dealt with once, and not lost in a crash."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.promise import TeamId
from bot.ports import Store
from bot.storage.engine import open_store
from bot.use_cases.events import KEPT_FOR, LEASE, MOST_TRIES, Events
from tests.fakes import SetClock
from tests.unit.factories import MONDAY

TEAM = TeamId("T1")


class Heard:
    """Counts what was dealt with; the first `failures` attempts fail."""

    def __init__(self, failures: int = 0) -> None:
        self.times: Counter[str] = Counter()
        self._failures = failures

    async def handle(self, body: Mapping[str, Any]) -> None:
        self.times[str(body["event_id"])] += 1
        if self._failures:
            self._failures -= 1
            raise RuntimeError("not this time")


def body_of(event_id: str) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": {"type": "app_home_opened"}}


async def deliver(events: Events, event_id: str, heard: Heard) -> None:
    """What the door does with a request."""
    if await events.store(TEAM, event_id, body_of(event_id)):
        await events.deal(TEAM, event_id, body_of(event_id), heard.handle)


async def test_an_event_delivered_four_times_to_two_processes_is_dealt_with_once(
    store: Store, database_url: str
) -> None:
    other, heard = await open_store(database_url), Heard()
    shelves = [Events(each.events, SetClock(MONDAY)) for each in (store, other)]
    arrivals = [f"Ev{n}" for n in range(100)] * 4
    random.Random(5).shuffle(arrivals)
    try:
        await asyncio.gather(*(deliver(shelves[n % 2], name, heard) for n, name in enumerate(arrivals)))
    finally:
        await other.close()
    assert set(heard.times.values()) == {1}
    assert len(heard.times) == 100


async def test_an_event_that_a_crash_left_behind_is_dealt_with_later(store: Store) -> None:
    clock, heard = SetClock(MONDAY), Heard()
    await Events(store.events, clock).store(TEAM, "Ev1", body_of("Ev1"))
    await Events(store.events, clock).sweep(heard.handle)
    assert not heard.times  # whoever stored it may still be at it
    clock.move(LEASE)
    await Events(store.events, clock).sweep(heard.handle)
    await Events(store.events, clock).sweep(heard.handle)
    assert heard.times == {"Ev1": 1}


async def test_an_event_that_cannot_be_dealt_with_is_given_up_in_the_end(store: Store) -> None:
    clock, heard = SetClock(MONDAY), Heard(failures=100)
    await Events(store.events, clock).store(TEAM, "Ev1", body_of("Ev1"))
    for _ in range(MOST_TRIES + 3):
        clock.move(LEASE + timedelta(seconds=1))
        try:
            await Events(store.events, clock).sweep(heard.handle)
        except RuntimeError:
            continue
    assert heard.times["Ev1"] == MOST_TRIES - 1


async def test_events_are_forgotten_after_a_day(store: Store) -> None:
    clock, heard = SetClock(MONDAY), Heard()
    await deliver(Events(store.events, clock), "Ev1", heard)
    clock.move(KEPT_FOR / 2)
    await Events(store.events, clock).sweep(heard.handle)
    await deliver(Events(store.events, clock), "Ev1", heard)
    assert heard.times == {"Ev1": 1}
    clock.move(KEPT_FOR)
    await Events(store.events, clock).sweep(heard.handle)
    await deliver(Events(store.events, clock), "Ev1", heard)
    assert heard.times == {"Ev1": 2}
