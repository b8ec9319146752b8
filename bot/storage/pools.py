"""Pools of connections to PostgreSQL: for transactions, for numbers, and for what goes in groups."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from typing import cast

import structlog
from sqlalchemy import URL, Connection, QueuePool, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from bot.storage.acting import ACTS_WITHOUT_ROW_SECURITY
from bot.storage.grouping import MAX_IN_FLIGHT
from bot.storage.making import WITHOUT_ROW_SECURITY
from bot.storage.row_security import WorkspaceConnection, restricted_to

log = structlog.get_logger("kept.storage")

PATIENCE_S = 30.0  # for a connection from the pool
CLOSE_EVERY_S = 60.0
RENEW_AFTER_S = 600
#: How long a connection stays taken between uses before it is returned to its pool, which may renew or close it.
REUSED_S = 30.0
#: Every query here walks an index. PostgreSQL, before it has statistics, would rather read and sort all, or compile.
_PLANNING = {
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_material": "off",
    "enable_seqscan": "off",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}

#: application_name of our connections since agendas are per person. Earlier versions used "kept" and must not write
#: at the same time: they would plan messages that the agenda decides.
APPLICATION = "kept with agendas"


def postgres_engine(url: URL, pool_size: int = 10, patience_s: float = PATIENCE_S) -> AsyncEngine:
    return _engine(url, _PLANNING, pool_size, patience_s)


def numbering_engine(url: URL) -> AsyncEngine:
    """Commits each number by itself, without waiting for the disk.

    A number lost in a crash was never seen: the promise that bears it is written to the same log after it.
    """
    engine = _engine(url, _PLANNING | {"synchronous_commit": "off"}, 2, PATIENCE_S)
    return restricted_to(WITHOUT_ROW_SECURITY, engine)


def grouping_engine(url: URL) -> AsyncEngine:
    """Return the engine of the grouped statements: with a pool of its own, what people wait for never queues behind a
    tick or sending.
    """
    engine = postgres_engine(url, pool_size=2 * MAX_IN_FLIGHT)
    return restricted_to(WITHOUT_ROW_SECURITY | ACTS_WITHOUT_ROW_SECURITY, engine)


def _engine(url: URL, settings: dict[str, str], pool_size: int, patience_s: float) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience_s,
        # The connection used last is taken first: each one keeps the statements that it prepared, a megabyte and more,
        # and in turn all would prepare all of them.
        pool_use_lifo=True,
        # What is used only at a peak prepares a few statements each time, for hours until it has prepared them all.
        pool_recycle=RENEW_AFTER_S,
        hide_parameters=True,
        connect_args={
            "server_settings": settings | {"application_name": APPLICATION},
            "connection_class": WorkspaceConnection,
        },
    )
    _Surplus(engine)
    return engine


class _Surplus:
    """Closes each minute the connections that were not needed in it, so that memory and descriptors return to where
    they were before a burst. To close them as soon as they are returned would open a new one for every third message
    while many workspaces are sent to.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._pool = engine, cast("QueuePool", engine.sync_engine.pool)
        self._most_used, self._looks_at = 0, time.monotonic() + CLOSE_EVERY_S
        self._closing: asyncio.Task[None] | None = None
        event.listen(engine.sync_engine, "checkout", self._checked_out)

    def _checked_out(self, *_: object) -> None:
        self._most_used = max(self._most_used, self._pool.checkedout())
        if time.monotonic() >= self._looks_at and (self._closing is None or self._closing.done()):
            self._looks_at = time.monotonic() + CLOSE_EVERY_S
            self._closing = asyncio.get_running_loop().create_task(self._close(), name="pool")

    async def _close(self) -> None:
        idle = self._pool.checkedin()
        surplus = idle + self._pool.checkedout() - self._most_used
        if surplus > 0:
            try:
                await self._close_some(surplus, idle)
            except (SQLAlchemyError, OSError) as fault:  # a lost database is reported by whatever needs it next
                log.info("idle connections were not closed", error=type(fault).__name__)
        self._most_used = self._pool.checkedout()

    async def _close_some(self, surplus: int, idle: int) -> None:
        """Take all idle connections, those used last first, and close the last ones."""
        async with AsyncExitStack() as returned:  # returned in reverse order, so that the one used last is on top again
            taken = [await returned.enter_async_context(self._engine.connect()) for _ in range(idle)]
            for connection in taken[-surplus:]:
                await connection.invalidate()


class ReusedConnection:
    """Keeps one connection of an engine taken between uses: taking and returning it costs as much as a statement.

    It is returned after `REUSED_S`, also while nothing uses it, so that its pool may renew or close it. For an engine
    whose connections commit each statement by themselves. After a fault nothing is kept: the pool decides then which
    connections are still good.
    """

    def __init__(self, engine: AsyncEngine, reused_s: float = REUSED_S) -> None:
        self._engine, self._pool = engine.sync_engine, cast("QueuePool", engine.sync_engine.pool)
        self._reused_s = reused_s
        #: With the time at which it is returned.
        self._kept: tuple[Connection, float] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._returning: asyncio.Task[None] | None = None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Yield a connection; in a greenlet, as for the engine's own `connect`."""
        kept, self._kept = self._kept, None
        connection, until = kept or (self._engine.connect(), time.monotonic() + self._reused_s)
        try:
            yield connection
        except BaseException:
            with closing(connection):
                self.close()
            raise
        others_wait = self._pool.checkedout() == self._pool.size()
        if self._kept or others_wait or time.monotonic() >= until:
            connection.close()
        else:
            self._keep(connection, until)

    def close(self) -> None:
        """Return the kept connection to the pool."""
        kept, self._kept = self._kept, None
        if kept:
            kept[0].close()

    def _keep(self, connection: Connection, until: float) -> None:
        self._kept = connection, until
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(until - time.monotonic(), self._look)

    def _look(self) -> None:
        """Return the kept connection if its time is over, else look again then. One in use is returned after use."""
        kept, self._timer = self._kept, None
        if kept and time.monotonic() < kept[1]:
            self._keep(*kept)
        elif kept:
            self._returning = asyncio.get_running_loop().create_task(greenlet_spawn(self.close), name="pool")
