"""The app manifest: what Slack would refuse, what the code relies on, and a reason for everything asked for."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.doctor.tokens import WITHOUT, manifest_scopes
from bot.domain.workflow_steps import outputs_of
from bot.shipped import manifest_for
from handlers.workflow_steps import STEPS
from tests.unit.factories import promised

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "manifest.yaml").read_text()
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]

# Slack's reference of the app manifest: the longest value of each text, and the shortest where it is not 1.
LENGTHS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "features.bot_user.display_name": (1, 80),
    "features.slash_commands.command": (2, 32),
    "features.slash_commands.description": (1, 2000),
    "features.slash_commands.usage_hint": (1, 1000),
    "features.shortcuts.name": (1, 24),
    "features.shortcuts.type": (1, 7),
    "features.shortcuts.callback_id": (1, 255),
    "features.shortcuts.description": (1, 150),
    "oauth_config.scopes.bot": (1, 50),
    "oauth_config.scopes.bot_optional": (1, 50),
    "settings.event_subscriptions.bot_events": (1, 50),
    "display_information.background_color": (4, 7),
    "settings.function_runtime": (6, 6),
}

#: Slack's own types of a step's inputs that are used.
STEP_TYPES = ("user_context", "user_id", "channel_id")

# The scope without which Slack does not send the event; the two about leaving need none, nor does the Home tab.
EVENT_SCOPES = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "function_executed": None,
    "message.channels": "channels:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "tokens_revoked": None,
    "user_change": "users:read",
}


def texts(value: object, path: str = "") -> list[tuple[str, str]]:
    """Every text in the manifest with the dotted path to it; items of a list share their list's path."""
    if isinstance(value, dict):
        return [found for key, each in value.items() for found in texts(each, f"{path}.{key}".strip("."))]
    if isinstance(value, list):
        return [found for each in value for found in texts(each, path)]
    return [(path, value)] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("path", "text"), texts({name: part for name, part in MANIFEST.items() if name != "functions"})
)
def test_every_text_has_a_length_that_slack_takes(path: str, text: str) -> None:
    shortest, longest = LENGTHS[path]
    assert shortest <= len(text) <= longest


def test_every_part_has_the_keys_that_slack_demands() -> None:
    parts = {"_metadata", "display_information", "features", "oauth_config", "settings", "functions"}
    assert set(MANIFEST) == parts
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert set(shortcut) == {"name", "type", "callback_id", "description"}
    for command in MANIFEST["features"]["slash_commands"]:
        assert {"command", "description"} <= set(command)
    assert re.fullmatch("#[0-9a-f]{6}", MANIFEST["display_information"]["background_color"])


def test_the_command_sends_people_and_channels_as_ids() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/promise", True)


def test_the_shortcuts_carry_the_ids_that_the_handlers_listen_to() -> None:
    shortcuts = {each["callback_id"]: each["type"] for each in MANIFEST["features"]["shortcuts"]}
    assert shortcuts == {"make_promise": "global", "track_message": "message"}


def test_kept_can_be_written_to_and_has_a_home() -> None:
    assert MANIFEST["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_two_tokens_are_enough() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}


def test_every_event_is_known_and_has_its_scope() -> None:
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == set(EVENT_SCOPES)
    assert {EVENT_SCOPES[event] for event in events} - {None} <= set(SCOPES)


def test_scopes_are_sorted_and_named_once() -> None:
    assert sorted(set(SCOPES)) == SCOPES


def test_what_is_optional_is_asked_for_and_the_readme_says_so() -> None:
    optional = MANIFEST["oauth_config"]["scopes"]["bot_optional"]
    assert sorted(set(optional)) == optional
    assert set(optional) < set(SCOPES)
    (line,) = re.findall(r"^(.+) are optional: who installs Kept", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert re.findall(r"`([a-z]+:[a-z]+)`", line) == optional


def test_nothing_of_private_channels_is_asked_for() -> None:
    """Kept posts and reads nothing there; that a channel is private it also learns from getting no events of it."""
    assert not [scope for scope in SCOPES if scope.startswith(("groups:", "mpim:"))]


def test_the_readme_gives_every_scope_the_reason_that_the_manifest_gives() -> None:
    in_manifest = dict(re.findall(r"^ +- ([a-z:.]+) # (.+)$", TEXT, re.MULTILINE))
    in_readme = dict(
        re.findall(r"^\| `([a-z]+(?:[:.][a-z]+)*)` \| (.+?) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    )
    assert list(in_manifest) == SCOPES
    assert {scope: in_readme.get(scope) for scope in SCOPES} == in_manifest
    assert {name for name in in_readme if ":" in name} <= set(SCOPES)


def test_every_step_has_its_handler_and_acts_for_the_person_that_slack_names_alone() -> None:
    """Slack takes `functions` from apps that an organisation could install, and fills in `user_context` itself."""
    assert MANIFEST["settings"]["org_deploy_enabled"] is True
    assert set(MANIFEST["functions"]) == set(STEPS)
    for step in MANIFEST["functions"].values():
        assert set(step) == {"title", "description", "input_parameters", "output_parameters"}
        person = step["input_parameters"]["user_context"]
        assert (person["type"], person["is_required"]) == ("slack#/types/user_context", True)
        for name, each in [*step["input_parameters"].items(), *step["output_parameters"].items()]:
            assert each["name"] == name
            assert each["type"] in ("string", "integer", *(f"slack#/types/{kind}" for kind in STEP_TYPES))
            assert set(each) <= {"name", "type", "title", "is_required"}
        assert list(step["output_parameters"]) == list(outputs_of(promised()))


@pytest.mark.parametrize("text", [TEXT, manifest_for("https://kept.example.com/", for_many=True)])
def test_nothing_stands_there_by_reference_for_not_every_reader_of_yaml_follows_one(text: str) -> None:
    assert not [token for token in yaml.scan(text) if isinstance(token, yaml.AnchorToken | yaml.AliasToken)]


def test_the_link_that_creates_the_app_is_no_longer_than_servers_take() -> None:
    (link,) = re.findall(r"https://api\.slack\.com/apps\?new_app[^)]*", (ROOT / "docs" / "install.md").read_text())
    assert len(link) < 8000


def test_an_app_that_workspaces_install_names_where_they_come_back_and_speaks_http_alone() -> None:
    many = yaml.safe_load(manifest_for("https://kept.example.com/", for_many=True))
    assert many["oauth_config"]["redirect_urls"] == ["https://kept.example.com/slack/oauth_redirect"]
    assert many["settings"]["socket_mode_enabled"] is False
    assert many["settings"]["org_deploy_enabled"] is True
    assert "team_access_revoked" in many["settings"]["event_subscriptions"]["bot_events"]
    assert many["oauth_config"]["scopes"]["bot"] == SCOPES


def test_the_doctor_says_what_each_optional_scope_is_missed_for() -> None:
    assert set(WITHOUT) == manifest_scopes()[1]
