"""Statements that are compiled once and given to the driver as text, for the few whose time people wait for.

SQLAlchemy takes some 40 µs to bring a statement's values and rows into shape, which is more than SQLite itself needs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from bot.domain.working_time import aware
from bot.storage.tables import EPOCH, MICROSECOND

_DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.asyncpg.dialect()}  # type: ignore[no-untyped-call]


class Compiled:
    """A statement for one database. Its rows hold what the driver gives: on SQLite an instant is microseconds."""

    def __init__(self, statement: Any, dialect: str, columns: Sequence[str] | None = None) -> None:
        assert isinstance(statement, ClauseElement)  # noqa: S101  what the callers pass
        compiled = statement.compile(dialect=_DIALECTS[dialect], column_keys=list(columns) if columns else None)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  as above
        self._is_sqlite = dialect == "sqlite"
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._set = {name: value for name, value in compiled.params.items() if value is not None}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        return connection.exec_driver_sql(self.sql, self._in_order(values))

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        connection.exec_driver_sql(self.sql, [self._in_order(values) for values in rows])

    def _in_order(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        found = [values[name] if name in values else self._set[name] for name in self._names]
        return tuple(map(for_sqlite, found)) if self._is_sqlite else tuple(found)


def for_sqlite(value: Any) -> Any:
    """Return a column's value as SQLite's driver takes it. Raises NaiveTimeError for an instant without a zone."""
    if isinstance(value, datetime):
        return (aware(value) - EPOCH) // MICROSECOND
    return json.dumps(value) if isinstance(value, list | dict) else value


def from_microseconds(value: int) -> datetime:
    """Return an instant as SQLite holds it."""
    return EPOCH + timedelta(0, 0, value)
