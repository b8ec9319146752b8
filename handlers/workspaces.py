"""Whose requests Kept accepts, and which token a call to Slack uses.

Either the workspace of SLACK_BOT_TOKEN, or those that installed Kept by OAuth (handlers.installed).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import UnreachableError
from bot.domain.promise import TeamId
from bot.language import _
from bot.slack_outcomes import NO_ANSWER_NOW
from handlers.payloads import text_at
from handlers.stored_events import FROM_ROW

log = structlog.get_logger("kept.workspaces")

#: How long the start waits for Slack to say which workspace the token belongs to.
FIRST_ASKED_S = 3.0
#: First delay before it is asked again, doubled each time, and the largest delay.
ASKED_AGAIN_S, SELDOM_S = 0.5, 30.0
#: Slack's error for a token without access to a workspace.
NO_ACCESS = "team_access_not_granted"
NOT_SERVED = "Kept is not set up for this workspace, so nothing was recorded. Ask the person who runs Kept to add it."
OK, TRY_AGAIN = 200, 503
#: Events after which Slack accepts no token of the workspace any more.
LEAVING = frozenset({"app_uninstalled", "tokens_revoked", "team_access_revoked"})


class Workspaces(Protocol):
    """Whose requests Kept accepts, and which token a call uses."""

    @property
    def is_for_many(self) -> bool:
        """Return whether workspaces install Kept by OAuth."""
        ...

    async def token_of(self, team_id: TeamId) -> str: ...

    async def authorize(self, team_id: str | None, enterprise_id: str | None = None) -> AuthorizeResult | None: ...

    def forget(self, team_id: TeamId) -> None: ...


async def is_served(served: Workspaces, team_id: TeamId) -> bool:
    """Return whether Kept works for a workspace now. Raises UnreachableError while Slack has yet to say which it is."""
    try:
        await served.token_of(team_id)
    except SlackApiError:
        return False
    return True


def no_access(words: str) -> SlackApiError:
    """Return the error that Slack itself would raise for a token without access to a workspace."""
    return SlackApiError(words, {"ok": False, "error": NO_ACCESS})  # type: ignore[no-untyped-call]


class SingleWorkspace:
    """The one workspace of a bot token. Slack is asked which it is once, and again after a failure."""

    is_for_many = False

    def __init__(self, client: AsyncWebClient, token: str) -> None:
        self._client = client
        self._token = token
        self._known: AuthorizeResult | None = None
        #: The workspace for which the database was checked to hold rows of no other.
        self.checked_for: TeamId | None = None

    @property
    def team_id(self) -> TeamId | None:
        """Return the workspace of the token; None until Slack has answered."""
        return TeamId(self._known.team_id) if self._known and self._known.team_id else None

    async def token_of(self, team_id: TeamId) -> str:
        """Return the bot token of a workspace.

        Raises SlackApiError, as Slack would, for a workspace without one, and UnreachableError while Slack is down.
        """
        if await self.authorize(team_id) is None:
            raise no_access("This token is another workspace's.")
        return self._token

    async def authorize(self, team_id: str | None, enterprise_id: str | None = None) -> AuthorizeResult | None:
        """Return Bolt's authorisation for a workspace, from the cache; None for one that is not served.

        Raises SlackApiError when Slack refuses the token, UnreachableError when it cannot be asked.
        """
        known = self._known or await self._ask()
        return known if team_id == known.team_id else None

    def forget(self, team_id: TeamId) -> None:
        """Ask Slack again before the next use of a workspace that Kept may have left."""
        if team_id == self.team_id:
            self._known = None

    async def identify(self) -> None:
        """Ask Slack which workspace it is, unless that is known. Raises UnreachableError, with what to do about it."""
        try:
            self._known = self._known or await self._ask()
        except SlackApiError as refusal:
            error = refusal.response.get("error")
            raise UnreachableError(f"Slack refuses the bot token ({error}). Install the app again.") from refusal

    async def _ask(self) -> AuthorizeResult:
        try:
            answer = await self._client.auth_test(token=self._token)
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as broken:
            raise UnreachableError(f"Slack does not answer ({type(broken).__name__}). Is the network open?") from broken
        # Without user_id on purpose: Bolt would take it for the person who clicked.
        self._known = AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_id=answer.get("bot_id"),
            bot_user_id=answer.get("user_id"),
            bot_token=self._token,
        )
        return self._known


async def slack_answers(client: AsyncWebClient) -> bool:
    """Return whether Slack answers at all now, asked without a token."""
    try:
        await client.auth_test()
    except SlackApiError:
        return True
    except (aiohttp.ClientError, TimeoutError, ConnectionError):
        return False
    return True


async def asked_at_start(workspaces: SingleWorkspace) -> TeamId | None:
    """Ask which workspace is served before the first request needs it; None while Slack does not answer."""
    try:
        await asyncio.wait_for(workspaces.identify(), FIRST_ASKED_S)
    except UnreachableError as fault:
        log.warning("slack was not reached at the start", fault=str(fault))
    except TimeoutError:
        log.warning("slack was not reached at the start", fault=f"no answer within {FIRST_ASKED_S:.0f} s")
    return workspaces.team_id


async def wait_for_team_id(workspaces: SingleWorkspace) -> TeamId:
    """Wait until Slack has answered which workspace is served, however long it is down."""
    wait_s = ASKED_AGAIN_S
    while (team_id := workspaces.team_id) is None:
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, SELDOM_S)
        try:
            await workspaces.identify()
        except UnreachableError:
            continue  # logged at the start
    return team_id


def is_from_outside(body: Mapping[str, Any], known: AuthorizeResult) -> bool:
    """Return whether a person of another company wrote or clicked it, in a channel shared with them.

    Kept cannot reach them in their workspace, so it neither reads nor answers them. Slack gives the sender's workspace
    in `user_team` and `source_team` of such messages and in `user.team_id` of clicks; in an Enterprise Grid that is the
    organisation, or another of its workspaces.
    """
    homes = (known.team_id, known.enterprise_id)
    event = body.get("event")
    wrote = text_at(event, "user_team") or text_at(event, "source_team")
    clicked = text_at(body, "user", "team_id")
    is_colleague = bool(known.enterprise_id) and text_at(body, "enterprise", "id") == known.enterprise_id
    return (bool(wrote) and wrote not in homes) or (bool(clicked) and clicked not in homes and not is_colleague)


def workspace_of(body: Mapping[str, Any], context: AsyncBoltContext) -> str | None:
    """Return the workspace that a request is for.

    Events of an organisation's own installation name only the organisation in their authorizations, and separately the
    workspace through which Kept received them.
    """
    if context.team_id or text_at(body, "type") != "event_callback":
        return context.team_id
    through = text_at(body, "context_team_id")
    is_ours = bool(context.enterprise_id) and text_at(body, "enterprise_id") == context.enterprise_id
    return through or (text_at(body, "team_id") if is_ours else "") or None


def refuse_others(workspaces: Workspaces) -> Callable[..., Awaitable[BoltResponse | None]]:
    """Return Bolt's `before_authorize`, which rejects signed requests of workspaces that are not served.

    A command gets a sentence. An event gets Slack's 200: anything else counts as a failure of the app, and too many of
    those end the events of the workspace that is served. While Slack has not answered which workspace that is, a
    command gets a sentence, and Slack sends an event again and marks a click as failed because of the status.
    """

    async def is_served(body: dict[str, Any], context: AsyncBoltContext) -> bool:
        if text_at(body, "type") == "url_verification" or text_at(body, "ssl_check"):
            return True  # Slack checks that the address is Kept's; there is no workspace yet
        is_leaving = text_at(body, "event", "type") in LEAVING
        if is_leaving and (workspaces.is_for_many or context.get(FROM_ROW)):
            return True  # the installation may be deleted already; or it was checked when the event arrived
        try:
            known = await workspaces.authorize(context.team_id, context.enterprise_id)
        except SlackApiError:
            return True  # the token was revoked: Bolt's own authorisation reports that to the person
        return known is not None and not is_from_outside(body, known)

    async def guard(
        body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        context["team_id"] = workspace_of(body, context)
        try:
            is_ours = await is_served(body, context)
        except UnreachableError as fault:
            log.warning("a request was refused while Slack is not reached", team=context.team_id, fault=str(fault))
            return _refusal(body, f"{_(NO_ANSWER_NOW)} {_('Please try again.')}", TRY_AGAIN)
        if is_ours:
            await next_()  # Bolt only notes this: what follows runs before the listeners do
            if text_at(body, "event", "type") in LEAVING:
                workspaces.forget(TeamId(context.team_id or context.enterprise_id or ""))
            return None
        log.info("a request from outside was refused", team=context.team_id, request=text_at(body, "type"))
        return _refusal(body, NOT_SERVED, OK)

    return guard


def _refusal(body: Mapping[str, Any], words: str, status: int) -> BoltResponse:
    """Return a sentence for a command, which Slack shows with a 200 only, and the bare status for all else."""
    if text_at(body, "command"):
        return BoltResponse(status=OK, body={"response_type": "ephemeral", "text": words})
    return BoltResponse(status=status, body="")
