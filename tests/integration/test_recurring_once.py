"""An occurrence is made once: after downtime, after a crash, and by several concurrent processes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.promise import Due, Promise
from bot.domain.recurring import Series
from bot.ports import Stop, Store, Transaction
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.recurring import Recurring
from tests.integration.front import Front, front_door
from tests.integration.weeks import STATUS, WEEK, owed, tick
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM


@pytest.fixture
async def front(database_url: str, tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def test_a_month_of_downtime_makes_one_promise_and_no_pile(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    front.clock.move(FRIDAY + 5 * WEEK + timedelta(hours=1) - front.clock.now())
    for _ in range(3):
        await tick(front)
    assert [each.terms.due.at for each in await owed(front)] == [FRIDAY, FRIDAY + 6 * WEEK]


async def test_while_a_workspace_cannot_be_spoken_to_nothing_comes_again(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.store.write(TEAM, lambda tx: tx.stops.set(Stop(TEAM, "", "token_revoked", front.clock.now())))
    for _ in range(3):
        front.clock.move(WEEK)
        assert await front.services.recurring.run_due() == 0
    await front.store.write(TEAM, lambda tx: tx.stops.lift(""))
    await tick(front)
    assert len(await owed(front)) == 2


async def test_uninstalling_forgets_what_comes_again(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.store.forget(TEAM)
    front.clock.move(2 * WEEK)
    assert await front.services.recurring.run_due() == 0
    assert await front.services.recurring.of_person(TEAM, ALICE) == ()


class CutError(Exception):
    """The process died here."""


class Dying(Recurring):
    """Dies between making the next promise and noting that it did."""

    def _record_next(self, tx: Transaction, series: Series, first: Promise, due: Due) -> Promise:
        super()._record_next(tx, series, first, due)
        raise CutError


class Keyless(Recurring):
    """Makes promises that any other may be, too."""

    def _key(self, series: Series, due: Due) -> str:
        return ""


async def test_a_crash_in_between_leaves_nothing_half_done(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    front.clock.move(FRIDAY - front.clock.now())
    crashing = twin(front, front.store, Dying)
    for _ in range(3):
        with pytest.raises(CutError):
            await crashing.run_due()
    assert len(await owed(front)) == 1
    await tick(front)
    await tick(front)
    assert [each.terms.due.at for each in await owed(front)] == [FRIDAY, FRIDAY + WEEK]


async def test_two_processes_make_the_next_one_once(front: Front, database_url: str) -> None:
    for _ in range(5):
        await front.command(f"<@{BOB}|bob> {STATUS}")
    others = [await open_store(database_url) for _ in range(3)]
    try:
        front.clock.move(FRIDAY - front.clock.now())
        made = await asyncio.gather(*(twin(front, other).run_due() for other in others for _ in range(2)))
    finally:
        for other in others:
            await other.close()
    assert sum(made) == 5
    assert len(await owed(front)) == 10


@pytest.mark.parametrize(("kind", "made"), [(Recurring, 1), (Keyless, 3)])
async def test_the_moment_alone_makes_each_one_of_a_kind(front: Front, kind: type[Recurring], made: int) -> None:
    """Even for a process that forgets what it made; without the key, each time is another promise."""
    await front.command(f"<@{BOB}|bob> {STATUS}")
    (first,) = await owed(front)
    front.clock.move(FRIDAY - front.clock.now())
    forgetful = twin(front, front.store, kind)
    for _ in range(3):
        await forgetful.run_due()
        await front.store.write(TEAM, lambda tx: forget_next(tx, first))
    assert len(await owed(front)) == 1 + made


def forget_next(tx: Transaction, first: Promise) -> None:
    series = tx.series.get(first.id)
    assert series is not None
    tx.series.save(replace(series, wakes_at=MONDAY))


def twin(front: Front, store: Store, kind: type[Recurring] = Recurring) -> Recurring:
    return kind(Context(store, front.clock))
