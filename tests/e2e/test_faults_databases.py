"""A database that goes away, fills up or cannot be written: a clear sentence, nothing half-written, nothing lost."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.ports import Transaction
from bot.storage.engine import open_store, upgrade_database
from bot.storage.errors import DatabaseError
from bot.storage.sqlite_thread import SqliteThread, _Outcome
from tests.databases import PostgresServer, in_thread
from tests.e2e.strict_slack import CountingSlack, counting_slack
from tests.e2e.test_faults_kills import finish, forked_senders, owe
from tests.e2e.wires import Wire, wire_to
from tests.integration.post_office import PostOffice, open_office
from tests.patience import IS_LONG
from tests.unit.factories import TEAM

OWED = 200
#: How often a twin may get away with it.
TRIES = 5


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.close()


async def sent_while(
    server: PostgresServer, trouble: Callable[[CountingSlack, Wire], Awaitable[None]], twin: str = "sound"
) -> CountingSlack:
    """Sends what is owed over a wire to PostgreSQL, on which there is trouble meanwhile."""
    database = await in_thread(server)
    async with forked_senders() as place, counting_slack(3, late_s=0.05) as slack, wire_to(database, 0.005) as wire:
        await owe(database, OWED)
        troubling = asyncio.create_task(trouble(slack, wire))
        try:
            await finish(place, wire.url, slack, OWED, twin)
        finally:
            troubling.cancel()
            await asyncio.gather(troubling, return_exceptions=True)
    return slack


async def cut_again_and_again(slack: CountingSlack, wire: Wire) -> None:
    """Break every connection to the database after every few messages."""
    for shown in range(OWED // 10, OWED, OWED // 10):
        while len(slack.marks) < shown:  # noqa: ASYNC110  another process works
            await asyncio.sleep(0.005)
        wire.cut()


async def test_a_postgresql_restarted_under_load_loses_and_doubles_nothing(server: PostgresServer) -> None:
    slack = await sent_while(server, lambda slack, _: restart(server, when=lambda: len(slack.marks) > OWED // 10))
    assert (len(set(slack.marks)), slack.doubled) == (OWED, 0)


async def test_a_wire_to_the_database_that_delays_and_breaks_loses_and_doubles_nothing(server: PostgresServer) -> None:
    slack = await sent_while(server, cut_again_and_again)
    assert (len(set(slack.marks)), slack.doubled) == (OWED, 0)


@pytest.mark.skipif(not IS_LONG, reason="half a minute of tries until a cut falls in the right place: KEPT_LONG=1")
async def test_a_sender_that_never_looks_is_caught_when_its_database_goes_away(server: PostgresServer) -> None:
    """The twin of both: where no cut fell between a post and its record, it has another try."""
    tries = 0
    while not (await sent_while(server, cut_again_and_again, "twin")).doubled:
        tries += 1
        assert tries < TRIES, "the twin was never caught"


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
    """Return how many promises and how many first acts there are."""
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


async def test_a_full_disk_is_reported_in_a_sentence_and_nothing_is_half_written(tmp_path: Path) -> None:
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


def only_reads(tx: Transaction) -> None:
    """Makes the database one that cannot be written, from the next transaction on."""
    connection: Any = tx.promises._connection  # type: ignore[attr-defined]
    connection.exec_driver_sql("PRAGMA query_only = 1")


async def test_a_database_that_turns_read_only_is_reported_in_a_sentence_and_keeps_what_it_had(tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    store = await open_store(f"sqlite:///{file}")
    try:
        office = await open_office(store)
        await office.make()
        await store.write(TEAM, only_reads)
        with pytest.raises(DatabaseError, match="cannot be written, so nothing was recorded"):
            await office.make("send what is refused")
    finally:
        await store.close()
    assert counted(file) == (1, 1)


async def test_a_writer_without_a_transaction_is_caught_half_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of both: each statement is kept by itself."""

    def attempt(self: SqliteThread, connection: Any, job: Any) -> _Outcome:
        driver = connection.connection.driver_connection
        if driver.in_transaction:
            driver.execute("COMMIT")
        try:
            return _Outcome(job.answer, value=job.work(connection))
        except Exception as error:  # noqa: BLE001  like the writer's own
            return _Outcome(job.answer, error=error)

    def refuse(tx: Transaction) -> None:
        connection: Any = tx.promises._connection  # type: ignore[attr-defined]
        connection.exec_driver_sql("DROP TABLE acts")

    file = tmp_path / "kept.db"
    store = await open_store(f"sqlite:///{file}")
    try:
        office = await open_office(store)
        for way in ("_run", "_attempt"):
            monkeypatch.setattr(SqliteThread, way, attempt)
        await store.write(TEAM, refuse)
        with pytest.raises(OperationalError, match="no such table: acts"):
            await office.make()
        with sqlite3.connect(file) as database:
            assert database.execute("SELECT count(*) FROM promises").fetchone() == (1,)
    finally:
        await store.close()


async def test_a_database_that_cannot_be_written_is_refused_at_the_start_in_a_sentence(tmp_path: Path) -> None:
    await asyncio.to_thread(upgrade_database, f"sqlite:///{tmp_path}/kept.db")
    with pytest.raises(DatabaseError, match=r"cannot be used.*Check that its folder"):
        await open_store(f"sqlite:///file:{tmp_path}/kept.db?mode=ro&uri=true")
