"""Events are kept before they are acknowledged, dealt with once, and not lost in a crash."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.config import load
from bot.doctor import Status, examine
from bot.domain.promise import TeamId
from bot.metrics import Metrics
from bot.ports import Event, Store
from bot.storage.engine import open_store
from bot.use_cases.events import KEPT_FOR, LEASE, MAX_TRIES, Events
from tests.databases import PostgresServer, in_thread
from tests.fakes import SetClock
from tests.unit.factories import MONDAY

TEAM = TeamId("T1")


class ReceivedMessage:
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


async def deliver(events: Events, event_id: str, received: ReceivedMessage) -> None:
    """Return the answer of the door to a request."""
    if await events.store(TEAM, event_id, body_of(event_id)):
        await events.handle_stored(TEAM, event_id, body_of(event_id), received.handle)


async def test_an_event_delivered_four_times_to_two_processes_is_dealt_with_once(
    store: Store, database_url: str
) -> None:
    other, received = await open_store(database_url), ReceivedMessage()
    books = [Events(each.events, SetClock(MONDAY)) for each in (store, other)]
    arrivals = [f"Ev{n}" for n in range(100)] * 4
    random.Random(5).shuffle(arrivals)
    try:
        await asyncio.gather(*(deliver(books[n % 2], name, received) for n, name in enumerate(arrivals)))
    finally:
        await other.close()
    assert set(received.times.values()) == {1}
    assert len(received.times) == 100


async def test_an_event_that_a_crash_left_behind_is_dealt_with_later(store: Store) -> None:
    clock, received = SetClock(MONDAY), ReceivedMessage()
    await Events(store.events, clock).store(TEAM, "Ev1", body_of("Ev1"))
    await Events(store.events, clock).sweep(received.handle)
    assert not received.times  # the process that stored it may still be at it
    clock.move(LEASE)
    await Events(store.events, clock).sweep(received.handle)
    await Events(store.events, clock).sweep(received.handle)
    assert received.times == {"Ev1": 1}


async def test_an_event_that_cannot_be_dealt_with_is_given_up_in_the_end(store: Store) -> None:
    clock, received = SetClock(MONDAY), ReceivedMessage(failures=100)
    await Events(store.events, clock).store(TEAM, "Ev1", body_of("Ev1"))
    for _ in range(MAX_TRIES + 3):
        clock.move(LEASE + timedelta(seconds=1))
        try:
            await Events(store.events, clock).sweep(received.handle)
        except RuntimeError:
            continue
    assert received.times["Ev1"] == MAX_TRIES - 1


async def test_events_are_forgotten_after_a_day(store: Store) -> None:
    clock, received = SetClock(MONDAY), ReceivedMessage()
    await deliver(Events(store.events, clock), "Ev1", received)
    clock.move(KEPT_FOR / 2)
    await Events(store.events, clock).sweep(received.handle)
    await deliver(Events(store.events, clock), "Ev1", received)
    assert received.times == {"Ev1": 1}
    clock.move(KEPT_FOR)
    await Events(store.events, clock).sweep(received.handle)
    await deliver(Events(store.events, clock), "Ev1", received)
    assert received.times == {"Ev1": 2}


async def begin(store: Store, clock: SetClock, event_id: str, times: int) -> None:
    """Begin an event so many times, each in a process that never comes back from it."""
    await Events(store.events, clock).store(TEAM, event_id, body_of(event_id))
    for _ in range(times - 1):
        clock.move(LEASE)
        assert await store.events.claim(clock.now(), LEASE)
    clock.move(LEASE)


async def test_an_event_that_ends_every_process_is_set_aside_and_reported(store: Store) -> None:
    clock, received, metrics = SetClock(MONDAY), ReceivedMessage(), Metrics()
    await begin(store, clock, "Ev1", MAX_TRIES)
    await Events(store.events, clock, metrics).sweep(received.handle)
    assert not received.times
    assert await store.events.failures(MONDAY) == {"never ended": 1}
    assert b"kept_events_set_aside_total 1.0" in metrics.written()


async def test_an_event_is_tried_once_more_before_it_is_set_aside(store: Store) -> None:
    clock, received = SetClock(MONDAY), ReceivedMessage()
    await begin(store, clock, "Ev1", MAX_TRIES - 1)
    await Events(store.events, clock).sweep(received.handle)
    assert received.times == {"Ev1": 1}
    assert await store.events.failures(MONDAY) == {}


async def test_an_event_that_ends_the_process_spends_no_other_events_tries(store: Store) -> None:
    clock, received = SetClock(MONDAY), ReceivedMessage()
    for event_id in ("Ev1", "Ev2", "Ev3"):
        await Events(store.events, clock).store(TEAM, event_id, body_of(event_id))

    async def hang(body: Mapping[str, Any]) -> None:
        if body["event_id"] == "Ev1":
            raise asyncio.CancelledError  # as the end of the process does
        await received.handle(body)

    for _ in range(MAX_TRIES + 2):
        clock.move(LEASE)
        with contextlib.suppress(asyncio.CancelledError):
            await Events(store.events, clock).sweep(hang)
    assert received.times == {"Ev2": 1, "Ev3": 1}
    assert await store.events.failures(MONDAY) == {"never ended": 1}


async def test_an_event_that_fails_holds_up_no_other(store: Store) -> None:
    clock, received = SetClock(MONDAY), ReceivedMessage(failures=1)
    for event_id in ("Ev1", "Ev2"):
        await Events(store.events, clock).store(TEAM, event_id, body_of(event_id))
    clock.move(LEASE)
    with pytest.raises(RuntimeError, match="not this time"):
        await Events(store.events, clock).sweep(received.handle)
    assert received.times == {"Ev1": 1, "Ev2": 1}


async def test_a_claim_takes_one_event_however_the_database_plans_it(postgres_server: PostgresServer) -> None:
    """A plan that runs a subquery once for each row claimed them all."""
    url = await in_thread(postgres_server)
    for step in ("hashjoin", "mergejoin", "hashagg", "sort"):
        postgres_server.run(f"ALTER DATABASE {url.partition('?')[0].rpartition('/')[2]} SET enable_{step} = off")
    store, clock = await open_store(url), SetClock(MONDAY)
    for event_id in ("Ev1", "Ev2", "Ev3"):
        await Events(store.events, clock).store(TEAM, event_id, body_of(event_id))
    clock.move(LEASE)
    claimed = [await store.events.claim(clock.now(), LEASE) for _ in range(4)]
    await store.close()
    assert sorted(event.id for event in claimed if event) == ["Ev1", "Ev2", "Ev3"]


async def test_the_doctor_names_events_that_were_set_aside(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kept.db"
    store, clock = await open_store(url), SystemClock()
    await store.events.add(Event(TEAM, "Ev1", "{}", MAX_TRIES), clock.now() - 2 * LEASE, LEASE)
    await Events(store.events, clock).sweep(ReceivedMessage().handle)
    await store.close()
    nowhere = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "s" * 32,
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
    }
    found = await examine(load(nowhere | {"DATABASE_URL": url}), {})
    words = [finding.words for finding in found if finding.status is Status.FAULT]
    assert any("1 event(s) from Slack were set aside after 5 tries (never ended)" in line for line in words), words
