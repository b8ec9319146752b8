"""What lies on the disk of whoever runs Kept is for the account that runs it alone."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.engine import open_store
from tests.integration.store_examples import adding
from tests.unit.factories import TEAM


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {each.name: oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_database_file_and_what_stands_beside_it_are_their_owners_alone(
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
