"""`/promise 14 depends on #12`, and the proposal opened from a message about a dependency."""

import re

from bot.domain.acts import Act
from bot.domain.errors import NotFoundError
from bot.domain.promise import Due, Promise, PromiseId
from bot.language import _
from bot.services import Services
from bot.views.asides import repair
from bot.views.chains import dependents, linked, may_break, read_move
from bot.views.forms import terms_form
from handlers.modals import View, open_modal
from handlers.payloads import Call, Inputs, numbers_in
from handlers.replies import Reply

#: There is one way only to match the text between two numbers: with two, a pattern would try all for each number.
NEEDS = (
    r"#?(?P<number>\d{1,9})\s+(?:needs|depends\s+on)\s+(?P<needs>#?\d{1,9}(?:(?:\s*[,&]\s*|\s+(?:and\s+)?)#?\d{1,9})*)"
)


async def on_needs(services: Services, call: Call, words: re.Match[str]) -> Reply:
    needs = numbers_in(", ".join(re.findall(r"\d+", words["needs"])))
    await services.people.check_needs(call.team_id, call.user_id, needs)
    promise = await services.chains.link(call.team_id, int(words["number"]), needs, call.user_id)
    return Reply(linked(promise, needs))


async def on_dependent_date(services: Services, call: Call) -> Reply:
    """Open a proposal with a date that follows the dependency.

    Raises what the proposal itself would raise.
    """
    downstream, _sep, rest = call.action_value.partition(":")
    upstream, _sep, act = rest.partition(":")
    promise_id = PromiseId(downstream)

    async def contents() -> View:
        promise = await services.promises.offered(call.team_id, promise_id, Act.PROPOSE, call.user_id)
        if promise.owner_id != call.user_id:
            raise NotFoundError(_("That button was for the person who owed it then."))
        change = await services.chains.change(call.team_id, promise_id, PromiseId(upstream), Act(act))
        return await proposal_form(services, call, promise, Act.PROPOSE, change.suggested if change else None)

    return await open_modal(call, contents())


async def before_moving(services: Services, call: Call, promise: Promise, act: Act, due: Due) -> Reply | None:
    """Return the dependent promises that a later date would break, to confirm first; None if it breaks none.

    Raises what the proposal itself would raise.
    """
    seen, others = await services.chains.broken_by(promise, due, call.user_id)
    if not (seen or others):
        return None
    await services.promises.offered(call.team_id, promise.id, act, call.user_id)
    return Reply(may_break(promise, act, due, seen, others))


async def on_move_anyway(services: Services, call: Call) -> Reply:
    """Open the proposal with the typed date after the warning.

    Raises what the proposal itself would raise.
    """
    act, promise_id, due = read_move(call.action_value)

    async def contents() -> View:
        promise = await services.promises.offered(call.team_id, promise_id, act, call.user_id, call.answered)
        return await proposal_form(services, call, promise, act, due)

    return await open_modal(call, contents())


def needs_in(call: Call) -> tuple[int, ...] | None:
    """Return the dependencies entered in the edit form; None if it has no such field.

    Raises UnreadableError for text that is no list of numbers.
    """
    inputs = Inputs(call.body)
    return numbers_in(inputs.text("needs")) if "needs" in inputs.names else None


async def correct_needs(services: Services, call: Call, promise_id: PromiseId, needs: tuple[int, ...]) -> None:
    """Save the dependencies entered in the edit form."""
    await services.people.check_needs(call.team_id, call.user_id, needs)
    await services.chains.correct(call.team_id, promise_id, needs, call.user_id)


async def proposal_form(
    services: Services, call: Call, promise: Promise, act: Act, due: Due | None = None, *, is_whole: bool = False
) -> View:
    """Return the form that proposes new terms, with `due` filled in and the dependent promises above it."""
    form = terms_form(promise, act, call.modal_context(promise.id), due, is_whole=is_whole)
    return await with_what_stands_on(services, call, promise, form)


async def with_what_stands_on(services: Services, call: Call, promise: Promise, view: View) -> View:
    """Return a proposal's form with the dependent promises that another date would break, and how to repair."""
    seen, others = await services.chains.dependents_of(call.team_id, promise.id, call.user_id)
    subject, *rest = view["blocks"]
    steps = repair(promise) if call.user_id == promise.owner_id else []
    return {**view, "blocks": [subject, *steps, *dependents(seen, others), *rest]}
