"""Acting on a promise: a button does its act at once, or opens the form that the act needs."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.acts import Act
from bot.domain.deciding import Entry
from bot.domain.errors import NotAllowedError, NotFoundError, TooLateError, UnreadableError
from bot.domain.promise import Due, Promise, PromiseId, Rest
from bot.ports import Message
from bot.services import Services
from bot.views.did import answer, not_yours
from bot.views.forms import hand_over_form, note_form, terms_form, weight_form
from bot.views.promise_card import promise_card
from bot.views.refusing import refusal_form, with_help
from bot.views.replies import sentence
from handlers.answering import Reply
from handlers.chains import correct_needs, with_what_stands_on
from handlers.foreseeing import after_accepting
from handlers.modals import View, open_modal
from handlers.payloads import Call, Inputs
from handlers.weighing import difference, weight_of

PREFIX = "act."
#: What is answered beside the message that was clicked, as more may be said.
SAID_BESIDE = frozenset({Act.REPORT, Act.ACCEPT_DELIVERY, Act.OFFER_HELP})


async def on_button(doors: Services, call: Call) -> Reply:
    """Does the act that the button names, on the promise it carries, for whoever clicked.

    A stale button gets a sentence and the promise as it is now, in place of the person's own copy or by a redrawing.
    """
    act, promise_id = act_named(call.action_id), PromiseId(call.action_value)
    try:
        if asks_for_words(act):
            return await open_act_form(doors, call, act, promise_id)
        entry = Entry(act, call.user_id, doors.clock.now(), origin=f"click:{call.trigger_id}")
        promise = await doors.promises.act(call.team_id, promise_id, entry, call.answered)
        if act is Act.ACCEPT_REQUEST and not (call.home or call.is_own_copy):
            return await after_accepting(doors, call, promise)
        return after_act(doors, call, promise, act)
    except (TooLateError, NotAllowedError) as error:
        return await as_it_is(doors, call, promise_id, error)


async def on_form(doors: Services, call: Call) -> Reply:
    """The words or the terms that an act needs were sent in; sent twice, they count once."""
    act, promise_id = act_named(call.callback_id), PromiseId(call.whence.promise_id)
    entry = await entry_from(doors, call, act)
    if act in (Act.EDIT, Act.ADJUST):
        entry = await _weighed(doors, call, promise_id, entry)
    if act is Act.REJECT_PROPOSAL:
        entry = with_help(entry, Inputs(call.body).choice("help"))
    try:
        if act is Act.EDIT:
            await correct_needs(doors, call, promise_id)
        after = await doors.promises.act(call.team_id, promise_id, entry, call.answered)
        return after_act(doors, call, after, entry.act, entry.note)
    except TooLateError:
        await doors.promises.redraw(call.team_id, promise_id, f"view:{call.view_id}")
        raise


def act_named(name: str) -> Act:
    """The act in `act.<act>`.

    Raises NotFoundError for a name that is none: a button from another version of Kept.
    """
    try:
        return Act(name.removeprefix(PREFIX))
    except ValueError as error:
        raise NotFoundError("I no longer know that button. `/promise list` shows your promises as they are.") from error


def asks_for_words(act: Act) -> bool:
    """Whether the act needs more than a click."""
    match act:
        case (
            Act.PROPOSE
            | Act.COUNTER
            | Act.EDIT
            | Act.AT_RISK
            | Act.DECLINE
            | Act.REOPEN
            | Act.HAND_OVER
            | Act.REVOKE
            | Act.ADD_NOTE
            | Act.RATE
            | Act.REJECT_PROPOSAL
            | Act.ADJUST
        ):
            return True
        case Act.PROMISE | Act.REQUEST | Act.EXPIRE | Act.SETTLE | Act.MISS:
            return False  # never on a button; the domain refuses them
        case (
            Act.ACCEPT_REQUEST
            | Act.WITHDRAW
            | Act.ON_TRACK
            | Act.OFFER_HELP
            | Act.ACCEPT_PROPOSAL
            | Act.RETRACT
            | Act.REPORT
            | Act.ACCEPT_DELIVERY
            | Act.RELEASE
            | Act.UNDO
        ):
            return False
        case _:
            assert_never(act)


async def open_act_form(
    doors: Services, call: Call, act: Act, promise_id: PromiseId, *, is_whole: bool = False
) -> Reply:
    """Opens the form of an act.

    Raises what the act itself would raise when this person may not do it now: nobody fills in a form for nothing.
    """

    async def contents() -> View:
        promise = await doors.promises.offered(call.team_id, promise_id, act, call.user_id, call.answered)
        private = call.from_here(promise_id).written()
        if act is Act.EDIT:
            needs = (await doors.promises.show(call.team_id, promise_id, call.user_id)).needs
            return terms_form(promise, act, private, needs=[needed.number for needed in needs])
        if act in (Act.PROPOSE, Act.COUNTER):
            form = terms_form(promise, act, private, is_whole=is_whole)
            return await with_what_stands_on(doors, call, promise, form)
        if act is Act.ADJUST:
            return weight_form(promise, private)
        if act is Act.REJECT_PROPOSAL:
            return refusal_form(promise, call.user_id, private)
        return hand_over_form(promise, private) if act is Act.HAND_OVER else note_form(promise, act, private)

    return await open_modal(call, contents())


async def entry_from(doors: Services, call: Call, act: Act) -> Entry:
    """The act with what its form carries."""
    inputs = Inputs(call.body)
    due_at, rest_at, rest = inputs.instant("due"), inputs.instant("rest_due"), inputs.text("rest")
    if bool(rest) != bool(rest_at):
        both = "The rest needs both: what comes later, and by when. Leave both out if there is none."
        raise UnreadableError(both, "rest_due" if rest else "rest")
    return Entry(
        act,
        call.user_id,
        doors.clock.now(),
        note=inputs.text("reason") or inputs.text("note"),
        what=inputs.text("what") or None,
        due=await due_meant(doors, call, due_at) if due_at else None,
        done_when=inputs.text("done_when") if "done_when" in inputs.names else None,
        heir=inputs.person("heir"),
        rest=Rest(rest, await due_meant(doors, call, rest_at)) if rest_at else None,
        rating=inputs.choice("rating"),
        origin=f"view:{call.view_id}",
    )


async def _weighed(doors: Services, call: Call, promise_id: PromiseId, entry: Entry) -> Entry:
    """The act with the estimate and the priority of its form, as far as they change."""
    before = (await doors.promises.show(call.team_id, promise_id, call.user_id)).promise.weight
    named = difference(before, weight_of(Inputs(call.body), before))
    return replace(entry, estimate=named.estimate, priority=named.priority)


async def due_meant(doors: Services, call: Call, due_at: datetime) -> Due:
    """An instant that this person chose, in their own zone."""
    return Due(due_at, (await doors.people.of(call.team_id, call.user_id)).zone)


def after_act(doors: Services, call: Call, promise: Promise, act: Act, note: str = "") -> Reply:
    """Say what the act did in a person's own copy, and redraw the Home tab; messages in Slack redraw themselves.

    Where one click has said it all, the words that may follow it are offered beside the message.
    """
    now = doors.clock.now()
    if call.is_own_copy:
        return Reply(answer(act, promise, call.user_id, now, note), replaces=True, home=call.home)
    is_told = act in SAID_BESIDE and call.action_id.startswith(PREFIX) and not call.home
    return Reply(answer(act, promise, call.user_id, now, note) if is_told else None, home=call.home)


async def as_it_is(doors: Services, call: Call, promise_id: PromiseId, error: Exception) -> Reply:
    """Why not, with the promise as it is now."""
    why = sentence(str(error))
    if isinstance(error, TooLateError):
        await doors.promises.redraw(call.team_id, promise_id, f"click:{call.trigger_id}")
    shown = await doors.promises.show(call.team_id, promise_id, call.user_id)
    if isinstance(error, NotAllowedError) and (name := call.action_id.removeprefix(PREFIX)) in set(Act):
        why = not_yours(shown.promise, Act(name), call.user_id, doors.clock.now())
    if not call.is_own_copy:
        return Reply(why, home=call.home)
    card = promise_card(shown.promise, call.user_id, doors.clock.now())
    return Reply(Message(why.text, [*why.blocks, *card.blocks]), replaces=True, home=call.home)
