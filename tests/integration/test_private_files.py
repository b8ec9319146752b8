"""Files on disk are readable by the account that runs Kept alone."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ports.progress import unseen
from bot.storage.backup import back_up, restore_backup
from bot.storage.engine import open_store
from tests.integration.store_examples import adding
from tests.unit.factories import MONDAY, TEAM


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {each.name: oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_database_file_and_its_companions_are_readable_by_their_owner_alone(
    tmp_path: Path, is_there: bool, usual_umask: None
) -> None:
    path = tmp_path / "kept.db"
    if is_there:
        sqlite3.connect(path).execute("PRAGMA journal_mode = WAL").connection.close()
        assert modes(tmp_path) == {"kept.db": "0o644"}
    store = await open_store(f"sqlite:///{path}")
    await store.write(TEAM, adding())
    found = modes(tmp_path)
    await store.close()
    assert found == dict.fromkeys(("kept.db", "kept.db-wal", "kept.db-shm"), "0o600")


async def test_a_restored_database_and_its_backup_are_their_owners_alone(tmp_path: Path, usual_umask: None) -> None:
    await (await open_store(f"sqlite:///{tmp_path}/kept.db")).close()
    await asyncio.to_thread(back_up, f"sqlite:///{tmp_path}/kept.db", tmp_path / "backup", unseen)
    await asyncio.to_thread(restore_backup, f"sqlite:///{tmp_path}/new.db", tmp_path / "backup", unseen, MONDAY)
    assert set(modes(tmp_path).values()) == {"0o600"}
