"""Who we are in a workspace, as Slack tells it."""

from typing import Any

from handlers.workspace import Workspace


class SlackThatCounts:
    """Answers auth.test as for a token that speaks for a person: without a bot_id."""

    asked = 0

    async def auth_test(self, *, token: str) -> dict[str, Any]:
        self.asked += 1
        return {"ok": True, "team_id": "T1", "user_id": "UHOST", "user": "host"}


async def test_the_one_the_token_speaks_for_is_never_taken_for_the_one_who_clicked() -> None:
    known = await Workspace(SlackThatCounts(), "xoxb-1").authorize()
    assert (known.user_id, known.bot_user_id) == (None, "UHOST")


async def test_slack_is_asked_once_who_we_are() -> None:
    slack = SlackThatCounts()
    workspace = Workspace(slack, "xoxb-1")
    await workspace.authorize()
    assert await workspace.introduction() == "Slack knows the bot as UHOST in workspace T1."
    assert slack.asked == 1
