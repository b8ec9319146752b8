"""Read the workspaces of a database without writing to it: no migration, no journal, no new file."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, NullPool, create_engine, func, inspect, select, union_all
from sqlalchemy.exc import DBAPIError

from bot.domain.promise import TeamId
from bot.storage.all_tables import metadata
from bot.storage.errors import DatabaseError
from bot.storage.tables import teams

#: Tables whose rows may name an unknown workspace: events of shared channels carry the other company's id (and are
#: deleted within a day), and installations in progress have none yet.
PASSING = frozenset({"events", "oauth_states"})


def workspaces(connection: Connection) -> tuple[TeamId, ...]:
    """Return the workspaces that have promises, in order."""
    return tuple(map(TeamId, connection.execute(select(teams.c.team_id).order_by(teams.c.team_id)).scalars()))


def check_only_workspace(connection: Connection, team_id: TeamId) -> None:
    """Check that a database holds rows of no other workspace than the one whose token is used.

    Raises DatabaseError with the ids of others.
    """
    others = sorted(set(_workspaces(connection)) - {team_id})
    if others:
        named = f"workspace {others[0]}" if len(others) == 1 else f"workspaces {others[0]} to {others[-1]}"
        raise DatabaseError(
            f"This database belongs to {named}, and SLACK_BOT_TOKEN to workspace {team_id}: their reminders would be "
            "sent with the wrong token. Nothing was changed. Set the token of that workspace, or point DATABASE_URL "
            "at another database."
        )


def check_only_workspace_in_file(url: URL, team_id: TeamId) -> None:
    """Check the same of a SQLite file, which may not exist yet.

    Raises DatabaseError with the ids of others.
    """
    # Anything that is not a readable database is left to `open_store`, which reports the reason.
    with contextlib.suppress(DBAPIError), reading(url) as connection:
        if connection is not None:
            check_only_workspace(connection, team_id)


@contextlib.contextmanager
def reading(url: URL) -> Iterator[Connection | None]:
    """Yield a read-only connection to a SQLite file; None if there is no file."""
    address = _read_only(url)
    if address is None:
        yield None
        return
    engine = create_engine("sqlite://", poolclass=NullPool, creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _workspaces(connection: Connection) -> Iterator[TeamId]:
    """The first and the last workspace of each table: all keys begin with it, so each is one index lookup.

    It is one statement: a database far away would take as many round trips.
    """
    there = set(inspect(connection).get_table_names())
    ends = [
        select(end(table.c.team_id))
        for table in metadata.sorted_tables
        if table.name in there - PASSING and "team_id" in table.c
        for end in (func.min, func.max)
    ]
    found = connection.execute(union_all(*ends)).scalars() if ends else ()
    return (TeamId(each) for each in found if each is not None)


def _read_only(url: URL) -> str | None:
    """Return a read-only SQLite address of a file; None if there is no file.

    A file without a writer is opened as immutable, so that no lock file is created.
    """
    name = url.database or ""
    if "uri" in url.query:
        return f"{name}{'&' if '?' in name else '?'}mode=ro"
    path = Path(name)
    if not path.exists():
        return None
    journal = path.with_name(path.name + "-wal")
    is_written = journal.exists() and journal.stat().st_size > 0
    return f"file:{quote(str(path))}?mode=ro" + ("" if is_written else "&immutable=1")
