"""The embedded store: one process, one SQLite file."""

import copy
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import OperationalError

from bot.domain.promise import PromiseId, TeamId, UserId
from bot.language import N_, _
from bot.ports import Backlog, Delivery, Posted, Progress, Restored, Sharing, Stop, Transaction, unseen
from bot.ports.delivery import UNDIVIDED
from bot.storage.acting import prepare_on_sqlite
from bot.storage.agendas import agendas_due, agendas_set
from bot.storage.backlog import backlog
from bot.storage.claiming import RECOVERED, Claims, clock_due, next_due_at, planned_deliveries
from bot.storage.delivery_outcomes import Redraw, failures, record_sent, release
from bot.storage.encryption import Cipher
from bot.storage.errors import DatabaseError
from bot.storage.events import SqlEventBook
from bot.storage.installations import SqlInstallationBook
from bot.storage.leavers import Everything, everything_of, forget_person
from bot.storage.people import Holidays, chosen_countries, no_holidays
from bot.storage.progress import count_so_far
from bot.storage.restore_record import restored
from bot.storage.series import series_due
from bot.storage.sqlite_thread import SqliteThread
from bot.storage.stops import stopped
from bot.storage.transaction import RolledBack, SqlTransaction
from bot.storage.webhooks import webhook_teams
from bot.storage.workflow_steps import step_teams
from bot.storage.workspace_deletion import delete_workspace_rows
from bot.storage.workspaces import workspaces

T = TypeVar("T")
_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit that was acknowledged survives a power cut
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -1000",  # kB, for each of the two connections; the system caches the file as well
)


