"""LISTEN and NOTIFY on PostgreSQL: replicas wake each other; the regular tick covers lost notifications."""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import structlog
from sqlalchemy import URL

log = structlog.get_logger("kept.storage")

CHANNEL = "kept_work"
#: Announcements within this time are sent as one, in seconds.
GATHER_S = 0.02
#: Delay before reconnecting after the connection broke, in seconds.
PAUSE_S = 1.0
#: Interval of probes on an idle connection, in seconds.
PROBE_S = 15.0


class PostgresNotifier:
    """Sends and receives notifications of new work, over its own connections."""

    def __init__(self, url: URL) -> None:
        query = dict(url.query)
        if "ssl" in query:  # SQLAlchemy's name for what a plain address calls sslmode
            query["sslmode"] = query.pop("ssl")
        self._dsn = url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)
        self._notifying: asyncio.Task[None] | None = None
        self._sender: asyncpg.Connection | None = None

    def announce(self) -> None:
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.get_running_loop().create_task(self._notify(), name="announce")

    async def listen(self, woken: Callable[[], None]) -> None:
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await self._receive(woken)
            log.info("listening for work was interrupted")
            await asyncio.sleep(PAUSE_S)

    async def close(self) -> None:
        if self._notifying:
            self._notifying.cancel()
            await asyncio.gather(self._notifying, return_exceptions=True)
        if self._sender:
            await self._sender.close(timeout=1)

    async def _notify(self) -> None:
        """Send one notification for all announcements within GATHER_S; a lost one delays work until the next tick."""
        await asyncio.sleep(GATHER_S)
        try:
            sender = self._sender
            if sender is None or sender.is_closed():
                sender = self._sender = await asyncpg.connect(self._dsn, timeout=5)
            await sender.execute(f"NOTIFY {CHANNEL}", timeout=5)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as broken:
            log.info("an announcement was lost", error=type(broken).__name__)

    async def _receive(self, woken: Callable[[], None]) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=5)
        try:

            def on_notification(_connection: object, pid: int, _channel: str, _payload: str) -> None:
                if self._sender is None or self._sender.is_closed() or pid != self._sender.get_server_pid():
                    woken()

            lost = asyncio.Event()
            connection.add_termination_listener(lambda _connection: lost.set())
            await connection.add_listener(CHANNEL, on_notification)
            woken()  # announcements before the listener was added were missed
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), PROBE_S)
                    return
                await connection.execute("SELECT 1", timeout=5)
        finally:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await connection.close(timeout=1)
