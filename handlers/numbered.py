"""Acts by typed command: `done 12`, `move 12 to Monday`, `accept 12`; the person's role decides which act it is."""

import re
from dataclasses import replace

from bot.domain.acts import Act, State
from bot.domain.due_dates import Deadline, Refusal, Unread
from bot.domain.errors import NotAllowedError, NotFoundError, TooLateError, UnreadableError
from bot.domain.promise import RATINGS, Promise, UserId, is_blank
from bot.domain.transitions import HistoryEntry, allowed_acts
from bot.language import _
from bot.ports import Message, Side
from bot.services import Services
from bot.views.blocks import actions
from bot.views.buttons import act_button
from bot.views.did import answer, beside_offer, not_yours
from bot.views.guesses import RUN, Guess, either, fitting, guess_of_move, is_it_new, which_moment
from bot.views.markup import plain
from bot.views.replies import sentence, to_copy
from handlers.acting import open_act_form
from handlers.chains import before_moving
from handlers.moments import has_date, moment_in, recurs
from handlers.parties import as_due, person_meant, readable
from handlers.payloads import Call, text_at
from handlers.replies import Reply
from handlers.weights import adjusted

#: The verbs before a number, and the arguments they allow.
VERBS = ("done", "risk", "accept", "decline", "cancel", "release", "reopen", "undo")
#: With a date behind the number these may be a promise (`cancel 3 bookings by Friday`), or not done yet.
_MAY_BEGIN_A_PROMISE = frozenset(VERBS) - {"risk", "undo"}
#: Further numbers behind the first one.
_MORE_NUMBERS = re.compile(
    r"\A(?:(?:and|und)\s+)?#?[0-9]{1,9}(?:(?:\s*[,&+]\s*|\s+)(?:(?:and|und)\s+)?#?[0-9]{1,9})*", re.IGNORECASE
)
_RATING = re.compile(rf"(?P<rating>{'|'.join(RATINGS)})\b[\s,;:.!–-]*", re.IGNORECASE)


