# ruff: noqa: S310 (every URL here is our own, on loopback)
"""The Web API answers and refuses as Slack does."""

import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from .conftest import Sandbox, a_sandbox, free_port

GENERAL, QUIET, OLD, LEADS = "C0GENERAL", "C000QUIET", "C000OLDIE", "C000LEADS"


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_a_message_carries_its_metadata_back_in_the_history(sandbox: Sandbox) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "abc"}}
    sent = sandbox.api("chat.postMessage", channel=GENERAL, text="hello", metadata=metadata)
    assert sent["ok"]
    received = sandbox.api("conversations.history", channel=GENERAL, include_all_metadata=True)["messages"]
    silent = sandbox.api("conversations.history", channel=GENERAL)["messages"]
    assert (received[0]["metadata"], "metadata" in silent[0]) == (metadata, False)


def test_history_from_an_instant_on_is_inclusive_only_when_asked(sandbox: Sandbox) -> None:
    ts = [sandbox.api("chat.postMessage", channel=GENERAL, text=str(n))["ts"] for n in range(3)]
    after = sandbox.api("conversations.history", channel=GENERAL, oldest=ts[1])["messages"]
    including = sandbox.api("conversations.history", channel=GENERAL, oldest=ts[1], inclusive=True)["messages"]
    assert [m["text"] for m in after] == ["2"]
    assert [m["text"] for m in including] == ["2", "1"]


def test_history_comes_in_pages(sandbox: Sandbox) -> None:
    for n in range(5):
        sandbox.api("chat.postMessage", channel=GENERAL, text=str(n))
    seen, cursor = [], ""
    while True:
        page = sandbox.api("conversations.history", channel=GENERAL, limit=2, cursor=cursor)
        seen += [m["text"] for m in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] == bool(cursor)
        if not cursor:
            break
    assert seen == ["4", "3", "2", "1", "0"]


def test_a_message_to_a_person_goes_to_the_direct_conversation(sandbox: Sandbox) -> None:
    sent = sandbox.api("chat.postMessage", channel="U0000BOB", text="psst")
    assert sent["channel"] == sandbox.api("conversations.open", users="U0000BOB")["channel"]["id"]
    assert [m["text"] for m in sandbox.get("/control/dms", user="bob")["messages"]] == ["psst"]
    assert sandbox.get("/control/dms", user="alice")["messages"] == []


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (QUIET, "not_in_channel"),
        (OLD, "is_archived"),
        ("C0NOTHING", "channel_not_found"),
        ("U0OTHERB", "cannot_dm_bot"),
        ("U0000EVE", "user_disabled"),
    ],
)
def test_posting_where_it_is_not_possible_is_refused(sandbox: Sandbox, channel: str, error: str) -> None:
    assert sandbox.api("chat.postMessage", channel=channel, text="x")["error"] == error


def test_people_without_the_bot_have_their_own_conversation_to_themselves(sandbox: Sandbox) -> None:
    sandbox.post("/control/message", {"user": "bob", "channel": "@dave", "text": "between us"})
    channel = sandbox.get("/control/messages", user="bob", channel="@dave")["channel"]
    assert sandbox.api("conversations.info", channel=channel)["error"] == "channel_not_found"
    outsider = sandbox.get("/control/messages", user="alice", channel=channel)
    assert outsider["http_status"] == 404


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    assert sandbox.api("chat.postMessage", token=token, channel=GENERAL, text="x")["error"] == error


def test_forms_are_understood_as_well_as_json(sandbox: Sandbox) -> None:
    form = {"token": "xoxb-sandbox", "channel": GENERAL, "text": "x", "blocks": json.dumps([section("from a form")])}
    with urlopen(Request(f"{sandbox.url}/api/chat.postMessage", urlencode(form).encode())) as answer:
        assert json.loads(answer.read())["message"]["blocks"][0]["text"]["text"] == "from a form"


def test_an_update_replaces_text_and_blocks_of_ones_own_message_only(sandbox: Sandbox) -> None:
    ts = sandbox.api("chat.postMessage", channel=GENERAL, text="old", blocks=[section("old")])["ts"]
    assert sandbox.api("chat.update", channel=GENERAL, ts=ts, text="new")["ok"]
    message = sandbox.messages()[0]
    assert (message["text"], "blocks" in message) == ("new", False)
    theirs = sandbox.post("/control/message", {"user": "bob", "channel": "general", "text": "mine"})["ts"]
    assert sandbox.api("chat.update", channel=GENERAL, ts=theirs, text="x")["error"] == "cant_update_message"
    assert sandbox.api("chat.delete", channel=GENERAL, ts=theirs)["error"] == "cant_delete_message"
    assert sandbox.api("chat.update", channel=GENERAL, ts="1.2", text="x")["error"] == "message_not_found"
    assert sandbox.api("chat.update", channel=GENERAL, ts=ts, text="x" * 4001)["error"] == "msg_too_long"


