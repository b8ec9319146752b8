"""From DATABASE_URL to tables that are up to date, and refusals that say what to do."""

import asyncio
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, insert, select, text

from bot.domain.acts import Act
from bot.domain.promise import PromiseId
from bot.ports import Store
from bot.storage.engine import database_url as normalised
from bot.storage.engine import open_store, upgrade_database
from bot.storage.errors import DatabaseError
from bot.storage.postgres import PostgresStore
from bot.storage.schema import MIGRATIONS, revisions, upgrade
from bot.storage.sqlite import SqliteStore, sqlite_engine
from bot.storage.tables import metadata
from tests.databases import Databases, SqliteFiles
from tests.integration.store_examples import adding, claim_one, doing, nudge, owing
from tests.integration.workspaces import mixed, writing
from tests.patience import IS_LONG
from tests.unit.factories import MONDAY, TEAM


async def on_connection(url: str, work: Any) -> Any:
    """Runs `work(connection)` in a transaction on either database."""
    target = normalised(url)
    if target.drivername.startswith("sqlite"):
        engine = sqlite_engine(target, for_writing=True)
        with engine.begin() as connection:
            return work(connection)
    from sqlalchemy.ext.asyncio import create_async_engine

    async_engine = create_async_engine(target)
    try:
        async with async_engine.begin() as connection_:
            return await connection_.run_sync(work)
    finally:
        await async_engine.dispose()


def a_value(column: Any) -> Any:
    """Something that the column takes."""
    kind = column.type.python_type
    samples = {int: 1, bool: False, datetime: MONDAY, time: time(9), date: date(2026, 1, 1), dict: {}, list: []}
    return samples.get(kind, f"some {column.name}")


def tables_of(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection) -> set[str]:
    """Puts one row into every table there is, whatever its columns; says which tables those are."""
    tables = tables_of(connection)
    for table in tables:
        row = {column.name: a_value(column) for column in table.columns if not column.nullable}
        connection.execute(insert(table), [row | ({"promise_id": "some id"} if "promise_id" in row else {})])
    return {table.name for table in tables}


#: The newest ages and some of each time, for a migration that landed does not change; every age in a long run.
AGES = {
    kind: revisions() if IS_LONG else [*revisions()[:-3:step], *revisions()[-3:]]
    for kind, step in (("sqlite", 2), ("postgresql", 5))
}


@pytest.mark.parametrize(
    ("databases", "revision"), [(kind, each) for kind in AGES for each in AGES[kind]], indirect=["databases"]
)
async def test_a_database_of_any_age_keeps_its_rows(databases: Databases, revision: str) -> None:
    url = databases.empty()

    def age(connection: Connection) -> set[str]:
        upgrade(connection, revision)
        return fill(connection)

    filled = await on_connection(url, age)
    steps: list[tuple[int, int]] = []
    await (await open_store(url, progress=lambda done, total: steps.append((done, total)))).close()

    def with_rows(connection: Connection) -> set[str]:
        return {table.name for table in tables_of(connection) if connection.execute(select(table)).all()}

    assert await on_connection(url, with_rows) - {"agendas"} == filled - {"agendas"}
    missing = len(revisions()) - revisions().index(revision) - 1
    assert steps == [(done, missing) for done in range(1, missing + 1)]


async def test_the_migrations_make_the_tables_that_the_queries_expect(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await on_connection(database_url, differences) == []


def test_the_newest_file_is_alembics_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_current_head() == revisions()[-1]


def test_every_key_starts_with_the_workspace() -> None:
    def firsts(table: Table) -> set[str]:
        keys = [table.primary_key.columns.keys()[0]]
        return {*keys, *(index.columns.keys()[0] for index in table.indexes if index.unique)}

    assert {name for table in metadata.tables.values() for name in firsts(table)} == {"team_id"}


async def test_migrating_twice_changes_nothing(databases: Databases) -> None:
    url = databases.empty()
    await asyncio.to_thread(upgrade_database, url)
    store = await open_store(url)
    await store.write(TEAM, adding())
    await store.close()

    await asyncio.to_thread(upgrade_database, url)

    store = await open_store(url)
    assert await store.read(TEAM, lambda tx: tx.promises.get(PromiseId("P1")))
    await store.close()


async def test_what_was_repaired_before_there_was_a_column_for_it_is_found(databases: Databases) -> None:
    url = databases.empty()
    store = await open_store(url)
    pasts = mixed(Random(3), 150)
    await store.write(TEAM, writing(pasts))

    def find_again(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE promises DROP COLUMN repaired_at"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0014'"))
        upgrade(connection, "0015")
        connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": revisions()[-1]})

    await on_connection(url, find_again)

    found = await store.read(TEAM, lambda tx: [tx.promises.get(past.promise.id) for past in pasts])
    await store.close()
    sent = {promise.id for promise in found if promise and promise.repaired_at}
    assert sent == {past.promise.id for past in pasts if past.promise.repaired_at}
    assert sent


