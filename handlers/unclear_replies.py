"""Replies in threads that may mean something: ask about the likely meaning, with a button that does it."""

from dataclasses import replace

from bot.domain.acts import RULE_OF, Act, State
from bot.domain.due_dates import Deadline, Refusal, Unread, candidates_of, read_deadline
from bot.domain.likely_answers import asks_for_a_change, dates_in, is_short_reply, likely_act, suggested_by
from bot.domain.promise import Promise
from bot.domain.rights import roles
from bot.domain.transitions import allowed_acts
from bot.ports import Side
from bot.services import Services
from bot.views.did import not_yours
from bot.views.guesses import Guess, guess_of_move, which_moment
from bot.views.promise_card import promise_card
from bot.views.threads import may_mean, may_move, maybe_done, not_understood, which_promise
from handlers.moments import moment_in
from handlers.parties import as_due
from handlers.payloads import Call
from handlers.replies import Reply
from handlers.routes import routed

#: Most promises offered for a message that may be about any.
MAX_ASKED = 5
#: Acts that end a promise or an offer. A date in the same reply is not a proposal: "never mind, Friday is fine".
ENDS = frozenset({Act.REVOKE, Act.RETRACT, Act.RELEASE, Act.WITHDRAW})


async def ask_about(services: Services, call: Call, promise: Promise, read_as: Act | None = None) -> Reply:
    """Answer an unclear reply: run it if it is a command, else ask about the date or the act that it suggests.

    `read_as` is the act that it may be as `read_answer` has it; its other words come first.
    """
    may, now = allowed_acts(promise, call.user_id, services.clock.now()), services.clock.now()
    if reply := await routed(services, call, call.text):
        return reply
    act = likely_act(call.text, promise, call.user_id) or read_as
    if act not in ENDS and (reply := await _about_a_date(services, call, promise, act)):
        return reply
    if act is not None and act in may:
        return Reply(may_mean(act, promise, call.user_id, now, call.text))
    if not may:
        return Reply(promise_card(promise, call.user_id, now))
    return Reply(not_understood(promise, call.user_id, now))


async def ask_about_any(services: Services, call: Call, text: str, *, is_dated: bool) -> Reply | None:
    """Ask about a direct message that may be a reply to a message of Kept: about the only open promise, or which one.

    `is_dated` means that it also reads as a promise with a date; then it is a reply only if it says no more than that.
    None for any other text, and for a person who has nothing open.
    """
    if not (await _is_date_alone(services, call, text) or (is_short_reply(text) and not is_dated)):
        return None
    found = await services.promises.listed(call.team_id, call.user_id, Side.ALL, call.user_id)
    sides = [each for each in found if call.user_id in (each.owner_id, each.requester_id)]
    if len(sides) == 1:
        return await ask_about(services, call, sides[0])
    guesses = [Guess("show", f"show #{promise.number}", promise) for promise in sides[:MAX_ASKED]]
    return Reply(which_promise(guesses, text)) if guesses else None


async def _is_date_alone(services: Services, call: Call, text: str) -> bool:
    """Return whether a text is a date behind what people say before one: "can we say Thursday instead"."""
    me, now = await services.people.of(call.team_id, call.user_id), services.clock.now()
    parts = [part for part in dates_in(text) if not text.startswith(part)]
    return any(isinstance(read_deadline(part, now, me.hours, me.reading_locale), Deadline) for part in parts)


async def _about_a_date(services: Services, call: Call, promise: Promise, act: Act | None) -> Reply | None:
    """Ask about the date in a reply that is about a date alone, beside an `act` that its words suggest.

    Return None if it has no date, or one up to the deadline beside trouble.
    """
    now, due_at = services.clock.now(), promise.terms.due.at
    may = allowed_acts(promise, call.user_id, now)
    if may.isdisjoint((Act.PROPOSE, Act.COUNTER)):
        return None
    for words in dates_in(call.text):
        read, reason = await moment_in(services, call, promise, words)
        if isinstance(read, Unread) and (read.refusal is Refusal.PAST or suggested_by(words)):
            continue
        moments = [each for each in candidates_of(read) if each.at > now]
        if not moments:
            continue
        is_kept = all(each.at <= due_at for each in moments) and not asks_for_a_change(call.text)
        if is_kept and Act.PROPOSE in may and (holds := _holds(promise)) in may:
            return None if act is Act.AT_RISK else Reply(may_mean(holds, promise, call.user_id, now, ""))
        if len(moments) > 1 and isinstance(read, Unread):
            asked = replace(read, candidates=tuple(moments), understood=read.understood or words)
            return Reply(which_moment(promise, call.user_id, asked, reason, now))
        offer = promise.proposal
        if offer and offer.due and offer.due.at == moments[0].at and Act.ACCEPT_PROPOSAL in may:
            return Reply(may_mean(Act.ACCEPT_PROPOSAL, promise, call.user_id, now, ""))
        return Reply(may_move(guess_of_move(promise, as_due(moments[0]), reason), promise, call.user_id, now))
    return None


def _holds(promise: Promise) -> Act:
    """Return the act of an owner who names a time up to the deadline."""
    return Act.ACCEPT_REQUEST if promise.state is State.REQUESTED else Act.ON_TRACK


def not_possible(services: Services, call: Call, promise: Promise, act: Act) -> Reply:
    """Answer a clear reply whose act is not possible: who can do it, or the promise as it is now."""
    now = services.clock.now()
    if act is Act.REPORT and Act.ACCEPT_DELIVERY in allowed_acts(promise, call.user_id, now):
        return Reply(maybe_done(promise, call.user_id, now))
    if RULE_OF[act].by.isdisjoint(roles(promise, call.user_id)):
        return Reply(not_yours(promise, act, call.user_id, now))
    return Reply(promise_card(promise, call.user_id, now))