def test_a_deleted_message_is_gone(sandbox: Sandbox) -> None:
    ts = sandbox.api("chat.postMessage", channel=GENERAL, text="old")["ts"]
    assert sandbox.api("chat.delete", channel=GENERAL, ts=ts)["ok"]
    assert sandbox.messages() == []


def test_an_ephemeral_message_is_seen_by_one_person_and_by_no_history(sandbox: Sandbox) -> None:
    assert sandbox.api("chat.postEphemeral", channel=GENERAL, user="U0000BOB", text="only you")["ok"]
    assert [m["is_ephemeral"] for m in sandbox.messages("bob")] == [True]
    assert sandbox.messages("alice") == []
    assert sandbox.api("conversations.history", channel=GENERAL)["messages"] == []
    refused = sandbox.api("chat.postEphemeral", channel=LEADS, user="U000DAVE", text="x")
    assert refused["error"] == "user_not_in_channel"


def test_replies_are_a_thread_and_not_in_the_history(sandbox: Sandbox) -> None:
    ts = sandbox.api("chat.postMessage", channel=GENERAL, text="parent")["ts"]
    sandbox.api("chat.postMessage", channel=GENERAL, text="child", thread_ts=ts)
    thread = sandbox.api("conversations.replies", channel=GENERAL, ts=ts)["messages"]
    history = sandbox.api("conversations.history", channel=GENERAL)["messages"]
    assert [m["text"] for m in thread] == ["parent", "child"]
    assert [(m["text"], m["reply_count"]) for m in history] == [("parent", 1)]


def test_people_have_zones_and_those_who_left_have_none(sandbox: Sandbox) -> None:
    bob = sandbox.api("users.info", user="U0000BOB")["user"]
    eve = sandbox.api("users.info", user="U0000EVE")["user"]
    assert (bob["tz"], bob["tz_offset"] in (-18000, -14400)) == ("America/New_York", True)
    assert (eve["deleted"], "tz" in eve) == (True, False)
    assert sandbox.api("users.info", user="U0OTHERB")["user"]["is_bot"] is True
    assert sandbox.api("users.info", user="U1")["error"] == "user_not_found"


def test_an_unknown_method_is_named(sandbox: Sandbox) -> None:
    answer = sandbox.api("chat.shout")
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


def test_a_method_whose_scope_the_manifest_lacks_is_refused(tmp_path: Any) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text("display_information: {name: Small}\noauth_config: {scopes: {bot: [chat:write, im:history]}}\n")
    with a_sandbox(free_port(), "--manifest", str(manifest)) as small:
        refused = small.api("users.info", user="U0000BOB")
        assert (refused["error"], refused["needed"]) == ("missing_scope", "users:read")
        assert refused["provided"] == "chat:write,im:history"
        assert small.api("conversations.history", channel=GENERAL)["needed"] == "channels:history"
        assert small.api("chat.postMessage", channel=GENERAL, text="x")["ok"]


def test_an_app_that_is_invited_may_post(sandbox: Sandbox) -> None:
    sandbox.post("/control/command", {"user": "alice", "channel": "quiet", "command": "/invite", "text": "@kept"})
    assert sandbox.api("chat.postMessage", channel=QUIET, text="thank you")["ok"]
    assert [m["text"] for m in sandbox.messages("dave", "quiet")] == ["<@U0000BOT> has joined the channel", "thank you"]


def test_a_person_moves_to_another_zone_or_leaves(sandbox: Sandbox) -> None:
    sandbox.post("/control/person", {"user": "dave", "tz": "Pacific/Auckland", "dnd": [1799424000, 1799450000]})
    assert sandbox.api("users.info", user="U000DAVE")["user"]["tz"] == "Pacific/Auckland"
    assert sandbox.api("dnd.info", user="U000DAVE")["next_dnd_end_ts"] == 1799450000
    sandbox.post("/control/person", {"user": "dave", "deleted": True})
    assert sandbox.api("chat.postMessage", channel="U000DAVE", text="x")["error"] == "user_disabled"
    assert sandbox.post("/control/person", {"user": "bob", "tz": "Mars/Base"})["http_status"] == 404
