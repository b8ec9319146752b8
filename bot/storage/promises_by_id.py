"""Read many promises by their ids in one statement."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, func, select

from bot.domain.promise import Promise, PromiseId, TeamId
from bot.storage.among import among
from bot.storage.compiled import Compiled, from_microseconds
from bot.storage.rows import promise_from
from bot.storage.tables import Instant, json_column, promises

_WHICH = (promises.c.team_id == bindparam("team"), among(promises.c.id, "promises"))
BY_IDS = select(promises).where(*_WHICH)
#: As one value, which costs one step: at each row SQLite's driver hands the interpreter to another thread, and waits
#: until it is given back.
_AS_JSON = Compiled(
    select(
        func.json_group_array(
            func.json_array(*(func.json(each) if each.type is json_column else each for each in promises.c))
        )
    ).where(*_WHICH),
    "sqlite",
)
_INSTANTS = tuple(place for place, each in enumerate(promises.c) if isinstance(each.type, Instant))
_FLAGS = tuple(place for place, each in enumerate(promises.c) if isinstance(each.type, Boolean))


def promises_by_id(connection: Connection, team_id: TeamId, ids: Collection[PromiseId]) -> list[Promise]:
    """Return those of the promises that exist, in no order."""
    asked = {"team": team_id, "promises": sorted(ids)}
    if connection.dialect.name != "sqlite":
        return list(map(promise_from, connection.execute(BY_IDS, asked)))
    [[found]] = _AS_JSON.rows(connection, asked)
    return [promise_from(_typed(row)) for row in json.loads(found)]


def _typed(row: list[Any]) -> list[Any]:
    for place in _FLAGS:
        row[place] = bool(row[place])
    for place in _INSTANTS:
        if row[place] is not None:
            row[place] = from_microseconds(row[place])
    return row
