"""Messages that people write: to Kept directly, in threads under its messages, and in channels where it listens.

Nothing is recorded from them: the promise is offered to the writer, and recorded when they confirm it.
"""

import re

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.chains import split_needs
from bot.domain.drafts import Draft, Source
from bot.domain.due_dates import Deadline, Unread
from bot.domain.errors import KeptError
from bot.domain.promise import ChannelId, UserId
from bot.domain.speech import is_worth_offering, sounds_like_a_promise
from bot.domain.wording import Wording
from bot.language import read_in
from bot.ports import Message
from bot.services import Services
from bot.views.guesses import unknown
from bot.views.replies import offer
from handlers.making import TEXT_LIMIT, asked_back, check_length, read_words
from handlers.near_commands import near_command
from handlers.parties import draft_read
from handlers.payloads import Call, text_at
from handlers.replies import Reply
from handlers.routes import routed
from handlers.threads import on_answer
from handlers.unclear_replies import ask_about_any

log = structlog.get_logger("kept.handlers")

#: Slackbot's id: its messages carry no bot_id.
SLACKBOT = "USLACKBOT"
#: Messages in a channel's history when it is made private, or public again.
CONVERTED = ("channel_convert_to_private", "channel_convert_to_public")


async def on_message(services: Services, call: Call) -> Reply:
    """Handle a person's message; messages of apps, edits and deletions are ignored."""
    event = call.body.get("event")
    if text_at(event, "subtype") in CONVERTED:
        services.messenger.forget(call.team_id, call.channel_id)
    is_persons = (
        not text_at(event, "bot_id")
        and call.user_id != SLACKBOT
        and text_at(event, "subtype") in ("", "file_share", "thread_broadcast")
    )
    if not is_persons or not call.text:
        return Reply()
    if text_at(event, "channel_type") == "im":
        return await _on_direct(services, call)
    await _on_overheard(services, call)
    return Reply()


async def _on_direct(services: Services, call: Call) -> Reply:
    read_in(await services.people.language_of(call.team_id, call.user_id))
    check_length(call.text)
    if call.thread_ts and (
        promises := await services.promises.in_message(call.team_id, call.channel_id, call.thread_ts)
    ):
        return await on_answer(services, call, promises)
    text = re.sub(r"^/?promise\s+", "", call.text, flags=re.IGNORECASE)
    is_request = re.match(r"ask\b", text, re.IGNORECASE)
    reply = None if is_request else await routed(services, call, text) or await near_command(services, call, text)
    if reply:
        return reply
    draft, wording = await _draft(services, call, text)
    now, is_dated = services.clock.now(), isinstance(wording.deadline, Deadline)
    if not wording.people and (reply := await ask_about_any(services, call, text, is_dated=is_dated)):
        return reply
    if isinstance(wording.deadline, Unread):
        is_meant = sounds_like_a_promise(text) or wording.people or wording.rules
        return Reply(asked_back(draft, wording, wording.deadline, now) if is_meant else unknown(text))
    return Reply(offer(draft))


async def _on_overheard(services: Services, call: Call) -> None:
    """Offer the writer alone to record a message that looks like a promise with a certain date.

    Errors are not reported to them: they did not ask for anything.
    """
    if len(call.text) > TEXT_LIMIT or not is_worth_offering(call.text):
        return
    setting = await services.places.listening(call.team_id, call.channel_id)
    if setting is None:
        return
    try:
        draft, wording = await _draft(services, call, call.text)
        if isinstance(wording.deadline, Deadline) and draft.what:
            await _whisper(call, offer(draft, listening_since=setting.set_by))
    except (KeptError, SlackApiError) as fault:
        log.info("an offer was not made", team=call.team_id, error=type(fault).__name__)


async def _draft(services: Services, call: Call, text: str) -> tuple[Draft, Wording]:
    """Return the draft that the message would record."""
    me, event = await services.people.of(call.team_id, call.user_id), call.body.get("event")
    read_in(me.language)
    text, needs = split_needs(text[:TEXT_LIMIT])
    wording = read_words(text, services.clock.now(), me)
    draft = await draft_read(services, call, wording, text)
    asked_by = text_at(event, "parent_user_id")
    other = draft.settled().requester_id or UserId(asked_by) or None
    if other == call.user_id or (other and text_at(event, "channel_type") == "im" and other == asked_by):
        other = None
    ts = text_at(event, "ts")
    source = Source(ts, text_at(event, "thread_ts") or ts) if text_at(event, "channel_type") != "im" else None
    return Draft(
        draft.what, draft.due, other, None, draft.watchers, needs=needs, source=source, rule=draft.rule
    ), wording


async def _whisper(call: Call, message: Message) -> None:
    await call.client.chat_postEphemeral(
        channel=ChannelId(call.channel_id),
        user=call.user_id,
        thread_ts=call.thread_ts or None,
        text=message.text,
        blocks=[dict(block) for block in message.blocks],
    )
