"""Read all rows of a statement in one step.

At each row Python's SQLite driver lets go of the interpreter, and while another thread computes it waits some 5 ms
until it has it back. One JSON value with all rows costs one step.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import time
from typing import Any

from sqlalchemy import Boolean, Connection, Time, func, null, select

from bot.domain.unlocked import unlocked_property
from bot.storage.compiled import Compiled, from_microseconds
from bot.storage.tables import Instant, json_column


class BulkSelect:
    """A SELECT whose rows SQLite gives as one value; in a statement without an order they come in no order.

    Of the columns `unread`, whose values nobody reads, SQLite gives none: each instant takes a microsecond to convert.
    """

    def __init__(self, statement: Any, unread: Collection[str] = ()) -> None:
        self._statement, self._unread = statement, unread

    def rows(self, connection: Connection, asked: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Return the rows, the values in the order of the statement's columns."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, asked).all()
        statement, shapes = self._on_sqlite
        [[found]] = statement.rows(connection, asked)
        rows: list[list[Any]] = json.loads(found)
        for place, shape in shapes:
            for row in rows:
                if row[place] is not None:
                    row[place] = shape(row[place])
        return rows

    @unlocked_property
    def _on_sqlite(self) -> tuple[Compiled, Sequence[tuple[int, Callable[[Any], Any]]]]:
        """The statement for SQLite, and the columns whose values are converted; PostgreSQL needs neither in memory."""
        columns = [null() if each.name in self._unread else each for each in self._statement.subquery().c]
        values = [func.json(each) if each.type is json_column else each for each in columns]
        statement = Compiled(select(func.json_group_array(func.json_array(*values))), "sqlite")
        shapes = [(place, _shape(each.type)) for place, each in enumerate(columns)]
        return statement, [(place, shape) for place, shape in shapes if shape]


def _shape(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, Time):
        return time.fromisoformat
    return from_microseconds if isinstance(kind, Instant) else None
