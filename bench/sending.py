"""Sending over TLS, put into words and recorded, against a bare aiohttp client that posts the same, and slack_sdk.

All have as many requests under way, and post to the same Slack, which shares the interpreter with whichever of them is
measured. aiohttp and Kept keep their connections; slack_sdk as it comes opens one for each message.

The fake Slack costs each of them about the same, some 50 of aiohttp's 150 µs of processor time. In a process of its own
it would hold aiohttp up and not Kept: by wall time Kept would look better than it is (0.53 of aiohttp, not 0.40, on
SQLite), while by processor time it would be 0.36, not 0.41.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bench.crowds import both, opened
from bench.figures import Figure, at_least
from bench.servers import KnownPeople
from bench.taking import Slack
from bot.allocation import freeze_startup_objects
from bot.clock import SystemClock
from bot.domain.drafts import Draft
from bot.domain.promise import ChannelId, Due, Origin, TeamId, UserId
from bot.holidays_of import Holidays
from bot.ports import Store
from bot.services import build_services
from bot.slack import SlackMessenger
from bot.use_cases.context import Context
from bot.use_cases.delivery.lanes import MAX_IN_FLIGHT
from bot.use_cases.delivery.settings import DeliverySettings

MESSAGES, CHANNELS = 1600, 50
TOKEN = "xoxb-bench"  # noqa: S105  it opens nothing
TEAM = TeamId("T1")


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with asyncio.timeout(300):
            return await _figures(Path(folder))


async def _figures(folder: Path) -> list[Figure]:
    freeze_startup_objects()  # as `kept run` does, and for everybody here
    slack, found = Slack(), []
    runner = await slack.start(folder)
    ready = both(folder)
    urls = await asyncio.to_thread(ready.__enter__)
    for name, url in urls.items():
        ours = await _ours(url, slack)
        async with slack.session() as session:
            raw = await _rate(lambda session=session: _raw(session, slack))
        found.append(at_least(f"sending, render and record included, against aiohttp, {name}", "/s", ours, raw, 0.5))
        client = AsyncWebClient(token=TOKEN, base_url=slack.url, ssl=slack.trust)
        sdk = await _rate(lambda client=client: client.chat_postMessage(channel="C1", text="A promise", blocks=[]))
        found.append(at_least(f"the same against slack_sdk as it comes, {name}", "/s", ours, sdk, 3))
    await asyncio.to_thread(ready.__exit__, None, None, None)
    await runner.cleanup()
    return found


async def _ours(url: str, slack: Slack) -> float:
    """Messages a second: as many cards, in as many channels as a workspace has."""
    async with opened(url) as store, slack.session() as session:
        client = AsyncWebClient(base_url=slack.url, session=session, retry_handlers=[])
        clock, messenger = SystemClock(), SlackMessenger(client, _token_of, SystemClock())
        deliveries = build_services(
            Context(store, clock), messenger, Holidays(clock), DeliverySettings("bench")
        ).deliveries
        await _promise(store)
        before, started = slack.taken, time.perf_counter()
        while slack.taken < before + MESSAGES:
            await deliveries.send_due()
        await deliveries.idle()  # until the last is recorded
        return MESSAGES / (time.perf_counter() - started)


async def _promise(store: Store) -> None:
    known: Any = KnownPeople()
    clock = SystemClock()
    promises = build_services(Context(store, clock), known, Holidays(clock), DeliverySettings("bench")).promises
    for number in range(MESSAGES):
        due = Due(datetime.now(UTC) + timedelta(days=3, minutes=number), "Europe/Berlin")
        draft = Draft(what=f"send deck {number}", due=due)
        await promises.make(TEAM, UserId("UANN"), draft, Origin(ChannelId(f"C{number % CHANNELS}")), f"bench:{number}")


async def _raw(session: aiohttp.ClientSession, slack: Slack) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    async with session.post(f"{slack.url}chat.postMessage", data=slack.last, headers=headers) as answer:
        await answer.json()


async def _rate(send: Callable[[], Awaitable[Any]]) -> float:
    async def some() -> None:
        for _ in range(MESSAGES // MAX_IN_FLIGHT):
            await send()

    started = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(MAX_IN_FLIGHT)))
    return MESSAGES / (time.perf_counter() - started)


async def _token_of(team_id: TeamId) -> str:
    return TOKEN
