"""Reactions, group talks, guests, other companies, changing channels: the events sent to the app, and its rights."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.rates import Rates

from .conftest import Sandbox, a_sandbox, free_port, until

EVENTS = (
    "channel_archive channel_created channel_rename channel_shared channel_unshared group_unarchive "
    "member_joined_channel message.channels message.groups message.mpim reaction_added reaction_removed team_join "
    "user_change"
).split()
SCOPES = (
    "chat:write channels:read groups:read mpim:read im:read im:write mpim:write channels:history groups:history "
    "mpim:history users:read reactions:read reactions:write"
).split()


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose app subscribes to everything; the app is not there, and its events are on record."""
    path: Path = tmp_path_factory.mktemp("manifest") / "manifest.yaml"
    settings = {"event_subscriptions": {"bot_events": EVENTS}}
    features = {"slash_commands": [{"command": "/promise"}]}
    manifest = {"features": features, "settings": settings, "oauth_config": {"scopes": {"bot": SCOPES}}}
    path.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    with a_sandbox(free_port(), "--manifest", str(path), "--event-retries", "") as sandbox:
        yield sandbox


@pytest.fixture
def slack(listening: Sandbox) -> Sandbox:
    listening.post("/control/reset", {})
    return listening


def events_of(slack: Sandbox, kind: str) -> list[dict[str, Any]]:
    """The bodies of the events of that kind that the app was sent."""
    calls = slack.get("/control/calls")["calls"]
    return [call["request"] for call in calls if call["name"] == f"event {kind}"]


def first(slack: Sandbox, kind: str) -> dict[str, Any]:
    return until(lambda: events_of(slack, kind))[0]


def test_a_reaction_is_sent_to_the_app_counted_and_taken_back(slack: Sandbox) -> None:
    text_shown = slack.api("chat.postMessage", channel="C0GENERAL", text="Done?")
    press = {"user": "bob", "channel": "general", "ts": text_shown["ts"], "name": "white_check_mark"}
    assert slack.post("/control/reaction", press)["reactions"] == {"white_check_mark": ["U0000BOB"]}
    event = first(slack, "reaction_added")["event"]
    assert event["item"] == {"type": "message", "channel": "C0GENERAL", "ts": text_shown["ts"]}
    assert (event["user"], event["reaction"], event["item_user"]) == ("U0000BOB", "white_check_mark", "U0000BOT")
    slack.api("reactions.add", channel="C0GENERAL", timestamp=text_shown["ts"], name="eyes")
    again = slack.api("reactions.add", channel="C0GENERAL", timestamp=text_shown["ts"], name="eyes")
    assert again["error"] == "already_reacted"
    seen = slack.api("reactions.get", channel="C0GENERAL", timestamp=text_shown["ts"])["message"]["reactions"]
    assert [(each["name"], each["count"]) for each in seen] == [("white_check_mark", 1), ("eyes", 1)]
    slack.post("/control/reaction", press)
    assert first(slack, "reaction_removed")["event"]["user"] == "U0000BOB"
    assert "edited" not in slack.messages()[-1]


def test_a_talk_of_several_is_opened_once_and_seen_by_its_people_alone(slack: Sandbox) -> None:
    opened = slack.api("conversations.open", users="U00ALICE,U0000BOB", return_im=True)
    again = slack.api("conversations.open", users="U0000BOB,U00ALICE")
    assert again["already_open"]
    assert again["channel"]["id"] == opened["channel"]["id"]
    assert opened["channel"]["is_mpim"]
    assert opened["channel"]["is_private"]
    slack.api("chat.postMessage", channel=opened["channel"]["id"], text="to the two of you")
    assert slack.messages("bob", opened["channel"]["id"])[0]["text"] == "to the two of you"
    assert slack.get("/control/messages", user="dave", channel=opened["channel"]["id"])["http_status"] == 404
    slack.post("/control/message", {"user": "bob", "channel": opened["channel"]["id"], "text": "heard"})
    text_shown = until(lambda: [each for each in events_of(slack, "message") if each["event"]["text"] == "heard"])
    assert text_shown[0]["event"]["channel_type"] == "mpim"
    listed = slack.api("conversations.list", types="mpim")["channels"]
    assert [each["id"] for each in listed] == [opened["channel"]["id"]]


@pytest.mark.parametrize("method", ["users.info", "users.list"])
def test_the_language_of_people_is_given_when_it_is_asked_for(slack: Sandbox, method: str) -> None:
    def alice(**asked: object) -> dict[str, object]:
        answer = slack.api(method, user="U00ALICE", **asked)
        return next(
            each for each in [answer.get("user"), *answer.get("members", [])] if each and each["id"] == "U00ALICE"
        )

    assert alice(include_locale=True)["locale"] == "en-GB"
    assert "locale" not in alice()


