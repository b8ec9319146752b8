"""Record a promise or a request, from typed text or from an offered reading of it."""

from dataclasses import replace
from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.acts import Act
from bot.domain.chains import split_needs
from bot.domain.clashes import ClashSeen
from bot.domain.drafts import Draft, RequesterDoubt, Source
from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread
from bot.domain.errors import UnreadableError
from bot.domain.people import Person
from bot.domain.promise import NO_PLACE, Origin, PromiseId, UserId
from bot.domain.recurring import series_of
from bot.domain.repeating import read_repeating
from bot.domain.speech import asks_the_named, asks_without_a_name, without_asking
from bot.domain.transitions import HistoryEntry
from bot.domain.wording import MENTION, Wording, read_promise
from bot.language import _
from bot.ports import Message
from bot.services import Services
from bot.views.asides import with_asides
from bot.views.drafts import decode_draft
from bot.views.guesses import to_whom, unknown, who_owes, whom_to_ask
from bot.views.markup import mentioned
from bot.views.recurring import NOT_ASKED, which_rule
from bot.views.replies import question, recorded, sentence
from handlers.clashes import clash_now
from handlers.parties import as_due, draft_read
from handlers.payloads import Call, text_at
from handlers.prefetching import prefetch
from handlers.recurring import with_rule
from handlers.replies import Reply

log = structlog.get_logger("kept.handlers")

#: Longest text that is parsed; the domain limits what fits into a promise.
TEXT_LIMIT = 2000
#: Text of up to this many words, without deadline and names, is taken for a slip.
FEW_WORDS = 2


def check_length(text: str) -> None:
    """Raise UnreadableError for text over the limit; called before any pattern is applied."""
    if len(text) > TEXT_LIMIT:
        raise UnreadableError(
            _("That is {count:,} characters long; I read up to {most:,}. Please shorten it.").format(
                count=len(text), most=TEXT_LIMIT
            )
        )


async def make_from_words(
    services: Services,
    call: Call,
    text: str,
    *,
    asks: bool = False,
    is_meant: bool = False,
    for_oneself: bool = False,
) -> Reply:
    """Record what is certain in the text; ask about anything ambiguous, and record nothing then.

    `is_meant` means that the person confirmed it as a new promise; `for_oneself` keeps it private.
    """
    check_length(text)
    await prefetch(services, call, mentioned(text))
    me = await services.people.of(call.team_id, call.user_id)
    text, needs = split_needs(text)
    wording = read_words(text, services.clock.now(), me)
    if asks and wording.rules:
        raise UnreadableError(NOT_ASKED)
    read = await draft_read(services, call, wording, text, asks=asks)
    what = read.what.removeprefix("to ") if for_oneself else read.what
    read = replace(read, what=what, needs=needs, is_private=for_oneself)
    draft = await _due_by_owner(services, call, _as_meant(read, wording, text, is_meant=is_meant), wording, text)
    if not (is_meant or for_oneself) and draft.names_no_one and asks_without_a_name(text):
        return Reply(whom_to_ask(_asked(draft, None, wording), draft))
    if isinstance(wording.deadline, Unread):
        if _is_a_slip(text, wording) and not (is_meant or for_oneself):
            return Reply(unknown(text))
        return Reply(asked_back(draft, wording, wording.deadline, services.clock.now()))
    if draft.asks and not asks and draft.owner_id:
        name = (await services.people.of(call.team_id, draft.owner_id)).name
        return Reply(who_owes([(name, draft)], read.settled()))
    if draft.doubt and draft.doubt.others and _asks_them(draft, text):
        return await _owner_asked(services, call, draft, draft.doubt, wording, text)
    if draft.doubt:
        return await _requester_asked(services, call, draft, draft.doubt)
    key = f"question:{call.channel_id}:{call.message_ts}" if is_meant and call.message_ts else f"cmd:{call.trigger_id}"
    return await record(services, call, draft, key)


