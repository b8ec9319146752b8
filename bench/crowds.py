"""Databases with very many deliveries in them, filled the quick way."""

import asyncio
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bench.promise_path import postgres
from bot.ports import Store
from bot.storage.engine import open_store, upgrade_database

COLUMNS = (
    "team_id id promise_id kind recipient occasion state due_at planned_at leased_by attempt tries was_unknown"
    " shown error"
).split()
TEAMS, CHUNK = 200, 50_000


def rows(count: int, state: str, due_at: datetime, tag: str, kind: str = "receipt") -> Iterator[tuple[object, ...]]:
    """Deliveries of many workspaces, a second apart."""
    for number in range(count):
        at = due_at + timedelta(seconds=number)
        person, name = f"U{number % 997}", f"{tag}{number}"
        yield f"T{number % TEAMS}", name, name, kind, person, "made", state, at, at, "", 0, 0, False, "", ""


def fill(url: str, made: Iterator[tuple[object, ...]]) -> None:
    """Writes the rows, by the database's own quickest way, and has it look at what it got."""
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"), made)
    else:
        asyncio.run(_fill_postgres(url, made))


def _fill_sqlite(path: str, made: Iterator[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    marks = ", ".join("?" * len(COLUMNS))
    instants = [COLUMNS.index("due_at"), COLUMNS.index("planned_at")]
    with connection:
        connection.executemany(
            f"INSERT INTO deliveries ({', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608  names of our own
            ([_micro(value) if place in instants else value for place, value in enumerate(row)] for row in made),
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def _fill_postgres(url: str, made: Iterator[tuple[object, ...]]) -> None:
    connection = await asyncpg.connect(url)
    while chunk := list(itertools.islice(made, CHUNK)):
        await connection.copy_records_to_table("deliveries", records=chunk, columns=COLUMNS)
    await connection.execute("VACUUM ANALYZE deliveries")
    await connection.execute("CHECKPOINT")
    await connection.close()


def _micro(value: object) -> object:
    return round(value.timestamp() * 1_000_000) if isinstance(value, datetime) else value


@contextmanager
def both(folder: Path) -> Iterator[dict[str, str]]:
    """A migrated database of each kind, by its name."""
    with postgres(folder / "pg") as postgres_url:
        urls = {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": postgres_url}
        for url in urls.values():
            upgrade_database(url)
        yield urls


def copied(url: str, name: str) -> str:
    """The same database a second time."""
    if url.startswith("sqlite"):
        copy = url.replace("bench.db", f"{name}.db")
        shutil.copy(url.removeprefix("sqlite:///"), copy.removeprefix("sqlite:///"))
        return copy
    address = urlsplit(url)
    asyncio.run(_copy_postgres(url, address.path.strip("/"), name))
    return urlunsplit(address._replace(path=f"/{name}"))


async def _copy_postgres(url: str, source: str, name: str) -> None:
    connection = await asyncpg.connect(url, database="template1")
    await connection.execute(f'CREATE DATABASE {name} TEMPLATE "{source}"')
    await connection.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await open_store(url)
    try:
        yield store
    finally:
        await store.close()


def hours_from_now(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)
