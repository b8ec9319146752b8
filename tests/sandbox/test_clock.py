"""Where the sandbox's clock begins."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import Clock, in_hours
from sandbox.settings import Settings
from sandbox.world import World

THURSDAY = datetime(2026, 11, 26, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (THURSDAY.replace(hour=10, minute=7), THURSDAY.replace(hour=10, minute=7)),
        (THURSDAY.replace(hour=6), THURSDAY.replace(hour=9)),
        (THURSDAY.replace(hour=15), MONDAY),
        (THURSDAY + timedelta(days=1, hours=10), MONDAY),
        (THURSDAY + timedelta(days=2, hours=3), MONDAY),
    ],
)
def test_it_begins_when_people_are_at_work(now: datetime, begins: datetime) -> None:
    assert in_hours(now) == begins


def test_it_shows_real_time_unless_that_was_asked_for() -> None:
    assert World(Settings()).clock.offset_s == 0
    began = World(Settings(in_hours=True)).clock.now()
    assert in_hours(began) == began


async def test_a_move_is_over_once_its_followers_know_it() -> None:
    clock, known, asks = Clock(), [], asyncio.Event()

    async def follow() -> None:
        after = 0
        while True:
            await clock.wait_moved(after, 60)
            await asks.wait()
            after = clock.version
            known.append(after)

    follower = asyncio.create_task(follow())
    await asyncio.sleep(0)
    move = asyncio.create_task(clock.back_to_real_time())
    await asyncio.wait([move], timeout=0.01)
    assert not move.done()
    asks.set()
    await move
    assert known == [1]
    follower.cancel()


async def test_a_move_does_not_wait_for_an_app_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.clock.FOLLOWED_WITHIN_S", 0.01)
    clock = Clock()
    gone = asyncio.create_task(clock.wait_moved(0, 60))
    await asyncio.sleep(0)
    await clock.back_to_real_time()
    await gone
    assert clock.version == 1
