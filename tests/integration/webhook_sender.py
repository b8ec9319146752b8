"""A process that does nothing but call the webhooks of a database, for tests that kill it."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot.domain.networks import networks_of
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.people import People
from bot.use_cases.preferences import PreferenceChanges
from bot.use_cases.webhooks import Webhooks
from bot.webhook_caller import WebhookCaller
from tests.fakes import FakeMessenger

BEGAN = datetime.now(UTC)
#: How far the clock leaps when nothing is due: over leases of the dead, and over pauses.
LEAP = timedelta(minutes=30)


class LeapingClock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def send(database_url: str, until: datetime) -> None:
    store = await open_store(database_url)
    clock = LeapingClock()
    context, messenger = Context(store, clock), FakeMessenger()
    people = People(context, messenger)
    caller = WebhookCaller(networks_of("127.0.0.0/8"))
    webhooks = Webhooks(context, people, PreferenceChanges(context, people, messenger), caller)
    print("ready", flush=True)  # noqa: T201  the test waits for it
    while await store.webhook_teams(until, 1):
        if not await webhooks.drain.run():
            clock.ahead += LEAP
    await caller.close()
    await store.close()


if __name__ == "__main__":
    asyncio.run(send(sys.argv[1], BEGAN + timedelta(days=3650)))
