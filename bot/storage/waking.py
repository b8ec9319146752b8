"""PostgreSQL's LISTEN and NOTIFY: replicas wake each other, and the tick is the net under what gets lost."""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import structlog
from sqlalchemy import URL

log = structlog.get_logger("kept.storage")

CHANNEL = "kept_work"
#: Announcements closer together than this travel as one.
GATHER_S = 0.02
#: How long to wait before listening anew after the connection broke.
PAUSE_S = 1.0
#: How often a silent connection is asked whether it still lives.
PROBE_S = 15.0


class PostgresNotifier:
    """Says that there is work, and hears it, over connections of its own."""

    def __init__(self, url: URL) -> None:
        query = dict(url.query)
        if "ssl" in query:  # SQLAlchemy's name for what a plain address calls sslmode
            query["sslmode"] = query.pop("ssl")
        self._dsn = url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)
        self._telling: asyncio.Task[None] | None = None
        self._voice: asyncpg.Connection | None = None

    def announce(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell(), name="announce")

    async def listen(self, woken: Callable[[], None]) -> None:
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await self._hear(woken)
            log.info("listening for work was interrupted")
            await asyncio.sleep(PAUSE_S)

    async def close(self) -> None:
        if self._telling:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)
        if self._voice:
            await self._voice.close(timeout=1)

    async def _tell(self) -> None:
        """One notification for all that is announced within GATHER_S; a lost one costs a tick."""
        await asyncio.sleep(GATHER_S)
        try:
            if self._voice is None or self._voice.is_closed():
                self._voice = await asyncpg.connect(self._dsn, timeout=5)
            await self._voice.execute(f"NOTIFY {CHANNEL}", timeout=5)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as broken:
            log.info("an announcement was lost", error=type(broken).__name__)

    async def _hear(self, woken: Callable[[], None]) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=5)
        try:

            def heard(_connection: object, pid: int, _channel: str, _payload: str) -> None:
                if self._voice is None or self._voice.is_closed() or pid != self._voice.get_server_pid():
                    woken()

            lost = asyncio.Event()
            connection.add_termination_listener(lambda _connection: lost.set())
            await connection.add_listener(CHANNEL, heard)
            woken()  # what was announced while nobody listened
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), PROBE_S)
                    return
                await connection.execute("SELECT 1", timeout=5)
        finally:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await connection.close(timeout=1)
