"""Workspaces installed by OAuth: each one's own token, from cache or the database."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.promise import TeamId
from bot.ports import Clock, Installation, InstallationBook
from handlers.workspaces import no_access

log = structlog.get_logger("kept.workspaces")

#: Age at which a cached installation is reloaded in the background, and at which the request waits for it: another
#: replica may have seen a new installation or a removal.
FRESH_S, STALE_S = 30.0, 300.0
#: How long before its end a token is exchanged for the next; Slack's live for twelve hours.
ROTATED_AHEAD = timedelta(hours=2)

Exchange = Callable[[Installation], Awaitable[Installation]]


def exchange_with(client: AsyncWebClient, client_id: str, client_secret: str, clock: Clock) -> Exchange:
    """Return the function that exchanges a one-time refresh token for the next pair of tokens."""

    async def exchange(installation: Installation) -> Installation:
        answer = await client.oauth_v2_access(
            client_id=client_id,
            client_secret=client_secret,
            grant_type="refresh_token",
            refresh_token=installation.refresh_token,
        )
        pair = cast("dict[str, Any]", answer.data)
        expires_at = clock.now() + timedelta(seconds=int(pair["expires_in"]))
        return installation.with_tokens(pair["access_token"], pair["refresh_token"], expires_at)

    return exchange


@dataclass(slots=True)
class _Known:
    """The cached installation of one workspace; its lock allows one look-up, and one exchange of tokens, at a time."""

    installation: Installation | None = None
    read_at: float = float("-inf")
    #: Counts invalidations: a read that began before one does not count.
    forgotten: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.read_at


class InstalledWorkspaces:
    """Implements Workspaces for every workspace with an installation."""

    is_for_many = True

    def __init__(
        self, installations: InstallationBook, client: AsyncWebClient, clock: Clock, exchange: Exchange
    ) -> None:
        self._installations, self._client, self._clock, self._exchange = installations, client, clock, exchange
        self._known: dict[str, _Known] = {}
        self._noted: set[tuple[str, str]] = set()
        self._reading: set[asyncio.Task[Installation | None]] = set()

    async def token_of(self, team_id: TeamId) -> str:
        """Return the bot token of a workspace.

        Raises SlackApiError, as Slack would, for a workspace without one.
        """
        found = await self._find(team_id, "")
        if found is None:
            raise no_access("Kept is not installed in this workspace.")
        return found.bot_token

    async def authorize(self, team_id: str | None, enterprise_id: str | None = None) -> AuthorizeResult | None:
        """Return Bolt's authorisation for a workspace; None for one in which Kept is not installed."""
        found = await self._find(team_id or enterprise_id or "", enterprise_id or "")
        if found is None:
            return None
        # Without user_id on purpose: Bolt would take it for the person who clicked.
        return AuthorizeResult(
            enterprise_id=found.enterprise_id or enterprise_id,
            team_id=team_id,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_token=found.bot_token,
        )

    def forget(self, team_id: TeamId) -> None:
        """Invalidate the cache of a workspace, or of an organisation and all of its workspaces."""
        for key, known in list(self._known.items()):
            if key == team_id or (known.installation and known.installation.team_id == team_id):
                known.read_at = float("-inf")
                known.forgotten += 1

    async def drain(self) -> None:
        await asyncio.gather(*self._reading, return_exceptions=True)

    async def _find(self, team_id: str, enterprise_id: str) -> Installation | None:
        known = self._known.setdefault(team_id, _Known())
        if known.installation is None or known.age_s > STALE_S or self._is_over(known.installation):
            return await self._read(known, team_id, enterprise_id)
        if known.age_s > FRESH_S and not known.lock.locked():
            task = asyncio.create_task(self._read(known, team_id, enterprise_id), name="installation")
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)
        return known.installation

    def _is_over(self, installation: Installation) -> bool:
        """Return whether the token has expired, also while the machine slept, which `age_s` does not count."""
        return installation.expires_at is not None and installation.expires_at <= self._clock.now()

    async def _read(self, known: _Known, team_id: str, enterprise_id: str) -> Installation | None:
        asked_at = time.monotonic()
        async with known.lock:
            if known.read_at >= asked_at:
                return known.installation  # reloaded while this call waited for the lock
            before = known.forgotten
            found = await self._installations.find(team_id, enterprise_id)
            while known.forgotten != before:  # invalidated while it was read
                before = known.forgotten
                found = await self._installations.find(team_id, enterprise_id)
            if found and found.is_org:
                await self._note(team_id, found.team_id)
            known.installation = await self._rotated(found) if found else None
            known.read_at = time.monotonic()
            if found is None:
                self._known.pop(team_id, None)
            return known.installation

    async def _note(self, team_id: str, enterprise_id: str) -> None:
        """Remember which installation a workspace uses: scheduled work knows only its id."""
        if team_id != enterprise_id and (team_id, enterprise_id) not in self._noted:
            await self._installations.note_member(team_id, enterprise_id)
            self._noted.add((team_id, enterprise_id))

    async def _rotated(self, found: Installation) -> Installation:
        """Return the installation with a valid token; unchanged if its token is not about to expire, or none can be
        had.

        If two replicas exchange the same refresh token, Slack refuses one: it reads the token stored by the other.
        """
        if found.expires_at is None or found.expires_at - self._clock.now() > ROTATED_AHEAD:
            return found
        try:
            new = await self._exchange(found)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, ConnectionError) as fault:
            log.warning("a token was not rotated", team=found.team_id, error=_reason(fault))
            return await self._installations.find(found.team_id) or found
        if await self._installations.renew(new.team_id, new.bot_token, new.refresh_token, new.expires_at):
            return new
        return found


def _reason(fault: Exception) -> str:
    """Return Slack's error or the type of the failure; never Slack's whole answer, which may hold a token."""
    return str(fault.response.get("error")) if isinstance(fault, SlackApiError) else type(fault).__name__
