"""Each answer of Slack to a message gives one outcome: over real HTTP, past the SDK."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.domain.errors import UnreachableError
from bot.domain.promise import ChannelId, TeamId, UserId
from bot.ports import Fault, Message, Outcome, Refused, Sent, Unknown
from bot.slack import SlackMessenger
from bot.slack_posts import slack_session
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
    url = f"http://localhost:{runner.addresses[0][1]}/api/"  # a name: aiohttp takes no cookie from an address

    async def token_of(_: TeamId) -> str:
        return "xoxb-1"

    async with slack_session(aiohttp.ClientTimeout(total=PATIENCE_S)) as session:
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
    "failed inside": (
        says(200, '{"ok": false, "error": "internal_error"}'),
        Unknown("internal_error", was_answered=True),
    ),
    "a page of error": (says(503, "<html>"), Unknown("unreadable_answer")),
    "a page instead of an answer": (says(200, "<html>"), Unknown("unreadable_answer", was_answered=True)),
    "half an answer": (says(200, '{"ok": tr'), Unknown("unreadable_answer", was_answered=True)),
    "a list": (says(200, "[]"), Unknown("unreadable_answer", was_answered=True)),
    "cut off": (hangs_up, Unknown("connection_broken")),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_becomes_one_outcome(name: str) -> None:
    answers, expected = ANSWERS[name]
    async with slack_that(answers) as messenger:
        assert await messenger.post(TEAM, "C9", MESSAGE, "mark") == expected


async def test_a_refused_connection_means_that_nothing_arrived() -> None:
    async with slack_that(hangs_up) as messenger:
        messenger._client.base_url = "http://127.0.0.1:9/api/"
        outcome = await messenger.post(TEAM, "C9", MESSAGE)
    assert isinstance(outcome, Refused)
    assert outcome.fault is Fault.OUTAGE


async def test_a_cookie_from_an_answer_goes_with_no_other_workspaces_request() -> None:
    cookies: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        cookies.append(request.headers.get("Cookie", ""))
        taken = web.json_response({"ok": True, "channel": "C9", "ts": "1.2"})
        taken.set_cookie("session", "of the first")
        return taken

    async with slack_that(answer) as messenger:
        await messenger.post(TEAM, "C9", MESSAGE)
        await messenger.post(TeamId("T2"), "C9", MESSAGE)
    assert cookies == ["", ""]


CHART = {"type": "data_visualization", "title": "Eight weeks", "chart": {"type": "pie", "segments": []}}
BUTTONS = {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": {}, "value": "v"}]}
BUILT = Message("Two promises were kept.", [*MESSAGE.blocks, CHART, BUTTONS])


@pytest.mark.parametrize("error", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"])
@pytest.mark.parametrize("refused", [{"data_visualization"}, {"data_visualization", "section", "actions"}])
async def test_a_message_whose_form_slack_refuses_is_sent_in_a_simpler_one(error: str, refused: set[str]) -> None:
    got: list[dict[str, Any]] = []

    async def choosy(request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        if {block["type"] for block in asked["blocks"]} & refused:
            return web.json_response({"ok": False, "error": error})
        got.append(asked)
        return web.json_response({"ok": True, "channel": "C9", "ts": "1.2"})

    async with slack_that(choosy) as messenger:
        assert await messenger.post(TEAM, "C9", BUILT, "mark") == Sent(ChannelId("C9"), "1.2")
        assert await messenger.update(TEAM, ChannelId("C9"), "1.2", BUILT) == Sent(ChannelId("C9"), "1.2")
    for asked in got:
        assert asked["text"].startswith("Two promises were kept.")
        kept = [block["type"] for block in asked["blocks"]]
        assert kept == ([] if "section" in refused else ["section", "actions"])
        assert ("/promise list" in asked["text"]) == (not kept)  # buttons that are gone are named in the text
    assert got[0]["metadata"]["event_payload"] == {"id": "mark"}


async def test_a_message_that_slack_refuses_in_every_form_is_refused_for_its_form() -> None:
    async with slack_that(says(200, '{"ok": false, "error": "invalid_blocks"}')) as messenger:
        assert await messenger.post(TEAM, "C9", BUILT) == Refused(Fault.FORM, "invalid_blocks")


def history(pages: int, mark: str, limited_at: set[int]) -> tuple[Answering, list[str]]:
    """A conversation of so many pages whose last holds the mark; the calls named are turned away with a 429."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        cursor = str((await request.post()).get("cursor") or "0")
        asked.append(cursor)
        if len(asked) in limited_at:
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})
        page = int(cursor)
        last = page == pages - 1
        found = [{"ts": "1.2", "metadata": {"event_payload": {"id": mark}}}] if last else [{"ts": f"9.{page}"}]
        return web.json_response(
            {"ok": True, "messages": found, "response_metadata": {"next_cursor": "" if last else str(page + 1)}}
        )

    return answer, asked


async def test_a_look_that_is_cut_short_by_a_limit_goes_on_where_it_was() -> None:
    answers, asked = history(4, "mark", limited_at={1, 3, 5})
    since = datetime(2026, 11, 23, 9, tzinfo=UTC)
    async with slack_that(answers) as messenger:
        outcomes = [await messenger.find(TEAM, "C9", "mark", since) for _ in range(4)]
    assert asked == ["0", "0", "1", "1", "2", "2", "3"]
    assert [getattr(outcome, "is_partial", None) for outcome in outcomes] == [False, True, True, None]
    assert outcomes[-1] == Sent(ChannelId("C9"), "1.2")


async def test_a_long_conversation_is_looked_through_in_parts() -> None:
    answers, asked = history(13, "mark", limited_at=set())
    since = datetime(2026, 11, 23, 9, tzinfo=UTC)
    async with slack_that(answers) as messenger:
        assert await messenger.find(TEAM, "C9", "mark", since) == Unknown("long_conversation", was_answered=True)
        assert await messenger.find(TEAM, "C9", "mark", since) == Sent(ChannelId("C9"), "1.2")
    assert asked == [str(page) for page in range(13)]


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (says(429, '{"ok": false, "error": "ratelimited"}', **{"Retry-After": "29"}), "try again in 29 seconds"),
        (says(503, "<html>"), "Please try again."),
        (hangs_up, "Please try again."),
    ],
)
async def test_a_person_unknown_to_slack_is_a_sentence_without_a_class_name(answers: Answering, word: str) -> None:
    async with slack_that(answers) as messenger:
        with pytest.raises(UnreachableError, match=word) as sent:
            await messenger.person(TEAM, UserId("U1"))
    assert "Error" not in str(sent.value)
    assert "nothing was recorded" in str(sent.value)


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


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        (says(200, '{"ok": true}', **{"X-OAuth-Scopes": "chat:write,commands"}), True),
        (says(200, '{"ok": true}', **{"X-OAuth-Scopes": "chat:write, channels:history"}), False),
        (says(200, '{"ok": true}'), False),
        (says(200, '{"ok": false, "error": "invalid_auth"}'), False),
        (hangs_up, False),
    ],
)
async def test_a_missing_permission_is_known_from_slacks_answer(answer: Answering, lacks: bool) -> None:
    async with slack_that(answer) as messenger:
        assert await messenger.lacks(TEAM, "channels:history") is lacks
