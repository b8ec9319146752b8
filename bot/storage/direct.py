"""Statements on PostgreSQL that go to asyncpg past SQLAlchemy, whose cursor takes as long as a small statement itself.

Only for an engine whose connections commit each statement by themselves (bot.storage.row_security.restricted_to):
asyncpg is not asked to begin anything. A statement that fails wrote nothing, or its connection is lost; SQLAlchemy runs
it once more, over the same connection, and raises its own error.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.util import await_only

from bot.storage.errors import ForbiddenStatementError


def fetch(connection: Connection, sql: str, values: Sequence[str]) -> Sequence[Any]:
    """Run a statement and return its rows, as tuples; through SQLAlchemy in a transaction or while it is watched."""
    if not is_unwatched(connection):
        return connection.exec_driver_sql(sql, tuple(values)).all()
    check_allowed(connection, sql)
    driver: Any = connection.connection.driver_connection
    try:
        rows: Sequence[Any] = await_only(driver.fetch(sql, *values))
    except Exception:  # noqa: BLE001  it fails again, with SQLAlchemy's error, which also closes lost connections
        return connection.exec_driver_sql(sql, tuple(values)).all()
    except BaseException as cancelled:
        connection.invalidate(cancelled)
        raise
    return rows


def check_allowed(connection: Connection, statement: str) -> None:
    """Raise ForbiddenStatementError unless this is one of the statements to which the connection is restricted."""
    if statement not in connection.get_execution_options().get("restricted_to", ()):
        raise ForbiddenStatementError(f"This statement may not run without row level security: {statement[:200]}")


def is_unwatched(connection: Connection) -> bool:
    """Return whether the connection is restricted to statements, and no other listener needs them, such as tracing."""
    return "restricted_to" in connection.get_execution_options() and len(connection.dispatch.before_cursor_execute) == 1
