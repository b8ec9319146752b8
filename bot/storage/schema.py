"""Bringing a database's tables up to date.

Alembic is slow to import, so it is asked only when the database is behind.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.storage.errors import DatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"
#: The PostgreSQL advisory lock under which replicas that start together take turns to migrate: "kept" in ASCII.
MIGRATION_LOCK = 0x6B657074


def revisions() -> list[str]:
    """Every revision of the schema, the oldest first: the number before the first underscore of its file's name."""
    return sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


#: Since this revision an older Kept must not run on the same database: it would plan what agendas decide.
ALONE_SINCE = "0016"
_OLDER_PROCESSES = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kept'"
)


def check_alone(connection: Connection) -> None:
    """Raise DatabaseError if a Kept of a version before ALONE_SINCE works on the PostgreSQL database to be upgraded."""
    if not inspect(connection).has_table("alembic_version"):
        return
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if revision is None or revision >= ALONE_SINCE:
        return
    if connection.dialect.name == "postgresql" and connection.execute(_OLDER_PROCESSES).scalar_one():
        raise DatabaseError(_NOT_ALONE)


def check_file_alone(path: Path) -> None:
    """Raise DatabaseError if another process has the SQLite file open that is to be upgraded past ALONE_SINCE.

    Nobody can leave the write-ahead log while another connection is open, so that is tried; it is entered again later.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return
    connection = sqlite3.connect(path, timeout=0)
    try:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        if revision and revision < ALONE_SINCE:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise DatabaseError(_NOT_ALONE) from error
    except sqlite3.DatabaseError:
        return  # no database at all: whoever opens it next says so
    finally:
        connection.close()


_NOT_ALONE = (
    "An older Kept is still running on this database, and this version cannot work beside it. Stop every process of "
    "the old version, then start this one again."
)


def is_behind(connection: Connection) -> bool:
    """Whether the tables are older than this program, or missing.

    Raises DatabaseError when they are newer.
    """
    if not inspect(connection).has_table("alembic_version"):
        return True
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    known = revisions()
    if revision is not None and revision not in known:
        raise DatabaseError(
            f"This database was written by a newer Kept (its revision is {revision}, the newest known here "
            f"{known[-1]}). Update Kept, or restore the copy made before the update."
        )
    return revision != known[-1]


def upgrade(connection: Connection, to: str = "head") -> None:
    """Applies the missing migrations inside the transaction that the connection is in, or begins.

    On PostgreSQL whoever comes second waits and then finds nothing left to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    if not is_behind(connection):
        return
    from alembic import command  # two thirds of a second that most starts do without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