def test_people_of_another_company_see_only_what_is_shared_with_them(slack: Sandbox) -> None:
    person = {"user": "pia", "real_name": "Pia Partner", "team": "T0PARTNER", "channels": ["project-deck"]}
    pia = slack.post("/control/person", person)["user"]
    assert (pia["team_id"], pia["is_restricted"]) == ("T0PARTNER", False)
    shown = slack.api("conversations.info", channel="C0PROJECT")["channel"]
    assert shown["is_ext_shared"]
    assert shown["connected_team_ids"] == ["T0PARTNER"]
    assert slack.api("users.info", user=pia["id"])["user"]["is_stranger"] is False
    assert pia["id"] not in {each["id"] for each in slack.api("users.list")["members"]}
    assert slack.get("/control/messages", user="pia", channel="general")["http_status"] == 404
    slack.post("/control/message", {"user": "pia", "channel": "project-deck", "text": "hello from outside"})
    body = until(
        lambda: [each for each in events_of(slack, "message") if each["event"]["text"] == "hello from outside"]
    )[0]
    assert body["is_ext_shared_channel"]
    assert body["event"]["user_team"] == "T0PARTNER"
    assert slack.command("send it", "pia", "project-deck")["failure"] == "invalid_command"


def test_a_person_met_nowhere_cannot_be_written_to(slack: Sandbox) -> None:
    zoe = slack.post("/control/person", {"user": "zoe", "real_name": "Zoe Zero", "team": "T0ELSE"})["user"]
    assert slack.api("users.info", user=zoe["id"])["user"]["is_stranger"]
    assert slack.api("conversations.open", users=zoe["id"])["error"] == "invalid_user_combination"
    assert slack.api("chat.postMessage", channel=zoe["id"], text="hi")["error"] == "invalid_user_combination"


def test_a_guest_is_in_the_channels_that_are_named_and_in_no_other(slack: Sandbox) -> None:
    person = {"user": "gina", "real_name": "Gina Guest", "guest": "single", "channels": ["project-deck"]}
    gina = slack.post("/control/person", person)["user"]
    assert gina["is_restricted"]
    assert gina["is_ultra_restricted"]
    assert first(slack, "team_join")["event"]["user"]["id"] == gina["id"]
    assert slack.messages("gina", "project-deck") == []
    assert slack.get("/control/messages", user="gina", channel="general")["http_status"] == 404
    assert slack.get("/control/dms", user="gina")["messages"] == []


def test_a_channel_turns_private_is_archived_and_shared(slack: Sandbox) -> None:
    made = slack.post("/control/channel", {"channel": "launch", "members": ["bob", "kept_missing"]})
    assert made["http_status"] == 404
    slack.post("/control/channel", {"channel": "launch", "members": ["bob", "U0000BOT"]})
    assert first(slack, "channel_created")["event"]["channel"]["name"] == "launch"
    slack.post("/control/channel", {"channel": "launch", "name": "launch-2", "private": True})
    assert first(slack, "channel_rename")["event"]["channel"]["name"] == "launch-2"
    turned = until(lambda: [e for e in events_of(slack, "message") if "subtype" in e["event"]])[-1]["event"]
    assert (turned["subtype"], turned["channel_type"]) == ("channel_convert_to_private", "group")
    assert slack.get("/control/messages", user="dave", channel="launch-2")["http_status"] == 404
    slack.post("/control/channel", {"channel": "general", "archived": True, "pending_with": ["T0ELSE"]})
    assert first(slack, "channel_archive")["event"]["channel"] == "C0GENERAL"
    assert slack.api("chat.postMessage", channel="C0GENERAL", text="hi")["error"] == "is_archived"
    assert slack.api("conversations.info", channel="C0GENERAL")["channel"]["is_pending_ext_shared"]
    slack.post("/control/channel", {"channel": "project-deck", "shared_with": ["T0ELSE"]})
    assert first(slack, "channel_shared")["event"]["connected_team_id"] == "T0ELSE"
    slack.post("/control/channel", {"channel": "project-deck", "shared_with": []})
    assert first(slack, "channel_unshared")["event"]["previously_connected_team_id"] == "T0ELSE"


def test_blocks_are_refused_on_demand_all_of_them_or_one_kind(slack: Sandbox) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}
    post = {"channel": "C0GENERAL", "text": "words"}
    slack.post("/control/faults", {"method": "chat.postMessage", "fault": "invalid_blocks", "with_block": "divider"})
    assert slack.api("chat.postMessage", **post, blocks=[section])["ok"]
    assert slack.api("chat.postMessage", **post, blocks=[section, {"type": "divider"}])["error"] == "invalid_blocks"
    slack.post("/control/faults", {"method": "chat.postMessage", "fault": "invalid_blocks"})
    assert slack.api("chat.postMessage", **post)["ok"]
    assert slack.api("chat.postMessage", **post, blocks=[section])["error"] == "invalid_blocks"
    slack.post("/control/faults", {"method": "*", "fault": "refused", "error": "restricted_action"})
    assert slack.api("chat.postMessage", **post)["error"] == "restricted_action"


def test_calls_above_slacks_rates_are_refused_until_there_is_room_again() -> None:
    now = [0.0]
    rates = Rates(on=True, seconds=lambda: now[0])
    assert [rates.take("chat.postMessage", {"channel": "C1"}) for _ in range(3)] == [None] * 3
    refused = rates.take("chat.postMessage", {"channel": "C1"})
    assert refused is not None
    assert refused.retry_after_s == 3
    assert rates.take("chat.postMessage", {"channel": "C2"}) is None
    now[0] += refused.retry_after_s
    assert rates.take("chat.postMessage", {"channel": "C1"}) is None
    taken = [rates.take("users.list", {}) for _ in range(21)]
    assert [each is None for each in taken] == [True] * 20 + [False]
