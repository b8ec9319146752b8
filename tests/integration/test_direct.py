"""Statements that go to asyncpg past SQLAlchemy fail as they would through it, and are checked as there."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only, greenlet_spawn

from bot.ports import Store
from bot.storage.direct import fetch, is_unwatched
from bot.storage.errors import ForbiddenStatementError
from bot.storage.making import MAKE_PROMISES
from bot.storage.pools import ReusedConnection
from bot.storage.postgres import PostgresStore
from tests.integration.test_row_security import secured  # noqa: F401  the fixture
from tests.patience import PATIENCE_S

EMPTY = ("[]",) * 5
NO_JSON = ("no JSON", *EMPTY[1:])
Work = Callable[[Connection], Any]


@contextmanager
def watched() -> Iterator[None]:
    """Have a listener see every statement, so that each goes through SQLAlchemy."""

    def see(*_: object) -> None:
        """Do nothing with it."""

    event.listen(Engine, "before_cursor_execute", see)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", see)


async def _fault(store: PostgresStore, before: str, values: tuple[str, ...]) -> tuple[Any, ...]:
    """Return how the statement fails on a connection on which something was done before; nothing if it does not."""

    def work(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if before == "lost":
            await_only(_end(store, driver.get_server_pid()))
        elif before:
            await_only(driver.execute(before))
        fetch(connection, MAKE_PROMISES, values)

    try:
        await store._run(store._autocommit, work)
    except DBAPIError as error:
        found = (error.connection_invalidated, error.statement)
        if before == "lost":  # which fault it is depends on what was read of it before
            return found
        return (*found, getattr(error.orig, "sqlstate", None), type(error), type(error.orig))
    return ()


async def _end(store: PostgresStore, process: int) -> None:
    async with store._engine.connect() as other:
        await other.execute(text("SELECT pg_terminate_backend(:process, 10000)"), {"process": process})


async def _faults(store: PostgresStore) -> list[Any]:
    async with store._engine.begin() as other:
        await other.execute(text("LOCK TABLE teams"))
        timeout = await _fault(store, "SET statement_timeout = 1", EMPTY)
    refused = await _fault(store, "SET statement_timeout = 0", NO_JSON)
    return [timeout, refused, await _fault(store, "lost", EMPTY), await _fault(store, "", EMPTY)]


async def test_faults_are_those_of_sqlalchemy(secured: Store) -> None:  # noqa: F811
    assert isinstance(secured, PostgresStore)
    direct = await _faults(secured)
    with watched():
        through = await _faults(secured)
    assert direct == through
    assert [each[0] for each in direct[:3]] == [False, False, True]
    assert [each[2] for each in direct[:2]] == ["57014", "22P02"]
    assert direct[3] == ()


async def test_only_statements_that_may_run_without_row_security_are_taken(secured: Store) -> None:  # noqa: F811
    assert isinstance(secured, PostgresStore)
    seen: list[bool] = []

    def work(connection: Connection) -> None:
        seen.append(is_unwatched(connection))
        fetch(connection, "SELECT id FROM promises", ())

    with pytest.raises(ForbiddenStatementError):
        await secured._run(secured._autocommit, work)
    with watched(), pytest.raises(ForbiddenStatementError):
        await secured._run(secured._autocommit, work)
    assert seen == [True, False]


async def test_one_connection_after_the_other_is_not_taken_from_the_pool(secured: Store) -> None:  # noqa: F811
    assert isinstance(secured, PostgresStore)
    first, second = await _process(secured), await _process(secured)
    assert first == second
    assert secured._autocommit.pool.checkedout() == 1  # type: ignore[attr-defined]  # a QueuePool


async def test_a_connection_that_nothing_uses_is_returned_too(secured: Store) -> None:  # noqa: F811
    assert isinstance(secured, PostgresStore)
    reused, returned = ReusedConnection(secured._autocommit, reused_s=0.1), asyncio.Event()
    event.listen(secured._autocommit.sync_engine, "checkin", lambda *_: returned.set())

    def use() -> None:
        with reused.connect() as connection:
            fetch(connection, MAKE_PROMISES, EMPTY)

    await greenlet_spawn(use)
    await asyncio.wait_for(returned.wait(), PATIENCE_S)
    assert secured._autocommit.pool.checkedout() == 0  # type: ignore[attr-defined]  # as above


async def test_a_connection_is_kept_no_longer_than_it_works(secured: Store) -> None:  # noqa: F811
    assert isinstance(secured, PostgresStore)
    first = await _process(secured)
    await _end(secured, first)
    assert await _fault(secured, "", EMPTY) != ()
    assert secured._autocommit.pool.checkedout() == 0  # type: ignore[attr-defined]  # as above
    assert await _fault(secured, "", EMPTY) == ()
    assert await _process(secured) != first


async def test_a_connection_is_not_kept_while_others_wait_for_one(secured: Store) -> None:  # noqa: F811
    assert isinstance(secured, PostgresStore)
    count = secured._autocommit.pool.size() + 1  # type: ignore[attr-defined]  # as above
    begun: asyncio.Queue[int] = asyncio.Queue()
    ends = [asyncio.Event() for _ in range(count)]

    def work(number: int, _connection: Connection) -> None:
        begun.put_nowait(number)
        await_only(ends[number].wait())

    tasks = [asyncio.create_task(secured._run(secured._autocommit, partial(work, number))) for number in range(count)]
    first = [await asyncio.wait_for(begun.get(), PATIENCE_S) for _ in range(count - 1)]
    ends[first[0]].set()
    await asyncio.wait_for(begun.get(), PATIENCE_S)
    for end in ends:
        end.set()
    await asyncio.gather(*tasks)


async def _process(store: PostgresStore) -> int:
    """Run a statement and return the number of the server's process that ran it."""

    def work(connection: Connection) -> int:
        fetch(connection, MAKE_PROMISES, EMPTY)
        driver: Any = connection.connection.driver_connection
        return int(driver.get_server_pid())

    return await store._run(store._autocommit, work)
