"""“What could stop this?”: a question to the owner under the receipt, with a private answer."""

from bot.domain.promise import Promise, PromiseId
from bot.ports import Message
from bot.services import Services
from bot.views.asides import with_asides
from bot.views.obstacles import FIELD, obstacle_form, obstacle_noted, taken_on
from bot.views.replies import recorded
from handlers.modals import View, open_modal
from handlers.payloads import Call, Inputs
from handlers.replies import Reply


async def on_asked(services: Services, call: Call) -> Reply:
    """Open the form with the earlier answer.

    Raises NotFoundError or NotAllowedError for anyone but the owner of an open promise.
    """
    promise_id = PromiseId(call.action_value)

    async def contents() -> View:
        promise, words = await services.asides.obstacle(call.team_id, promise_id, call.user_id)
        return obstacle_form(promise, words, call.modal_context(promise_id))

    return await open_modal(call, contents())


async def on_obstacle_form(services: Services, call: Call) -> Reply:
    """Save the answer and confirm it in the person's own copy of the receipt, if there is one."""
    promise_id, words = PromiseId(call.modal.promise_id), Inputs(call.body).text(FIELD)
    promise = await services.asides.foresee(call.team_id, promise_id, call.user_id, words)
    noted = obstacle_noted(promise, words)
    if call.is_own_copy and promise.made_by == call.user_id:
        receipt = recorded(promise, services.clock.now())
        return Reply(Message(noted.text, [*receipt.blocks, *noted.blocks]), replaces=True)
    return Reply(noted, replaces=call.is_own_copy)


async def after_accepting(services: Services, call: Call, promise: Promise) -> Reply:
    """Return the doubts about a request accepted by one click, as for a promise that the owner makes."""
    doubt = await services.asides.doubt(promise, call.user_id)
    return Reply(with_asides(taken_on(promise), (doubt,), promise))
