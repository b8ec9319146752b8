"""Replies to a person: in the ack, by response_url, or as a direct message."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.errors import KeptError
from bot.ports import Fault, Message, Sent
from bot.services import Services
from bot.slack_errors import FAULTS
from bot.views.simpler import forms_of
from bot.views.words import in_words
from handlers.home import publish_home
from handlers.payloads import Call
from handlers.response_urls import is_slacks

log = structlog.get_logger("kept.handlers")

OK = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A handler's reply; an empty one sends nothing.

    `replaces` puts the message in place of the clicked one. `fields` are a modal's errors by input name. `home` is the
    place on the Home tab to redraw. `public` shows a command's reply to everyone. `view` replaces the submitted modal;
    if that is closed already, `message` is sent instead. `then` is work to do after the acknowledgement; it may return
    another reply.
    """

    message: Message | None = None
    replaces: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    public: bool = False
    view: Mapping[str, Any] | None = None
    then: "Callable[[], Awaitable[Reply]] | None" = None


class BackgroundTasks:
    """Background tasks that outlive their request; they are finished, not dropped, when the process stops."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._running.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._running.discard)
        return task

    async def drain(self, within_s: float = 5.0) -> None:
        """Wait for running tasks, and cancel those that take too long."""
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=within_s)
            for task in late:
                task.cancel()


def with_written_dates(services: Services, call: Call, reply: Reply) -> Reply:
    """Return the reply with dates written out in its notification, in the reader's zone if cached."""
    if reply.message is None:
        return reply
    known = services.people.cached(call.team_id, call.user_id)
    text = in_words(reply.message.text, known.zone if known else "", services.clock.now())
    return replace(reply, message=replace(reply.message, text=text))


async def say(services: Services, call: Call, reply: Reply) -> None:
    """Send a reply after the ack. A refusal by Slack is only logged: the act is committed, and its card shows it."""
    reply = with_written_dates(services, call, reply)
    if reply.message and not (call.answer_url and await _by_url(call, reply.message, replaces=reply.replaces)):
        outcome = await services.messenger.post(call.team_id, call.user_id, reply.message, thread_ts=call.thread_ts)
        if not isinstance(outcome, Sent):
            log.warning("an answer was not taken", request=call.name, team=call.team_id, error=outcome.error)
    if reply.home:
        try:
            await publish_home(services, call, reply.home)
        except (KeptError, SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("a home tab was not redrawn", team=call.team_id, error=type(error).__name__)


async def _by_url(call: Call, message: Message, *, replaces: bool) -> bool:
    """Post to the response_url and return whether Slack accepted it; it is valid for half an hour and five replies.

    After a broken connection the post is repeated, because a duplicate reply is better than none. Only Slack's hosts
    are called.
    """
    if not is_slacks(call.answer_url, call.client.base_url):
        log.warning("an answer was not sent to an address that is not Slack's", request=call.name, team=call.team_id)
        return False
    error = ""
    for form in forms_of(message):
        error = await _refusal_of(call, form, replaces=replaces)
        if FAULTS.get(error) is not Fault.FORM:
            break
    if error:
        log.info("an answer goes as a direct message", request=call.name, team=call.team_id, error=error)
    return not error


async def _refusal_of(call: Call, message: Message, *, replaces: bool) -> str:
    """Return the error that Slack or the connection gave; empty on success."""
    body = {
        "response_type": "ephemeral",
        "replace_original": replaces,
        "text": message.text,
        "blocks": list(message.blocks),
    }
    session, proxy = call.client.session, call.client.proxy
    assert session is not None, "the client was made without its shared session"  # noqa: S101  ours to get right
    try:
        async with session.post(call.answer_url, json=body, proxy=proxy, allow_redirects=False) as answer:
            return _error_in(answer.status, await answer.read())
    except (aiohttp.ClientError, TimeoutError) as broken:
        return type(broken).__name__


def _error_in(status: int, body: bytes) -> str:
    """Return the error name in an answer, which is JSON or a bare name; empty on success.

    >>> _error_in(200, b"ok"), _error_in(404, b"used_url"), _error_in(200, b'{"ok": false, "error": "invalid_blocks"}')
    ('', 'used_url', 'invalid_blocks')
    """
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return "" if status == OK and found.get("ok", True) else str(found.get("error") or status)
    return "" if status == OK else body.decode(errors="replace")[:60].strip() or str(status)
