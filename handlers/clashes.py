"""The proposal opened from a deadline on a day off, with the day before or after filled in."""

from bot.domain.acts import Act
from bot.domain.clashes import Clash, clash
from bot.domain.errors import TooLateError
from bot.domain.promise import Promise, PromiseId
from bot.language import _
from bot.services import Services
from bot.views.clashes import SHIFT
from handlers.chains import proposal_form
from handlers.modals import View, open_modal
from handlers.payloads import Call
from handlers.replies import Reply


async def on_shift(services: Services, call: Call) -> Reply:
    """Open a proposal with the earlier or the later of the nearest days that suit both.

    Raises what the proposal itself would raise.
    """
    promise_id, is_earlier = PromiseId(call.action_value), call.action_id == f"{SHIFT}earlier"

    async def contents() -> View:
        promise = await services.promises.offered(call.team_id, promise_id, Act.PROPOSE, call.user_id)
        found = await clash_now(services, promise)
        due = (found.earlier if is_earlier else found.later) if found else None
        if due is None:
            raise TooLateError(
                _("That day is no longer possible for #{number}. `/promise list` shows it as it is.").format(
                    number=promise.number
                )
            )
        return await proposal_form(services, call, promise, Act.PROPOSE, due)

    return await open_modal(call, contents())


async def clash_now(services: Services, promise: Promise) -> Clash | None:
    """Return the clash of the deadline with a day off, from cached people; None if none."""
    owner = await services.people.of(promise.team_id, promise.owner_id)
    requester = await services.people.of(promise.team_id, promise.requester_id)
    return clash(promise, owner.habits, requester.habits, services.clock.now())
