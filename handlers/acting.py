"""Acts on a promise: a button performs its act, or opens the form that the act needs."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.act_errors import changes_terms, without_words
from bot.domain.acts import Act
from bot.domain.errors import NotAllowedError, NotFoundError, TooLateError, UnreadableError
from bot.domain.promise import Due, Promise, PromiseId, Rest
from bot.domain.reading.weighing import Named
from bot.domain.transitions import HistoryEntry
from bot.language import _
from bot.ports import Message
from bot.services import Services
from bot.views.did import answer, not_yours
from bot.views.forms import hand_over_form, note_form, terms_form, weight_form
from bot.views.promise_card import promise_card
from bot.views.refusing import refusal_form, with_help
from bot.views.replies import sentence
from bot.views.weight import HOURS
from handlers.chains import correct_needs, needs_in, proposal_form
from handlers.field_errors import FieldErrors
from handlers.modals import View, open_modal
from handlers.obstacles import after_accepting
from handlers.payloads import Call, Inputs
from handlers.replies import Reply
from handlers.weights import difference, weight_of

PREFIX = "act."
#: Acts whose answer is posted separately, so that the clicked message and its note form stay.
ANSWERED_SEPARATELY = frozenset({Act.REPORT, Act.ACCEPT_DELIVERY, Act.OFFER_HELP})


async def on_act_button(services: Services, call: Call) -> Reply:
    """Perform the act that the clicked button names on the promise it carries.

    For a stale button, reply with a sentence and the promise as it is now; a person's own copy is replaced, others are
    redrawn.
    """
    act, promise_id = act_named(call.action_id), PromiseId(call.action_value)
    try:
        if asks_for_words(act):
            return await open_act_form(services, call, act, promise_id)
        entry = HistoryEntry(act, call.user_id, services.clock.now(), origin=f"click:{call.trigger_id}")
        promise = await services.promises.act(call.team_id, promise_id, entry, answered=call.answered)
        if act is Act.ACCEPT_REQUEST and not (call.home or call.is_own_copy):
            return await after_accepting(services, call, promise)
        return after_act(services, call, promise, act)
    except (TooLateError, NotAllowedError) as error:
        return await as_it_is(services, call, promise_id, error)


async def on_act_form(services: Services, call: Call) -> Reply:
    """Perform an act with the note or terms of its form, or show all its errors.

    The same form sent twice counts once.
    """
    act, promise_id = act_named(call.callback_id), PromiseId(call.modal.promise_id)
    errors = FieldErrors(Inputs(call.body))
    entries = await _entries(services, call, promise_id, act, errors)
    needs = errors.caught(None, lambda: needs_in(call)) if act is Act.EDIT else None
    try:
        if errors or needs is not None:
            errors.extend(await services.promises.errors_of_acts(call.team_id, promise_id, *entries))
        if not errors:
            if needs is not None:
                await correct_needs(services, call, promise_id, needs)
            after = await services.promises.act(call.team_id, promise_id, *entries, answered=call.answered)
            return after_act(services, call, after, entries[-1].act, entries[-1].note)
    except (NotFoundError, UnreadableError) as error:
        errors.add(error)
        errors.extend(await services.promises.errors_of_acts(call.team_id, promise_id, *entries))
    except TooLateError:
        await services.promises.redraw(call.team_id, promise_id, f"view:{call.view_id}")
        raise
    return Reply(fields=errors.fields())


def act_named(name: str) -> Act:
    """Return the act in `act.<act>`.

    Raises NotFoundError for an unknown name: a button from another version of Kept.
    """
    try:
        return Act(name.removeprefix(PREFIX))
    except ValueError as error:
        raise NotFoundError(
            _("I no longer know that button. `/promise list` shows your promises as they are.")
        ) from error


def asks_for_words(act: Act) -> bool:
    """Return whether the act needs a form."""
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
            | Act.UNREPORT
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
    services: Services, call: Call, act: Act, promise_id: PromiseId, *, is_whole: bool = False
) -> Reply:
    """Open the form of an act.

    Raises what the act itself would raise if this person may not do it now.
    """

    async def contents() -> View:
        promise = await services.promises.offered(call.team_id, promise_id, act, call.user_id, call.answered)
        private = call.modal_context(promise_id)
        if act is Act.EDIT:
            needs = (await services.promises.show(call.team_id, promise_id, call.user_id)).needs
            return terms_form(promise, act, private, needs=[needed.number for needed in needs])
        if act in (Act.PROPOSE, Act.COUNTER):
            return await proposal_form(services, call, promise, act, is_whole=is_whole)
        if act is Act.ADJUST:
            return weight_form(promise, private)
        if act is Act.REJECT_PROPOSAL:
            return refusal_form(promise, call.user_id, private)
        return hand_over_form(promise, private) if act is Act.HAND_OVER else note_form(promise, act, private)

    return await open_modal(call, contents())


async def _entries(
    services: Services, call: Call, promise_id: PromiseId, act: Act, errors: FieldErrors
) -> tuple[HistoryEntry, ...]:
    """Return the acts of a form: before a proposal, the estimate and the priority where they changed, as they bind now.

    A form in which only these changed proposes nothing.
    """
    inputs, entry = Inputs(call.body), await _entry(services, call, act, errors)
    if act is Act.REJECT_PROPOSAL:
        return (with_help(entry, inputs.choice("help")),)
    if HOURS not in inputs.names:
        return (entry,)
    before = (await services.promises.show(call.team_id, promise_id, call.user_id)).promise
    named = errors.caught(None, lambda: difference(before.weight, weight_of(inputs, before.weight)))
    if act not in (Act.PROPOSE, Act.COUNTER):
        return (replace(entry, estimate=named.estimate, priority=named.priority) if named else entry,)
    if named == Named():
        return (entry,)
    proposed = (entry,) if changes_terms(before, entry) else ()
    if named is None:
        return proposed
    blank = HistoryEntry(Act.ADJUST, entry.by, entry.at, origin=f"{entry.origin}:weight")
    return (replace(blank, estimate=named.estimate, priority=named.priority), *proposed)


async def _entry(services: Services, call: Call, act: Act, errors: FieldErrors) -> HistoryEntry:
    """Return the act with the values of its form."""
    inputs = Inputs(call.body)
    due_at, rest_at, rest = inputs.instant("due"), inputs.instant("rest_due"), inputs.text("rest")
    if bool(rest) != bool(rest_at):
        both = _("The rest needs both: what comes later, and by when. Leave both out if there is none.")
        errors.add(UnreadableError(both, "rest_due" if rest else "rest"))
    entry = HistoryEntry(
        act,
        call.user_id,
        services.clock.now(),
        note=inputs.text("reason") or inputs.text("note"),
        what=inputs.text("what") or None,
        due=await due_meant(services, call, due_at) if due_at else None,
        done_when=inputs.text("done_when") if "done_when" in inputs.names else None,
        heir=inputs.person("heir"),
        rest=Rest(rest, await due_meant(services, call, rest_at)) if rest and rest_at else None,
        rating=inputs.choice("rating"),
        origin=f"view:{call.view_id}",
    )
    if error := without_words(entry):
        errors.add(error)
    return entry


async def due_meant(services: Services, call: Call, due_at: datetime) -> Due:
    """Return a chosen time as a due time in this person's zone."""
    return Due(due_at, (await services.people.of(call.team_id, call.user_id)).zone)


