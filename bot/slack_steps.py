"""Ends steps of Workflow Builder at Slack, with the workspace's own token: the event's is over within minutes."""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import KeptError
from bot.domain.promise import TeamId
from bot.ports.workflow_steps import StepEnded
from bot.slack_outcomes import error_name

#: Slack's answers for a step that it no longer waits for: ended by an attempt before, cancelled, or not ours.
OVER = frozenset({"execution_not_in_running_state", "function_execution_not_found"})
#: Slack's answers that stay the same however often it is asked.
FINAL = frozenset({"parameter_validation_failed", "access_denied", "invalid_arguments"})


class SlackSteps:
    """StepEnder over Slack's Web API; `token_of` returns a workspace's bot token."""

    def __init__(self, client: AsyncWebClient, token_of: Callable[[TeamId], Awaitable[str]]) -> None:
        self._client = client
        self._token_of = token_of

    async def end(
        self, team_id: TeamId, execution_id: str, outputs: Mapping[str, str | int], failure: str
    ) -> StepEnded:
        method = "functions.completeError" if failure else "functions.completeSuccess"
        given = {"error": failure} if failure else {"outputs": dict(outputs)}
        try:
            headers = {"Authorization": f"Bearer {await self._token_of(team_id)}"}
            await self._client.api_call(method, json={"function_execution_id": execution_id, **given}, headers=headers)
        except SlackApiError as refusal:
            error = error_name(refusal)
            return StepEnded() if error in OVER else StepEnded(error, error in FINAL)
        except (aiohttp.ClientError, TimeoutError, ConnectionError, KeptError) as fault:
            return StepEnded(type(fault).__name__, is_final=False)
        return StepEnded()
