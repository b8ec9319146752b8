"""Two `kept run` over one PostgreSQL: each message is sent once, and a rolling restart leaves no gap."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.process import GRACE_S
from tests.databases import PostgresServer, in_thread
from tests.e2e.sandboxed_kept import SIGNING_SECRET, SandboxedKept, sandboxed_kept
from tests.patience import PATIENCE_S
from tests.ports import free_port

#: When both Berlin and New York are at work.
MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
#: From the third message of a day on, news waits for another to go with.
HELD_AT_MOST = timedelta(hours=1, minutes=1)


async def another(place: SandboxedKept) -> SandboxedKept:
    """A second bot alongside the first: the same Slack and books, a door of its own."""
    twin = SandboxedKept(place.session, place.folder, place.settings, slack_port=place.slack_port, bot_port=free_port())
    await twin.start_bot()
    return twin


async def stopped(place: SandboxedKept) -> int:
    """Ends a bot with SIGTERM; its exit status."""
    assert place.bot is not None
    place.bot.terminate()
    return await asyncio.wait_for(place.bot.wait(), PATIENCE_S)


def test_a_replica_gives_itself_less_than_ten_seconds_to_end() -> None:
    assert GRACE_S < 10


async def test_two_replicas_say_everything_once_and_one_may_leave(tmp_path: Path) -> None:
    server = await asyncio.to_thread(PostgresServer)
    try:
        database = await in_thread(server)
        async with sandboxed_kept(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET, DATABASE_URL=database) as place:
            await place.move_to(MONDAY)
            twin = await another(place)
            try:
                for n in range(4):
                    assert f"#{n + 1}" in await place.command("alice", f"@bob send part {n} by Friday 5pm")
                await place.gets("bob", "send part 0")
                await place.wait(HELD_AT_MOST)
                for n in range(4):
                    await place.gets("bob", f"send part {n}")
                assert await stopped(place) == 0
                await place.move_to(datetime(2027, 1, 8, 8, tzinfo=UTC))
                await place.gets("alice", "send part 3")
                for person in ("alice", "bob"):
                    marks = Counter(message["metadata"]["event_payload"]["id"] for message in await place.dms(person))
                    assert max(marks.values()) == 1, f"{person} got it twice"
            finally:
                assert await stopped(twin) == 0
    finally:
        await asyncio.to_thread(server.close)
