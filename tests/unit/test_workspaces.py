"""The workspace that Kept serves, by Slack's answer, and requests from another."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.errors import UnreachableError
from bot.domain.promise import TeamId
from handlers.workspaces import SingleWorkspace

OURS, THEIRS = TeamId("T1"), TeamId("T2")


class SlackThatCounts:
    """Answers auth.test as for a token that speaks for a person: without a bot_id."""

    asked = 0
    is_away = False

    async def auth_test(self, *, token: str) -> dict[str, Any]:
        self.asked += 1
        if self.is_away:
            raise ConnectionError
        return {"ok": True, "team_id": OURS, "user_id": "UHOST", "user": "host"}


async def test_the_one_the_token_speaks_for_is_never_taken_for_the_one_who_clicked() -> None:
    known = await SingleWorkspace(SlackThatCounts(), "xoxb-1").authorize(OURS)
    assert known is not None
    assert (known.user_id, known.bot_user_id) == (None, "UHOST")


async def test_slack_is_asked_once_who_we_are() -> None:
    slack = SlackThatCounts()
    workspaces = SingleWorkspace(slack, "xoxb-1")
    await workspaces.authorize(OURS)
    await workspaces.identify()
    assert slack.asked == 1


async def test_the_token_is_given_away_for_its_own_workspace_alone() -> None:
    workspaces = SingleWorkspace(SlackThatCounts(), "xoxb-1")
    assert await workspaces.token_of(OURS) == "xoxb-1"
    with pytest.raises(SlackApiError, match="another workspace"):
        await workspaces.token_of(THEIRS)
    assert [await workspaces.authorize(team) for team in (THEIRS, None, "")] == [None, None, None]


async def test_no_token_is_used_before_slack_has_confirmed_whose_it_is() -> None:
    slack = SlackThatCounts()
    slack.is_away = True
    workspaces = SingleWorkspace(slack, "xoxb-1")
    with pytest.raises(UnreachableError):
        await workspaces.token_of(OURS)
    assert workspaces.team_id is None
    slack.is_away = False
    assert await workspaces.token_of(OURS) == "xoxb-1"


async def test_a_workspace_that_left_is_asked_about_again() -> None:
    slack = SlackThatCounts()
    workspaces = SingleWorkspace(slack, "xoxb-1")
    await workspaces.authorize(OURS)
    workspaces.forget(THEIRS)
    assert workspaces.team_id == OURS
    workspaces.forget(OURS)
    await workspaces.authorize(OURS)
    assert slack.asked == 2