def sqlite_engine(url: URL, *, for_writing: bool) -> Engine:
    """Create an engine with explicit BEGIN.

    A writing transaction takes the write lock with BEGIN IMMEDIATE: one that reads first and then writes can fail with
    "database is locked".
    """
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    begin = "BEGIN IMMEDIATE" if for_writing else "BEGIN"
    pragmas = _PRAGMAS if for_writing else (*_PRAGMAS, "PRAGMA query_only = ON")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        _enter_wal(connection)
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin_now(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _enter_wal(connection: Any) -> None:
    """Switch the file to WAL mode, in which readers do not block the writer; the mode persists in the file.

    If two connections switch a new file at the same instant, SQLite refuses one immediately, despite busy_timeout.
    """
    for patience_s in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(patience_s)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _in_words(error: OperationalError) -> DatabaseError | None:
    """Return the error with a sentence if the operator can remedy it, else None."""
    message = str(error.orig)
    for sign, sentence in _CURABLE.items():
        if sign in message:
            return DatabaseError(_(sentence))
    return None


_CURABLE = {
    "is full": N_(
        "The disk that holds Kept’s promises is full, so nothing was recorded. Ask the person who runs Kept for room."
    ),
    "readonly": N_(
        "Kept’s database cannot be written, so nothing was recorded. Ask the person who runs Kept to look at it."
    ),
    "disk I/O error": N_(
        "The disk that holds Kept’s promises fails, so nothing was recorded. Tell the person who runs Kept."
    ),
}


class SqliteStore:
    """Store over two threads: one writes, in groups; one reads committed data.

    Leases carry this process's name and use its monotonic clock, so those of a process that died are void immediately,
    and changes of the wall clock do not affect them.
    """

    #: PostgreSQL alone can hold each query to its workspace a second time.
    has_row_security = False
    #: Measured: in larger batches nothing is gained, and the loop waits longer for each.
    batch = 500

    def __init__(self, url: URL, holidays: Holidays = no_holidays) -> None:
        self._holidays = holidays
        prepare_on_sqlite()
        self._writer = SqliteThread(sqlite_engine(url, for_writing=True), "kept-writer", writes=True)
        self._reader = SqliteThread(sqlite_engine(url, for_writing=False), "kept-reader", writes=False)
        self._claims = Claims(holder=uuid4().hex)
        self.events = SqlEventBook(self._writer.run)
        self._commits = True
        self._started_at, self._started = datetime.now(UTC), time.monotonic()

    def installations(self, keys: Sequence[str]) -> SqlInstallationBook:
        return SqlInstallationBook(self._writer.run, Cipher(keys))

    async def read(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        return await self._reader.run(
            lambda connection: work(SqlTransaction(connection, team_id, holidays=self._holidays))
        )

    async def write(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        def written(connection: Connection) -> T:
            done = work(SqlTransaction(connection, team_id, holidays=self._holidays))
            if not self._commits:
                raise RolledBack(done)
            return done

        try:
            return await self._writer.run(written)
        except RolledBack as ended:
            return cast("T", ended.value)
        except OperationalError as error:
            raise _in_words(error) or error from error

    async def write_once(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        return await self.write(team_id, work)

    @asynccontextmanager
    async def dry_run(self) -> AsyncIterator["SqliteStore"]:
        dry = copy.copy(self)
        dry._commits = False
        yield dry

    async def workspaces(self) -> tuple[TeamId, ...]:
        return await self._reader.run(workspaces)

    async def countries(self) -> tuple[str, ...]:
        return await self._reader.run(chosen_countries)

    async def claim_due(
        self, now: datetime, lease: timedelta, limit: int, sharing: Sharing = UNDIVIDED
    ) -> tuple[Delivery, ...]:
        clock = self._started_at + timedelta(seconds=time.monotonic() - self._started)
        held = {
            "window": limit,
            "share": sharing.share or limit,
            "clock": clock,
            "lease_until": clock + lease,
            "recovered_at": now + lease * RECOVERED,
        }
        return await self._writer.run(lambda connection: self._claims.take(connection, now, limit, sharing.full, held))

    async def take_turns(self, teams: Collection[TeamId], hold: timedelta) -> frozenset[TeamId]:
        return frozenset(teams)  # one process has them all

    async def release(self, returned: Sequence[tuple[Delivery, datetime]]) -> None:
        await self._writer.run(lambda connection: release(connection, returned))

    async def end_turns(self) -> None:
        """Do nothing: there are no other processes."""

    async def record_sent(self, posted: Sequence[Posted], at: datetime, redraw: Redraw) -> None:
        await self._writer.run(lambda connection: record_sent(connection, posted, at, redraw))

    async def stopped(self) -> tuple[Stop, ...]:
        return await self._reader.run(stopped)

    async def restored(self) -> Mapping[TeamId, Restored]:
        return await self._reader.run(restored)

    async def failures(self, since: datetime) -> dict[str, int]:
        return await self._reader.run(lambda connection: failures(connection, since))

    def announce(self) -> None:
        """Do nothing: there are no other processes."""

    async def listen(self, woken: Callable[[], None]) -> None:
        """Wait forever: there are no other processes."""

    async def clock_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        return await self._reader.run(lambda connection: clock_due(connection, now, limit))

    async def agendas_due(
        self, now: datetime, limit: int, after: str = "", busy: Collection[TeamId] = ()
    ) -> tuple[tuple[TeamId, UserId], ...]:
        return await self._reader.run(lambda connection: agendas_due(connection, now, limit, after, busy))

    async def webhook_teams(self, now: datetime, limit: int) -> tuple[TeamId, ...]:
        return await self._reader.run(lambda connection: webhook_teams(connection, now, limit))

    async def step_teams(self, now: datetime, limit: int) -> tuple[TeamId, ...]:
        return await self._reader.run(lambda connection: step_teams(connection, now, limit))

    async def agendas_set(self, limit: int) -> tuple[tuple[TeamId, UserId, datetime], ...]:
        return await self._reader.run(lambda connection: agendas_set(connection, limit))

    async def series_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        return await self._reader.run(lambda connection: series_due(connection, now, limit))

    async def planned(self, after: datetime, limit: int) -> tuple[Delivery, ...]:
        return await self._reader.run(lambda connection: planned_deliveries(connection, after, limit))

    async def next_due(self) -> datetime | None:
        return await self._reader.run(next_due_at)

    async def backlog(self, now: datetime) -> Backlog:
        return await self._reader.run(lambda connection: backlog(connection, now))

    async def so_far(self) -> dict[str, dict[str, int]]:
        return await self._reader.run(count_so_far)

    async def forget(self, team_id: TeamId, left_at: datetime | None = None) -> int:
        return await self._writer.run(lambda connection: delete_workspace_rows(connection, team_id, left_at))

    async def everything_of(self, team_id: TeamId, person: UserId, progress: Progress = unseen) -> Everything:
        return await self._reader.run(lambda each: everything_of(each, team_id, person, progress))

    async def forget_person(self, team_id: TeamId, person: UserId, stand_in: UserId) -> int:
        return await self._writer.run(lambda connection: forget_person(connection, team_id, person, stand_in))

    async def ping(self) -> None:
        await self._reader.run(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one())

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()
