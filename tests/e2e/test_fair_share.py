"""A workspace with a long queue under Slack's limits delays no other, and none retries before its Retry-After.

KEPT_LONG=1 takes the full size: 50,000 due in one workspace beside a hundred others.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import TeamId
from bot.holidays_of import Holidays
from bot.ports import DeliveryId, Store, Transaction
from bot.services import build_services
from bot.slack import LimitedError, SlackMessenger
from bot.storage import claiming
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery import lanes
from bot.use_cases.delivery.pacing import Pace
from bot.use_cases.delivery.settings import DeliverySettings
from tests.databases import DIALECTS, PostgresServer, SqliteFiles, in_thread
from tests.e2e.strict_slack import CountingSlack, counting_slack
from tests.patience import IS_LONG, PATIENCE_S

BURST, OTHERS = (50_000, 100) if IS_LONG else (4_000, 20)
#: How much of the burst may be sent before the others have all of theirs.
AHEAD = BURST // 20
#: It comes first by name and by time, so that any unfair order delays all the others.
BUSY, QUIET = TeamId("A"), [TeamId(f"T{n}") for n in range(OTHERS)]
EACH = 2


class Impatient(SlackMessenger):
    """A mutant: it asks again immediately, whatever Retry-After says."""

    async def _in_turn(self, team_id: TeamId, method: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await super()._in_turn(team_id, method, ask)
        except LimitedError as limit:
            self._shut.clear()
            raise LimitedError(method, timedelta(milliseconds=1)) from limit


@pytest.fixture(params=DIALECTS)
async def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Store]:
    sqlite = request.param == "sqlite"
    made = SqliteFiles(tmp_path_factory.mktemp("fair")) if sqlite else await asyncio.to_thread(PostgresServer)
    store = await open_store(await in_thread(made))
    yield store
    await store.close()
    await asyncio.to_thread(made.close)


async def owe(store: Store, team: TeamId, count: int, ago: timedelta) -> None:
    at, ids = datetime.now(UTC) - ago, itertools.count()
    words = [Planned(Kind.TROUBLE, f"{team}-C{n % 50}", at, f"person:U{n}") for n in range(count)]

    def work(tx: Transaction) -> None:
        tx.deliveries.owe(None, words, lambda: DeliveryId(f"{team}-{next(ids)}"))

    await store.write(team, work)


async def sent(
    store: Store, slack: CountingSlack, messenger: type[SlackMessenger], is_over: Callable[[], bool]
) -> None:
    """Sends at Slack's pace until it is over."""
    ids = itertools.count()

    async def token_of(_: TeamId) -> str:
        return "xoxb-1"

    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=slack.url, session=session, retry_handlers=[])
        say, clock = messenger(client, token_of, SystemClock()), SystemClock()
        context = Context(store, clock, lambda: f"N{next(ids)}")
        deliveries = build_services(context, say, Holidays(clock), DeliverySettings("secret", Pace())).deliveries
        async with asyncio.timeout(PATIENCE_S):
            while not is_over():
                await deliveries.send_due()
                await asyncio.sleep(0.05)
        deliveries.stop()
        await deliveries.drain()


async def burst_among_others(
    store: Store, messenger: type[SlackMessenger] = SlackMessenger, ahead: int = AHEAD
) -> tuple[int, CountingSlack]:
    """Send until the others have all of theirs or `ahead` of the burst was sent; how many of the others' were sent."""
    await owe(store, BUSY, BURST, timedelta(hours=1))
    for team in QUIET:
        await owe(store, team, EACH, timedelta(seconds=1))
    async with counting_slack(13, retry_after_s=2) as slack:

        def theirs() -> int:
            return sum(len(at) for channel, at in slack.posted_at.items() if not channel.startswith(f"{BUSY}-"))

        def of_burst() -> int:
            return sum(map(len, slack.posted_at.values())) - theirs()

        await sent(store, slack, messenger, lambda: theirs() == OTHERS * EACH or of_burst() >= ahead)
        return theirs(), slack


async def test_a_workspace_with_a_long_queue_delays_no_other_and_none_retries_too_soon(store: Store) -> None:
    received, slack = await burst_among_others(store)
    assert received == OTHERS * EACH
    assert slack.too_soon == 0


@pytest.fixture
async def sqlite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Store]:
    store = await open_store(await in_thread(SqliteFiles(tmp_path_factory.mktemp("twin"))))
    yield store
    await store.close()


async def test_in_a_plain_queue_the_others_wait_behind_the_burst(
    sqlite: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutant: the earliest first, no other workspace visited, and nothing given back."""
    monkeypatch.setattr(claiming, "TURN", 0)
    monkeypatch.setattr(lanes, "HORIZON_S", float("inf"))
    received, _ = await burst_among_others(sqlite, ahead=25)  # a fair queue is done by then
    assert received == 0


async def test_a_sender_that_ignores_retry_after_is_caught(sqlite: Store) -> None:
    """The twin."""
    _, slack = await burst_among_others(sqlite, Impatient)
    assert slack.too_soon > 0