async def test_replicas_that_start_together_migrate_once(databases: Databases) -> None:
    url = databases.empty()

    stores = await asyncio.gather(*(open_store(url) for _ in range(4)))

    await stores[0].write(TEAM, adding())
    await asyncio.gather(*(store.close() for store in stores))


async def test_a_database_written_by_a_newer_kept_is_refused(database_url: str) -> None:
    await on_connection(database_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))

    with pytest.raises(DatabaseError, match=r"newer Kept .*Update Kept"):
        await open_store(database_url)


async def test_an_act_is_never_rewritten(store: Store, database_url: str) -> None:
    await store.write(TEAM, adding())

    with pytest.raises(Exception, match="acts are never rewritten"):
        await on_connection(database_url, lambda connection: connection.execute(text("UPDATE acts SET note = 'x'")))


async def test_the_store_never_writes_to_an_act_again(store: Store, database_url: str) -> None:
    await store.write(TEAM, adding())
    before = await on_connection(database_url, lambda connection: connection.execute(text("SELECT * FROM acts")).all())
    await store.write(TEAM, owing(nudge()))
    await store.write(TEAM, doing(PromiseId("P1"), Act.EDIT, what="another deck"))
    await store.write(TEAM, doing(PromiseId("P1"), Act.UNDO))
    claimed = await claim_one(store)
    await store.write(TEAM, lambda tx: tx.deliveries.record_done(claimed, "moot", MONDAY))

    rows = "SELECT * FROM acts ORDER BY seq"
    after = await on_connection(database_url, lambda connection: connection.execute(text(rows)).all())

    assert len(after) == 3
    assert after[:1] == before


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sqlite:///./kept.db", "sqlite+pysqlite:///./kept.db"),
        ("sqlite+aiosqlite:////var/kept.db", "sqlite+pysqlite:////var/kept.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u@h:5433/d?sslmode=require", "postgresql+asyncpg://u@h:5433/d?ssl=require"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+psycopg://h/d?channel_binding=require", "postgresql+asyncpg://h/d"),
    ],
)
def test_addresses_are_taken_as_hosts_hand_them_out(given: str, meant: str) -> None:
    assert normalised(given).render_as_string(hide_password=False) == meant


@pytest.mark.parametrize("given", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "nonsense"])
def test_other_addresses_are_refused_with_an_example(given: str) -> None:
    with pytest.raises(DatabaseError, match="For example"):
        normalised(given)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://kept:hunter@2@h/d",
        "postgresql://kept:hunter@2/@h/d",
        "postgresql://kept:hunter2/d",
        "hunter2://h/d",
    ],
)
def test_no_part_of_a_password_is_repeated(given: str) -> None:
    with pytest.raises(DatabaseError) as refusal:
        normalised(given)

    assert "hunter" not in str(refusal.value)
    assert "2@" not in str(refusal.value)


async def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/a/b/kept.db")
    await store.ping()
    await store.close()

    assert (tmp_path / "a" / "b" / "kept.db").exists()


async def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "kept.db").write_text("Dear diary, " * 100)

    with pytest.raises(DatabaseError, match=r"cannot be used: file is not a database.*Check"):
        await open_store(f"sqlite:///{tmp_path}/kept.db")


async def test_a_server_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1/kept.*Check that it runs") as refusal:
        await open_store("postgresql://kept:hunter2@127.0.0.1:1/kept")

    assert "hunter2" not in str(refusal.value)


async def test_a_database_that_fails_says_nothing_of_what_was_promised(store: Store, database_url: str) -> None:
    await on_connection(database_url, lambda connection: connection.execute(text("DROP TABLE deliveries")))

    def work(tx: Any) -> None:
        adding(permalink="the secret deck")
        tx.deliveries.owe(PromiseId("P1"), [nudge(to="the secret recipient")], lambda: "D1")

    with pytest.raises(Exception, match="deliveries") as fault:
        await store.write(TEAM, work)

    assert "secret" not in str(fault.value)


async def test_sqlite_waits_for_the_disk_and_lets_readers_in(sqlite_files: SqliteFiles) -> None:
    url = sqlite_files.migrated()

    def pragmas(connection: Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert await on_connection(url, pragmas) == ["wal", 2, 1]


async def test_the_kind_of_store_follows_the_address(store: Store, database_url: str) -> None:
    await store.ping()
    assert isinstance(store, SqliteStore if database_url.startswith("sqlite") else PostgresStore)


def test_opening_a_database_that_is_up_to_date_imports_no_alembic(sqlite_files: SqliteFiles) -> None:
    script = (
        "import asyncio, sys; from bot.storage.engine import open_store\n"
        "async def main(): await (await open_store(sys.argv[1])).close()\n"
        "asyncio.run(main()); print([n for n in ('alembic', 'asyncpg', 'sqlalchemy.ext.asyncio') if n in sys.modules])"
    )
    run = [sys.executable, "-c", script, sqlite_files.migrated()]

    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "[]"
