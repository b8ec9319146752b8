"""The shared store: any number of replicas over one PostgreSQL."""

import asyncio
import copy
import json
import random
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar, cast
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from bot.domain.promise import PromiseId, TeamId, UserId
from bot.language import N_, _
from bot.ports import Backlog, Delivery, Posted, Progress, Restored, Sharing, Stop, Transaction, unseen
from bot.ports.delivery import UNDIVIDED
from bot.storage.agendas import agendas_due, agendas_set
from bot.storage.backlog import backlog
from bot.storage.claiming import Claims, clock_due, next_due_at, planned_deliveries, take_turns
from bot.storage.delivery_outcomes import Redraw, end_turns, failures, record_sent, release
from bot.storage.encryption import Cipher
from bot.storage.errors import DatabaseError
from bot.storage.events import SqlEventBook
from bot.storage.grouping import Grouped, prepare
from bot.storage.installations import SqlInstallationBook
from bot.storage.leavers import Everything, everything_of, forget_person
from bot.storage.notifications import PostgresNotifier
from bot.storage.people import Holidays, chosen_countries, no_holidays
from bot.storage.pools import ReusedConnection, grouping_engine, numbering_engine
from bot.storage.progress import count_so_far
from bot.storage.repeats import may_repeat
from bot.storage.restore_record import restored
from bot.storage.row_security import entering
from bot.storage.series import series_due
from bot.storage.stops import stopped
from bot.storage.transaction import RolledBack, SqlTransaction
from bot.storage.webhooks import webhook_teams
from bot.storage.workflow_steps import step_teams
from bot.storage.workspace_deletion import delete_workspace_rows
from bot.storage.workspaces import workspaces

T = TypeVar("T")
Connect = Callable[[], AbstractContextManager[Connection]]
MORE_CANDIDATES = 200  # that a claim looks at, so that two claims at the same instant find some each
_FULL = N_("Kept’s database has too much to do just now, so nothing was recorded. Please try again in a few minutes.")
TRIES = 5  # of a transaction that met serialization failures or deadlocks


