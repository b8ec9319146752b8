"""Making a promise, or asking for one: from words, or from an offered reading of them."""

from dataclasses import replace
from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.chains import split_needs
from bot.domain.clashes import ClashSeen
from bot.domain.drafts import Draft, Source
from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread
from bot.domain.errors import UnreadableError
from bot.domain.people import Person
from bot.domain.promise import Due, Origin, UserId
from bot.domain.recurring import series_of
from bot.domain.repeating import read_repeating
from bot.domain.wording import Wording, read_promise
from bot.ports import Message
from bot.services import Services
from bot.views.asides import with_asides
from bot.views.drafts import decode_draft
from bot.views.recurring import NOT_ASKED, which_rule
from bot.views.replies import help_message, question, recorded, sentence
from handlers.answering import Reply
from handlers.clashes import clash_now
from handlers.markup import MENTION, plain, unnamed
from handlers.payloads import Call, text_at
from handlers.recurring import with_rule

log = structlog.get_logger("kept.handlers")

#: The longest text that is read at all; what fits into a promise is for the domain to say.
TEXT_LIMIT = 2000
#: Up to this many words without a deadline, and without anybody's name, are taken for a slip of the hand.
FEW_WORDS = 2


async def make_from_words(doors: Services, call: Call, text: str, *, asks: bool = False) -> Reply:
    """Records what the words say with certainty; what they leave open is asked back, and nothing is recorded."""
    if len(text) > TEXT_LIMIT:
        raise UnreadableError(f"That is {len(text):,} characters long; {TEXT_LIMIT:,} are read. Please shorten it.")
    me = await doors.people.of(call.team_id, call.user_id)
    text, needs = split_needs(text)
    wording = read_words(text, doors.clock.now(), me)
    if asks and wording.rules:
        raise UnreadableError(NOT_ASKED)
    draft = replace(await draft_of(doors, call, wording, asks=asks), needs=needs)
    if asks and draft.owner_id and isinstance(wording.deadline, Deadline):
        owner = await doors.people.colleague(call.team_id, draft.owner_id)
        draft = replace(draft, due=due_of(read_again(doors, text, wording.deadline, me, owner)))
    if isinstance(wording.deadline, Unread):
        if _is_a_slip(text, wording):
            return Reply(help_message())
        return Reply(asked_back(draft, wording, wording.deadline, doors.clock.now()))
    return await record(doors, call, draft, f"cmd:{call.trigger_id}")


def read_words(text: str, now: datetime, me: Person) -> Wording:
    """What the words promise, again and again or once."""
    return read_repeating(text, now, me.hours, me.locale) or read_promise(text, now, me.hours, me.locale)


def asked_back(draft: Draft, wording: Wording, unread: Unread, now: datetime) -> Message:
    """Which moment is meant, or how it comes again."""
    if unread.refusal is Refusal.RECURRING:
        return which_rule(draft, unread, wording.rules, now)
    return question(draft, unread, now)


def read_again(doors: Services, text: str, deadline: Deadline, me: Person, owner: Person) -> Deadline:
    """A whole day ends when its owner's working day does; a time of day is meant by whoever says it."""
    if deadline.granularity is Granularity.MINUTE:
        return deadline
    theirs = read_promise(text, doors.clock.now(), owner.hours, me.locale).deadline
    return theirs if isinstance(theirs, Deadline) else deadline


async def draft_of(doors: Services, call: Call, wording: Wording, *, asks: bool) -> Draft:
    """The words as a draft: the first person named is the other side, the rest are watchers.

    Raises NotFoundError for a name that nobody has, UnreadableError for a request to nobody.
    """
    named = [await person_meant(doors, call, written) for written in wording.people]
    people = list(dict.fromkeys(named))
    first, others = (people[0] if people else None), tuple(people[1:])
    due = due_of(wording.deadline) if isinstance(wording.deadline, Deadline) else None
    what = await readable(doors, call, wording.what)
    if not asks:
        rule = wording.rules[0] if due and wording.rules else None
        return Draft(what=what, due=due, requester_id=first, watchers=others, rule=rule)
    if first is None:
        raise UnreadableError("Say whom you ask: `/promise ask @who what by when`.")
    return Draft(what=what, due=due, owner_id=first, watchers=others, asks=True)


