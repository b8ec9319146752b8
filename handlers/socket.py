"""Socket Mode: Slack's requests over a connection that the bot opens, so that it needs no public address."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.domain.errors import KeptError
from bot.slack_outcomes import error_name

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

log = structlog.get_logger("kept.socket")

#: How often Slack is pinged, and how often pongs are checked.
PING_S = 5.0
#: After this many unanswered pings a connection is dead, whatever its state says, and is replaced.
SILENT_PINGS = 8
#: How long building a connection may take, and after how many failures, with Slack itself reachable, we give up.
BUILD_S, MAX_BUILDS = 20.0, 3


#: Slack's errors for an invalid token; other errors may be temporary.
TOKEN_FAULTS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
    | {"missing_scope", "no_permission", "access_denied", "forbidden_team", "missing_args", "link_disabled"}
)
#: How long a start waits for Slack to check the token.
CHECK_S = 5.0


class AppTokenError(KeptError):
    """Slack refuses the app-level token; the operator has to replace it."""

    def __init__(self, error: str) -> None:
        super().__init__(
            f"Slack refuses SLACK_APP_TOKEN ({error}). In the app’s settings, generate an app-level token with the "
            "scope connections:write (Basic Information, App-Level Tokens), and see that Socket Mode is switched on."
        )


class ConnectionDeadError(Exception):
    """Slack answers, but no connection can be built any more; a new process may succeed."""


class SocketConnection:
    """One connection to Slack, watched with the monotonic clock. Create it inside a running loop.

    The SDK repairs its connection if it notices the break; it uses the wall clock, and its repair can hang. So every
    `ping_s` we check for pongs, and build a new client when there were none.
    """

    def __init__(
        self,
        bolt: AsyncApp,
        settings: Settings,
        slack_answers: Callable[[], Awaitable[bool]],
        ping_s: float = PING_S,
        build_s: float = BUILD_S,
        built: Callable[[], None] = lambda: None,
    ) -> None:
        assert settings.slack_app_token, "Socket Mode needs SLACK_APP_TOKEN"  # noqa: S101  Mode.SOCKET means it is set
        self._bolt = bolt
        self._token = settings.slack_app_token.get_secret_value()
        self._url = settings.slack_api_url
        self._slack_answers, self._built = slack_answers, built
        self._ping_s = ping_s
        self._build_s = build_s
        self._handler: AsyncSocketModeHandler | None = None
        self._pong: float | None = None
        self._alive_at = time.monotonic()
        self._was_connected = False

    @property
    def silence_s(self) -> float:
        """Return monotonic seconds since the connection was last known to work."""
        return time.monotonic() - self._alive_at

    @property
    def is_well(self) -> bool:
        return self.silence_s < self._ping_s * SILENT_PINGS

    @property
    def state(self) -> str:
        """Return "ok", or why no requests arrive from Slack."""
        if not self._was_connected:
            return "not connected to Slack yet"
        return "ok" if self.is_well else f"silent for {self.silence_s:.0f} s"

    async def check(self) -> None:
        """Ask Slack whether the token is valid; if it does not answer, the start goes on.

        Raises AppTokenError when the token is refused.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CHECK_S):
                await self._address()

    async def open(self) -> None:
        """Build the connection; if that takes too long, `watch` retries. Raises AppTokenError."""
        await self._build()

    async def watch(self) -> None:
        """Keep the connection working until cancelled.

        Raises ConnectionDeadError when that fails though Slack answers, and AppTokenError when the token is refused.
        """
        builds = 0
        while True:
            await asyncio.sleep(self._ping_s)
            if await self._lives():
                self._alive_at, builds = time.monotonic(), 0
            if self.is_well:
                continue
            log.warning("the connection to slack is silent, building a new one", silence_s=round(self.silence_s))
            if await self._build():
                self._alive_at = time.monotonic()
                continue
            if await self._slack_answers():  # otherwise Slack or the network is down, and retrying is all there is
                builds += 1
            if builds >= MAX_BUILDS:
                raise ConnectionDeadError(
                    f"No connection to Slack could be built in {builds} attempts, though Slack answers."
                )

    async def close(self) -> None:
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated
            self._handler = None

    async def _lives(self) -> bool:
        """Return whether it is connected and a pong came since the last check."""
        client = self._handler.client if self._handler else None
        if client is None or not await client.is_connected():
            return False
        before, self._pong = self._pong, client.last_ping_pong_time
        return self._pong is not None and self._pong != before

    async def _address(self) -> str:
        """Return the address for a connection, retrying until Slack answers. Raises AppTokenError."""
        while True:
            try:
                answer = await self._client().apps_connections_open(app_token=self._token)
                return str(answer["url"])
            except SlackApiError as refusal:
                error = error_name(refusal)
                if error in TOKEN_FAULTS:
                    raise AppTokenError(error) from None
            except (aiohttp.ClientError, ConnectionError) as broken:
                error = type(broken).__name__
            log.warning("slack opens no connection just now", error=error)
            await asyncio.sleep(self._ping_s)

    def _client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self._token, base_url=self._url, session=self._bolt.client.session)

    async def _build(self) -> bool:
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler  # for who uses Socket Mode

        old, self._handler, self._pong = self._handler, None, None
        try:
            async with asyncio.timeout(self._build_s):
                if old:
                    await old.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated
                address = await self._address()
                self._handler = AsyncSocketModeHandler(
                    self._bolt, app_token=self._token, web_client=self._client(), ping_interval=self._ping_s
                )
                # otherwise the SDK asks by itself, and logs refusals as tracebacks
                self._handler.client.wss_uri = address
                await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated
        except TimeoutError:
            return False
        self._was_connected = True
        self._built()
        return True