class PostgresStore:
    """Store over a pool of connections. Leases run by the database's clock, which all replicas share."""

    #: Measured: 22,000 a second in batches of 500, 27,000 to 33,000 in batches of 1,000.
    batch = 1000

    def __init__(
        self, engine: AsyncEngine, holidays: Holidays = no_holidays, *, has_row_security: bool = False
    ) -> None:
        self.has_row_security = has_row_security
        self._holidays = holidays
        self._engine = engine
        self._snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._autocommit = grouping_engine(engine.url)
        self._reused = ReusedConnection(self._autocommit)
        self._grouped = Grouped(lambda work: self._run(self._autocommit, work))
        self._numbering = numbering_engine(engine.url)
        self._commits = True
        self._claims = Claims(holder=uuid4().hex)
        self._waking = PostgresNotifier(engine.url)
        self.events = SqlEventBook(self._write)

    def installations(self, keys: Sequence[str]) -> SqlInstallationBook:
        return SqlInstallationBook(self._write, Cipher(keys))

    async def read(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        return await self._run(
            self._snapshot,
            lambda connection: work(SqlTransaction(connection, team_id, holidays=self._holidays)),
            team_id,
        )

    async def write(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        if not self._commits:
            return await self._rolled_back(
                lambda connection: work(SqlTransaction(connection, team_id, None, self._holidays)), team_id
            )
        numbering = self._numbering.sync_engine
        return await self._run(
            self._engine,
            lambda connection: work(SqlTransaction(connection, team_id, numbering, self._holidays)),
            team_id,
        )

    async def write_once(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        if not self._commits:
            return await self.write(team_id, work)
        books = SqlTransaction(self._grouped.as_connection(), team_id, holidays=self._holidays)
        return await greenlet_spawn(work, books)

    @asynccontextmanager
    async def dry_run(self) -> AsyncIterator["PostgresStore"]:
        """Meanwhile the grouped statements run for an empty group: PostgreSQL plans them for longer than all else."""
        dry = copy.copy(self)
        dry._commits = False
        preparing = asyncio.create_task(self._run(self._autocommit, prepare), name="prepare")
        try:
            yield dry
            await preparing
        finally:
            preparing.cancel()

    async def _rolled_back(self, work: Callable[[Connection], T], team_id: TeamId) -> T:
        """Run `work` and roll it back, numbers included."""

        def roll_back(connection: Connection) -> None:
            raise RolledBack(work(connection))

        try:
            await self._run(self._engine, roll_back, team_id)
        except RolledBack as ended:
            return cast("T", ended.value)
        raise AssertionError("a dry run was committed")

    async def workspaces(self) -> tuple[TeamId, ...]:
        return await self._run(self._snapshot, workspaces)

    async def countries(self) -> tuple[str, ...]:
        return await self._run(self._snapshot, chosen_countries)

    async def claim_due(
        self, now: datetime, lease: timedelta, limit: int, sharing: Sharing = UNDIVIDED
    ) -> tuple[Delivery, ...]:
        held = {
            "window": limit + MORE_CANDIDATES,
            "share": sharing.share or limit,
            "lease_s": lease.total_seconds(),
            "holds": sharing.hold is not None,
            "hold_s": sharing.hold.total_seconds() if sharing.hold else 0.0,
            "working": json.dumps(sorted(sharing.working)),
        }
        return await self._write(lambda connection: self._claims.take(connection, now, limit, sharing.full, held))

    async def take_turns(self, teams: Collection[TeamId], hold: timedelta) -> frozenset[TeamId]:
        holder, hold_s = self._claims.holder, hold.total_seconds()
        return await self._write(lambda connection: take_turns(connection, teams, hold_s, holder))

    async def release(self, returned: Sequence[tuple[Delivery, datetime]]) -> None:
        await self._write(lambda connection: release(connection, returned))

    async def end_turns(self) -> None:
        await self._write(lambda connection: end_turns(connection, self._claims.holder))

    async def record_sent(self, posted: Sequence[Posted], at: datetime, redraw: Redraw) -> None:
        await self._write(lambda connection: record_sent(connection, posted, at, redraw))

    async def stopped(self) -> tuple[Stop, ...]:
        return await self._run(self._snapshot, stopped)

    async def restored(self) -> Mapping[TeamId, Restored]:
        return await self._run(self._snapshot, restored)

    async def failures(self, since: datetime) -> dict[str, int]:
        return await self._run(self._snapshot, lambda connection: failures(connection, since))

    def announce(self) -> None:
        self._waking.announce()

    async def listen(self, woken: Callable[[], None]) -> None:
        await self._waking.listen(woken)

    async def clock_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        return await self._run(self._snapshot, lambda connection: clock_due(connection, now, limit))

    async def agendas_due(
        self, now: datetime, limit: int, after: str = "", busy: Collection[TeamId] = ()
    ) -> tuple[tuple[TeamId, UserId], ...]:
        return await self._run(
            self._snapshot, lambda connection: agendas_due(connection, now, limit, after, busy, self._claims.holder)
        )

    async def webhook_teams(self, now: datetime, limit: int) -> tuple[TeamId, ...]:
        return await self._run(self._snapshot, lambda connection: webhook_teams(connection, now, limit))

    async def step_teams(self, now: datetime, limit: int) -> tuple[TeamId, ...]:
        return await self._run(self._snapshot, lambda connection: step_teams(connection, now, limit))

    async def agendas_set(self, limit: int) -> tuple[tuple[TeamId, UserId, datetime], ...]:
        return await self._run(self._snapshot, lambda connection: agendas_set(connection, limit))

    async def series_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        return await self._run(self._snapshot, lambda connection: series_due(connection, now, limit))

    async def planned(self, after: datetime, limit: int) -> tuple[Delivery, ...]:
        return await self._run(self._snapshot, lambda connection: planned_deliveries(connection, after, limit))

    async def next_due(self) -> datetime | None:
        return await self._run(self._snapshot, next_due_at)

    async def backlog(self, now: datetime) -> Backlog:
        return await self._run(self._snapshot, lambda connection: backlog(connection, now))

    async def so_far(self) -> dict[str, dict[str, int]]:
        return await self._run(self._snapshot, count_so_far)

    async def forget(self, team_id: TeamId, left_at: datetime | None = None) -> int:
        return await self._write(lambda connection: delete_workspace_rows(connection, team_id, left_at))

    async def everything_of(self, team_id: TeamId, person: UserId, progress: Progress = unseen) -> Everything:
        return await self._run(self._snapshot, lambda each: everything_of(each, team_id, person, progress))

    async def forget_person(self, team_id: TeamId, person: UserId, stand_in: UserId) -> int:
        return await self._write(lambda connection: forget_person(connection, team_id, person, stand_in))

    async def ping(self) -> None:
        await self._run(self._snapshot, _answers)

    async def close(self) -> None:
        await self._waking.close()
        await self._numbering.dispose()
        await greenlet_spawn(self._reused.close)
        await self._autocommit.dispose()
        await self._engine.dispose()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._run(self._engine, work)

    async def _run(self, engine: AsyncEngine, work: Callable[[Connection], T], team_id: TeamId | None = None) -> T:
        """Run work in a transaction: of one workspace where `team_id` is given, else of all of them."""
        enters = entering(team_id) if self.has_row_security and team_id is not None else ""
        try:
            return await self._with_retries(engine, work, enters)
        except PoolTimeoutError as full:
            raise DatabaseError(_(_FULL)) from full

    async def _with_retries(self, engine: AsyncEngine, work: Callable[[Connection], T], enters: str) -> T:
        alone = engine is self._autocommit
        connect = self._reused.connect if alone else engine.sync_engine.connect
        for left in reversed(range(TRIES)):
            attempt = _Attempt()
            try:
                return await greenlet_spawn(attempt.run, connect, work, enters)
            except DBAPIError as error:
                if not left or not may_repeat(error, committing=attempt.committing, alone=alone):
                    raise
            await asyncio.sleep(random.uniform(0.005, 0.05))  # noqa: S311  jitter, not a secret
        raise AssertionError("the last try returns or raises")


class _Attempt:
    """One attempt at a transaction; `committing` once its commit may have reached the database."""

    committing = False

    def run(self, connect: Connect, work: Callable[[Connection], T], enters: str) -> T:
        """Run work and commit, all in one greenlet: an AsyncConnection takes four and two tasks."""
        with connect() as connection:
            _enter(connection, enters)
            value = work(connection)
            self.committing = True
            connection.commit()
            return value


def _enter(connection: Connection, enters: str) -> None:
    """Have the next transaction of a connection begin so; set every time, for connections are used again."""
    connection.connection.driver_connection.entering = enters  # type: ignore[union-attr]


def _answers(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT 1").scalar_one()
