"""What people write: to Kept in direct messages, under what it said, and in channels where somebody let it listen.

Nothing that is read here is recorded: it is offered to whoever wrote it, and recorded when they say so.
"""

import re

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.acts import Act
from bot.domain.chains import split_needs
from bot.domain.deciding import Entry
from bot.domain.drafts import Draft, Source
from bot.domain.due_dates import Deadline, Unread
from bot.domain.errors import KeptError
from bot.domain.promise import ChannelId, Promise, UserId
from bot.domain.speech import note_of_report, sounds_like_a_promise
from bot.domain.wording import Wording
from bot.ports import Message
from bot.services import Services
from bot.views.promise_card import promise_card
from bot.views.replies import help_message, offer, sentence
from handlers.answering import Reply
from handlers.commands import ASK, ROUTES
from handlers.making import TEXT_LIMIT, asked_back, draft_of, due_of, first_named, read_words
from handlers.payloads import Call, text_at

log = structlog.get_logger("kept.handlers")

#: What people write under a question of ours, besides that it is done.
_WORDS = re.compile(
    r"(?P<act>on track|at risk|(?:it[’']s |it is )?(?:running )?late)\b[\s,;:.!–—-]*(?P<note>.*)",
    re.IGNORECASE | re.DOTALL,
)
_IN_A_THREAD = "Here I understand `done`, `on track` and `at risk`, each with a few words after it if you like."


async def on_message(doors: Services, call: Call) -> Reply:
    """A message of a person's; what apps say, and what is changed or deleted, is passed over."""
    event = call.body.get("event")
    is_persons = not text_at(event, "bot_id") and text_at(event, "subtype") in ("", "file_share", "thread_broadcast")
    if not is_persons or not call.text:
        return Reply()
    if text_at(event, "channel_type") == "im":
        return await _on_direct(doors, call)
    await _on_overheard(doors, call)
    return Reply()


async def _on_direct(doors: Services, call: Call) -> Reply:
    thread_ts = text_at(call.body, "event", "thread_ts")
    promise = await doors.promises.said_at(call.team_id, call.channel_id, thread_ts) if thread_ts else None
    if promise:
        return await _on_answer(doors, call, promise)
    text = re.sub(r"^/?promise\s+", "", call.text, flags=re.IGNORECASE)
    for pattern, answer in ROUTES:
        words = pattern.fullmatch(text)
        if words and answer is not ASK:
            return await answer(doors, call, words)
    draft, wording = await _draft(doors, call, text)
    now = doors.clock.now()
    if isinstance(wording.deadline, Unread):
        is_meant = sounds_like_a_promise(text) or wording.people or wording.rules
        return Reply(asked_back(draft, wording, wording.deadline, now) if is_meant else help_message())
    return Reply(offer(draft))


async def _on_answer(doors: Services, call: Call, promise: Promise) -> Reply:
    """Words in the thread of something that Kept said of a promise."""
    note, words = note_of_report(call.text), _WORDS.match(call.text)
    if note is not None:
        act = Act.REPORT
    elif words:
        act, note = Act.ON_TRACK if words["act"].lower() == "on track" else Act.AT_RISK, words["note"].strip()
    else:
        return Reply(sentence(_IN_A_THREAD))
    entry = Entry(act, call.user_id, doors.clock.now(), note=note, origin=f"event:{call.trigger_id}")
    after = await doors.promises.act(call.team_id, promise.id, entry)
    return Reply(promise_card(after, call.user_id, doors.clock.now()))


async def _on_overheard(doors: Services, call: Call) -> None:
    """Offers to record what sounds like a promise with a certain date, to its speaker alone.

    Whatever goes wrong stays unsaid: nobody asked.
    """
    if not sounds_like_a_promise(call.text) or len(call.text) > TEXT_LIMIT:
        return
    setting = await doors.places.listening(call.team_id, call.channel_id)
    if setting is None:
        return
    try:
        draft, wording = await _draft(doors, call, call.text)
        if isinstance(wording.deadline, Deadline) and draft.what:
            await _whisper(call, offer(draft, heard_by=setting.set_by))
    except (KeptError, SlackApiError) as fault:
        log.info("an offer was not made", team=call.team_id, error=type(fault).__name__)


async def _draft(doors: Services, call: Call, text: str) -> tuple[Draft, Wording]:
    """What the words would record, if their writer wanted that."""
    me, event = await doors.people.of(call.team_id, call.user_id), call.body.get("event")
    text, needs = split_needs(text[:TEXT_LIMIT])
    wording = read_words(text, doors.clock.now(), me)
    draft = await draft_of(doors, call, wording, asks=False)
    asked_by = text_at(event, "parent_user_id")
    other = draft.requester_id or first_named(text, but=call.user_id) or UserId(asked_by) or None
    if other == call.user_id or (other and text_at(event, "channel_type") == "im" and other == asked_by):
        other = None
    ts = text_at(event, "ts")
    source = Source(ts, text_at(event, "thread_ts") or ts) if text_at(event, "channel_type") != "im" else None
    due = due_of(wording.deadline) if isinstance(wording.deadline, Deadline) else None
    return Draft(draft.what, due, other, None, draft.watchers, needs=needs, source=source, rule=draft.rule), wording


async def _whisper(call: Call, message: Message) -> None:
    await call.client.chat_postEphemeral(
        channel=ChannelId(call.channel_id),
        user=call.user_id,
        thread_ts=text_at(call.body, "event", "thread_ts") or None,
        text=message.text,
        blocks=[dict(block) for block in message.blocks],
    )
