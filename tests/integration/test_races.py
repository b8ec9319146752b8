"""Thousands of concurrent clicks on the same few promises, by signed requests, on both databases."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.domain.promise import Promise, TeamId
from bot.domain.transitions import HistoryEntry
from bot.ports import Store, Transaction
from bot.storage.engine import open_store
from tests.integration import front as front_module
from tests.integration.front import front_door
from tests.integration.races import Answers, Race, answers, audit
from tests.patience import IS_LONG

T = TypeVar("T")
PROMISES, CLICKS_EACH = (100, 100) if IS_LONG else (12, 40)


@pytest.fixture
async def later_answers() -> AsyncIterator[Answers]:
    async with answers() as known:
        yield known


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Callable[[Store], None]:
    """Puts another store behind the front door."""

    def put(store: Store) -> None:
        async def opened(_url: str, _holidays: object) -> Store:
            return store

        monkeypatch.setattr(front_module, "open_store", opened)

    return put


async def test_many_concurrent_clicks_lose_nothing_and_do_nothing_twice(
    database_url: str, tmp_path: Path, later_answers: Answers, behind: Callable[[Store], None]
) -> None:
    behind(await open_store(database_url))
    async with front_door(tmp_path) as front:
        race = Race(front, later_answers, seed=3)
        await race.run(PROMISES, CLICKS_EACH)
        sent = await audit(race)
    assert sent["presses"] == PROMISES * CLICKS_EACH
    assert sent["successes"] > PROMISES
    assert sent["refusals"] > PROMISES


#: Which of a book's methods only look.
LOOKS = frozenset({"get", "numbered", "made_from", "history", "for_act"})


class MakesError(Exception):
    """A promise is to be made: that part the broken store does well."""


class Noting:
    """A book that is read without locks, and in which changes are noted for later."""

    def __init__(self, name: str, book: Any, noted: list[Callable[[Transaction], object]]) -> None:
        self._name, self._book, self._noted = name, book, noted

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if method in ("make", "next_number"):
                raise MakesError
            if method in LOOKS:
                return getattr(self._book, method)(*args)
            self._noted.append(lambda tx: getattr(getattr(tx, self._name), method)(*args, **options))
            return None

        return call


class NotingPromises(Noting):
    def save(self, promise: Promise, entry: HistoryEntry, *more: Any) -> None:
        def over_whatever_is_there(tx: Transaction) -> None:
            there = tx.promises.get(promise.id)
            assert there is not None
            tx.promises.save(replace(promise, seq=there.seq + 1), entry, *more)

        self._noted.append(over_whatever_is_there)


class NotingBooks:
    def __init__(self, tx: Transaction, noted: list[Callable[[Transaction], object]]) -> None:
        self._tx, self._noted = tx, noted

    def __getattr__(self, name: str) -> Any:
        if name == "links":  # an act reads what stands on its promise, and writes no link
            return self._tx.links
        kind = NotingPromises if name == "promises" else Noting
        return kind(name, getattr(self._tx, name), self._noted)


class Careless:
    """A mutant: acts are decided on an unlocked copy, and written whatever happened in between."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, team_id: TeamId, work: Callable[[Any], T]) -> T:
        noted: list[Callable[[Transaction], object]] = []

        try:
            decided = await self._store.read(team_id, lambda tx: work(NotingBooks(tx, noted)))
        except MakesError:
            return await self._store.write(team_id, work)
        await self._store.write(team_id, lambda tx: [change(tx) for change in noted])
        return decided

    write_once = write


async def test_a_store_that_neither_locks_nor_looks_twice_is_found_out(
    database_url: str, tmp_path: Path, later_answers: Answers, behind: Callable[[Store], None]
) -> None:
    """The broken twin of the test above."""
    behind(Careless(await open_store(database_url)))
    async with front_door(tmp_path) as front:
        race = Race(front, later_answers, seed=3)
        await race.run(promises=4, clicks_each=50)
        with pytest.raises(AssertionError, match="replayed differently"):
            await audit(race)
