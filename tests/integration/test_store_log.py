"""SQLite's write-ahead log, which is moved into the file while nobody waits for it."""

import asyncio
from pathlib import Path

from bot.domain.promise import PromiseId
from bot.storage.engine import open_store
from bot.storage.sqlite_thread import COMMITS_PER_CHECKPOINT
from tests.databases import SqliteFiles, in_thread
from tests.integration.store_examples import adding
from tests.unit.factories import TEAM

#: Bytes of a log that SQLite moves within a commit: a thousand pages.
SQLITES_OWN_LIMIT = 1000 * 4096


async def test_the_log_is_moved_between_two_commits_before_it_is_long(sqlite_files: SqliteFiles) -> None:
    url = await in_thread(sqlite_files)
    store = await open_store(url)
    log = Path(f"{url.removeprefix('sqlite:///')}-wal")

    for number in range(COMMITS_PER_CHECKPOINT + 1):
        await store.write(TEAM, adding(id=PromiseId(f"X{number}")))

    written = await asyncio.to_thread(log.read_bytes)
    await store.close()
    times_begun_again = int.from_bytes(written[12:16], "big")  # of the log's header
    assert len(written) < SQLITES_OWN_LIMIT
    assert times_begun_again == 1
