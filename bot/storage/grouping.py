"""Grouping of waiting statements on PostgreSQL: one statement, one round trip and one commit for several callers.

A single caller does not wait for a group to fill. Only while MAX_IN_FLIGHT statements of a kind are under way, further
ones are collected.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from bot.ports import MakingFacts
from bot.storage.acting import change_promises, for_acts
from bot.storage.errors import ForbiddenStatementError
from bot.storage.making import PromiseRows, make_promises
from bot.storage.rows import Values

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
#: How many groups are under way. Fewer are larger and cheaper; more do not wait for each other's round trip.
MAX_IN_FLIGHT = 2
#: The most in a group: enough to hide a round trip, few enough that the first does not wait for the last.
GROUP = 64
#: Run a statement over a connection on which each commits by itself.
Run = Callable[[Callable[[Connection], Any]], Awaitable[Any]]


class Groups(Generic[Asked, Answer]):
    """Asks for several callers with one call of `run`, which returns their answers in order."""

    def __init__(self, run: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]]) -> None:
        self._run = run
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself holds tasks only weakly

    async def ask(self, asked: Asked) -> Answer:
        """Return the answer. A cancelled caller does not affect the group; it is left out unless that has begun."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._under_way < MAX_IN_FLIGHT:
            self._under_way += 1
            task = asyncio.create_task(self._run_waiting())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _run_waiting(self) -> None:
        try:
            while self._waiting:
                taken = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
                await self._answer([each for each in taken if not each[1].cancelled()])
        finally:
            self._under_way -= 1

    async def _answer(self, group: Sequence[tuple[Asked, "asyncio.Future[Answer]"]]) -> None:
        if not group:
            return
        try:
            answers = await self._run([asked for asked, _ in group])
        except Exception as error:  # noqa: BLE001  each caller gets it
            if len(group) > 1 and isinstance(error, DBAPIError) and not error.connection_invalidated:
                for each in group:  # the statement was refused, so nothing is written; each gets what it causes itself
                    await self._answer([each])
                return
            _resolve(group, error)
        else:
            for (_, answer), found in zip(group, answers, strict=True):
                if not answer.cancelled():
                    answer.set_result(found)


def _resolve(group: Sequence[tuple[Any, "asyncio.Future[Any]"]], error: Exception) -> None:
    for _, answer in group:
        if not answer.cancelled():
            answer.set_exception(error)


async def _for_acts(run: Run, by_number: bool, asked: Sequence[Values]) -> Sequence[Any]:
    found: Sequence[Any] = await run(lambda on: for_acts(on, asked, by_number=by_number))
    return found


def prepare(connection: Connection) -> None:
    """Run each statement for an empty group, which reads and writes nothing, so that the first caller's is planned."""
    make_promises(connection, [])
    change_promises(connection, [])
    for by_number in (False, True):
        for_acts(connection, [], by_number=by_number)


class Grouped:
    """Takes the place of a connection in transactions of one statement, and runs their statements in groups.

    Each belongs to all workspaces of its group, so it runs without row level security; others are refused.
    """

    dialect: Dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]

    def __init__(self, run: Run) -> None:
        self._for_acts: dict[bool, Groups[Values, Any]] = {
            by_number: Groups(partial(_for_acts, run, by_number)) for by_number in (False, True)
        }
        self._changes: Groups[PromiseRows, bool] = Groups(lambda rows: run(lambda on: change_promises(on, rows)))
        self._made: Groups[tuple[Values, PromiseRows], MakingFacts | None] = Groups(
            lambda asked: run(lambda on: make_promises(on, asked))
        )

    def make(self, asked: tuple[Values, PromiseRows]) -> MakingFacts | None:
        """Do what bot.storage.making.make_promises does, for one promise."""
        return await_only(self._made.ask(asked))

    def for_act(self, asked: Values) -> Any:
        """Do what bot.storage.acting.for_act does."""
        return await_only(self._for_acts[isinstance(asked["ref"], int)].ask(asked))

    def change(self, rows: PromiseRows) -> bool:
        """Do what bot.storage.acting.change_promise does."""
        return await_only(self._changes.ask(rows))

    def execute(self, statement: object, *_: object) -> Any:
        raise ForbiddenStatementError(
            f"A transaction that is written in one statement runs no other: {str(statement)[:200]}"
        )

    exec_driver_sql = execute

    def as_connection(self) -> Connection:
        return cast("Connection", self)
