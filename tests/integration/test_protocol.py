"""Strangers may send a head of so many bytes within so many seconds."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from handlers.http import web_app
from handlers.protocol import HEAD_LIMIT, GuardedProtocol
from tests.patience import PATIENCE_S, until_true

STATUS = re.compile(rb"HTTP/1\.1 (\d+)")


class Hasty(GuardedProtocol):
    request_s = 0.3


async def ready() -> dict[str, str]:
    return {}


@contextlib.asynccontextmanager
async def served(protocol: type[HttpToolsProtocol]) -> AsyncIterator[int]:
    """The port on which the web app is served with that protocol."""
    config = uvicorn.Config(
        web_app(None, ready), port=0, http=protocol, lifespan="off", log_config=None, timeout_keep_alive=3600
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    await until_true(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = server.force_exit = True
    await serving


async def answers(port: int, *parts: bytes, expected: int = 1) -> list[bytes]:
    """The status lines with which a connection was answered, until that many came or it was closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    async with asyncio.timeout(PATIENCE_S):
        with contextlib.suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
        with contextlib.suppress(ConnectionError):
            while len(STATUS.findall(received)) < expected and (more := await reader.read(10_000)):
                received += more
    writer.close()
    return STATUS.findall(received)


def asked(headers: str = "") -> bytes:
    return f"GET /healthz HTTP/1.1\r\nhost: kept\r\n{headers}\r\n".encode()


async def test_requests_on_one_connection_are_answered_one_after_the_other() -> None:
    async with served(Hasty) as port:
        assert await answers(port, asked(), asked(), asked() + asked(), expected=4) == [b"200"] * 4


async def test_a_head_that_is_just_short_enough_is_read() -> None:
    padding = "x" * (HEAD_LIMIT - 100)
    async with served(GuardedProtocol) as port:
        assert await answers(port, asked(f"x-padding: {padding}\r\n")) == [b"200"]


LONG = {
    "one header in one piece": [asked("x-long: " + "x" * HEAD_LIMIT + "\r\n")],
    "many headers": [asked("".join(f"x-{n}: {'y' * 50}\r\n" for n in range(400)))],
    "a long address": [b"GET /" + b"a" * HEAD_LIMIT + b" HTTP/1.1\r\nhost: kept\r\n\r\n"],
    "one header without an end": [b"GET /healthz HTTP/1.1\r\nx-long: ", *[b"x" * 10_000] * 50],
    "headers without an end": [b"GET /healthz HTTP/1.1\r\n", *[b"x-a: b\r\n" * 1000] * 20],
    "behind a good request": [asked() + asked("x-long: " + "x" * HEAD_LIMIT + "\r\n")],
}


@pytest.mark.parametrize("name", LONG)
async def test_too_long_a_head_ends_the_connection(name: str) -> None:
    async with served(GuardedProtocol) as port:
        assert (await answers(port, *LONG[name], expected=9))[-1] == b"431"


async def test_without_the_guard_a_head_of_any_length_is_read() -> None:
    """The twin."""
    async with served(HttpToolsProtocol) as port:
        assert await answers(port, *LONG["one header in one piece"]) == [b"200"]


HALVES = {
    "nothing": [],
    "blank lines": [b"\r\n\r\n"],
    "half a head": [b"GET /healthz HTTP/1.1\r\nhost: ke"],
    "half a head behind a whole request": [asked() + b"GET /hea"],
}


@pytest.mark.parametrize("name", HALVES)
async def test_a_request_that_does_not_arrive_ends_the_connection(name: str) -> None:
    async with served(Hasty) as port:
        assert (await answers(port, *HALVES[name], expected=9))[-1] == b"408"


async def test_half_a_body_ends_the_connection() -> None:
    async with served(Hasty) as port:
        assert await answers(port, asked("content-length: 500\r\n") + b"half", expected=9) in ([b"200"], [])