async def _requester_asked(services: Services, call: Call, draft: Draft, doubt: RequesterDoubt) -> Reply:
    """Return the question which of the people in doubt is the requester, if any."""
    return Reply(to_whom(draft, await _names_of(services, call, doubt)))


async def _owner_asked(
    services: Services, call: Call, draft: Draft, doubt: RequesterDoubt, wording: Wording, text: str
) -> Reply:
    """Return the question which of the people in doubt is asked for it, if any."""
    names = await _names_of(services, call, doubt)
    asked = [(name, _asked(draft.settled(each), each, wording)) for each, name in names.items()]
    return Reply(
        who_owes([(name, await _due_by_owner(services, call, one, wording, text)) for name, one in asked], draft)
    )


async def _names_of(services: Services, call: Call, doubt: RequesterDoubt) -> dict[UserId, str]:
    await prefetch(services, call, doubt.people)
    return {each: (await services.people.of(call.team_id, each)).name for each in doubt.people}


async def _due_by_owner(services: Services, call: Call, draft: Draft, wording: Wording, text: str) -> Draft:
    """Return a request with its deadline read in its owner's hours; any other draft as it is."""
    if not (draft.asks and draft.owner_id and isinstance(wording.deadline, Deadline)):
        return draft
    me = await services.people.of(call.team_id, call.user_id)
    owner = await services.people.colleague(call.team_id, draft.owner_id)
    return replace(draft, due=as_due(read_again(services, text, wording.deadline, me, owner)))


def _as_meant(read: Draft, wording: Wording, text: str, *, is_meant: bool) -> Draft:
    """Return the draft of a text, which is as it stands if it was typed as a request or confirmed as a promise."""
    if is_meant:
        return replace(read, doubt=None) if read.is_named_without_at else read
    return read if read.asks else _request_or_promise(read, wording, text)


def _request_or_promise(draft: Draft, wording: Wording, text: str) -> Draft:
    """Return the draft, as a request if its words ask the person that it names."""
    promised = draft.settled()
    is_one = promised.requester_id and not (draft.doubt and draft.doubt.others)
    if promised.requester_id and is_one and _asks_them(draft, text):
        return _asked(promised, promised.requester_id, wording)
    return draft


def _asks_them(draft: Draft, text: str) -> bool:
    """Return whether the words ask the person that they name for something."""
    return asks_the_named(f"@ {draft.settled().what}" if draft.is_named_without_at else MENTION.sub("@", text))


def _asked(draft: Draft, owner_id: UserId | None, wording: Wording) -> Draft:
    """Return a draft as a request to a person. Raises UnreadableError for one that recurs."""
    if wording.rules:
        raise UnreadableError(NOT_ASKED)
    return replace(draft, what=without_asking(draft.what), requester_id=None, owner_id=owner_id, asks=True)


def read_words(text: str, now: datetime, me: Person) -> Wording:
    """Parse the promise in the text, single or recurring."""
    locale = me.reading_locale
    return read_repeating(text, now, me.hours, locale) or read_promise(text, now, me.hours, locale)


def asked_back(draft: Draft, wording: Wording, unread: Unread, now: datetime) -> Message:
    """Return a question for the due time or the recurrence that is meant."""
    if unread.refusal is Refusal.RECURRING:
        return which_rule(draft, unread, wording.rules, now)
    return question(draft, unread, now)


def read_again(services: Services, text: str, deadline: Deadline, me: Person, owner: Person) -> Deadline:
    """Read a day with its owner's hours, as it ends with their working day; a time is in the writer's zone."""
    if deadline.granularity is Granularity.MINUTE:
        return deadline
    theirs = read_promise(text, services.clock.now(), owner.hours, me.reading_locale).deadline
    return theirs if isinstance(theirs, Deadline) else deadline


def _is_a_slip(text: str, wording: Wording) -> bool:
    no_date = isinstance(wording.deadline, Unread) and wording.deadline.refusal is Refusal.NO_DEADLINE
    return no_date and not wording.people and len(text.split()) <= FEW_WORDS


