"""Connections to PostgreSQL are opened as they are needed, and closed when they are not."""

import asyncio
import contextlib
from typing import Any, cast

import pytest
from sqlalchemy import QueuePool, event

from bot.storage.engine import database_url
from bot.storage.pools import postgres_engine
from tests.databases import PostgresServer, in_thread
from tests.patience import PATIENCE_S


async def test_connections_that_a_burst_opened_stay_open_while_needed_and_are_closed_after_it(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database_url(await in_thread(postgres_server))
    engine = postgres_engine(url, pool_size=4)
    opened = list[object]()
    event.listen(engine.sync_engine, "connect", lambda connection, _: opened.append(connection))

    async def together(number: int) -> None:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(number):
                await stack.enter_async_context(engine.connect())

    for _ in range(3):
        await together(4)
    assert len(opened) == 4
    await engine.dispose()

    monkeypatch.setattr("bot.storage.pools.CLOSE_EVERY_S", 0.0)
    engine = postgres_engine(url, pool_size=4)
    await together(4)
    async with asyncio.timeout(PATIENCE_S):
        while cast("QueuePool", engine.sync_engine.pool).checkedin() > 1:
            await together(1)
            await asyncio.sleep(0.01)
    await engine.dispose()


async def test_columns_of_statements_are_described_by_the_same_objects_on_every_connection(
    postgres_server: PostgresServer,
) -> None:
    engine = postgres_engine(database_url(await in_thread(postgres_server)), pool_size=2)
    described = list[tuple[Any, ...]]()
    async with engine.connect() as one, engine.connect() as another:
        for connection in (one, another):
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            statement = await driver.prepare("SELECT 1 AS number, 'x'::text AS name")
            described.append(statement.get_attributes())
    await engine.dispose()
    assert [column.name for column in described[0]] == ["number", "name"]
    assert all(first is second for first, second in zip(*described, strict=True))
