"""Measure how long a reminder waits while expired promises are deleted, against one without.

`KEPT_BENCH_FULL=1 make bench ARGS=pruning` deletes for 300 s from 1,000,000 promises; `KEPT_BENCH_ROWS` and
`KEPT_BENCH_SECONDS` are another size and another time.
"""

import asyncio
import contextlib
import itertools
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Table

from bench.crowds import both, opened
from bench.figures import Figure
from bench.servers import KnownPeople
from bench.sizes import sized
from bot.clock import SystemClock
from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import ChannelId, Due, Origin, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.ports import DeliveryId, Message, Outcome, Sent, Store, Transaction
from bot.services import Services, build_services
from bot.storage.tables import acts, deliveries, promises
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import UNPACED
from bot.use_cases.delivery.settings import DeliverySettings
from bot.use_cases.retention import RetentionSweep
from scheduler.jobs import Jobs

ROWS, SECONDS = sized(50_000, 1_000_000, "KEPT_BENCH_ROWS"), sized(15, 300, "KEPT_BENCH_SECONDS")
#: How long the same is measured with nothing to delete.
IDLE_S = 5.0
#: How long the last reminders may take.
PATIENCE_S = 10.0
#: A reminder is due so often, in a workspace of its own.
EVERY_S, GOAL_MS = 0.1, 1000.0
OLD, BUSY = TeamId("TOLD"), TeamId("TBUSY")


class LongAgo:
    """A clock that shows a time after which everything is expired."""

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(days=500)


@dataclass
class Waits(KnownPeople):
    """A Messenger that notes how long after its time each reminder was posted, in milliseconds."""

    due: dict[str, float] = field(default_factory=dict)
    found: list[float] = field(default_factory=list)

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        if to in self.due:
            self.found.append((time.monotonic() - self.due.pop(to)) * 1000)
        return Sent(ChannelId(to), "1.0")


def figures() -> Sequence[Figure]:
    found = []
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as urls:
        for name, url in urls.items():
            idle, _ = asyncio.run(_measured(url, IDLE_S))
            asyncio.run(_make_one(url))
            _multiply(url)
            busy, deleted = asyncio.run(_measured(url, SECONDS))
            sys.stdout.write(f"{name}: {deleted:,} of {ROWS:,} deleted, {len(busy):,} reminders meanwhile\n")
            ours, peers = max(busy), max(idle)
            what = f"longest wait of a reminder while old promises are deleted from {ROWS:,} for {SECONDS} s, {name}"
            goal = f"≤ {GOAL_MS:g} ms"
            found.append(
                Figure(what, "ms", round(ours, 1), round(peers, 1), round(ours / peers, 2), goal, ours <= GOAL_MS)
            )
    return found


def _services(store: Store, messenger: Any, clock: Any) -> Services:
    return build_services(Context(store, clock), messenger, Holidays(clock), DeliverySettings("bench", UNPACED))


async def _make_one(url: str) -> None:
    """Make, report and accept one promise, long ago."""
    clock = LongAgo()
    async with opened(url) as store:
        services = _services(store, KnownPeople(), clock)
        due = Due(clock.now() + timedelta(days=3), "Europe/Berlin")
        draft, place = Draft("send the deck", due, UserId("UBOB")), Origin(ChannelId("C1"))
        made = (await services.promises.make(OLD, UserId("UANN"), draft, place, "bench:old")).promise
        for act, by in ((Act.REPORT, "UANN"), (Act.ACCEPT_DELIVERY, "UBOB")):
            await services.promises.act(OLD, made.id, HistoryEntry(act, UserId(by), clock.now(), origin=f"bench:{act}"))


def _multiply(url: str) -> None:
    """Copy the one promise, its acts and its messages ROWS times, by the database itself."""
    is_sqlite = url.startswith("sqlite")
    numbers = (
        f"WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < {ROWS}) SELECT n FROM up"  # noqa: S608  a number
        if is_sqlite
        else f"SELECT generate_series(1, {ROWS}) AS n"
    )
    statements = [_copying(table, numbers) for table in (promises, acts, deliveries)]
    statements.append(f"DELETE FROM agendas WHERE team_id = '{OLD}'")  # noqa: S608  names of our own
    if is_sqlite:
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")
            for statement in statements:
                connection.execute(statement)
    else:
        asyncio.run(_run_postgres(url, [*statements, "VACUUM ANALYZE"]))


async def _run_postgres(url: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def _copying(table: Table, numbers: str) -> str:
    """Return the statement that copies each row of the old workspace, with ids of its own; no message is pending."""
    other = {
        "id": "id || n",
        "promise_id": "'copy' || n",
        "number": "1 + n",
        "click": "'copy' || n",
        "origin": "origin || n",
    }
    other |= {"id": "'copy' || n"} if table is promises else {"state": "'sent'"}
    names = [column.name for column in table.c]
    values = [other.get(name, f'"{name}"') for name in names]
    into = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table.name} ({into}) SELECT {', '.join(values)} FROM {table.name}, ({numbers}) AS numbers "  # noqa: S608
        f"WHERE team_id = '{OLD}'"
    )


async def _measured(url: str, seconds: float) -> tuple[list[float], int]:
    """Return how long each reminder waited, in milliseconds, and how many promises were deleted meanwhile.

    Ticks follow each other without a pause, so that as much is deleted in a minute as otherwise in an hour.
    """
    clock, messenger, deleted = SystemClock(), Waits(), 0
    async with opened(url) as store:
        services = _services(store, messenger, clock)
        retaining = RetentionSweep(services.context, look_s=0, pause_s=0)
        jobs = Jobs(services, _nothing)
        reminding = asyncio.create_task(_remind(store, messenger))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await jobs.tick()
            done = await retaining.step()
            deleted += done
            await asyncio.sleep(0 if done else 0.01)
        reminding.cancel()
        while messenger.due and time.monotonic() < until + PATIENCE_S:
            await jobs.tick()
        await services.deliveries.drain()
    return messenger.found, deleted


async def _nothing() -> None:
    """No event is left from a crash."""


async def _remind(store: Store, messenger: Waits) -> None:
    """Owe a message that is due now, again and again, each to a channel of its own."""
    for number in itertools.count():
        to = f"C{time.monotonic_ns()}"
        planned = Planned(Kind.TROUBLE, to, datetime.now(UTC), f"person:U{number}")

        def work(tx: Transaction, planned: Planned = planned, number: int = number) -> None:
            tx.deliveries.owe(None, [planned], lambda: DeliveryId(f"bench-{time.monotonic_ns()}-{number}"))

        messenger.due[to] = time.monotonic()
        await store.write(BUSY, work)
        await asyncio.sleep(EVERY_S)
