"""What is said back to a person, and the ways it reaches them: in the ack, by response_url, or as a direct message."""

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
    """What a handler answers; a blank one says nothing.

    `replaces` puts the message in place of the one that was clicked. `fields` are a modal's complaints, a sentence for
    each input's name. `home` is the place on the Home tab to redraw. `public` shows a command's answer to everybody.
    `view` takes the place of the modal that was sent in; where that is closed already, `message` is said instead.
    `then` is work that follows the acknowledgement, and may have something to say of its own.
    """

    message: Message | None = None
    replaces: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    public: bool = False
    view: Mapping[str, Any] | None = None
    then: "Callable[[], Awaitable[Reply]] | None" = None


class Errands:
    """Work that outlives the request it came from; finished, not dropped, when the process stops."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._running.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._running.discard)
        return task

    async def drain(self, within_s: float = 5.0) -> None:
        """Waits for what is still running, and cancels what takes longer."""
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=within_s)
            for task in late:
                task.cancel()


def in_own_time(doors: Services, call: Call, reply: Reply) -> Reply:
    """Return the reply with the dates of its notification in words, in its reader's zone where that is in memory."""
    if reply.message is None:
        return reply
    met = doors.people.met(call.team_id, call.user_id)
    text = in_words(reply.message.text, met.zone if met else "", doors.clock.now())
    return replace(reply, message=replace(reply.message, text=text))


async def say(doors: Services, call: Call, reply: Reply) -> None:
    """Says it after the ack. What Slack does not take is logged: the act itself is committed and told by its card."""
    reply = in_own_time(doors, call, reply)
    if reply.message and not (call.answer_url and await _by_url(call, reply.message, replaces=reply.replaces)):
        outcome = await doors.messenger.post(call.team_id, call.user_id, reply.message, thread_ts=call.thread_ts)
        if not isinstance(outcome, Sent):
            log.warning("an answer was not taken", request=call.name, team=call.team_id, error=outcome.error)
    if reply.home:
        try:
            await publish_home(doors, call, reply.home)
        except (KeptError, SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("a home tab was not redrawn", team=call.team_id, error=type(error).__name__)


async def _by_url(call: Call, message: Message, *, replaces: bool) -> bool:
    """Return whether Slack took it, in one of its forms: an address lives for half an hour and five answers.

    Where the connection broke nobody knows; an answer that comes twice is better than none. It leads to Slack alone.
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
    """Return what Slack, or the connection, said against the answer; nothing when it was taken."""
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
    """Return the error name in an answer, which is JSON or the bare name; nothing for one that says yes.

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
