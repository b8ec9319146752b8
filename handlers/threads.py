"""Replies in threads under Kept's messages, and reactions to a card: performed as acts, or asked about."""

from dataclasses import replace

from bot.domain.acts import Act, State
from bot.domain.answers import AnswerKind, ThreadAnswer, read_answer
from bot.domain.due_dates import Deadline
from bot.domain.likely_answers import Likely, suggested_by
from bot.domain.promise import ChannelId, Promise
from bot.domain.transitions import HistoryEntry, allowed_acts
from bot.language import _, read_in
from bot.services import Services
from bot.views.did import answer as did
from bot.views.guesses import Guess
from bot.views.promise_card import promise_card
from bot.views.replies import sentence
from bot.views.threads import which_promise
from handlers.chains import before_moving
from handlers.moments import moment_in
from handlers.numbered import act_on, move_of, typed_entry
from handlers.parties import as_due
from handlers.payloads import Call, text_at
from handlers.replies import Reply
from handlers.unclear_replies import ask_about, not_possible

#: Reactions with a meaning; all others are ignored.
DONE_MARKS = frozenset({"white_check_mark", "heavy_check_mark", "ballot_box_with_check"})
RISK_MARKS = frozenset({"hourglass", "hourglass_flowing_sand", "warning"})
#: The command for each reply that may be about several promises.
_COMMANDS = {
    AnswerKind.DONE: "done",
    AnswerKind.MAYBE_DONE: "done",
    AnswerKind.YES: "accept",
    AnswerKind.AT_RISK: "risk",
    AnswerKind.MOVE: "move",
}


async def on_answer(services: Services, call: Call, promises: tuple[Promise, ...]) -> Reply:
    """Do what a reply in a thread says; if several promises may be meant, ask which."""
    answer = read_answer(call.text)
    seen = [promise for promise in promises if promise.is_visible_to(call.user_id) and promise.state.is_open]
    if not seen and promises:
        return Reply(promise_card(promises[0], call.user_id, services.clock.now()))
    if len(seen) == 1:
        return await _about_one(services, call, seen[0], answer)
    fit = [promise for promise in seen if _act_of(answer.kind, promise, call) in _may(services, call, promise)]
    if len(fit) == 1:
        return await _about_one(services, call, fit[0], answer)
    return Reply(which_promise(_guesses(answer, fit or seen), call.text))


def _guesses(answer: ThreadAnswer, promises: list[Promise]) -> list[Guess]:
    guesses = []
    for promise in promises[:5]:
        verb = _COMMANDS.get(answer.kind, "show")
        rest = (
            f" to {answer.when}"
            if answer.kind is AnswerKind.MOVE
            else f" {answer.note}"
            if answer.kind is AnswerKind.DONE
            else ""
        )
        guesses.append(Guess(verb, f"{verb} #{promise.number}{rest}".strip(), promise))
    return guesses


def _may(services: Services, call: Call, promise: Promise) -> frozenset[Act]:
    return frozenset(allowed_acts(promise, call.user_id, services.clock.now()))


def _act_of(kind: AnswerKind, promise: Promise, call: Call) -> Act | None:
    """Return the act of a reply, by the promise's state and the person's role; None if it is none."""
    answers = promise.is_proposed_to(call.user_id)
    match kind:
        case AnswerKind.DONE | AnswerKind.MAYBE_DONE:
            return Act.ACCEPT_DELIVERY if _waits_for(promise, call) else Act.REPORT
        case AnswerKind.AT_RISK:
            return Act.AT_RISK
        case AnswerKind.ON_TRACK:
            return Act.ON_TRACK
        case AnswerKind.MOVE:
            return move_of(promise, call.user_id)
        case AnswerKind.YES | AnswerKind.AGREEMENT if answers:
            return Act.ACCEPT_PROPOSAL
        case AnswerKind.YES if _waits_for(promise, call):
            return Act.ACCEPT_DELIVERY
        case AnswerKind.YES | AnswerKind.AGREEMENT if promise.state is State.REQUESTED:
            return Act.ACCEPT_REQUEST
        case AnswerKind.YES if promise.owner_id == call.user_id and not promise.proposal:
            return Act.ON_TRACK
        case AnswerKind.NO if answers:
            return Act.REJECT_PROPOSAL
        case AnswerKind.YES | AnswerKind.AGREEMENT | AnswerKind.NO | AnswerKind.UNCLEAR:
            return None