def after_act(services: Services, call: Call, promise: Promise, act: Act, note: str = "") -> Reply:
    """Update a person's own copy with the result of the act, and redraw the Home tab; other messages redraw themselves.

    After an act without a form, offer to add a note.
    """
    now = services.clock.now()
    if call.is_own_copy:
        return Reply(answer(act, promise, call.user_id, now, note), replaces=True, home=call.home)
    is_answered = act in ANSWERED_SEPARATELY and call.action_id.startswith(PREFIX) and not call.home
    return Reply(answer(act, promise, call.user_id, now, note) if is_answered else None, home=call.home)


async def as_it_is(services: Services, call: Call, promise_id: PromiseId, error: Exception) -> Reply:
    """Return the reason for a refusal, with the promise as it is now."""
    why = sentence(str(error))
    if isinstance(error, TooLateError):
        await services.promises.redraw(call.team_id, promise_id, f"click:{call.trigger_id}")
    shown = await services.promises.show(call.team_id, promise_id, call.user_id)
    if isinstance(error, NotAllowedError) and (name := call.action_id.removeprefix(PREFIX)) in set(Act):
        why = not_yours(shown.promise, Act(name), call.user_id, services.clock.now())
    if not call.is_own_copy:
        return Reply(why, home=call.home)
    card = promise_card(shown.promise, call.user_id, services.clock.now())
    return Reply(Message(why.text, [*why.blocks, *card.blocks]), replaces=True, home=call.home)
