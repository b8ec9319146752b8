"""Read-only inspection of a database: its schema, and recent failures."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.domain.promise import TeamId
from bot.ports import Stop
from bot.storage.delivery_outcomes import failures
from bot.storage.engine import database_url, unusable
from bot.storage.errors import DatabaseError
from bot.storage.events import set_aside_since
from bot.storage.installations import installed, is_readable
from bot.storage.schema import revisions
from bot.storage.stops import stopped
from bot.storage.workspaces import reading, workspaces


class Schema(StrEnum):
    """The schema version of a database relative to this version of Kept."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The schema found, the newest known, and failures by Slack's error (read only if the schema is current)."""

    schema: Schema
    newest: str
    revision: str = ""
    server: str = ""
    failures: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    #: Workspaces with promises and no installation in force: all of them where one bot token is used.
    not_installed: tuple[TeamId, ...] = ()
    #: A workspace's token or a webhook's secret cannot be decrypted.
    has_unreadable_secrets: bool = False
    #: The database restricts each transaction to its workspace; SQLite has no row level security.
    has_row_security: bool = True


async def inspect_database(
    url: str, failed_since: datetime, set_aside_after: datetime, keys: Sequence[str] = ()
) -> Inspection:
    """Return the findings of a read-only connection to the database of a DATABASE_URL.

    `keys` are those with which tokens and secrets ought to be readable.

    Raises DatabaseError when it cannot be reached or is no database.
    """
    target = database_url(url)

    def work(connection: Connection) -> Inspection:
        found = _inspected(connection, failed_since, set_aside_after)
        is_read = found.schema is Schema.CURRENT
        return replace(found, has_unreadable_secrets=not is_readable(connection, keys)) if is_read else found

    if target.drivername.startswith("sqlite"):
        return await asyncio.to_thread(_in_file, target, work)
    from bot.storage.pools import postgres_engine  # half a second that SQLite does without

    engine = postgres_engine(target, pool_size=1)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            return await connection.run_sync(work)
    except (DBAPIError, OSError) as error:
        raise unusable(engine.url, error) from error
    finally:
        await engine.dispose()


def folder_of(url: str) -> Path | None:
    """Return the nearest existing folder above the file of a DATABASE_URL; None where that names no file."""
    try:
        target = database_url(url)
    except DatabaseError:
        return None  # `inspect_database` raises it
    if not target.drivername.startswith("sqlite") or "uri" in target.query:
        return None
    return next(each for each in Path(target.database or "").absolute().parents if each.is_dir())


def _in_file(url: URL, work: Callable[[Connection], Inspection]) -> Inspection:
    try:
        with reading(url) as connection:
            return Inspection(Schema.MISSING, revisions()[-1]) if connection is None else work(connection)
    except DBAPIError as error:
        raise DatabaseError(f"The database file {url.database} cannot be read: {error.orig}. {_CURE}") from error


_CURE = "Check that it is Kept's database and may be read, or restore a backup."


def _inspected(connection: Connection, failed_since: datetime, set_aside_after: datetime) -> Inspection:
    newest, tables = revisions()[-1], inspect(connection).get_table_names()
    if "alembic_version" not in tables or "promises" not in tables:
        return Inspection(Schema.FOREIGN if tables else Schema.MISSING, newest)
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none())
    if revision != newest:
        return Inspection(Schema.BEHIND if revision in revisions() else Schema.NEWER, newest, revision)
    return Inspection(
        Schema.CURRENT,
        newest,
        revision,
        _server(connection),
        failures(connection, failed_since),
        set_aside_since(connection, set_aside_after),
        stopped(connection),
        tuple(sorted(frozenset(workspaces(connection)) - installed(connection))),
        has_row_security=connection.dialect.name == "sqlite" or _has_row_security(connection),
    )


def _has_row_security(connection: Connection) -> bool:
    from bot.storage.row_security import is_in_force  # imports PostgreSQL's driver

    return is_in_force(connection)


def _server(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return "PostgreSQL " + str(connection.execute(text("SHOW server_version")).scalar_one()).split(" ")[0]
