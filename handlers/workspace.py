"""The workspace that a bot token stands for: who we are there, asked once."""

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import UnreachableError
from bot.domain.promise import TeamId

log = structlog.get_logger("kept.workspace")


class Workspace:
    """The one workspace that a bot token stands for. Slack is asked who we are once, and again only after a failure."""

    def __init__(self, client: AsyncWebClient, token: str) -> None:
        self._client = client
        self._token = token
        self._known: AuthorizeResult | None = None

    async def token_of(self, team_id: TeamId) -> str:
        return self._token

    async def authorize(self) -> AuthorizeResult:
        """Bolt's authorisation, from memory: the stock one asks Slack on every request."""
        if self._known is None:
            answer = await self._client.auth_test(token=self._token)
            # Without user_id on purpose: Bolt would take it for the person who clicked.
            self._known = AuthorizeResult(
                enterprise_id=answer.get("enterprise_id"),
                team_id=answer.get("team_id"),
                bot_id=answer.get("bot_id"),
                bot_user_id=answer.get("user_id"),
                bot_token=self._token,
            )
        return self._known

    async def answers(self) -> bool:
        """Whether Slack answers at all, asked just now."""
        try:
            await self._client.auth_test(token=self._token)
        except SlackApiError:
            return True
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return False
        return True

    async def introduction(self) -> str:
        """Who the bot is, as a sentence.

        Raises UnreachableError, with what to do about it.
        """
        try:
            known = await self.authorize()
        except SlackApiError as refusal:
            error = refusal.response.get("error")
            raise UnreachableError(f"Slack refuses the bot token ({error}). Install the app again.") from refusal
        except (aiohttp.ClientError, TimeoutError) as broken:
            raise UnreachableError(f"Slack does not answer ({type(broken).__name__}). Is the network open?") from broken
        return f"Slack knows the bot as {known.bot_user_id} in workspace {known.team_id}."


async def meet(workspace: Workspace) -> None:
    """Learns who the bot is before the first request asks for it; Slack being away now is no reason not to start."""
    try:
        await workspace.introduction()
    except UnreachableError as fault:
        log.warning("slack was not reached at the start", fault=str(fault))
