"""A database that goes away, fills up or cannot be written: a clear sentence, nothing half-written, nothing lost."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Transaction
from bot.storage.engine import migrate, open_store
from bot.storage.errors import DatabaseError
from tests.databases import PostgresServer, in_thread
from tests.e2e.strict_slack import counting_slack
from tests.e2e.test_faults_kills import finish, nursery, owe
from tests.integration.post_office import PostOffice, open_office
from tests.unit.factories import TEAM

OWED = 400


async def test_a_postgresql_restarted_under_load_loses_and_doubles_nothing() -> None:
    server = await asyncio.to_thread(PostgresServer)
    try:
        database = await in_thread(server)
        async with nursery() as place, counting_slack(3, late_s=0.05) as slack:
            await owe(database, OWED)
            restarting = asyncio.create_task(restart(server, when=lambda: len(slack.marks) > OWED // 10))
            await finish(place, database, slack, OWED)
            await restarting
        assert len(set(slack.marks)) == OWED
        assert slack.doubled == 0
    finally:
        await asyncio.to_thread(server.close)


async def restart(server: PostgresServer, when: Callable[[], bool]) -> None:
    while not when():  # noqa: ASYNC110  another process works
        await asyncio.sleep(0.01)
    postgres = server._server
    await asyncio.to_thread(postgres.stop)
    await asyncio.to_thread(postgres.start)


def limit_pages(to: int) -> Callable[[Transaction], Any]:
    """Makes the writer's disk full: SQLite refuses to grow its file beyond so many pages."""

    def work(tx: Transaction) -> Any:
        connection: Any = tx.promises._connection  # type: ignore[attr-defined]
        return connection.exec_driver_sql(f"PRAGMA max_page_count = {to}").scalar_one()

    return work


def counted(file: Path) -> tuple[int, int]:
    """How many promises and how many first acts there are."""
    with sqlite3.connect(file) as database:
        (promises,) = database.execute("SELECT count(*) FROM promises").fetchone()
        (acts,) = database.execute("SELECT count(*) FROM acts").fetchone()
    return promises, acts


async def fill(office: PostOffice) -> int:
    """Records promises until no more can be; how many there are then."""
    for recorded in range(1, 500):
        try:
            await office.make("send everything that belongs to it " * 10)
        except DatabaseError as full:
            return recorded if "is full, so nothing was recorded" in str(full) else 0
    raise AssertionError("the disk never filled up")


async def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_half_written(tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    store = await open_store(f"sqlite:///{file}")
    try:
        office = await open_office(store)
        await office.make()
        await store.write(TEAM, limit_pages(1))  # it cannot shrink: from now on no page may be added
        recorded = await fill(office)
        assert counted(file) == (recorded, recorded)  # each promise has its first act
        await store.write(TEAM, limit_pages(10**6))
        await office.make("send what was refused")
        assert counted(file) == (recorded + 1, recorded + 1)
    finally:
        await store.close()


async def test_a_database_that_cannot_be_written_is_refused_at_the_start_in_a_sentence(tmp_path: Path) -> None:
    await asyncio.to_thread(migrate, f"sqlite:///{tmp_path}/kept.db")
    with pytest.raises(DatabaseError, match=r"cannot be used.*Check that its folder"):
        await open_store(f"sqlite:///file:{tmp_path}/kept.db?mode=ro&uri=true")
