"""Pages of promises by filters, of one workspace."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, literal, or_, select, tuple_

from bot.domain.acts import State
from bot.domain.promise import Promise, TeamId
from bot.ports import Side
from bot.ports.pages import PageAsked
from bot.storage.rows import promise_from
from bot.storage.tables import promises


class SqlPageBook:
    """PageBook over a connection."""

    __slots__ = ("_connection", "_team_id")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        self._connection = connection
        self._team_id = team_id

    def page(self, asked: PageAsked) -> tuple[Promise, ...]:
        query = (
            select(promises)
            .where(promises.c.team_id == self._team_id, *_conditions(asked))
            .order_by(promises.c.due_at, promises.c.number)
            .limit(asked.limit)
        )
        return tuple(promise_from(row) for row in self._connection.execute(query))


def _conditions(asked: PageAsked) -> Iterator["ColumnElement[bool]"]:
    yield _of_side(asked)
    yield promises.c.state != State.UNDONE.value
    if asked.states:
        yield promises.c.state.in_(sorted(asked.states))
    if asked.after:
        due_at, number = asked.after
        here: Any = tuple_(promises.c.due_at, promises.c.number)
        yield here > tuple_(literal(due_at, promises.c.due_at.type), literal(number))
    if asked.channel:
        yield promises.c.channel_id == asked.channel
    if asked.due_from:
        yield promises.c.due_at >= asked.due_from
    if asked.due_before:
        yield promises.c.due_at < asked.due_before
    if asked.words:
        yield promises.c.what.icontains(asked.words, autoescape=True)


def _of_side(asked: PageAsked) -> "ColumnElement[bool]":
    if asked.person is None:
        public = promises.c.is_private.is_(False)
        return public & promises.c.missed_at.is_not(None) if asked.side is Side.MISSED else public
    owes, waits = promises.c.owner_id == asked.person, promises.c.requester_id == asked.person
    match asked.side:
        case Side.OWING:
            return owes
        case Side.OWED:
            return waits
        case Side.MISSED:
            return or_(owes, waits) & promises.c.missed_at.is_not(None)
        case Side.ALL:
            return or_(owes, waits)
    return false()
