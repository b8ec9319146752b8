"""Acts from the command line: `done 12`, `move 12 to Monday`, `accept 12`; who says it decides which act it is."""

import re

from bot.domain.acts import Act, State
from bot.domain.deciding import Entry
from bot.domain.due_dates import Deadline, Granularity, Unread, candidates_of, read_deadline
from bot.domain.errors import UnreadableError
from bot.domain.promise import RATINGS, Due, Promise, UserId
from bot.domain.wording import read_promise
from bot.services import Services
from bot.views.promise_card import promise_card
from bot.views.words import plain_when
from handlers.answering import Reply
from handlers.chains import before_moving
from handlers.making import due_of, person_meant, readable
from handlers.payloads import Call

#: The words that may stand before a number, and what may follow it.
VERBS = ("done", "risk", "accept", "decline", "cancel", "release", "reopen")
#: These begin many a promise, too: `cancel 3 bookings by Friday`.
_MAY_BEGIN_A_PROMISE = frozenset(VERBS) - {"done", "risk"}
_RATING = re.compile(rf"(?P<rating>{'|'.join(RATINGS)})\b[\s,;:.!–-]*", re.IGNORECASE)


async def on_words_about(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """`done 12 it is in the shared folder`: a verb, a number, and words that go with the act.

    Raises UnreadableError when they may just as well be a promise.
    """
    verb, note = words["verb"].lower(), words["rest"] or ""
    if note and not words["hash"] and verb in _MAY_BEGIN_A_PROMISE:
        await _check_is_no_promise(doors, call, verb, words["number"])
    promise = await _meant(doors, call, words)
    act, rating = act_meant(verb, promise, call.user_id), ""
    if act is Act.ACCEPT_DELIVERY and (said := _RATING.match(note)):
        rating, note = said["rating"].lower(), note[said.end() :]
    if act is Act.REOPEN and not note:
        raise UnreadableError(f"Say what is missing: `/promise {verb} {promise.number} page 7 is empty`.", "note")
    return await act_on(doors, call, promise, act, note=note, rating=rating)


def act_meant(verb: str, promise: Promise, person: UserId) -> Act:
    """What a verb means to this person at this stage; the domain says whether they may."""
    is_requester = promise.requester_id == person and not promise.is_own
    answers = promise.proposal is not None and promise.proposal.to == person
    match verb:
        case "done":
            return Act.REPORT
        case "risk":
            return Act.AT_RISK
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


async def on_move(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """Proposes another date, or answers the other side's proposal with one; what that may break is shown first.

    Raises UnreadableError when the words name no moment with certainty.
    """
    promise = await _meant(doors, call, words)
    answers = promise.proposal is not None and promise.proposal.to == call.user_id
    due = await _moment(doors, call, promise, words["when"])
    act = Act.COUNTER if answers else Act.PROPOSE
    return await before_moving(doors, call, promise, act, due) or await act_on(doors, call, promise, act, due=due)


async def on_handing_over(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """`hand 12 to @dave`: they become its owner when they accept."""
    promise, heir = await _meant(doors, call, words), await person_meant(doors, call, words["who"])
    return await act_on(doors, call, promise, Act.HAND_OVER, note=words["rest"] or "", heir=heir)


async def act_on(
    doors: Services,
    call: Call,
    promise: Promise,
    act: Act,
    *,
    note: str = "",
    rating: str = "",
    due: Due | None = None,
    heir: UserId | None = None,
) -> Reply:
    """Does one act on the promise and shows it as it is now."""
    said = await readable(doors, call, note)
    now = doors.clock.now()
    entry = Entry(act, call.user_id, now, note=said, rating=rating, due=due, heir=heir, origin=f"cmd:{call.trigger_id}")
    after = await doors.promises.act(call.team_id, promise.id, entry)
    return Reply(promise_card(after, call.user_id, now))


async def _meant(doors: Services, call: Call, words: re.Match[str]) -> Promise:
    return (await doors.promises.show(call.team_id, int(words["number"]), call.user_id)).promise


async def _check_is_no_promise(doors: Services, call: Call, verb: str, number: str) -> None:
    me = await doors.people.of(call.team_id, call.user_id)
    if candidates_of(read_promise(call.text, doors.clock.now(), me.hours, me.locale).deadline):
        raise UnreadableError(
            f"That may be a promise, or about promise {number}. To make one, "
            f"begin it with another word; for the other, write `/promise {verb} #{number} …`."
        )


async def _moment(doors: Services, call: Call, promise: Promise, when: str) -> Due:
    me = await doors.people.of(call.team_id, call.user_id)
    read = read_deadline(when, doors.clock.now(), me.hours, me.locale)
    if isinstance(read, Deadline) and read.granularity is not Granularity.MINUTE:
        owner = await doors.people.of(call.team_id, promise.owner_id)
        read = read_deadline(when, doors.clock.now(), owner.hours, me.locale)
    if isinstance(read, Unread):
        meant = " or ".join(plain_when(each.at, each.zone) for each in read.candidates[:3])
        raise UnreadableError(
            f"I cannot tell for certain which moment that is{f': {meant}?' if meant else '.'} Nothing was changed. "
            f"Write it like `/promise move {promise.number} to Friday 17:00`."
        )
    return due_of(read)
