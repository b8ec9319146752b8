"""Two `kept run` over one PostgreSQL: everybody hears once, and a rolling restart leaves no gap."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.databases import PostgresServer, in_thread
from tests.e2e.town import SIGNING_SECRET, Town, free_port, town

#: When both Berlin and New York are at work.
MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
#: From the third message of a day on, news waits for another to go with.
HELD_AT_MOST = timedelta(hours=1, minutes=1)
#: What a replica may take to end after SIGTERM.
GONE_WITHIN_S = 10.0


async def another(place: Town) -> Town:
    """A second bot beside the first: the same Slack and books, a door of its own."""
    twin = Town(place.session, place.folder, place.settings, slack_port=place.slack_port, bot_port=free_port())
    await twin.start_bot()
    return twin


async def stopped(place: Town) -> tuple[int, float]:
    """Ends a bot with SIGTERM; its exit status and how long it took."""
    assert place.bot is not None
    began = time.monotonic()
    place.bot.terminate()
    return await place.bot.wait(), time.monotonic() - began


async def test_two_replicas_say_everything_once_and_one_may_leave(tmp_path: Path) -> None:
    server = await asyncio.to_thread(PostgresServer)
    try:
        database = await in_thread(server)
        async with town(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET, DATABASE_URL=database) as place:
            await place.move_to(MONDAY)
            twin = await another(place)
            try:
                for n in range(4):
                    assert f"#{n + 1}" in await place.command("alice", f"@bob send part {n} by Friday 5pm")
                await place.hears("bob", "send part 0")
                await place.wait(HELD_AT_MOST)
                for n in range(4):
                    await place.hears("bob", f"send part {n}")
                status, took_s = await stopped(place)
                assert status == 0
                assert took_s < GONE_WITHIN_S
                await place.move_to(datetime(2027, 1, 8, 8, tzinfo=UTC))
                await place.hears("alice", "send part 3")
                for person in ("alice", "bob"):
                    marks = Counter(message["metadata"]["event_payload"]["id"] for message in await place.dms(person))
                    assert max(marks.values()) == 1, f"{person} was told twice"
            finally:
                status, _ = await stopped(twin)
                assert status == 0
    finally:
        await asyncio.to_thread(server.close)
