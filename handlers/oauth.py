"""Installation by OAuth: Bolt's flow over our own storage.

`/slack/install` redirects to Slack's consent page, `/slack/oauth_redirect` receives the answer. The state that links
the two is bound to the visitor's cookie, used once, and valid for ten minutes.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from logging import Logger, getLogger
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.promise import TeamId
from bot.ports import Clock, InstallationBook
from bot.setting_rules import is_loopback
from handlers.install_pages import failure_page, success_page
from handlers.slack_installations import expiry_instant, from_slack, to_slack

log = structlog.get_logger("kept.installing")

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
#: How long a state is valid.
STATE_LASTS = timedelta(minutes=10)


class SlackInstallations(AsyncInstallationStore):
    """slack_sdk's interface over our stored installations; only bot tokens are kept."""

    def __init__(self, installations: InstallationBook, clock: Clock) -> None:
        self.installations = installations
        self.clock = clock

    @property
    def logger(self) -> Logger:
        return getLogger("kept.installing")

    async def async_save(self, installation: SlackInstallation) -> None:
        await self.installations.save(from_slack(installation, self.clock.now()))

    async def async_save_bot(self, bot: Bot) -> None:
        """Store rotated tokens; a workspace that left meanwhile is not added again."""
        team_id = (bot.enterprise_id if bot.is_enterprise_install else bot.team_id) or ""
        expires_at = expiry_instant(bot.bot_token_expires_at)
        await self.installations.renew(team_id, bot.bot_token, bot.bot_refresh_token or "", expires_at)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return found.to_bot() if found else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> SlackInstallation | None:
        found = await self.installations.find(team_id or "", enterprise_id or "")
        return to_slack(found) if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.installations.remove(team_id or enterprise_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        await self.installations.remove(team_id or enterprise_id or "")


class OAuthStates(AsyncOAuthStateStore):
    """One-time states in the database, so that any replica can receive Slack's answer."""

    def __init__(self, installations: InstallationBook, clock: Clock) -> None:
        self._installations = installations
        self._clock = clock

    @property
    def logger(self) -> Logger:
        return getLogger("kept.installing")

    async def async_issue(self, *_: object, **__: object) -> str:
        state = secrets.token_urlsafe(32)
        await self._installations.begin(state, self._clock.now() + STATE_LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._installations.complete(state, self._clock.now())


@dataclass(frozen=True, slots=True)
class InstallRules:
    """Which workspaces or organisations may install Kept (all if `teams` is empty), and whether admins alone."""

    teams: frozenset[str] = frozenset()
    admins_only: bool = False


class NotWelcomeError(BoltError):
    """An installation that the operator's rules refuse; the message is its reason, a key of REASONS."""


class SlackSilentError(Exception):
    """Slack could not be reached for a workspace's token."""


class RuledOAuthFlow(AsyncOAuthFlow):
    """Bolt's flow, in which what `rules` refuse is not stored, and its token is revoked at Slack.

    The token of a workspace that has Kept already stays: revoking it would uninstall Kept for everybody there.
    """

    rules = InstallRules()

    async def run_installation(self, code: str) -> SlackInstallation | None:
        try:
            return await super().run_installation(code)
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise SlackSilentError from fault

    async def store_installation(self, request: AsyncBoltRequest, installation: SlackInstallation) -> None:
        if reason := await self._refusal(installation):
            if await self._is_known(installation):
                raise NotWelcomeError(reason)
            try:
                await self.client.auth_revoke(token=installation.bot_token)
            except SlackApiError as fault:
                log.warning("a refused installation was not revoked", error=str(fault.response.get("error")))
            raise NotWelcomeError(reason)
        await super().store_installation(request, installation)

    async def _is_known(self, installation: SlackInstallation) -> bool:
        find, team_id = self.settings.installation_store.async_find_installation, installation.team_id
        return await find(enterprise_id=installation.enterprise_id, team_id=team_id) is not None

    async def _refusal(self, installation: SlackInstallation) -> str:
        """Return why an installation is refused; nothing if it is not."""
        if self.rules.teams and not self.rules.teams & {installation.team_id, installation.enterprise_id}:
            return "other_workspace"
        if not self.rules.admins_only:
            return ""
        try:
            answer = await self.client.users_info(token=installation.bot_token, user=installation.user_id)
        except SlackApiError as fault:
            log.warning("who installs was not learned", error=str(fault.response.get("error")))
            return "not_checked"
        user: dict[str, Any] = answer.get("user") or {}
        of_org = user.get("enterprise_user") or {}
        who = of_org if installation.is_enterprise_install else user
        return "" if who.get("is_admin") or who.get("is_owner") else "admins_only"


class LoopbackStateUtils(OAuthStateUtils):
    """The state's cookie without `Secure`, for a sandbox on this machine that uses plain HTTP."""

    def build_set_cookie_for_new_state(self, state: str) -> str:
        return super().build_set_cookie_for_new_state(state).replace("Secure; ", "")


def oauth_flow(
    credentials: tuple[str, str],
    scopes: tuple[str, ...],
    public_url: str,
    installed: SlackInstallations,
    client: AsyncWebClient,
    welcome: Callable[[TeamId], None] = lambda team_id: None,
) -> RuledOAuthFlow:
    """Return Bolt's flow; `credentials` are the client id and secret, `client` calls the Slack that asks for consent.

    `welcome` is called with each workspace, or organisation, that has just installed Kept.
    """
    base = public_url.rstrip("/")
    settings = AsyncOAuthSettings(
        client_id=credentials[0],
        client_secret=credentials[1],
        scopes=scopes,
        redirect_uri=base + REDIRECT,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        install_page_rendering_enabled=False,
        authorization_url=_consent_page(client.base_url),
        installation_store=installed,
        installation_store_bot_only=True,
        state_store=OAuthStates(installed.installations, installed.clock),
        state_expiration_seconds=int(STATE_LASTS.total_seconds()),
        callback_options=AsyncCallbackOptions(
            success=_installed(welcome, _client_page(client.base_url)), failure=_not_installed
        ),
    )
    if base.startswith("http://") and is_loopback(base):
        settings.state_utils = LoopbackStateUtils(
            cookie_name=settings.state_cookie_name, expiration_seconds=settings.state_expiration_seconds
        )
    return RuledOAuthFlow(client=client, settings=settings)


def oauth_routes(flow: AsyncOAuthFlow) -> list[Route]:
    """Return the routes of an installation."""

    async def answered(step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: Request) -> Response:
        """Run a step; an error is logged and becomes a page."""
        try:
            response = await step(to_async_bolt_request(request, b""))
        except SlackSilentError:
            log.warning("Slack did not answer an installation")
            response = _page(503, failure_page("slack_silent", INSTALL))
        except Exception:
            log.exception("an installation failed", path=request.url.path)
            response = _page(503, failure_page("fault", INSTALL))
        return to_starlette_response(response)

    async def install(request: Request) -> Response:
        return await answered(flow.handle_installation, request)

    async def redirected(request: Request) -> Response:
        return await answered(flow.handle_callback, request)

    return [Route(INSTALL, install, methods=["GET"]), Route(REDIRECT, redirected, methods=["GET"])]


def _consent_page(api_url: str) -> str:
    """Return the address of the consent page: on the same host as the Web API."""
    return api_url.rstrip("/").removesuffix("/api") + "/oauth/v2/authorize"


def _client_page(api_url: str) -> str:
    """Return where a browser opens the sandbox on this machine; nothing for Slack, which has its own app."""
    return api_url.rstrip("/").removesuffix("/api") + "/client/" if is_loopback(api_url) else ""


def _installed(
    welcome: Callable[[TeamId], None], client_page: str
) -> Callable[[AsyncSuccessArgs], Awaitable[BoltResponse]]:
    async def succeed(args: AsyncSuccessArgs) -> BoltResponse:
        found = args.installation
        welcome(TeamId((found.enterprise_id if found.is_enterprise_install else found.team_id) or ""))
        name = found.team_name or found.enterprise_name or ""
        return _page(200, success_page(name, found.app_id or "", found.team_id, client_page))

    return succeed


async def _not_installed(args: AsyncFailureArgs) -> BoltResponse:
    if isinstance(args.error, NotWelcomeError):
        return _page(403, failure_page(str(args.error), INSTALL))
    return _page(args.suggested_status_code, failure_page(args.reason, INSTALL))


def _page(status: int, html: str) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Frame-Options": "DENY",
    }
    return BoltResponse(status=status, headers=headers, body=html)
