"""Pages of promises by filters, of one workspace."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, literal, select, tuple_

from bot.domain.acts import OPEN_STATES, State
from bot.domain.promise import Promise, TeamId
from bot.ports import Side
from bot.ports.pages import PageQuery
from bot.storage.book import SqlBook
from bot.storage.rows import promise_from
from bot.storage.tables import is_open, promises

_TABLE = promises.c
Condition = ColumnElement[bool]
_is_closed = _TABLE.closed_at.is_not(None)
_is_public = _TABLE.is_private.is_(False)
#: Without the condition on public ones SQLite would walk a whole workspace for one person's promises, to save a sort.
for _name, _columns, _which in (
    ("promises_ahead", (_TABLE.team_id,), is_open & _is_public),
    ("promises_past", (_TABLE.team_id,), _is_closed & _is_public),
    ("promises_received", (_TABLE.team_id, _TABLE.requester_id), _is_closed),
):
    Index(_name, *_columns, _TABLE.due_at, _TABLE.number, sqlite_where=_which, postgresql_where=_which)


class SqlPageBook(SqlBook):
    """PageBook over a connection."""

    __slots__ = ()

    def page(self, asked: PageQuery) -> tuple[Promise, ...]:
        found = [
            promise_from(row) for query in page_queries(self._team_id, asked) for row in self._connection.execute(query)
        ]
        return tuple(sorted(found, key=lambda each: (each.terms.due.at, each.number))[: asked.limit])


def page_queries(team_id: TeamId, asked: PageQuery) -> "list[Select[Any]]":
    """Build the queries that make up a page: each walks an index, which neither database does for an OR."""
    shared = (_TABLE.team_id == team_id, *_filters(asked))
    return [
        select(promises).where(*shared, side, half).order_by(_TABLE.due_at, _TABLE.number).limit(asked.limit)
        for side in _sides(asked)
        for half in _halves(asked)
    ]


def _filters(asked: PageQuery) -> Iterator[Condition]:
    yield _TABLE.state != State.UNDONE.value
    if asked.states:
        yield _TABLE.state.in_(sorted(asked.states))
    if asked.side is Side.MISSED:
        yield _TABLE.missed_at.is_not(None)
    if asked.after:
        due_at, number = asked.after
        here: Any = tuple_(_TABLE.due_at, _TABLE.number)
        yield here > tuple_(literal(due_at, _TABLE.due_at.type), literal(number))
    if asked.channel:
        yield _TABLE.channel_id == asked.channel
    if asked.due_from:
        yield _TABLE.due_at >= asked.due_from
    if asked.due_before:
        yield _TABLE.due_at < asked.due_before
    if asked.words:
        yield _TABLE.what.icontains(asked.words, autoescape=True)


def _sides(asked: PageQuery) -> list[Condition]:
    """Return conditions of which each promise that is asked for meets exactly one."""
    if asked.person is None:
        return [_is_public]
    owes, waits = _TABLE.owner_id == asked.person, _TABLE.requester_id == asked.person
    match asked.side:
        case Side.OWING:
            return [owes]
        case Side.OWED:
            return [waits]
        case Side.MISSED | Side.ALL:
            return [owes, waits & (_TABLE.owner_id != asked.person)]


def _halves(asked: PageQuery) -> list[Condition]:
    """Return the same for open and closed ones, which are in different indexes."""
    kinds = {state in OPEN_STATES for state in asked.states or State}
    return [half for kind, half in ((True, is_open), (False, _is_closed)) if kind in kinds]
