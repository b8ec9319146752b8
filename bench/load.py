"""A load of signed requests over a number of kept-alive connections, bounded in count."""

import asyncio
import contextlib
import hashlib
import hmac
import statistics
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from bench.servers import SECRET

PATIENCE_S = 30.0
#: A working day after tomorrow, wherever people are: "by Friday" on a Friday is asked about.
SOON = next(f"{day:%A}" for ahead in (2, 3, 4) if (day := datetime.now(UTC) + timedelta(days=ahead)).isoweekday() < 6)


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a run: requests a second, and the time of the slowest hundredth in milliseconds."""

    rate: float
    p99_ms: float


def command(number: int) -> bytes:
    """A whole signed HTTP request of a `/promise` with a new text."""
    form = {
        "command": "/promise",
        "text": f"<@UBOB|bob> send deck {number} by {SOON} 5pm",
        "user_id": f"U{number % 50}",
        "channel_id": "C1",
        "channel_name": "deck",
        "team_id": "T1",
        "trigger_id": f"t{number}.{time.time_ns()}",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return signed(urlencode(form))


def signed(body: str, content_type: str = "application/x-www-form-urlencoded") -> bytes:
    """Return a whole HTTP request as Slack signs it now."""
    now = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return (head + body).encode()


async def run(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Sends every request once over that many connections. Raises RuntimeError at any answer but 200."""
    waiting: Iterator[bytes] = iter(requests)
    took: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            started = time.perf_counter()
            writer.write(request)
            await answer(reader)
            took.append((time.perf_counter() - started) * 1000)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    rate = len(took) / (time.perf_counter() - started)
    return Load(rate, statistics.quantiles(took, n=100)[98])


async def answer(reader: asyncio.StreamReader) -> None:
    """Read one answer. Raises RuntimeError at any but 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode(errors="replace"))
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))


@contextlib.asynccontextmanager
async def server(port: int, *arguments: str) -> AsyncIterator[None]:
    """One of bench.servers as a process of its own, up and answering."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.servers", *arguments)
    try:
        await asyncio.to_thread(wait_until_up, port)
        yield
    finally:
        process.terminate()
        await process.wait()


def wait_until_up(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.01)
    raise RuntimeError(f"nothing answers on port {port}")