async def person_meant(doors: Services, call: Call, written: str) -> UserId:
    """The person behind `<@U123|name>` or `@name`.

    Raises NotFoundError when there is nobody of that name.
    """
    mention = MENTION.fullmatch(written)
    return UserId(mention[1]) if mention else await doors.people.named(call.team_id, written.lstrip("@"))


async def readable(doors: Services, call: Call, text: str) -> str:
    """The words as their writer saw them, with a name for each mention."""
    names = {person: (await doors.people.of(call.team_id, person)).name for person in unnamed(text)}
    return plain(text, names)


def first_named(text: str, but: UserId) -> UserId | None:
    """Whom a message mentions first, besides its writer."""
    named = (UserId(mention[1]) for mention in MENTION.finditer(text))
    return next((person for person in named if person != but), None)


def due_of(deadline: Deadline) -> Due:
    return Due(deadline.at, deadline.zone)


def _is_a_slip(text: str, wording: Wording) -> bool:
    no_date = isinstance(wording.deadline, Unread) and wording.deadline.refusal is Refusal.NO_DEADLINE
    return no_date and not wording.people and len(text.split()) <= FEW_WORDS


async def record(doors: Services, call: Call, draft: Draft, key: str, obstacle: str = "") -> Reply:
    """Records it and says so: to whoever asks from a conversation at once, elsewhere by a message that is owed.

    `obstacle` is what its owner foresees, for themselves.
    """
    place = await place_of(doors, call, draft.source)
    made = await doors.promises.make(call.team_id, call.user_id, draft, place, key)
    promise = made.promise
    if obstacle and promise.owner_id == call.user_id:
        await doors.asides.foresee(call.team_id, promise.id, call.user_id, obstacle)
    if not place.channel_id:
        return Reply(home=call.home)
    found = await clash_now(doors, promise)
    asides = (made.doubt, ClashSeen(found, call.user_id) if found else None)
    receipt = with_asides(recorded(promise, doors.clock.now()), asides, promise)
    if draft.rule:
        receipt = await with_rule(doors, call, receipt, promise, series_of(promise, draft.rule))
    return Reply(receipt, replaces=call.is_own_copy or call.is_direct, home=call.home)


async def place_of(doors: Services, call: Call, source: Source | None = None) -> Origin:
    """Where the promise is made. What is made in no conversation at all is between its parties."""
    if not call.channel_id:
        return Origin(call.channel_id, is_private=True)
    is_private = await doors.messenger.is_private(call.team_id, call.channel_id, call.channel_name)
    if source is None:
        return Origin(call.channel_id, is_private)
    return Origin(call.channel_id, is_private, await _permalink(call, source), source.thread_ts)


async def _permalink(call: Call, source: Source) -> str:
    """The address of a message; none when Slack will not tell, for the promise matters more."""
    try:
        answer = await call.client.api_call(
            "chat.getPermalink", data={"channel": call.channel_id, "message_ts": source.ts}
        )
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as fault:
        log.info("no permalink", team=call.team_id, error=type(fault).__name__)
        return ""
    return text_at(answer.data, "permalink")


async def on_declined(doors: Services, call: Call) -> Reply:
    """“Not now”: nothing was recorded, and the offer goes."""
    return Reply(sentence("Nothing was recorded."), replaces=True)


async def on_candidate(doors: Services, call: Call) -> Reply:
    """One of the readings offered was chosen. One question records once, whichever of them is clicked how often."""
    asked_in = f"{call.channel_id}:{call.message_ts}" if call.message_ts else call.trigger_id
    return await record(doors, call, decode_draft(call.action_value), f"question:{asked_in}")
