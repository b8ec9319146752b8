"""Buttons of a nudge that are no act of the loop: “Not now” and “Ask again”."""

from bot.domain.errors import NotFoundError
from bot.domain.promise import PromiseId
from bot.language import _
from bot.ports import DeliveryId
from bot.services import Services
from bot.views.follow_up import comes_back, suits, will_ask
from handlers.payloads import Call
from handlers.replies import Reply


async def on_nudge_button(services: Services, call: Call) -> Reply:
    """Snooze the nudge or ask again. Authority comes from the person who clicked; the value only names the nudge."""
    match call.action_id:
        case "nudge.snooze":
            nudge = DeliveryId(call.action_value)
            return Reply(comes_back(*await services.nudge_answers.snooze(call.team_id, nudge, call.user_id)))
        case "nudge.ask_again":
            promise_id = PromiseId(call.action_value)
            return Reply(will_ask(*await services.nudge_answers.ask_again(call.team_id, promise_id, call.user_id)))
        case "nudge.suits":
            promise = (await services.promises.show(call.team_id, PromiseId(call.action_value), call.user_id)).promise
            return Reply(suits(promise, call.user_id, services.clock.now()), replaces=True)
        case _:
            raise NotFoundError(_("I no longer know that button. `/promise list` shows your promises as they are."))
