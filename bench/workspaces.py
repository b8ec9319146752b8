"""Workspaces full of open promises: one is made by the bot itself and copied by the database, as often as wanted."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import asyncpg
from sqlalchemy import Table, update

from bench.crowds import opened
from bench.servers import KnownPeople
from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.promise import ChannelId, Due, Origin, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.services import Services, build_services
from bot.storage.agenda_queries import agendas
from bot.storage.tables import acts, deliveries, people, promises, teams
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import UNPACED
from bot.use_cases.delivery.settings import DeliverySettings
from scheduler.jobs import Jobs

#: The first by name, so that what goes through the workspaces in order meets it first.
TEAM = TeamId("A")
PEOPLE, EACH, EXPIRED = 100, 10, 1000
COPIED = (teams, people, promises, acts, deliveries, agendas)
MAX_TICKS = 200


@dataclass
class SetClock:
    """A clock that shows a time away from the real one."""

    away: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.away


def ten() -> datetime:
    """Return ten o'clock of the last working day: made in the evening, each message would wait for the morning."""
    day = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    return day - timedelta(days=max(0, day.weekday() - 4))


@dataclass
class StoppedClock:
    """A clock that always shows the same time: who was written to is not due again a minute later."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def services_of(
    store: Any, clock: Any, messenger: Any = None, pace: Any = UNPACED, wake: Callable[[], None] = lambda: None
) -> Services:
    context, sending = Context(store, clock, wake=wake, tick_again=wake), DeliverySettings("bench", pace)
    return build_services(context, messenger or KnownPeople(), Holidays(clock), sending)


async def nothing() -> None:
    """No event is left from a crash."""


async def settled(services: Services) -> None:
    """Tick until nothing is due."""
    jobs = Jobs(services, nothing)
    for _ in range(MAX_TICKS):
        await jobs.tick()
        await services.deliveries.drain()
        owed = await services.store.next_due()
        if owed is None or owed > services.clock.now():
            return
    raise RuntimeError("something stays due")


def furnish(url: str) -> None:
    """Make the first workspace: PEOPLE people who owe EACH promises each, and EXPIRED expired ones of one more."""
    asyncio.run(_furnish(url))
    _run(url, _expired(url))


async def _furnish(url: str) -> None:
    async with opened(url) as store:
        ahead = ten() - datetime.now(UTC)
        old = services_of(store, SetClock(ahead - timedelta(weeks=72)))
        draft = Draft("send the old deck", Due(old.clock.now() + timedelta(days=3), "UTC"), UserId("UOLD2"))
        made = (await old.promises.make(TEAM, UserId("UOLD"), draft, Origin(ChannelId("C1")), "old")).promise
        for act, by in ((Act.REPORT, "UOLD"), (Act.ACCEPT_DELIVERY, "UOLD2")):
            await old.promises.act(TEAM, made.id, HistoryEntry(act, UserId(by), old.clock.now(), origin=f"old:{act}"))
        await settled(old)
        services = services_of(store, SetClock(ahead))
        for person, number in product(range(PEOPLE), range(EACH)):
            due = Due(ten() + timedelta(days=2 + (number * 4 + person) % 40, minutes=person), "UTC")
            draft = Draft(
                f"write chapter {number} of report {person}", due, UserId(f"U{(person + number + 1) % PEOPLE}")
            )
            origin = Origin(ChannelId(f"C{person % 20}"))
            await services.promises.make(TEAM, UserId(f"U{person}"), draft, origin, f"scale:{person}:{number}")
        for hours in range(0, 8, 2):  # some news waits for company, up to an hour
            await settled(services_of(store, SetClock(ahead + timedelta(hours=hours))))
        await store.write(TEAM, all_due_at(datetime.now(UTC) + timedelta(days=1)))


def all_due_at(at: datetime) -> Callable[[Any], object]:
    """Return the work that has the agendas of everybody in a workspace due at an instant."""
    statement = update(agendas).where(agendas.c.team_id == TEAM).values(wakes_at=at)
    return lambda tx: tx.agendas._connection.execute(statement)


def copy(url: str, workspaces: int) -> None:
    """Have the database hold so many workspaces like the first, whose expired promises are left out."""
    numbers = _numbers(url, 1, workspaces - 1)
    _run(url, [_copying(table, numbers, {"team_id": "'T' || n"}, "NOT LIKE '%old%'") for table in COPIED])


def _expired(url: str) -> list[str]:
    """Return the statements that copy the one expired promise EXPIRED times, within the first workspace."""
    numbers = _numbers(url, 1, EXPIRED)
    mine = {"number": "100000 + n", "origin": "origin || n"}
    key = "(SELECT id FROM promises WHERE what = 'send the old deck' ORDER BY number LIMIT 1)"
    return [
        _copying(promises, numbers, {**mine, "id": "'old' || n"}, f"= {key}"),
        _copying(acts, numbers, {**mine, "promise_id": "'old' || n"}, f"= {key}"),
        _copying(deliveries, numbers, {"promise_id": "'old' || n", "id": "id || 'old' || n"}, f"= {key}"),
    ]


def _numbers(url: str, first: int, last: int) -> str:
    if url.startswith("sqlite"):
        return f"WITH RECURSIVE up(n) AS (VALUES({first}) UNION ALL SELECT n + 1 FROM up WHERE n < {last}) SELECT n FROM up"  # noqa: S608,E501
    return f"SELECT generate_series({first}, {last}) AS n"


def _copying(table: Table, numbers: str, other: dict[str, str], which: str) -> str:
    """Return the statement that copies rows of the first workspace, of promises whose id is `which`."""
    names = [column.name for column in table.c]
    values = [other.get(name, f'"{name}"') for name in names]
    about = {"promises": "id", "acts": "promise_id", "deliveries": "promise_id"}.get(table.name)
    into = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table.name} ({into}) SELECT {', '.join(values)} "  # noqa: S608  names of our own
        f"FROM {table.name}, ({numbers}) AS numbers WHERE team_id = '{TEAM}'"
        + (f" AND {about} {which}" if about else "")
    )


def _run(url: str, statements: Sequence[str]) -> None:
    """Run SQL by the database's own driver, and have the database look at what it got."""
    if not url.startswith("sqlite"):
        asyncio.run(_run_postgres(url, statements))
        return
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _run_postgres(url: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()
