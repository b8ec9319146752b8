"""The bot's HTTP: who is let in, what is turned away, and what operators ask."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from handlers.http import web_app
from tests.integration.front import Front, front_door, request, signed
from tests.unit.factories import ALICE, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


COMMAND = urlencode({"command": "/promise", "text": "help", "team_id": TEAM, "user_id": ALICE, "channel_id": "C1"})


async def test_a_signed_request_is_let_in(front: Front) -> None:
    assert (await front.sent(COMMAND)).status == 200


@pytest.mark.parametrize("signature", ["v0=" + "0" * 64, "", "v0=", "é"])
async def test_a_forged_signature_is_turned_away(front: Front, signature: str) -> None:
    assert (await front.sent(COMMAND, x_slack_signature=signature)).status == 401


@pytest.mark.parametrize("age_s", [-360, 360])
async def test_a_signature_six_minutes_off_is_turned_away(front: Front, age_s: int) -> None:
    at = str(int(time.time()) - age_s)
    answer = await front.sent(COMMAND, x_slack_request_timestamp=at, x_slack_signature=signed(COMMAND.encode(), at))
    assert answer.status == 401


@pytest.mark.parametrize("timestamp", ["", "soon", "1e9", "-5", "²", "9" * 40, "1700000000.5"])
async def test_a_timestamp_that_is_no_number_is_turned_away(front: Front, timestamp: str) -> None:
    assert (await front.sent(COMMAND, x_slack_request_timestamp=timestamp)).status == 401


async def test_a_request_without_any_signature_is_turned_away(front: Front) -> None:
    assert (await request(front.app, "POST", "/slack/events", COMMAND.encode())).status == 401


async def test_a_body_over_a_quarter_of_a_megabyte_is_turned_away(front: Front) -> None:
    assert (await front.sent(COMMAND + "x" * 250_001)).status == 413


@pytest.mark.parametrize("body", ["{", "payload=[]", "a=1&" * 60_000, "[" * 200_000, b"\xff\xfe"])
async def test_nothing_is_parsed_before_the_signature_fits(front: Front, body: str | bytes) -> None:
    assert (await front.sent(body, x_slack_signature="v0=" + "0" * 64)).status == 401


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "{]",
        '{"a": NaN',
        "payload=",
        "payload={",
        "payload=7",
        "payload=[]",
        "payload=null",
        "{" + '"a":{' * 40_000,
        "payload=" + "[" * 100_000,
    ],
)
async def test_what_is_no_payload_is_malformed(front: Front, body: str | bytes) -> None:
    answer = await front.sent(body)
    assert answer.status == 400
    assert "Traceback" not in answer.body


@pytest.mark.parametrize("body", [b"payload=%7B%22a%22%3A%22\xff", b"\xff\xfe"])
async def test_what_is_no_text_is_turned_away(front: Front, body: bytes) -> None:
    assert (await front.sent(body)).status == 401


PAYLOADS = [
    {},
    {"type": "block_actions"},
    {"type": "block_actions", "team": None, "user": None, "actions": None},
    {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": ALICE}, "actions": []},
    {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": ALICE}, "actions": [{}]},
    {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": ALICE}, "actions": [{"action_id": "act.report"}]},
    {"type": "block_actions", "team": {"id": TEAM}, "user": {}, "actions": [{"action_id": "act.report", "value": "1"}]},
    {"type": "block_actions", "team": [], "user": 7, "actions": [{"action_id": "act.report", "value": {"a": 1}}]},
    {"type": "block_actions", "team": {"id": 7}, "user": {"id": []}, "actions": [{"action_id": "act.report"}]},
    {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": ALICE}, "view": {}},
    {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": ALICE}, "view": {"callback_id": "make"}},
    {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": ALICE}, "view": {"callback_id": "act.propose"}},
    {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": ALICE},
        "view": {"callback_id": "make", "state": {"values": [1]}, "blocks": [None, 7, {"block_id": {}}]},
    },
    {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": ALICE}, "view": "make"},
    {"type": "shortcut", "callback_id": "make_promise", "user": {"id": ALICE}},
    {"type": "message_action", "callback_id": "track_message", "user": {"id": ALICE}, "team": {"id": TEAM}},
    {"type": "event_callback"},
    {"type": "event_callback", "team_id": TEAM, "event": None},
    {"type": "event_callback", "team_id": TEAM, "event": {"type": "app_home_opened"}},
    {"type": "event_callback", "team_id": TEAM, "event": {"type": "app_home_opened", "user": 7, "tab": []}},
    {"type": "event_callback", "team_id": TEAM, "event": {"type": 7}},
    {"type": 7},
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
@pytest.mark.parametrize("as_form", [True, False])
async def test_a_payload_of_the_wrong_shape_gets_an_answer_and_no_traceback(
    front: Front, payload: dict[str, object], as_form: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    body = json.dumps(payload)
    answer = await front.sent(urlencode({"payload": body}) if as_form else body, "" if as_form else "application/json")
    assert answer.status in (200, 400, 404)
    assert "Traceback" not in answer.body
    assert "Traceback" not in capsys.readouterr().err


async def test_a_url_is_verified_by_its_challenge(front: Front) -> None:
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "abc"})
    answer = await front.sent(body, "application/json")
    assert json.loads(answer.body) == {"challenge": "abc"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel_type": "im", "channel": "D1", "user": ALICE, "text": "hello", "ts": "1.1"},
        {"type": "message", "subtype": "message_changed", "channel": "D1", "channel_type": "im", "ts": "1.1"},
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"oauth": [ALICE], "bot": []}},
        {"type": "user_change", "user": {"id": ALICE, "team_id": TEAM}},
        {"type": "app_home_opened", "user": ALICE, "channel": "D1", "tab": "messages"},
    ],
    ids=lambda event: event.get("subtype", event["type"]),
)
async def test_every_event_subscribed_to_has_a_listener(front: Front, event: dict[str, object]) -> None:
    assert (await front.event(event)).status == 200


async def test_operators_can_ask_whether_it_lives(front: Front) -> None:
    assert (await request(front.app, "GET", "/healthz")).status == 200


@pytest.mark.parametrize(("received", "status"), [("ok", 200), ("does not answer", 503)])
async def test_operators_can_ask_whether_it_is_ready(received: str, status: int) -> None:
    async def ready() -> dict[str, str]:
        return {"database": received}

    answer = await request(web_app(None, ready), "GET", "/readyz")
    assert (answer.status, answer.message) == (status, {"database": received})


async def test_slacks_door_and_the_timeline_exist_only_where_they_are_wanted(front: Front) -> None:
    async def ready() -> dict[str, str]:
        return {}

    async def planned() -> list[dict[str, str]]:
        return [{"at": "2026-11-27T17:00:00+00:00", "kind": "check_in", "to": ALICE}]

    closed = web_app(None, ready)
    assert (await request(closed, "POST", "/slack/events")).status == 404
    assert (await request(closed, "GET", "/planned")).status == 404
    answer = await request(web_app(None, ready, planned), "GET", "/planned")
    assert json.loads(answer.body)[0]["kind"] == "check_in"
