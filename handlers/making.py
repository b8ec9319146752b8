"""Making a promise, or asking for one: from words, from an offered reading of them, or from the form."""

from dataclasses import replace

from bot.domain.drafts import Draft
from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread
from bot.domain.errors import NotFoundError, UnreadableError
from bot.domain.people import Person
from bot.domain.promise import Due, Origin, UserId
from bot.domain.wording import Wording, read_promise
from bot.views.forms import decode_draft, promise_form
from bot.views.replies import help_message, question, recorded
from handlers.answering import Reply
from handlers.markup import MENTION, plain, unnamed
from handlers.modals import View, open_modal
from handlers.payloads import Call, Inputs, text_at
from handlers.services import Services

#: The longest text that is read at all; what fits into a promise is for the domain to say.
TEXT_LIMIT = 2000
#: Up to this many words without a deadline, and without anybody's name, are taken for a slip of the hand.
FEW_WORDS = 2


async def make_from_words(doors: Services, call: Call, text: str, *, asks: bool = False) -> Reply:
    """Records what the words say with certainty; what they leave open is asked back, and nothing is recorded."""
    if len(text) > TEXT_LIMIT:
        raise UnreadableError(f"That is {len(text):,} characters long; {TEXT_LIMIT:,} are read. Please shorten it.")
    me = await doors.people.of(call.team_id, call.user_id)
    wording = read_promise(text, doors.clock.now(), me.hours, me.locale)
    draft = await draft_of(doors, call, wording, asks=asks)
    if asks and draft.owner_id and isinstance(wording.deadline, Deadline):
        owner = await doors.people.colleague(call.team_id, draft.owner_id)
        draft = replace(draft, due=due_of(read_again(doors, text, wording.deadline, me, owner)))
    if isinstance(wording.deadline, Unread):
        if _is_a_slip(text, wording):
            return Reply(help_message())
        return Reply(question(draft, wording.deadline, doors.clock.now()))
    return await record(doors, call, draft, f"cmd:{call.trigger_id}")


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
        return Draft(what=what, due=due, requester_id=first, watchers=others)
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


def due_of(deadline: Deadline) -> Due:
    return Due(deadline.at, deadline.zone)


def _is_a_slip(text: str, wording: Wording) -> bool:
    no_date = isinstance(wording.deadline, Unread) and wording.deadline.refusal is Refusal.NO_DEADLINE
    return no_date and not wording.people and len(text.split()) <= FEW_WORDS


async def record(doors: Services, call: Call, draft: Draft, key: str) -> Reply:
    place = await place_of(doors, call)
    promise = await doors.promises.make(call.team_id, call.user_id, draft, place, key)
    return Reply(recorded(promise, doors.clock.now()), replaces=call.is_own_copy, home=call.home)


async def place_of(doors: Services, call: Call) -> Origin:
    """Where the promise is made. What is made in no conversation at all is between its parties."""
    if not call.channel_id:
        return Origin(call.channel_id, is_private=True)
    return Origin(call.channel_id, await doors.messenger.is_private(call.team_id, call.channel_id, call.channel_name))


async def on_candidate(doors: Services, call: Call) -> Reply:
    """One of the readings offered was chosen. One question records once, whichever of them is clicked how often."""
    asked_in = f"{call.channel_id}:{call.message_ts}" if call.message_ts else call.trigger_id
    return await record(doors, call, decode_draft(call.action_value), f"question:{asked_in}")


async def on_form_wanted(doors: Services, call: Call) -> Reply:
    """A button that opens the form with what was understood so far."""
    return await open_form(doors, call, decode_draft(call.action_value))


async def on_blank_form_wanted(doors: Services, call: Call) -> Reply:
    """“Make a promise”, from the shortcuts or from the Home tab."""
    return await open_form(doors, call, Draft())


async def on_message_shortcut(doors: Services, call: Call) -> Reply:
    """“Track as a promise”: whoever wrote the message waits for it, or whom one's own message names first."""
    text = text_at(call.body, "message", "text")[:TEXT_LIMIT]
    author = UserId(text_at(call.body, "message", "user"))
    me = await doors.people.of(call.team_id, call.user_id)
    wording = read_promise(text, doors.clock.now(), me.hours, me.locale)
    mention = MENTION.search(text)
    own = author == call.user_id or not author
    other = (UserId(mention[1]) if mention else None) if own else author
    due = due_of(wording.deadline) if isinstance(wording.deadline, Deadline) else None
    what = await readable(doors, call, wording.what)
    return await open_form(doors, call, Draft(what=what, due=due, requester_id=other))


async def open_form(doors: Services, call: Call, draft: Draft) -> Reply:
    async def contents() -> View:
        me = await doors.people.of(call.team_id, call.user_id)
        private = call.from_here(asks=draft.asks).written()
        return promise_form(draft, me.hours.zone, doors.clock.now(), private)

    await open_modal(call, contents())
    return Reply()


async def on_form(doors: Services, call: Call) -> Reply:
    """The form was sent in; sent twice, it records once.

    Raises NotFoundError or UnreadableError, which stand beside their input.
    """
    inputs = Inputs(call.body)
    me = await doors.people.of(call.team_id, call.user_id)
    due_at, other = inputs.instant("due"), inputs.person("requester")
    asks = call.whence.asks
    if asks and other is None:
        raise NotFoundError("Choose the person you ask.")
    draft = Draft(
        what=inputs.text("what"),
        due=Due(due_at, me.hours.zone) if due_at else None,
        requester_id=None if asks else other,
        owner_id=other if asks else None,
        watchers=inputs.people("watchers"),
        done_when=inputs.text("done_when"),
        asks=asks,
    )
    return await record(doors, call, draft, f"view:{call.view_id}")
