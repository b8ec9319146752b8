"""A thread that owns one SQLite connection and commits the waiting jobs in groups.

SQLite has one writer at a time and a commit waits for the disk, so jobs that wait together are committed together, and
no caller is answered before the commit. If one of several fails, all are run again, each in its own savepoint: a
savepoint copies every page that it changes, and few jobs fail.
"""

import asyncio
import contextlib
import contextvars
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Work = Callable[[Connection], Any]
#: The most jobs in one transaction: enough to hide the disk, few enough that the first waits no longer than a frame.
GROUP = 64
#: After so many commits the write-ahead log is moved into the file when no job waits. At a thousand pages SQLite does
#: it within a commit, so that callers wait for it: one of fifty, since a promise changes some twenty pages.
COMMITS_PER_CHECKPOINT = 30


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    answer: "asyncio.Future[Any]"
    caller: contextvars.Context  # refusals are in the language of the caller's reader


@dataclass(frozen=True, slots=True)
class _Outcome:
    answer: "asyncio.Future[Any]"
    value: Any = None
    error: Exception | None = None


class SqliteThread:
    """Runs jobs one after another; each sees the writes of those before it, and a failing one is rolled back."""

    def __init__(self, engine: Engine, name: str, *, writes: bool) -> None:
        self._engine = engine
        self._writes = writes
        self._loop = asyncio.get_running_loop()
        #: None is the last, and ends the thread.
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the thread and return its result once it is committed.

        Cancelling the caller does not affect the group; its job is skipped unless it had begun.
        """
        if self._closing:
            raise RuntimeError("The store is closed.")
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._put(_Job(work, answer, contextvars.copy_context()))
        return cast("T", await answer)

    async def close(self) -> None:
        """Finish the waiting jobs, then close the connection."""
        if not self._closing:
            self._closing = True
            self._put(None)
        await asyncio.to_thread(self._thread.join)

    def _put(self, job: _Job | None) -> None:
        """Hand a job over when the loop has run what it is at: the thread would wake up and wait for the interpreter.

        The jobs of all callers whom the loop runs together are handed over together, so that groups are larger.
        """
        self._loop.call_soon(self._waiting.put, job)

    def _serve(self) -> None:
        commits = 0
        with self._engine.connect() as connection:
            while group := self._next_group():
                outcomes = self._commit(connection, group)
                commits += self._writes
                is_quiet = self._waiting.empty()
                self._loop.call_soon_threadsafe(_resolve, outcomes)
                if is_quiet and commits >= COMMITS_PER_CHECKPOINT:
                    commits = 0
                    with contextlib.suppress(sqlite3.Error):  # nothing is lost, and a full disk fails the next commit
                        _driver(connection).execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _next_group(self) -> list[_Job]:
        """Wait for jobs and return them in order; empty only once the thread is closing and no job waits."""
        group: list[_Job] = []
        job = self._waiting.get()
        while job is not None:
            group.append(job)
            if len(group) == GROUP:
                return group
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return group
        if group:
            self._waiting.put(None)  # nothing comes behind it: the end is found again
        return group

    def _commit(self, connection: Connection, group: list[_Job]) -> list[_Outcome]:
        try:
            with connection.begin():
                return [self._run(connection, job) for job in group if not job.answer.cancelled()]
        except Exception as error:  # noqa: BLE001  the only caller gets it; of several, who caused it
            if len(group) == 1:
                return [_Outcome(group[0].answer, error=error)]
        try:
            with connection.begin():
                return [self._attempt(connection, job) for job in group if not job.answer.cancelled()]
        except Exception as error:  # noqa: BLE001  every caller of the group gets the error
            return [_Outcome(job.answer, error=error) for job in group]

    def _run(self, connection: Connection, job: _Job) -> _Outcome:
        return _Outcome(job.answer, value=job.caller.run(job.work, connection))

    def _attempt(self, connection: Connection, job: _Job) -> _Outcome:
        """Run one job in its own savepoint, by hand: SQLAlchemy's savepoints cost ten times as much."""
        driver = _driver(connection)
        run = driver.execute
        run("SAVEPOINT one_job")
        try:
            outcome = _Outcome(job.answer, value=job.caller.run(job.work, connection))
        except Exception as error:
            if not driver.in_transaction:
                raise  # SQLite gave the whole transaction up, as on a full disk: the group fails together
            run("ROLLBACK TO one_job")
            outcome = _Outcome(job.answer, error=error)
        run("RELEASE one_job")
        return outcome


def _driver(connection: Connection) -> Any:
    return cast("Any", connection.connection.driver_connection)


def _resolve(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        if outcome.answer.cancelled():
            continue
        if outcome.error is not None:
            outcome.answer.set_exception(outcome.error)
        else:
            outcome.answer.set_result(outcome.value)
