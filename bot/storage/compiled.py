"""Statements compiled once and passed to the driver as text, for the few that people wait for.

SQLAlchemy takes some 40 µs to bring a statement's values and rows into shape, which is more than SQLite itself needs.
"""

import json
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, CursorResult, Dialect, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.domain.unlocked import unlocked_property
from bot.domain.working_time import aware
from bot.storage.tables import EPOCH, MICROSECOND

_DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.asyncpg.dialect()}  # type: ignore[no-untyped-call]


class _Parts(NamedTuple):
    """The text of a compiled statement, the names of its values in order, and those that the statement gives itself."""

    sql: str
    names: Sequence[str]
    given: Mapping[str, Any]


class Compiled:
    """A statement for one database. Its rows have the driver's types: on SQLite an instant is microseconds.

    It is compiled when it is first needed, because a process needs those of one database alone.
    """

    def __init__(self, statement: Any, dialect: str, columns: Sequence[str] | None = None) -> None:
        self._statement, self._dialect, self._columns = statement, dialect, columns
        self._read = tuple(statement.selected_columns) if isinstance(statement, Select) else ()
        self._row: Any = None
        self._shapes: Sequence[Callable[[Any], Any] | None] = ()

    @unlocked_property
    def _parts(self) -> _Parts:
        compiled = self._statement.compile(dialect=_DIALECTS[self._dialect], column_keys=self._columns)
        given = {name: value for name, value in compiled.params.items() if value is not None}
        return _Parts(str(compiled), tuple(compiled.positiontup or ()), given)

    @property
    def sql(self) -> str:
        return self._parts.sql

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        return connection.exec_driver_sql(self.sql, self._in_order(values))

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of SQLite."""
        if _is_watched(connection):
            return self.run(connection, values).all()
        with _in_words_of_sqlalchemy(self.sql):
            found: Sequence[Any] = _driver(connection).execute(self.sql, self._in_order(values)).fetchall()
            return found

    def one(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Return the only row that SQLite gives, in the types of its columns; None if there is none."""
        rows = self.rows(connection, values)
        if not rows:
            return None
        [row] = rows
        self.prepare()
        return self._row(*[shape(each) if shape else each for shape, each in zip(self._shapes, row, strict=True)])

    def prepare(self) -> None:
        """Make the class of its rows, and what makes each column's value of the driver's; `one` needs both."""
        if self._row is None:
            dialect, new_class = _DIALECTS["sqlite"], cast("Any", namedtuple)
            self._row = new_class("_row", [each.name for each in self._read], rename=True)
            self._shapes = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in self._read]

    def change(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Run it for each of some rows of values on SQLite; return how many rows of the database it changed."""
        ordered = [self._in_order(values) for values in rows]
        if _is_watched(connection):
            return connection.exec_driver_sql(self.sql, ordered if len(ordered) > 1 else ordered[0]).rowcount
        with _in_words_of_sqlalchemy(self.sql):
            count: int = _driver(connection).executemany(self.sql, ordered).rowcount
            return count

    def _in_order(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        _, names, given = self._parts
        found = [values[name] if name in values else given[name] for name in names]
        if self._dialect != "sqlite":
            return tuple(found)
        return tuple([each if each.__class__ in _AS_IT_IS else for_sqlite(each) for each in found])


#: The types that are most values', which the driver takes as they are.
_AS_IT_IS = frozenset({str, int, bool, type(None)})


def _is_watched(connection: Connection) -> bool:
    """Return whether a listener, such as tracing, needs each statement, so that SQLAlchemy has to run it."""
    return bool(connection.dispatch.before_cursor_execute)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@contextmanager
def _in_words_of_sqlalchemy(sql: str) -> Iterator[None]:
    """Raise SQLAlchemy's error instead of the driver's, as callers expect."""
    try:
        yield
    except sqlite3.Error as error:
        raise DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True) from error


def for_sqlite(value: Any) -> Any:
    """Return a column's value as SQLite's driver expects it. Raises NaiveTimeError for an instant without a zone."""
    if isinstance(value, datetime):
        return (aware(value) - EPOCH) // MICROSECOND
    return json.dumps(value) if isinstance(value, list | dict) else value


def from_microseconds(value: int) -> datetime:
    """Return the instant of a stored number of microseconds."""
    return EPOCH + timedelta(0, 0, value)
