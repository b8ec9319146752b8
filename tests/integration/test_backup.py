"""A backup holds every row of one instant, and is restored into either kind of database."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.cli import main
from bot.domain.webhooks import Webhook
from bot.storage.backup import TABLES, back_up, restore_backup
from bot.storage.engine import open_store
from bot.storage.errors import DatabaseError
from bot.storage.restore_record import restores
from tests.databases import DIALECTS, Databases
from tests.integration.store_examples import adding
from tests.integration.test_store_opening import fill, on_connection
from tests.unit.factories import ALICE, MONDAY, TEAM


@pytest.fixture(params=DIALECTS)
def target(request: pytest.FixtureRequest) -> str:
    """An empty database to restore into, of each kind in turn."""
    name = {"sqlite": "sqlite_files", "postgresql": "postgres_server"}[request.param]
    return str(request.getfixturevalue(name).empty())


class Bar:
    """A progress bar that records its updates."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.seen.append((done, total))


def everything(connection: Connection) -> dict[str, list[Any]]:
    """Return every row but those that say when the database was restored."""
    tables = [table for table in TABLES if table is not restores]
    return {table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr) for table in tables}


async def test_every_row_of_every_table_survives(database_url: str, target: str, tmp_path: Path) -> None:
    filled = await on_connection(database_url, fill)
    bar, file = Bar(), tmp_path / "kept.backup"
    copied = await asyncio.to_thread(back_up, database_url, file, bar)
    restored = await asyncio.to_thread(restore_backup, target, file, bar, MONDAY)
    before, after = await on_connection(database_url, everything), await on_connection(target, everything)
    assert after == before
    assert {name for name, rows in before.items() if rows} == filled - {"turns", "restores"}
    assert copied == restored == sum(map(len, before.values())) + 1
    assert bar.seen[-1] == (copied, copied)


async def test_acts_that_are_put_back_are_not_sent_to_webhooks_again(
    database_url: str, target: str, tmp_path: Path
) -> None:
    store, file = await open_store(database_url), tmp_path / "kept.backup"
    hook = Webhook("W1", ALICE, "https://example.com", "whsec_x", ALICE, MONDAY)
    await store.write(TEAM, adding())
    await store.write(TEAM, lambda tx: tx.webhooks.add_webhook(hook))
    await store.close()
    await asyncio.to_thread(back_up, database_url, file, Bar())
    await asyncio.to_thread(restore_backup, target, file, Bar(), MONDAY)
    rows = await on_connection(target, everything)
    assert (len(rows["acts"]), len(rows["webhooks"]), rows["webhook_events"]) == (1, 1, [])


async def test_a_backup_under_load_holds_whole_promises(database_url: str, target: str, tmp_path: Path) -> None:
    store, file, stopped = await open_store(database_url), tmp_path / "kept.backup", asyncio.Event()
    for _ in range(20):
        await store.write(TEAM, adding())

    async def load() -> int:
        made = 20
        while not stopped.is_set():
            await store.write(TEAM, adding())
            made += 1
        return made

    writing = asyncio.create_task(load())
    await asyncio.to_thread(back_up, database_url, file, Bar())
    stopped.set()
    made = await writing
    await store.close()
    await asyncio.to_thread(restore_backup, target, file, Bar(), MONDAY)
    rows = await on_connection(target, everything)
    assert 20 <= len(rows["promises"]) <= made
    assert len(rows["acts"]) == len(rows["promises"]), "a promise and its first act are one transaction"
    (team,) = rows["teams"]
    assert team[1] >= len(rows["promises"])


def test_a_backup_is_for_its_owner_alone_and_lies_in_one_file(databases: Databases, tmp_path: Path) -> None:
    file = tmp_path / "kept.backup"
    back_up(databases.migrated(), file, Bar())
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_database_that_holds_rows_is_not_overwritten(databases: Databases, tmp_path: Path) -> None:
    url, file = databases.migrated(), tmp_path / "kept.backup"
    asyncio.run(on_connection(url, fill))
    back_up(url, file, Bar())
    with pytest.raises(DatabaseError, match="already holds rows"):
        restore_backup(url, file, Bar(), MONDAY)


def test_an_older_backup_is_brought_up_to_date_and_a_newer_one_refused(databases: Databases, tmp_path: Path) -> None:
    from bot.storage.schema import upgrade

    old, file = f"sqlite:///{tmp_path}/old.backup", tmp_path / "new.backup"
    asyncio.run(on_connection(old, lambda connection: upgrade(connection, "0005")))
    assert restore_backup(databases.empty(), tmp_path / "old.backup", Bar(), MONDAY) == 0
    back_up(databases.migrated(), file, Bar())
    with sqlite3.connect(file) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(DatabaseError, match="written by a newer Kept"):
        restore_backup(databases.empty(), file, Bar(), MONDAY)


def kept(*words: str, database: str) -> subprocess.CompletedProcess[str]:
    environment = {"DATABASE_URL": database}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["backup", "{tmp}/taken"], "exists already"),
        (["backup", "{tmp}/no/such/folder"], "cannot be written"),
        (["restore", "{tmp}/none"], "There is no file"),
        (["restore", "{tmp}/taken"], "is not a backup of Kept's"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_2(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "taken").write_text("not a database" * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/kept.db")
    monkeypatch.setattr(sys, "argv", ["kept", *(word.format(tmp=tmp_path) for word in words)])
    with pytest.raises(SystemExit, match="2"):
        main()
    written = capsys.readouterr().err
    assert sentence in written
    assert written.count("\n") == 1


def test_a_process_names_a_missing_database_and_does_not_make_it(tmp_path: Path) -> None:
    answer = kept("backup", f"{tmp_path}/new", database=f"sqlite:///{tmp_path}/kept.db")
    assert (answer.returncode, "There is no database file" in answer.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_commands_copy_and_restore(databases: Databases, tmp_path: Path) -> None:
    url, file, new = databases.migrated(), tmp_path / "kept.backup", f"sqlite:///{tmp_path}/new.db"
    asyncio.run(on_connection(url, fill))
    made = kept("backup", str(file), database=url)
    assert (made.returncode, made.stderr) == (0, "")
    restored = kept("restore", str(file), database=new)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert asyncio.run(on_connection(new, everything)) == asyncio.run(on_connection(url, everything))
