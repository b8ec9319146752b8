"""The few columns that order and count a person's open promises, for those that are not drawn."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from bot.domain.acts import Act, State
from bot.domain.overview import Outline
from bot.domain.weight import Priority
from bot.storage.compiled import Compiled, from_microseconds
from bot.storage.rows import Values
from bot.storage.tables import is_open, promises

_TABLE = promises.c
_PERSON: ColumnElement[str] = bindparam("person")


def _of(*side: "ColumnElement[bool]") -> Any:
    columns = (_TABLE.id, _TABLE.number, _TABLE.due_at, _TABLE.priority, _TABLE.state)
    return (
        select(*columns, _TABLE.word_act, _TABLE.word_at, _TABLE.renegotiated_at)
        .where(_TABLE.team_id == bindparam("team"), is_open, *side)
        .order_by(_TABLE.due_at, _TABLE.number)
        .limit(bindparam("at_most"))
    )


def _in_one_row(statement: Any) -> Any:
    rows = statement.subquery()
    return select(func.json_group_array(func.json_array(*rows.columns)))


#: What is promised to oneself is listed once, among what one owes.
OUTLINES = (_of(_TABLE.owner_id == _PERSON), _of(_TABLE.requester_id == _PERSON, _TABLE.owner_id != _PERSON))
_POSTGRES = [Compiled(each, "postgresql") for each in OUTLINES]
#: Python's SQLite driver lets go of the interpreter at each row, and while another thread computes waits 5 ms for it.
_SQLITE = [Compiled(_in_one_row(each), "sqlite") for each in OUTLINES]
#: Quicker than asking the enumerations, once for each row.
_STATES = {state.value: state for state in State}
_PRIORITIES: dict[str | None, Priority] = {priority.value: priority for priority in Priority} | {None: Priority.NORMAL}


def read_outlines(connection: Connection, asked: Values) -> list[list[Outline]]:
    """Read what a person owes, and what others owe them, the earliest deadline first.

    `asked` has the values of `team`, `person` and `at_most`.
    """
    if connection.dialect.name == "sqlite":
        found = [json.loads(each.rows(connection, asked)[0][0]) for each in _SQLITE]
        return [[_outline((*row[:2], from_microseconds(row[2]), *row[3:])) for row in rows] for rows in found]
    return [[_outline(row) for row in each.run(connection, asked).all()] for each in _POSTGRES]


def _outline(row: Sequence[Any]) -> Outline:
    promise_id, number, due_at, priority, state, word, word_at, renegotiated_at = row
    is_doubted = word == Act.AT_RISK.value and not (renegotiated_at and word_at <= renegotiated_at)
    return Outline(promise_id, number, due_at, _PRIORITIES[priority], _STATES[state], is_doubted)
