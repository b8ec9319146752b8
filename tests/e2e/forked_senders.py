"""Senders for tests that kill them: everything is imported once, and each sender is a fork of that.

Run as a program: each line of its input starts a sender, whose process id is the line it answers with.
"""

import asyncio
import itertools
import os
import signal
import sys
from datetime import timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.holidays_of import Holidays
from bot.ports import Fault, Outcome, Refused
from bot.services import build_services
from bot.slack import SlackMessenger
from bot.storage.engine import open_store
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore
from bot.use_cases.context import Context
from bot.use_cases.delivery.settings import DeliverySettings
from tests.patience import SLOWNESS

#: A minute would be right for Slack; a test has less time, and a Slack that is quicker.
LEASE = timedelta(seconds=3 * SLOWNESS)
STORES = (PostgresStore, SqliteStore)  # imported before the first fork


class NeverLooks(SlackMessenger):
    """The broken twin."""

    async def find(self, *_: object, **__: object) -> Outcome:
        return Refused(Fault.MESSAGE_GONE, "message_not_found")


#: How a sender is broken on purpose, if it is: it never looks, or lets go of what it has in hand as well.
TWINS = {"sound": (SlackMessenger, LEASE), "twin": (NeverLooks, LEASE), "hasty": (NeverLooks, LEASE / 30)}


async def send(database: str, slack: str, messenger: type[SlackMessenger], lease: timedelta) -> None:
    """Sends for ever."""
    store, ids = await open_store(database), itertools.count(1)

    async def token_of(_: str) -> str:
        return "xoxb-1"

    def new_id() -> str:
        return f"{os.getpid()}-{next(ids)}"

    timeout = aiohttp.ClientTimeout(total=LEASE.total_seconds() / 3)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(base_url=slack, session=session, retry_handlers=[])
        clock = SystemClock()
        say = messenger(client, token_of, clock)
        sending = DeliverySettings("secret", lease=lease)
        services = build_services(Context(store, clock, new_id), say, Holidays(clock), sending)
        while True:
            try:
                await services.agenda.run_due()
                await services.deliveries.send_due()
            except Exception as fault:  # noqa: BLE001  like the clockwork: what went wrong is still in the books
                sys.stderr.write(f"a round failed: {type(fault).__name__}\n")
            await asyncio.sleep(0.05)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead bury themselves
    for line in sys.stdin:
        database, slack, twin = line.split()
        child = os.fork()
        if child == 0:
            asyncio.run(send(database, slack, *TWINS[twin]))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
