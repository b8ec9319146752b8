"""Open the store of a DATABASE_URL, with its tables brought up to date."""

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.domain.promise import TeamId
from bot.ports import Store
from bot.ports.progress import Progress, unseen
from bot.storage.errors import DatabaseError
from bot.storage.people import Holidays, no_holidays
from bot.storage.schema import check_alone, check_file_alone, is_behind, upgrade
from bot.storage.sqlite import SqliteStore, sqlite_engine
from bot.storage.workspaces import check_only_workspace, check_only_workspace_in_file

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


#: File mode of the database: it holds private promises and messages.
OWNERS_ALONE = 0o600


async def open_store(url: str, holidays: Holidays = no_holidays, progress: Progress = unseen) -> Store:
    """Open and migrate the store of a DATABASE_URL; `holidays` returns the public holidays of a country.

    `progress` is called with the number of migrations done and in all.

    Raises DatabaseError with a sentence for the operator.
    """
    target = database_url(url)
    if target.drivername.startswith("sqlite"):
        await asyncio.to_thread(_migrate_sqlite, target, progress)
        return SqliteStore(target, holidays)
    from bot.storage.pools import postgres_engine  # half a second that SQLite does without
    from bot.storage.postgres import PostgresStore
    from bot.storage.row_security import put_in_force

    engine = postgres_engine(target)
    try:
        await _migrate_postgres(engine, progress)
        has_row_security = await put_in_force(engine)
    except BaseException:
        await engine.dispose()
        raise
    return PostgresStore(engine, holidays, has_row_security=has_row_security)


async def check_only_for(url: str, team_id: TeamId) -> None:
    """Check that the database behind a DATABASE_URL holds no rows of another workspace. Only reads.

    Raises DatabaseError with a sentence for the person who runs Kept.
    """
    target = database_url(url)
    if target.drivername.startswith("sqlite"):
        await asyncio.to_thread(check_only_workspace_in_file, target, team_id)
        return
    from bot.storage.pools import postgres_engine

    engine = postgres_engine(target, pool_size=1)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(check_only_workspace, team_id)
    except (DBAPIError, OSError) as error:
        raise unusable(engine.url, error) from error
    finally:
        await engine.dispose()


def upgrade_database(url: str, progress: Progress = unseen) -> None:
    """Apply the missing migrations to the database of a DATABASE_URL; `progress` as for `open_store`.

    Raises DatabaseError with a sentence for the operator.
    """

    async def open_and_close() -> None:
        await (await open_store(url, progress=progress)).close()

    asyncio.run(open_and_close())


def database_url(url: str) -> URL:
    """A DATABASE_URL as hosts hand it out, with the driver that Kept uses.

    Raises DatabaseError when it names neither a SQLite file nor a PostgreSQL database.
    """
    try:
        given = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number, which may be half a password
        raise DatabaseError(f"DATABASE_URL is not an address. {_PASSWORD} {_EXAMPLES}") from None
    kind = given.drivername.partition("+")[0]
    if kind == "sqlite":
        if given.database in (None, "", ":memory:"):
            raise DatabaseError(f"Kept keeps promises in a file, so DATABASE_URL has to name one. {_EXAMPLES}")
        return given.set(drivername="sqlite+pysqlite")
    if kind in ("postgresql", "postgres"):
        if (
            url.partition("?")[0].count("@") > 1
        ):  # the rest after the first would be parsed, and shown in errors, as the host
            raise DatabaseError(f"DATABASE_URL holds more than one @. {_PASSWORD} {_EXAMPLES}")
        query = dict(given.query)
        if "sslmode" in query:  # libpq's name for what asyncpg calls ssl
            query["ssl"] = query.pop("sslmode")
        query.pop("channel_binding", None)  # libpq alone knows it
        return given.set(drivername="postgresql+asyncpg", query=query)
    raise DatabaseError(f"Kept runs on SQLite and PostgreSQL. {_EXAMPLES}")


_PASSWORD = "In a password, @ is written as %40, / as %2F and : as %3A."  # noqa: S105  about passwords, none itself
_EXAMPLES = "For example sqlite:///./kept.db or postgresql://user:password@host/kept."


def _migrate_sqlite(url: URL, progress: Progress) -> None:
    path = Path(url.database or "")
    engine = sqlite_engine(url, for_writing=True)
    try:
        if "uri" not in url.query:  # SQLite's own kind of address is no path
            path.parent.mkdir(parents=True, exist_ok=True)
            close_to_others(path)
        check_file_alone(path)
        with engine.begin() as connection:
            if is_behind(connection):
                upgrade(connection, progress=progress)
            connection.exec_driver_sql(
                "PRAGMA user_version = 1"
            )  # writes, so that a file that cannot be is noticed now
    except (DBAPIError, OSError) as error:
        raise DatabaseError(f"The database file {path} cannot be used: {_reason(error)}. {_SQLITE_CURE}") from error
    finally:
        engine.dispose()


def close_to_others(path: Path) -> None:
    """Set the file's mode to OWNERS_ALONE; SQLite gives its journal files the same mode."""
    if not path.exists():
        path.touch(mode=OWNERS_ALONE)
    for each in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))):
        with contextlib.suppress(FileNotFoundError, PermissionError):  # the owner of a file that is not ours decides
            each.chmod(OWNERS_ALONE)


_SQLITE_CURE = "Check that its folder exists, has room and can be written, or point DATABASE_URL elsewhere."


async def _migrate_postgres(engine: "AsyncEngine", progress: Progress) -> None:
    try:
        async with engine.connect() as connection:
            behind = await connection.run_sync(is_behind)
            if behind:
                await connection.run_sync(check_alone)
        if behind:
            async with engine.begin() as connection:
                await connection.run_sync(lambda each: upgrade(each, progress=progress))
    except (DBAPIError, OSError) as error:
        raise unusable(engine.url, error) from error


def unusable(url: URL, error: DBAPIError | OSError) -> DatabaseError:
    place = f"{url.host or 'the local server'}/{url.database}"
    return DatabaseError(f"PostgreSQL at {place} cannot be used: {_reason(error)}. {_POSTGRES_CURE}")


_POSTGRES_CURE = "Check that it runs and that the name and password in DATABASE_URL are right."


def _reason(error: DBAPIError | OSError) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().rstrip(".")
