"""Statements on PostgreSQL that go to asyncpg past SQLAlchemy, whose cursor takes as long as a small statement itself.

Only for an engine whose connections commit each statement by themselves (bot.storage.walls.held_to): asyncpg is not
asked to begin anything. Faults are SQLAlchemy's own, and a lost connection leaves its pool as it would otherwise.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.util import await_only

from bot.storage.errors import OutsideWallsError


def fetch(connection: Connection, sql: str, values: Sequence[str]) -> Sequence[Any]:
    """Run a statement and return its rows, as tuples; through SQLAlchemy in a transaction or while it is watched."""
    if not is_only_held(connection):
        return connection.exec_driver_sql(sql, tuple(values)).all()
    check_held(connection, sql)
    adapted: Any = connection.connection.dbapi_connection
    try:
        rows: Sequence[Any] = await_only(adapted.driver_connection.fetch(sql, *values))
    except BaseException as fault:
        _raise_as_sqlalchemy(connection, sql, fault)
        raise
    return rows


def _raise_as_sqlalchemy(connection: Connection, sql: str, fault: BaseException) -> None:
    """Raise what SQLAlchemy raises for a fault of asyncpg, and invalidate what it would; return for other faults."""
    adapted: Any = connection.connection.dbapi_connection
    translated = fault
    if isinstance(fault, Exception):
        try:
            adapted._handle_exception(fault)
        except Exception as error:  # noqa: BLE001  it always raises: the fault, or its translation
            translated = error
        if not isinstance(translated, connection.dialect.loaded_dbapi.Error):
            return
    cast("Any", connection)._handle_dbapi_exception(translated, sql, None, None, None)


def check_held(connection: Connection, statement: str) -> None:
    """Raise OutsideWallsError unless the connection is held to statements of which this is one."""
    if statement not in connection.get_execution_options().get("held_to", ()):
        raise OutsideWallsError(f"Not among the statements that may run outside the walls: {statement[:200]}")


def is_only_held(connection: Connection) -> bool:
    """Return whether the connection is held to statements, and no listener but that sees them, such as tracing."""
    return "held_to" in connection.get_execution_options() and len(connection.dispatch.before_cursor_execute) == 1
