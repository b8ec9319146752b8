"""The servers that the `/promise` benches compare: `python -m bench.servers bare|literal|kept PORT [URL [SLACK_URL]]`.

All run Bolt with process_before_response, authorisation from memory, asyncio and httptools. Kept's has everything that
a `/promise` passes through (parsing, its transaction, the reply), but nothing is sent: sending is another bench.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import aiohttp
import uvicorn
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.allocation import freeze_startup_objects
from bot.clock import SystemClock
from bot.config import LogFormat, LogLevel
from bot.domain.people import Person
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.holidays_of import Holidays
from bot.logs import configure
from bot.ports import Audience, Message, Outcome, Sent
from bot.services import build_services
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery.settings import DeliverySettings
from handlers.http import web_app
from handlers.protocol import GuardedProtocol
from handlers.registration import register
from handlers.responders import CommandResponder

#: Every reply rides in its ack, however late: an early "still working" would be counted as a promise recorded.
WHOLE_PATH_S = 60.0
SECRET = "a signing secret for the bench"  # noqa: S105  it opens nothing


class KnownPeople:
    """A Messenger that knows everybody and sends nothing."""

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        return Person(team_id, person, person, datetime.now(UTC))

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        return ()

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        return None

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        return None

    async def lacks(self, team_id: TeamId, scope: str) -> bool:
        return False

    async def guests(self, team_id: TeamId) -> frozenset[UserId]:
        return frozenset()

    async def audience(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        return Audience.COLLEAGUES

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        """It remembers nothing."""

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        return False

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        return Sent(ChannelId(to), "1.0")

    update = find = works = post


def bolt_app(slack_url: str = "") -> AsyncApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench", bot_user_id="UBOT")  # noqa: S106

    client = (
        AsyncWebClient(base_url=slack_url, session=aiohttp.ClientSession(), retry_handlers=[]) if slack_url else None
    )
    return AsyncApp(signing_secret=SECRET, authorize=authorize, client=client, process_before_response=True)


async def bare() -> Starlette:
    """The least that a Bolt app can do: it acknowledges."""
    app = bolt_app()

    @app.command("/promise")
    async def on_command(ack: AsyncAck) -> None:
        await ack("Recorded.")

    return web_app(app, ready=_ready, signing_secret=SECRET)


async def literal(url: str) -> Starlette:
    """The peer that is built of the same parts."""
    app = bolt_app()
    await import_module("bench.literal").connect(app, url)
    return web_app(app, ready=_ready, signing_secret=SECRET)


async def kept(url: str, slack_url: str = "") -> Starlette:
    app, clock = bolt_app(slack_url), SystemClock()
    store = await open_store(url)
    messenger: Any = KnownPeople()
    services = build_services(Context(store, clock), messenger, Holidays(clock), DeliverySettings("bench"))
    CommandResponder.patience_s = WHOLE_PATH_S
    register(app, services)
    return web_app(app, ready=_ready, signing_secret=SECRET)


KINDS: dict[str, Callable[..., Awaitable[Starlette]]] = {"bare": bare, "literal": literal, "kept": kept}


async def _ready() -> dict[str, str]:
    return {}


async def main() -> None:
    kind, port, *rest = sys.argv[1:]
    configure(LogFormat.JSON, LogLevel.WARNING)
    app = await KINDS[kind](*rest)
    config = uvicorn.Config(
        app, port=int(port), loop="asyncio", http=GuardedProtocol, lifespan="off", log_level="warning"
    )
    if kind == "kept":  # as `kept run` does before it takes requests; the others are as one builds them
        freeze_startup_objects()
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main())
