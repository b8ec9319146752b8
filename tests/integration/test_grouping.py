"""Several callers' promises and acts in one statement on PostgreSQL, and in one transaction on SQLite."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.domain.acts import Act
from bot.domain.errors import BusyError
from bot.domain.promise import Promise, PromiseId
from bot.domain.transitions import perform
from bot.ports import MakingAsked, Store, Transaction
from bot.storage.grouping import MAX_IN_FLIGHT, Groups
from tests.integration.store_examples import OTHER_TEAM, first_entry
from tests.integration.test_what_it_costs import statements  # noqa: F401  the fixture
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, BOB, MONDAY, TEAM, entry, promised

ASKED = MakingAsked(ALICE, MONDAY - timedelta(days=1), 99, ALICE, "C1", MONDAY - timedelta(minutes=10))


def _making(ref: str, click: str = "", **changes: Any) -> Callable[[Transaction], Promise]:
    def work(tx: Transaction) -> Promise:
        promise = promised(id=PromiseId(ref), **changes)
        made = tx.promises.make(ASKED, promise, first_entry(promise, click), (), promise.parties)
        return replace(promise, number=made.number)

    return work


def _on_track(ref: PromiseId | int, by: str, tx: Transaction) -> Promise:
    facts = tx.promises.for_act(ref, "")
    assert facts is not None
    done = entry(Act.ON_TRACK, by)
    after = perform(facts.promise, done)
    tx.promises.save(after, done, (), after.parties)
    return after


async def _all(works: Sequence[Awaitable[Any]]) -> list[Any]:
    return await asyncio.gather(*works, return_exceptions=True)


async def test_those_who_wait_are_written_together_and_a_refusal_is_its_own(
    store: Store,
    statements: list[str],  # noqa: F811
) -> None:
    await store.write_once(TEAM, _making("before", "click"))
    statements.clear()
    clicks = ["", "click", "twice", "twice", "", ""]
    works = [store.write_once(TEAM, _making(f"P{n}", click)) for n, click in enumerate(clicks)]
    works.append(store.write_once(OTHER_TEAM, _making("P0", "click", team_id=OTHER_TEAM)))
    found = await _all(works)
    refused = [place for place, each in enumerate(found) if isinstance(each, BusyError)]
    assert refused in ([1, 2], [1, 3])  # one of the two
    numbers = [each.number for each in found if isinstance(each, Promise)]
    assert numbers[-1] == 1
    assert len(set(numbers)) == 5
    if store.has_row_security:
        assert [each.partition(" AS ")[0] for each in statements] == ["WITH asked"]
    for made in found:
        if isinstance(made, Promise):
            read = partial(_history, made.id)
            assert await store.read(made.team_id, read) == (made, 1)


async def test_what_the_database_does_not_take_is_refused_to_its_own_caller_alone(store: Store) -> None:
    terms = replace(promised().terms, what="half of a pair: \ud83d")
    works = [
        store.write_once(TEAM, _making(f"P{n}", **changes)) for n, changes in enumerate(({}, {"terms": terms}, {}))
    ]
    found = await _all(works)
    assert [isinstance(each, Promise) for each in found] == [True, False, True]


def _history(ref: PromiseId, tx: Transaction) -> tuple[Promise | None, int]:
    return tx.promises.get(ref), len(tx.promises.history(ref))


async def test_acts_are_written_together_and_the_second_on_a_promise_is_refused(
    store: Store,
    statements: list[str],  # noqa: F811
) -> None:
    one, other = [await store.write_once(TEAM, _making(f"P{n}")) for n in range(2)]
    statements.clear()
    works = [
        store.write_once(TEAM, partial(_on_track, ref, by))
        for ref, by in ((one.id, ALICE), (other.id, ALICE), (one.id, ALICE))
    ]
    found = await _all(works)
    if store.has_row_security:
        assert [each.split()[0] for each in statements] == ["SELECT", "WITH"]
        assert [type(each) for each in found] == [Promise, Promise, BusyError]
        by_number = await _all([store.write_once(TEAM, partial(_on_track, one.number, ALICE)) for _ in range(2)])
        assert [type(each) for each in by_number] == [Promise, BusyError]
    assert (await store.read(TEAM, partial(_history, other.id)))[1] == 2
    assert BOB in other.parties


async def test_whatever_comes_while_groups_are_under_way_is_asked_with_the_next() -> None:
    asked: list[list[int]] = []
    begun, doors = [asyncio.Event() for _ in range(MAX_IN_FLIGHT)], [asyncio.Event() for _ in range(MAX_IN_FLIGHT)]

    async def run(group: Sequence[int]) -> Sequence[int]:
        asked.append(list(group))
        begun[min(len(asked), MAX_IN_FLIGHT) - 1].set()
        if len(asked) <= MAX_IN_FLIGHT:
            await doors[len(asked) - 1].wait()
        return [-each for each in group]

    groups = Groups(run)
    callers = []
    for number in range(MAX_IN_FLIGHT + 3):
        callers.append(asyncio.create_task(groups.ask(number)))
        if number < MAX_IN_FLIGHT:
            await asyncio.wait_for(begun[number].wait(), PATIENCE_S)
    await asyncio.sleep(0)
    callers[MAX_IN_FLIGHT].cancel()
    for door in doors:
        door.set()
    answers = await _all(callers)
    assert asked == [*([each] for each in range(MAX_IN_FLIGHT)), [MAX_IN_FLIGHT + 1, MAX_IN_FLIGHT + 2]]
    assert [each for each in answers if isinstance(each, int)] == [
        -each for each in range(MAX_IN_FLIGHT + 3) if each != MAX_IN_FLIGHT
    ]
    assert await groups.ask(9) == -9  # and the place of a group that has ended is free again


async def test_an_error_reaches_each_caller_and_the_next_are_asked_as_before() -> None:
    async def run(group: Sequence[int]) -> Sequence[int]:
        if 0 in group:
            raise ConnectionError
        return group

    groups = Groups(run)
    found = await _all([groups.ask(0), groups.ask(1)])
    assert [type(each) for each in found] == [ConnectionError] * 2
    assert await asyncio.wait_for(groups.ask(2), PATIENCE_S) == 2
