"""The warm-up at the start, after which the first request is as quick as the hundredth, leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import KeptError
from bot.domain.preferences import Preferences
from bot.domain.reading.grammar import deadlines
from bot.storage.backup import back_up
from bot.warm_up import TEAM as MADE_UP
from bot.warm_up import warm_up
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, TEAM


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def rows(database_url: str, file: Path) -> int:
    """Return how many rows the database holds, counted by copying them all."""
    return await asyncio.to_thread(back_up, database_url, file, lambda done, of: None)


async def test_nothing_of_it_stays_and_slack_is_not_asked(front: Front, database_url: str, tmp_path: Path) -> None:
    await front.make()
    before = await rows(database_url, tmp_path / "before.db")
    await warm_up(front.services, front.bolt.client)
    assert await rows(database_url, tmp_path / "after.db") == before
    assert not front.api.calls
    assert (await front.make("send the plan by Friday 17:00")).number == 2


@pytest.mark.parametrize("days", [0, 4], ids=["Monday", "Friday"])
async def test_it_goes_all_the_way_a_promise_goes(
    front: Front, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """A warm-up that commits, which what the test above counts would show; "by Friday" on a Friday is a question."""
    front.clock.move(timedelta(days=days))
    monkeypatch.setattr(type(front.store), "dry_run", lambda store: nullcontext(store))
    before = await rows(database_url, tmp_path / "before.db")
    deadlines.cache_clear()
    await warm_up(front.services, front.bolt.client)
    assert deadlines.cache_info().currsize
    assert await rows(database_url, tmp_path / "after.db") >= before + 4
    assert (await front.store.read(MADE_UP, lambda tx: tx.promises.numbered(1))) is not None


async def test_the_holidays_that_a_person_chose_are_looked_up(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    await front.make()
    await front.services.preference_changes.choose(TEAM, ALICE, Preferences(country="DE"))
    assert await front.store.countries() == ("DE",)
    asked: list[str] = []
    monkeypatch.setattr(type(front.services.calendars), "days_off", lambda self, country: asked.append(country))
    await warm_up(front.services, front.bolt.client)
    assert asked == ["DE"]


async def test_a_start_does_without_when_the_database_refuses(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise KeptError("The disk is full.")

    monkeypatch.setattr(type(front.store), "write", refuse)
    await warm_up(front.services, front.bolt.client)
