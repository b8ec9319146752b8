"""A token of Socket Mode that Slack refuses: one sentence at the start, which names it, and exit status 2."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.slack_api import SlackApi, slack_api
from tests.integration.test_refused_start import kept

CURE = "generate an app-level token with the scope connections:write"


@pytest.fixture
async def slack() -> AsyncIterator[SlackApi]:
    async with slack_api() as api:
        yield api


def settings_for(slack: SlackApi) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-secret", "SLACK_API_URL": f"{slack.url}/api/"}


@pytest.mark.parametrize("error", ["invalid_auth", "not_allowed_token_type", "missing_scope"])
async def test_a_refused_token_ends_the_start_with_one_sentence(slack: SlackApi, tmp_path: Path, error: str) -> None:
    slack.refusals["apps.connections.open"] = error
    status, written = await kept(tmp_path, "run", **settings_for(slack))
    assert status == 2
    assert f"Slack refuses SLACK_APP_TOKEN ({error})." in written
    assert CURE in written
    assert "Traceback" not in written
    assert "kept is running" not in written
    assert "xapp-secret" not in written
    assert [method for method, _ in slack.calls] == ["apps.connections.open"]


async def test_the_doctor_says_the_same(slack: SlackApi, tmp_path: Path) -> None:
    slack.refusals["apps.connections.open"] = "invalid_auth"
    status, written = await kept(tmp_path, "doctor", **settings_for(slack))
    assert status == 1
    assert f"FAULT   Slack refuses SLACK_APP_TOKEN (invalid_auth). In the app's settings, {CURE}" in written
