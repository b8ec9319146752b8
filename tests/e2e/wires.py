"""A wire between a program and its database, which is slow or breaks on demand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit, urlunsplit


@dataclass
class Wire:
    """Bytes wait `delay_s` on their way back; `cut` breaks every connection there is."""

    url: str = ""
    delay_s: float = 0.0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _joined: set[asyncio.Task[None]] = field(default_factory=set)

    def cut(self) -> int:
        broken = list(self._open)
        for writer in broken:
            writer.transport.abort()
        return len(broken)

    async def close(self) -> None:
        """Break every connection, and wait for their ends: asyncio logs an error for each that it has to cancel."""
        self.cut()
        if self._joined:
            await asyncio.wait(self._joined)

    async def join(self, near: "tuple[asyncio.StreamReader, asyncio.StreamWriter]", socket: str) -> None:
        task = asyncio.current_task()
        assert task
        self._joined.add(task)
        task.add_done_callback(self._joined.discard)
        far = await asyncio.open_unix_connection(socket)
        writers = {near[1], far[1]}
        self._open |= writers
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(near[0], far[1], 0.0))
                both.create_task(self._carry(far[0], near[1], self.delay_s))
        except* OSError:
            pass
        finally:
            self._open -= writers
            for writer in writers:
                writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
        """In order, and late: what follows does not wait for what went before to have arrived."""
        loop, due = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

        async def read() -> None:
            while piece := await reader.read(65536):
                due.put_nowait((loop.time() + delay_s, piece))
            due.put_nowait((loop.time(), b""))

        async def write() -> None:
            while True:
                at, piece = await due.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if not piece:
                    writer.close()
                    return
                writer.write(piece)
                await writer.drain()

        async with asyncio.TaskGroup() as both:
            both.create_task(read())
            both.create_task(write())


@contextlib.asynccontextmanager
async def wire_to(database: str, delay_s: float = 0.0) -> AsyncIterator[Wire]:
    """A wire to a PostgreSQL on a local socket; `url` is the database at its near end."""
    address, wire = urlsplit(database), Wire(delay_s=delay_s)
    socket = f"{parse_qs(address.query)['host'][0]}/.s.PGSQL.{address.port or 5432}"

    async def on_open(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await wire.join((reader, writer), socket)

    server = await asyncio.start_server(on_open, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user = address.username or "postgres"
    wire.url = urlunsplit(("postgresql", f"{user}@127.0.0.1:{port}", address.path, "", ""))
    try:
        yield wire
    finally:
        server.close()
        await wire.close()