def _waits_for(promise: Promise, call: Call) -> bool:
    return promise.state is State.REPORTED and promise.requester_id == call.user_id


async def _about_one(services: Services, call: Call, promise: Promise, answer: ThreadAnswer) -> Reply:
    act, now = _act_of(answer.kind, promise, call), services.clock.now()
    may = _may(services, call, promise)
    if answer.kind is AnswerKind.MOVE:
        return await _move(services, call, promise, answer.when)
    if answer.kind is AnswerKind.YES and promise.owner_id == call.user_id and promise.terms.due.at <= now:
        act = Act.REPORT if promise.state is State.ACTIVE else act  # the question was "is it done?"
    if act is None and promise.state is State.ACTIVE and _is_content(promise, call, answer):
        return Reply(sentence(_("Good. Nothing changes for #{number}.").format(number=promise.number)))
    if act is None or answer.kind is AnswerKind.MAYBE_DONE:
        return await ask_about(services, call, promise, act)
    if act not in may:
        return not_possible(services, call, promise, act)
    entry = HistoryEntry(act, call.user_id, now, note=answer.note, origin=f"event:{call.trigger_id}")
    after = await services.promises.act(call.team_id, promise.id, entry)
    return Reply(did(act, after, call.user_id, now, answer.note))


def _is_content(promise: Promise, call: Call, answer: ThreadAnswer) -> bool:
    """Return whether a reply that is no act says that all is well: thanks, or a "yes" of who is not asked anything."""
    proposal = promise.proposal
    if proposal and proposal.to == call.user_id:
        return False
    is_asked = promise.owner_id == call.user_id and proposal is None
    found = suggested_by(call.text)
    agrees = answer.kind in (AnswerKind.YES, AnswerKind.AGREEMENT) or found[:1] == [Likely.POSITIVE]
    return found == [Likely.THANKS] or (agrees and not is_asked)


async def _move(services: Services, call: Call, promise: Promise, words: str) -> Reply:
    """`need until Monday`: propose that date."""
    act = move_of(promise, call.user_id)
    read, reason = await moment_in(services, call, promise, words)
    if not isinstance(read, Deadline):
        return await ask_about(services, call, promise)
    due = as_due(read)
    breaks = await before_moving(services, call, promise, act, due)
    return breaks or await act_on(
        services, call, promise, replace(typed_entry(services, call, act), due=due, note=reason)
    )


async def on_reaction(services: Services, call: Call) -> Reply:
    """✅ on a promise's card reports or accepts it, ⏳ or ⚠️ reports a risk; only from its two sides."""
    event = call.body.get("event")
    mark, ts = text_at(event, "reaction"), text_at(event, "item", "ts")
    place = text_at(event, "item", "channel")
    if mark not in DONE_MARKS | RISK_MARKS or not (ts and place):
        return Reply()
    found = await services.promises.in_message(call.team_id, ChannelId(place), ts, is_card=True)
    if not found or call.user_id not in (found[0].owner_id, found[0].requester_id):
        return Reply()
    promise, *_ = found
    act = Act.AT_RISK if mark in RISK_MARKS else Act.ACCEPT_DELIVERY if _waits_for(promise, call) else Act.REPORT
    if act not in _may(services, call, promise):
        return Reply()
    now = services.clock.now()
    read_in(await services.people.language_of(call.team_id, call.user_id))
    entry = HistoryEntry(act, call.user_id, now, origin=f"event:{call.trigger_id}")
    after = await services.promises.act(call.team_id, promise.id, entry)
    return Reply(did(act, after, call.user_id, now) if act is Act.ACCEPT_DELIVERY else None)
