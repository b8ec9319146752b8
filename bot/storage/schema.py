"""Bringing a database's tables up to date.

Alembic is slow to import, so it is asked only when the database is behind.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.storage.errors import DatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"
#: The PostgreSQL advisory lock under which replicas that start together take turns to migrate: "kept" in ASCII.
MIGRATION_LOCK = 0x6B657074


def revisions() -> list[str]:
    """Every revision of the schema, the oldest first: the number before the first underscore of its file's name."""
    return sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


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
