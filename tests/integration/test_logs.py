"""No word that anybody types and no token reaches the log, whatever Bolt would write; and no value forges a line."""

import io
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import structlog

from bot.config import LogFormat, LogLevel
from bot.logs import configure
from tests.integration.front import Front, front_door, request, signed
from tests.unit.factories import ALICE, TEAM

CANARY = "zebrasecret"
FORGED = "\n2026-11-25T00:00:00Z [error    ] database wiped                  [kept]"
FORM = {
    "command": "/promise",
    "text": f"<@UBOB> {CANARY} raise by tomorrow{FORGED}",
    "team_id": TEAM,
    "user_id": ALICE,
    "channel_id": "C1",
    "channel_name": CANARY,
    "response_url": f"https://hooks.slack.com/commands/T0/1/{CANARY}",
    "trigger_id": "1.1",
}
PERSON = {"team": {"id": TEAM, "domain": "acme"}, "user": {"id": ALICE}, "team_id": TEAM, "trigger_id": "1.1"}
#: Requests without a listener, or without the shape that Bolt takes for granted.
UNKNOWN: dict[str, dict[str, object]] = {
    "suggestion": {"type": "block_suggestion", "action_id": "x", "block_id": "b", "value": CANARY, **PERSON},
    "shortcut": {"type": "shortcut", "callback_id": CANARY, **PERSON},
    "message shortcut": {"type": "message_action", "callback_id": "x", "message": {"text": CANARY}, **PERSON},
    "type": {"type": CANARY, **PERSON},
    "step": {"type": "workflow_step_edit", "callback_id": "x", "workflow_step": {"inputs": CANARY}, **PERSON},
    "closed view": {"type": "view_closed", "view": {"callback_id": CANARY, "state": CANARY}, **PERSON},
    "broken click": {"type": "block_actions", "actions": CANARY, **PERSON},
}

Logged = Callable[[], str]


def fail(fault: Exception) -> None:
    raise fault


@pytest.fixture(params=[(form, level) for form in LogFormat for level in ("info", "debug")], ids=str)
def logged(request: pytest.FixtureRequest) -> Iterator[Logged]:
    """Return the log lines of the process, configured before the app is built as at a start."""
    form, level = request.param
    root, levels = logging.getLogger(), logging.getLogger().level
    handlers, before = root.handlers[:], structlog.get_config()
    stream = io.StringIO()
    configure(form, LogLevel(level), stream)
    structlog.configure(cache_logger_on_first_use=False)  # else other tests' loggers would keep this configuration
    yield stream.getvalue
    root.handlers[:] = handlers
    root.setLevel(levels)
    structlog.configure(**before)


@pytest.fixture
async def front(tmp_path: Path, logged: Logged) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def assert_clean(log: str) -> None:
    assert CANARY not in log
    assert "database wiped" not in log
    assert "xoxb-" not in log


async def test_a_request_whose_signature_does_not_fit_leaves_no_word(front: Front, logged: Logged) -> None:
    body = urlencode(FORM)
    stale = str(int(time.time()) - 400)
    forged = await front.sent(body, x_slack_signature="v0=" + "0" * 64)
    late = await front.sent(body, x_slack_request_timestamp=stale, x_slack_signature=signed(body.encode(), stale))
    unsigned = await request(front.app, "POST", "/slack/events", body.encode())
    bolts = await front.bolt.server().bolt_app.async_dispatch(bolt_request(body))
    assert {forged.status, late.status, unsigned.status, bolts.status} == {401}
    assert_clean(logged())


def bolt_request(body: str) -> object:
    """A forged request as Bolt itself would get it, had nothing looked at it before."""
    from slack_bolt.request.async_request import AsyncBoltRequest

    return AsyncBoltRequest(body=body, headers={"content-type": ["application/x-www-form-urlencoded"]})


@pytest.mark.parametrize("name", UNKNOWN)
async def test_a_request_that_nothing_listens_to_leaves_no_word(name: str, front: Front, logged: Logged) -> None:
    await front.sent(urlencode({"payload": json.dumps(UNKNOWN[name])}))
    await front.sent(json.dumps(UNKNOWN[name]), "application/json")
    assert_clean(logged())


async def test_other_commands_and_events_leave_no_word(front: Front, logged: Logged) -> None:
    await front.sent(urlencode(FORM | {"command": "/other"}))
    await front.event({"type": "emoji_changed", "name": CANARY})
    await front.event({"type": "message", "channel_type": "im", "channel": "D1", "user": ALICE, "text": CANARY})
    assert_clean(logged())


async def test_a_fault_amid_the_work_leaves_its_place_and_no_word(
    front: Front, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError(CANARY + FORGED)

    monkeypatch.setattr(type(front.services.promises), "make", broken)
    answer = await front.command(f"<@UBOB|bob> {CANARY} by Friday 17:00")
    log = logged()
    assert "went wrong" in answer.text
    assert "ValueError" in log
    assert_clean(log)


@pytest.mark.parametrize(
    "name", ["slack_bolt.AsyncApp", "slack_sdk.web", "aiohttp.server", "asyncio", "front.py:AsyncApp"]
)
def test_a_librarys_error_leaves_its_place_and_no_word(name: str, logged: Logged) -> None:
    library = logging.getLogger(name)
    library.setLevel(logging.DEBUG)  # as libraries do when they like
    library.warning("Unhandled request (%s)", CANARY)
    try:
        fail(ValueError(CANARY))
    except ValueError as fault:
        library.exception("Failed to run a listener: %s%s", fault, FORGED)
    log = logged()
    assert log.count("an error in a library") == 1
    assert "ValueError" in log
    assert "test_logs" in log
    assert_clean(log)


def test_a_value_begins_no_line_of_its_own(logged: Logged) -> None:
    log, forged = structlog.get_logger("kept.test"), f"first{FORGED}"
    log.warning(forged, error="one\r\ntwo\x1b[31m\u2028three", tricky="\u202egnp")
    try:
        fail(OSError(f"disk{FORGED}"))
    except OSError:
        log.exception("second")
    lines = logged().splitlines()
    assert sum("database wiped" in line for line in lines) == 2
    assert not [line for line in lines if line.startswith(("2026-11-25T", "two", "three"))]
    assert "\x1b[31m" not in "".join(lines)


def test_what_the_system_says_is_logged(logged: Logged) -> None:
    try:
        fail(OSError(28, "No space left on device"))
    except OSError:
        structlog.get_logger("kept.test").exception("tick failed")
    assert "No space left on device" in logged()