async def on_words_about(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`done 12 it is in the shared folder`: a verb, a number, and a note for the act.

    Ask about text that may be a promise.
    """
    verb, note = words["verb"].lower(), words["rest"] or ""
    note = "" if is_blank(note) else note
    if (
        note
        and verb in _MAY_BEGIN_A_PROMISE
        and (verb == "done" or not words["hash"])
        and await has_date(services, call, call.text)
    ):
        return await _either(services, call, verb, words)
    promise = await _meant(services, call, words)
    act, rating = act_meant(verb, promise, call.user_id), ""
    if _MORE_NUMBERS.fullmatch(note):
        return await _several(services, call, verb, promise, note)
    if act in (Act.REPORT, Act.ACCEPT_DELIVERY) and promise.state is State.ACTIVE and promise.is_owed_to(call.user_id):
        return Reply(not_yours(promise, Act.REPORT, call.user_id, services.clock.now()))
    if act is Act.ACCEPT_DELIVERY and (found := _RATING.match(note)):
        rating, note = found["rating"].lower(), note[found.end() :]
    if act is Act.REOPEN and not note:
        raise UnreadableError(
            _("Say what is missing: `/promise {verb} {number} page 7 is empty`.").format(
                verb=verb, number=promise.number
            ),
            "note",
        )
    return await act_on(services, call, promise, replace(typed_entry(services, call, act), note=note, rating=rating))


def act_meant(verb: str, promise: Promise, person: UserId) -> Act:
    """Return the act that a verb means for this person at this stage; the domain decides whether they may."""
    is_requester, answers = promise.is_owed_to(person), promise.is_proposed_to(person)
    match verb:
        case "done":
            return Act.REPORT
        case "risk":
            return Act.AT_RISK
        case "undo" | "reopen" if promise.state is State.REPORTED and promise.owner_id == person:
            return Act.UNREPORT
        case "undo":
            return Act.UNDO
        case "reopen":
            return Act.REOPEN
        case "accept" if answers:
            return Act.ACCEPT_PROPOSAL
        case "accept":
            return Act.ACCEPT_REQUEST if promise.state is State.REQUESTED else Act.ACCEPT_DELIVERY
        case "decline" if answers:
            return Act.REJECT_PROPOSAL
        case "decline":
            return Act.REOPEN if promise.state is State.REPORTED and is_requester else Act.DECLINE
        case "release":
            return Act.WITHDRAW if promise.state is State.REQUESTED else Act.RELEASE
        case _ if is_requester:
            return Act.WITHDRAW if promise.state is State.REQUESTED else Act.RELEASE
        case _:
            return Act.DECLINE if promise.state is State.REQUESTED else Act.REVOKE


async def _several(services: Services, call: Call, verb: str, promise: Promise, more: str) -> Reply:
    """`done 12 and 15`: ask about each of them, as an act has one promise and may have a note."""
    numbers = dict.fromkeys((promise.number, *map(int, re.findall(r"[0-9]+", more))))
    listed = await services.promises.listed(call.team_id, call.user_id, Side.ALL, call.user_id)
    named = [each for number in numbers for each in listed if each.number == number]
    now = services.clock.now()
    may = [each for each in named if act_meant(verb, each, call.user_id) in allowed_acts(each, call.user_id, now)]
    return Reply(fitting(verb, may))


async def on_move(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`move 12 to Monday, because …`: propose another date, or counter the other side's proposal with one.

    Ask for confirmation if it breaks dependent promises. Without a date, open the form; ask about an ambiguous one.
    Raises UnreadableError for a date that is past, or cannot be parsed.
    """
    promise = await _meant(services, call, words)
    act = move_of(promise, call.user_id)
    if not words["rest"]:
        return await _form(services, call, promise, act)
    if promise.series_id and await recurs(services, call, words["rest"]):
        raise UnreadableError(
            _(
                "The rule of a series cannot be moved. Nothing was changed. `/promise end {number}` ends it, and you "
                "can make a new one; `/promise move {number} to Thursday` moves #{number} alone."
            ).format(number=promise.number)
        )
    read, reason = await moment_in(services, call, promise, words["rest"])
    if isinstance(read, Unread) and len(read.candidates) == 1 and call.action_id.startswith(RUN):
        (read,) = read.candidates  # the button names it, so it is confirmed
    if isinstance(read, Deadline):
        due, note = as_due(read), await readable(services, call.team_id, reason)
        if breaks := await before_moving(services, call, promise, act, due):
            return breaks
        return await act_on(services, call, promise, replace(typed_entry(services, call, act), due=due, note=note))
    if not words["hash"] and read.refusal is Refusal.NO_DEADLINE and await has_date(services, call, call.text):
        return await _either(services, call, "move", words)
    if read.candidates and read.refusal is not Refusal.PAST:
        asked = replace(read, understood=read.understood or words["rest"])
        return Reply(which_moment(promise, call.user_id, asked, reason, services.clock.now()))
    raise UnreadableError(_why_not(promise, read, words["rest"]))


def _why_not(promise: Promise, read: Unread, typed: str) -> str:
    example = _("Write it like `/promise move {number} to Friday 17:00, because …`.").format(number=promise.number)
    if read.refusal is Refusal.PAST:
        passed = _("“{words}” has passed. Nothing was changed.").format(words=read.understood or typed)
        return f"{passed} {example}"
    return f"{_('I can’t tell which moment you mean. Nothing was changed.')} {example}"


def move_of(promise: Promise, person: UserId) -> Act:
    """Return the act that asks for another date: one that counters the other side's proposal, if there is one."""
    return Act.COUNTER if promise.is_proposed_to(person) else Act.PROPOSE


async def on_edit(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`edit 12` opens the form: to edit in the first minutes, to propose a change after that.

    `edit 12 about 3 h, urgent` sets the estimate and the priority directly, at any time.
    """
    promise = await _meant(services, call, words)
    if words["rest"] and (reply := await adjusted(services, call, promise, words["rest"])):
        return reply
    may = allowed_acts(promise, call.user_id, services.clock.now())
    return await _form(services, call, promise, Act.EDIT if Act.EDIT in may else move_of(promise, call.user_id))


async def _form(services: Services, call: Call, promise: Promise, act: Act) -> Reply:
    """Open the form of an act; without a trigger_id, reply with its button."""
    if text_at(call.body, "trigger_id"):
        await open_act_form(services, call, act, promise.id)
        return Reply()
    await services.promises.offered(call.team_id, promise.id, act, call.user_id)
    asks = _("Which date suits you for #{number}?").format(number=promise.number)
    return Reply(Message(asks, [*sentence(asks).blocks, *actions([act_button(act, promise)])]))


async def on_handing_over(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`hand 12 to @dave`: they become its owner when they accept."""
    promise, heir = await _meant(services, call, words), await person_meant(services, call, words["who"])
    entry = typed_entry(services, call, Act.HAND_OVER)
    return await act_on(services, call, promise, replace(entry, note=words["rest"] or "", heir=heir))


def typed_entry(services: Services, call: Call, act: Act) -> HistoryEntry:
    """Return an act of the person who typed the command."""
    return HistoryEntry(act, call.user_id, services.clock.now(), origin=f"cmd:{call.trigger_id}")


async def act_on(services: Services, call: Call, promise: Promise, entry: HistoryEntry) -> Reply:
    """Perform one act on the promise and reply with its result."""
    act, now, note = entry.act, entry.at, await readable(services, call.team_id, entry.note)
    entry = replace(entry, note=note)
    try:
        after = await services.promises.act(call.team_id, promise.id, entry)
    except NotAllowedError:
        return Reply(to_copy(not_yours(promise, act, call.user_id, now), note and plain(call.text)))
    except (TooLateError, UnreadableError) as error:
        if promise.proposal is None or act not in (Act.PROPOSE, Act.COUNTER, Act.HAND_OVER):
            raise
        return Reply(to_copy(beside_offer(str(error), promise, call.user_id, now), plain(call.text)))
    return Reply(answer(act, after, call.user_id, now, note))


async def _meant(services: Services, call: Call, words: re.Match[str]) -> Promise:
    return (await services.promises.show(call.team_id, int(words["number"]), call.user_id)).promise


async def _either(services: Services, call: Call, verb: str, words: re.Match[str]) -> Reply:
    """Ask whether the text is about a promise, or is a new one."""
    try:
        promise = await _meant(services, call, words)
    except NotFoundError:
        return Reply(is_it_new(call.text))
    rest = "" if verb in ("done", "move") else f" {words['rest']}"
    guesses = [Guess(verb, f"{verb} #{promise.number}{rest}", promise)]
    read, _ = await moment_in(services, call, promise, words["rest"])
    if verb == "done" and isinstance(read, Deadline):
        guesses.append(guess_of_move(promise, as_due(read)))
    return Reply(either(promise, guesses, call.text))
