"""`kill -9` at random, a Slack that accepts late, connections that break: nothing is lost and nothing is sent twice.

KEPT_LONG=1 kills a thousand times instead of a few.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.kinds import Kind, Planned
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.ports import DeliveryId, Store, Transaction
from bot.storage.engine import open_store
from bot.use_cases import outbox
from tests.databases import DIALECTS, PostgresServer, SqliteFiles, in_thread
from tests.e2e.sandboxed_kept import ROOT
from tests.e2e.strict_slack import CountingSlack, counting_slack
from tests.patience import IS_LONG, PATIENCE_S

KILLS = 500 if IS_LONG else 15
EACH = 8
TEAMS = [TeamId(f"T{n}") for n in range(4)]
#: How many doubles a thousand kills may cause.
MAX_DOUBLED = max(1, KILLS // 1000)


@dataclass
class ForkedSenders:
    process: asyncio.subprocess.Process

    async def raise_one(self, database: str, slack: str, twin: str = "sound") -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{database} {slack} {twin}\n".encode())
        return int(await asyncio.wait_for(self.process.stdout.readline(), PATIENCE_S))


@contextlib.asynccontextmanager
async def forked_senders() -> AsyncIterator[ForkedSenders]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.e2e.forked_senders",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield ForkedSenders(process)
    finally:
        process.kill()
        await process.wait()


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield await in_thread(SqliteFiles(tmp_path_factory.mktemp("kills")))
        return
    server = await asyncio.to_thread(PostgresServer)
    try:
        yield await in_thread(server)
    finally:
        await asyncio.to_thread(server.close)


async def owe(database: str, count: int, channels: int = 10) -> None:
    """Words about nothing, spread over some workspaces and channels, due now."""
    store = await open_store(database)
    now = datetime.now(UTC) - timedelta(seconds=1)
    for team in TEAMS:
        words = [Planned(Kind.TROUBLE, f"C{n % channels}", now, f"person:U{n}") for n in range(count // len(TEAMS))]
        names = iter(range(count))
        await store.write(team, lambda tx, team=team, words=words, names=names: _owe(tx.deliveries, team, words, names))
    await store.close()


def _owe(book: "object", team: TeamId, words: list[Planned], names: "object") -> None:
    book.owe(None, words, lambda: DeliveryId(f"{team}-{next(names)}"))  # type: ignore[attr-defined, call-overload]


async def owe_people(database: str, count: int) -> None:
    """One word for each of many people, who listen at any hour, for their agendas to decide about."""
    store, now = await open_store(database), datetime.now(UTC) - timedelta(seconds=1)
    always = Preferences(frozenset(range(7)), time(0), time(23, 59, 59))
    for team in TEAMS:
        people = [UserId(f"U{n}") for n in range(count // len(TEAMS))]

        def work(tx: Transaction, team: TeamId = team, people: list[UserId] = people) -> None:
            names = iter(people)
            for person in people:
                tx.people.save(Person(team, person, person, now, preferences=always))
                tx.people.choose(person, always)
            words = [Planned(Kind.TROUBLE, person, now, f"person:{person}") for person in people]
            outbox.owe(tx, None, words, lambda: DeliveryId(f"{team}-{next(names)}"))

        await store.write(team, work)
    await store.close()


async def kill_at_random(place: ForkedSenders, database: str, slack: CountingSlack, kills: int, twin: str) -> None:
    """Senders live between nothing and a quarter of a second; the last one lives until all is sent."""
    for _ in range(kills):
        sender = await place.raise_one(database, slack.url, twin)
        shown = len(slack.marks)
        while len(slack.marks) < shown + slack.chance.randint(0, EACH):
            await asyncio.sleep(0.005)
            if not await _is_alive(sender):
                break
        await asyncio.sleep(slack.chance.uniform(0, 0.01))
        with contextlib.suppress(ProcessLookupError):
            os.kill(sender, signal.SIGKILL)


async def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def finish(place: ForkedSenders, database: str, slack: CountingSlack, count: int, twin: str = "sound") -> None:
    sender = await place.raise_one(database, slack.url, twin)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while len(set(slack.marks)) < count or await still_owed(database):  # noqa: ASYNC110  another process works
                await asyncio.sleep(0.2)
    finally:
        os.kill(sender, signal.SIGKILL)


async def still_owed(database: str) -> bool:
    store: Store = await open_store(database)
    try:
        return bool(await store.planned(datetime(2020, 1, 1, tzinfo=UTC), 1))
    finally:
        await store.close()


async def test_nothing_is_lost_or_doubled_however_often_the_sender_is_killed(database: str) -> None:
    count = KILLS * EACH // 4 * 4 + 40
    async with forked_senders() as place, counting_slack(11, late_s=0.02) as slack:
        await owe(database, count)
        await kill_at_random(place, database, slack, KILLS, "sound")
        await finish(place, database, slack, count)
    assert len(set(slack.marks)) == count
    assert slack.doubled <= MAX_DOUBLED


async def test_no_decision_is_lost_or_doubled_however_often_its_process_is_killed(database: str) -> None:
    count = KILLS * EACH // 4 * 4 + 40
    async with forked_senders() as place, counting_slack(5, late_s=0.02) as slack:
        await owe_people(database, count)
        await kill_at_random(place, database, slack, KILLS, "sound")
        await finish(place, database, slack, count)
    assert len(set(slack.marks)) == count
    assert slack.doubled <= MAX_DOUBLED


async def test_connections_that_break_and_posts_that_arrive_late_lose_and_double_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    database = await in_thread(SqliteFiles(tmp_path_factory.mktemp("cuts")))
    async with forked_senders() as place, counting_slack(7, cuts=0.2, late_s=0.4) as slack:
        await owe(database, 120)
        await finish(place, database, slack, 120)
    assert len(set(slack.marks)) == 120
    assert slack.doubled == 0


async def test_a_sender_that_never_looks_is_caught_doubling(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The twin of both."""
    database = await in_thread(SqliteFiles(tmp_path_factory.mktemp("twin")))
    async with forked_senders() as place, counting_slack(7, cuts=0.3, late_s=0.1) as slack:
        await owe(database, 80)
        await finish(place, database, slack, 80, "twin")
    assert slack.doubled > 0
