"""Copy a database into a file while Kept runs, and back into an empty one.

A backup is a Kept database on SQLite, from either kind of database: one snapshot of every table. So it can be
looked into with any SQLite tool, brought up to date by the same migrations, and restored into either kind of database.
"""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, func, insert, inspect, make_url, select
from sqlalchemy.exc import DBAPIError

from bot.ports.progress import Progress
from bot.storage.all_tables import metadata
from bot.storage.engine import close_to_others, database_url
from bot.storage.errors import DatabaseError
from bot.storage.restore_record import note_restore
from bot.storage.schema import is_behind, upgrade
from bot.storage.sqlite import sqlite_engine
from bot.storage.tables import turns
from bot.storage.webhooks import webhooks

#: Rows read and written at a time.
CHUNK = 1000
#: Left out: it says which process sends for a workspace, and no process outlives a backup.
#: Webhooks come last: without a webhook the trigger records no restored act as one to be sent.
TABLES = sorted((table for table in metadata.sorted_tables if table is not turns), key=lambda table: table is webhooks)


def back_up(url: str, file: Path, progress: Progress) -> int:
    """Write every row of the database behind DATABASE_URL, as of one instant, into a new file; return how many.

    Raises DatabaseError when the file exists, or when the database is missing, older or newer than this Kept.
    """
    if file.exists():
        raise DatabaseError(f"{file} exists already. Name another file, or move that one away.")
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # promises are for their parties alone
        copied = _on(url, lambda source: _into_file(source, part, progress), for_writing=False)
        with contextlib.closing(sqlite3.connect(part)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # a backup is one file, with nothing left in a journal
        part.rename(file)
    except OSError as error:
        raise DatabaseError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return copied


def restore_backup(url: str, file: Path, progress: Progress, now: datetime) -> int:
    """Fill the empty database behind DATABASE_URL from a backup, all or nothing; return how many rows.

    Messages sent after the backup was taken will be searched for in Slack before they are sent again.

    Raises DatabaseError when the file is no backup, is newer than this Kept, or when the database holds anything.
    """
    if not file.is_file():
        raise DatabaseError(f"There is no file {file}.")
    with tempfile.TemporaryDirectory(prefix="kept-restore-") as folder:
        copy = Path(folder) / "backup.db"
        shutil.copyfile(file, copy)
        _bring_up_to_date(copy, file)
        with _sqlite(_address(copy), for_writing=False) as source:
            return _on(url, lambda target: _into_empty(source, target, progress, now), for_writing=True)


def _into_file(source: Connection, part: Path, progress: Progress) -> int:
    if is_behind(source):
        raise DatabaseError("The database is older than this Kept, or empty. Run `kept migrate` first.")
    with _sqlite(_address(part), for_writing=True) as target:
        upgrade(target)
        return _copy(source, target, progress)


def _into_empty(source: Connection, target: Connection, progress: Progress, now: datetime) -> int:
    for table in TABLES:
        if inspect(target).has_table(table.name) and target.execute(select(table.c[0]).limit(1)).first():
            raise DatabaseError(
                f"The database already holds rows (in {table.name}). A backup is restored into an empty database: "
                "point DATABASE_URL at a new one."
            )
    upgrade(target)
    copied = _copy(source, target, progress)
    note_restore(target, now)
    return copied


def _copy(source: Connection, target: Connection, progress: Progress) -> int:
    counts = [source.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]
    done = 0
    for table in TABLES:
        rows = source.execute(select(table), execution_options={"yield_per": CHUNK}).mappings()
        for chunk in rows.partitions():
            target.execute(insert(table), [dict(row) for row in chunk])
            done += len(chunk)
            progress(done, sum(counts))
    return done


def _bring_up_to_date(copy: Path, file: Path) -> None:
    """Migrate the copy of a backup.

    Raises DatabaseError when it is no backup of Kept's.
    """
    try:
        with _sqlite(_address(copy), for_writing=True) as connection:
            if not inspect(connection).has_table("alembic_version"):
                raise DatabaseError(f"{file} is not a backup of Kept's.")
            upgrade(connection)
    except DBAPIError as error:
        raise DatabaseError(f"{file} is not a backup of Kept's ({error.orig}).") from error


def _address(file: Path) -> URL:
    return make_url("sqlite+pysqlite://").set(database=str(file))


def _on(url: str, work: Callable[[Connection], int], *, for_writing: bool) -> int:
    """Run `work` in one transaction behind DATABASE_URL: a snapshot to read from, or all or nothing to write."""
    target = database_url(url)
    if target.drivername.startswith("sqlite"):
        file = Path(target.database or "")
        if not for_writing and "uri" not in target.query and not file.exists():
            raise DatabaseError(f"There is no database file {file}. Check DATABASE_URL and the folder you are in.")
        if for_writing and "uri" not in target.query:
            close_to_others(file)
        with _sqlite(target, for_writing=for_writing) as connection:
            return work(connection)
    return asyncio.run(_on_postgres(target, work, for_writing=for_writing))


@contextlib.contextmanager
def _sqlite(url: URL, *, for_writing: bool) -> Iterator[Connection]:
    engine = sqlite_engine(url, for_writing=for_writing)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


async def _on_postgres(url: URL, work: Callable[[Connection], int], *, for_writing: bool) -> int:
    from sqlalchemy.ext.asyncio import create_async_engine  # half a second that SQLite does without

    level = "READ COMMITTED" if for_writing else "REPEATABLE READ"
    engine = create_async_engine(url, hide_parameters=True, isolation_level=level)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    except (DBAPIError, OSError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise DatabaseError(f"PostgreSQL cannot be used: {reason}. Check DATABASE_URL, and that it runs.") from error
    finally:
        await engine.dispose()
