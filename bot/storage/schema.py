"""Bring a database's tables up to date.

Alembic is slow to import, so it is imported only when the database is behind.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from bot.ports.progress import Progress, unseen
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
    if not _has_versions(connection):
        return
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if revision is None or revision >= ALONE_SINCE:
        return
    if connection.dialect.name == "postgresql" and connection.execute(_OLDER_PROCESSES).scalar_one():
        raise DatabaseError(_NOT_ALONE)


#: Pauses in seconds between attempts to leave the write-ahead log. A Kept of this version that starts at the same time
#: has the file open for a moment only; an older one that runs has it open all the time.
_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


def check_file_alone(path: Path) -> None:
    """Raise DatabaseError if a Kept of a version before ALONE_SINCE works on the SQLite file to be upgraded.

    A file cannot leave the write-ahead log while another connection has it open, so that is tried; the engine enters it
    again later.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return
    for pause_s in (*_PAUSES_S, None):
        try:
            _leave_write_ahead_log(path)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                return  # no table of versions: a new file
            if pause_s is None:
                raise DatabaseError(_NOT_ALONE) from error
            time.sleep(pause_s)
        except sqlite3.DatabaseError:
            return  # not a database: the engine that opens it next reports that
        else:
            return


def _leave_write_ahead_log(path: Path) -> None:
    """Set the journal mode of a file older than ALONE_SINCE; raise OperationalError while others have it open."""
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        if revision and revision < ALONE_SINCE:
            connection.execute("PRAGMA journal_mode = DELETE")


_NOT_ALONE = (
    "An older Kept is still running on this database, and this version cannot work beside it. Stop every process of "
    "the old version, then start this one again."
)


def _has_versions(connection: Connection) -> bool:
    """Return whether there is a table of versions; of PostgreSQL that is asked without SQLAlchemy's long query."""
    if connection.dialect.name == "postgresql":
        return bool(connection.exec_driver_sql("SELECT to_regclass('alembic_version') IS NOT NULL").scalar_one())
    return inspect(connection).has_table("alembic_version")


def is_behind(connection: Connection) -> bool:
    """Return whether the tables are older than this program, or missing.

    Raises DatabaseError if they are newer.
    """
    if not _has_versions(connection):
        return True
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    known = revisions()
    if revision is not None and revision not in known:
        raise DatabaseError(
            f"This database was written by a newer Kept (its revision is {revision}, the newest known here "
            f"{known[-1]}). Update Kept, or restore the copy made before the update."
        )
    return revision != known[-1]


def upgrade(connection: Connection, to: str = "head", progress: Progress = unseen) -> None:
    """Apply the missing migrations in the connection's transaction, or in a new one.

    On PostgreSQL a second process waits for a lock and then finds nothing to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    if not is_behind(connection):
        return
    from alembic import command  # two thirds of a second that most starts do without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes |= {"connection": connection, "applied": _counted(connection, progress)}
    command.upgrade(config, to)


def _counted(connection: Connection, progress: Progress) -> Callable[..., None]:
    """Return what Alembic calls after each migration (`on_version_apply`)."""
    known, begun = revisions(), 0
    if _has_versions(connection):
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        begun = known.index(before) + 1 if before else 0

    def applied(step: Any, **_: Any) -> None:
        progress(known.index(step.up_revision_id) + 1 - begun, len(known) - begun)

    return applied
