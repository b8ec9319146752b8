"""Whatever Slack answers to a message, one outcome is made of it: over real HTTP, past the SDK."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.domain.promise import ChannelId, TeamId
from bot.ports import Fault, Message, Outcome, Refused, Sent, Unknown
from bot.slack import SlackMessenger
from tests.patience import PATIENCE_S

TEAM = TeamId("T1")
MESSAGE = Message("It’s <done> & dusted", [{"type": "section", "text": {"type": "mrkdwn", "text": "“done”"}}])
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def slack_that(answers: Answering) -> AsyncIterator[SlackMessenger]:
    app = web.Application()
    app.router.add_post("/api/{method}", answers)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"

    async def token_of(_: TeamId) -> str:
        return "xoxb-1"

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S)) as session:
        client = AsyncWebClient(base_url=url, session=session, retry_handlers=[])
        yield SlackMessenger(client, token_of, SystemClock())
    await runner.cleanup()


def says(status: int, body: str, **headers: str) -> Answering:
    async def answer(_: web.Request) -> web.StreamResponse:
        kind = "application/json" if body.startswith(("{", "[")) else "text/html"
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    return answer


async def hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    raise ConnectionResetError


ANSWERS: dict[str, tuple[Answering, Outcome]] = {
    "taken": (says(200, '{"ok": true, "channel": "C9", "ts": "1.2"}'), Sent(ChannelId("C9"), "1.2")),
    "refused": (says(200, '{"ok": false, "error": "is_archived"}'), Refused(Fault.PLACE_GONE, "is_archived")),
    "limited": (
        says(429, '{"ok": false, "error": "ratelimited"}', **{"Retry-After": "7"}),
        Refused(Fault.LIMITED, "ratelimited", timedelta(seconds=7), "chat.postMessage"),
    ),
    "limited, without a word": (
        says(429, "slow down", **{"Retry-After": "7"}),
        Refused(Fault.LIMITED, "ratelimited", timedelta(seconds=7), "chat.postMessage"),
    ),
    "failed inside": (says(200, '{"ok": false, "error": "internal_error"}'), Unknown("internal_error", said=True)),
    "a page of error": (says(503, "<html>"), Unknown("unreadable_answer")),
    "a page instead of an answer": (says(200, "<html>"), Unknown("unreadable_answer", said=True)),
    "half an answer": (says(200, '{"ok": tr'), Unknown("unreadable_answer", said=True)),
    "a list": (says(200, "[]"), Unknown("unreadable_answer", said=True)),
    "cut off": (hangs_up, Unknown("ServerDisconnectedError")),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_becomes_one_outcome(name: str) -> None:
    answers, expected = ANSWERS[name]
    async with slack_that(answers) as messenger:
        assert await messenger.post(TEAM, "C9", MESSAGE, "mark") == expected


async def test_nobody_listening_means_that_nothing_arrived() -> None:
    async with slack_that(hangs_up) as messenger:
        messenger._client.base_url = "http://127.0.0.1:9/api/"
        outcome = await messenger.post(TEAM, "C9", MESSAGE)
    assert isinstance(outcome, Refused)
    assert outcome.fault is Fault.OUTAGE


async def test_a_message_arrives_with_its_mark_its_thread_and_every_letter() -> None:
    got: list[dict[str, Any]] = []

    async def keep(request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == "Bearer xoxb-1"
        got.append(json.loads(await request.read()))
        return web.json_response({"ok": True, "channel": "C9", "ts": "1.2"})

    async with slack_that(keep) as messenger:
        await messenger.post(TEAM, "C9", MESSAGE, "mark", "0.9")
        await messenger.update(TEAM, ChannelId("C9"), "1.2", Message("just words"))
    posted, redrawn = got
    assert posted == {
        "channel": "C9",
        "text": MESSAGE.text,
        "blocks": list(MESSAGE.blocks),
        "thread_ts": "0.9",
        "metadata": {"event_type": "kept_delivery", "event_payload": {"id": "mark"}},
        "unfurl_links": False,
        "unfurl_media": False,
    }
    assert redrawn == {"channel": "C9", "ts": "1.2", "text": "just words", "blocks": []}
