"""Menus of a promise: ⋯ with the rarer acts, and a choice of dates to ask for."""

from dataclasses import replace
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.errors import NotAllowedError, NotFoundError, TooLateError
from bot.domain.promise import PromiseId
from bot.domain.transitions import HistoryEntry
from bot.domain.working_time import aware
from bot.language import N_, _
from bot.services import Services
from bot.views.buttons import ASKED_AGAIN, DETAILS
from handlers.acting import PREFIX, act_named, after_act, as_it_is, due_meant, on_act_button, open_act_form
from handlers.chains import before_moving
from handlers.numbered import move_of
from handlers.payloads import Call, at, text_at
from handlers.replies import Reply
from handlers.routes import details

TOO_OLD = N_("I no longer know that choice. `/promise list` shows your promises as they are.")
#: The option that opens the form for another date.
ANOTHER = "another"


def chosen(call: Call) -> str:
    """Return the value of the chosen option."""
    return text_at(call.body, "actions", 0, "selected_option", "value")


async def on_more(services: Services, call: Call) -> Reply:
    """Do the act of an option `<act>:<promise id>`, as its button would.

    Raises NotFoundError for an invalid value.
    """
    name, _, promise_id = chosen(call).partition(":")
    if name == DETAILS:
        return await details(services, call, PromiseId(promise_id))
    act = act_named(name)
    pressed = at(call.body, "actions", 0)
    button = {**(pressed if isinstance(pressed, dict) else {}), "action_id": f"{PREFIX}{act}", "value": promise_id}
    as_button = replace(call, body={**call.body, "actions": [button]})
    if act not in ASKED_AGAIN:
        return await on_act_button(services, as_button)
    try:
        await open_act_form(services, as_button, act, PromiseId(promise_id))
    except (TooLateError, NotAllowedError) as error:
        return await as_it_is(services, as_button, PromiseId(promise_id), error)
    return Reply()


async def on_open(services: Services, call: Call) -> Reply:
    """Show a promise to the person who clicked its card, with the acts open to them."""
    return await details(services, call, PromiseId(call.action_value))


async def on_part(services: Services, call: Call) -> Reply:
    """Open a proposal for a part by the current date, and the rest later."""
    ref = PromiseId(call.action_value)
    try:
        return await open_act_form(services, call, Act.PROPOSE, ref, is_whole=True)
    except (TooLateError, NotAllowedError) as error:
        return await as_it_is(services, call, ref, error)


async def on_date(services: Services, call: Call) -> Reply:
    """Propose the date of an option or a button, `<ISO instant>:<promise id>`, or open the form for another one.

    Raises NotFoundError for an invalid value.
    """
    moment, _, promise_id = (chosen(call) or call.action_value).rpartition(":")
    ref = PromiseId(promise_id)
    promise = (await services.promises.show(call.team_id, ref, call.user_id)).promise
    act = move_of(promise, call.user_id)
    try:
        if moment == ANOTHER:
            await open_act_form(services, call, act, ref)
            return Reply()
        due = await due_meant(services, call, _instant(moment))
        if breaks := await before_moving(services, call, promise, act, due):
            return breaks
        entry = HistoryEntry(act, call.user_id, services.clock.now(), due=due, origin=f"click:{call.trigger_id}")
        after = await services.promises.act(call.team_id, ref, entry, answered=call.answered)
        return after_act(services, call, after, act)
    except (TooLateError, NotAllowedError) as error:
        return await as_it_is(services, call, ref, error)


def _instant(moment: str) -> datetime:
    try:
        return aware(datetime.fromisoformat(moment))
    except ValueError as error:
        raise NotFoundError(_(TOO_OLD)) from error
