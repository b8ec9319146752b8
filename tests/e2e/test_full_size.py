"""The sizes that the design promises, as they are: minutes each, so they run with KEPT_LONG=1 alone.

Each guard's mutant is here too, or next to the guard's own small test.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.databases import PostgresServer, in_thread
from tests.e2e.sandboxed_kept import SandboxedKept
from tests.e2e.strict_slack import CountingSlack, counting_slack
from tests.e2e.test_faults_kills import forked_senders, owe, still_owed
from tests.integration.front import SECRET, signed
from tests.patience import IS_LONG, PATIENCE_S
from tests.ports import free_port

pytestmark = pytest.mark.skipif(not IS_LONG, reason="full size: KEPT_LONG=1")

#: Fifty thousand for each of two replicas.
DUE = 100_000
EVENTS, DELIVERIES = 10_000, 4


@pytest.fixture
async def server() -> AsyncIterator[PostgresServer]:
    server = await asyncio.to_thread(PostgresServer)
    yield server
    await asyncio.to_thread(server.close)


async def sent_by_two(server: PostgresServer, due: int, twin: str) -> CountingSlack:
    """Two senders over one PostgreSQL until nothing is owed any more, or, with a broken twin, until one is doubled."""
    database = await in_thread(server)
    async with forked_senders() as place, counting_slack(5) as slack:
        await owe(database, due, channels=100)
        senders = [await place.raise_one(database, slack.url, twin) for _ in range(2)]
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(set(slack.marks)) < due or await still_owed(database):
                    if twin != "sound" and slack.doubled:
                        break
                    await asyncio.sleep(0.5)
        finally:
            for sender in senders:
                os.kill(sender, signal.SIGKILL)
        return slack


async def test_two_replicas_send_fifty_thousand_each_and_lose_and_double_none(server: PostgresServer) -> None:
    slack = await sent_by_two(server, DUE, "sound")
    assert (len(set(slack.marks)), slack.doubled) == (DUE, 0)


async def test_two_replicas_that_let_go_of_what_they_send_are_caught_doubling(server: PostgresServer) -> None:
    """The twin."""
    assert (await sent_by_two(server, 4000, "hasty")).doubled > 0


@contextlib.asynccontextmanager
async def kept_run(folder: Path, database: str, slack: CountingSlack, replicas: int) -> AsyncIterator[list[str]]:
    """Processes of the bot over one database; the addresses to which Slack posts."""
    async with aiohttp.ClientSession() as session:
        processes = []
        for _ in range(replicas):
            place = SandboxedKept(session, folder, {}, bot_port=free_port())
            place.settings |= {
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": slack.url,
                "DATABASE_URL": database,
                "LOG_LEVEL": "error",
                "KEPT_LIMIT_PERSON": "0",
                "KEPT_LIMIT_CHANNEL": "0",
                "KEPT_CLOCK_URL": "",
            }
            processes.append(place)
        try:
            for place in processes:
                await place.start_bot()
            yield [f"{place.bot_url}/slack/events" for place in processes]
        finally:
            for place in processes:
                await place.close()


async def posted(session: aiohttp.ClientSession, url: str, body: str, kind: str) -> None:
    """Send one signed request."""
    now = str(int(time.time()))
    headers = {"content-type": kind, "x-slack-request-timestamp": now, "x-slack-signature": signed(body.encode(), now)}
    async with session.post(url, data=body, headers=headers) as answer:
        await answer.read()
        assert answer.status == 200


def opened(person: str, event_id: str) -> str:
    event = {"type": "app_home_opened", "user": person, "tab": "home", "channel": "D1", "event_ts": "1.1"}
    return json.dumps({"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event})


async def homes_after(folder: Path, server: PostgresServer, arrivals: list[tuple[str, str]]) -> Counter[str]:
    """Return how often each person's Home tab was drawn, when these events arrive at two replicas in turn."""
    waiting = iter(enumerate(arrivals))
    database = await in_thread(server)
    async with (
        counting_slack(9) as slack,
        kept_run(folder, database, slack, 2) as urls,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):

        async def deliver() -> None:
            for place, (person, event_id) in waiting:
                await posted(session, urls[place % 2], opened(person, event_id), "application/json")

        await asyncio.gather(*(deliver() for _ in range(48)))
        people = {person for person, _ in arrivals}
        async with asyncio.timeout(PATIENCE_S):
            while len(slack.homes) < len(people):  # noqa: ASYNC110  another process works
                await asyncio.sleep(0.2)
        await asyncio.sleep(3)  # whatever would still be drawn twice
        return slack.homes


async def test_ten_thousand_events_delivered_four_times_over_are_each_handled_once(
    tmp_path: Path, server: PostgresServer
) -> None:
    arrivals = [(f"U{n}", f"Ev{n}") for n in range(EVENTS)] * DELIVERIES
    random.Random(4).shuffle(arrivals)
    homes = await homes_after(tmp_path, server, arrivals)
    assert (len(homes), set(homes.values())) == (EVENTS, {1})


async def test_events_that_bear_a_new_id_each_time_are_handled_each_time(
    tmp_path: Path, server: PostgresServer
) -> None:
    """The twin: without the id that Slack repeats, the same count shows it."""
    arrivals = [(f"U{n}", f"Ev{n}.{again}") for n in range(50) for again in range(DELIVERIES)]
    assert max((await homes_after(tmp_path, server, arrivals)).values()) > 1