async def record(services: Services, call: Call, draft: Draft, key: str, obstacle: str = "") -> Reply:
    """Record it and confirm: directly in a conversation, elsewhere by a delivery.

    `obstacle` is the owner's private note.
    """
    await prefetch(services, call, (draft.owner_id, draft.requester_id, *draft.watchers))
    place = NO_PLACE if draft.is_private else await place_of(services, call, draft.source)
    made = await services.promises.make(call.team_id, call.user_id, draft, place, key)
    promise = made.promise
    if obstacle and promise.owner_id == call.user_id:
        await services.asides.foresee(call.team_id, promise.id, call.user_id, obstacle)
    if not place.channel_id and not draft.is_private:
        return Reply(home=call.home)
    found = await clash_now(services, promise)
    asides = (made.doubt, made.room, ClashSeen(found, call.user_id) if found else None)
    receipt = with_asides(recorded(promise, services.clock.now()), asides, promise)
    if draft.rule:
        receipt = await with_rule(services, call, receipt, promise, series_of(promise, draft.rule))
    return Reply(receipt, replaces=call.is_own_copy or call.is_direct, home=call.home)


async def on_only_for_me(services: Services, call: Call) -> Reply:
    """“Only for me”: make a promise to oneself from a channel again, as private.

    Raises what undoing it would raise.
    """
    promise = await services.promises.offered(call.team_id, PromiseId(call.action_value), Act.UNDO, call.user_id)
    shown = await services.promises.show(call.team_id, promise.id, call.user_id)
    terms = promise.terms
    draft = Draft(
        what=terms.what,
        due=terms.due,
        watchers=promise.watchers,
        done_when=terms.done_when,
        needs=tuple(needed.number for needed in shown.needs),
        rule=shown.series.rule if shown.series else None,
        lead_days=promise.lead_days,
        weight=promise.weight,
        is_private=True,
    )
    reply = await record(services, call, draft, f"alone:{promise.id}")
    undo = HistoryEntry(Act.UNDO, call.user_id, services.clock.now(), origin=f"alone:{promise.id}")
    await services.promises.act(call.team_id, promise.id, undo)
    return replace(reply, replaces=call.is_own_copy or call.is_direct)


async def place_of(services: Services, call: Call, source: Source | None = None) -> Origin:
    """Return where the promise is made. Outside any conversation it is private to its parties."""
    if not call.channel_id:
        return NO_PLACE
    is_private = await services.messenger.is_private(call.team_id, call.channel_id, call.channel_name)
    if source is None:
        return Origin(call.channel_id, is_private)
    return Origin(call.channel_id, is_private, await _permalink(call, source), source.thread_ts)


async def _permalink(call: Call, source: Source) -> str:
    """Return the link to a message; empty if Slack refuses, since the promise matters more."""
    try:
        answer = await call.client.api_call(
            "chat.getPermalink", data={"channel": call.channel_id, "message_ts": source.ts}
        )
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as fault:
        log.info("no permalink", team=call.team_id, error=type(fault).__name__)
        return ""
    return text_at(answer.data, "permalink")


async def on_declined(services: Services, call: Call) -> Reply:
    """“Not now”: remove the offer; nothing was recorded."""
    return Reply(sentence(_("Nothing was recorded.")), replaces=True)


async def on_candidate(services: Services, call: Call) -> Reply:
    """Record the chosen reading, or ask the next question. One question records once, however often it is clicked."""
    draft = decode_draft(call.action_value)
    if draft.doubt:
        asked = await _requester_asked(services, call, draft, draft.doubt)
        return replace(asked, replaces=call.is_own_copy or call.is_direct)
    asked_in = f"{call.channel_id}:{call.message_ts}" if call.message_ts else call.trigger_id
    return await record(services, call, draft, f"question:{asked_in}")
