"""Estimate and priority in forms and commands."""

from bot.domain.acts import Act
from bot.domain.errors import UnreadableError
from bot.domain.promise import Promise
from bot.domain.reading.weighing import Named, estimate_named, weight_named
from bot.domain.transitions import HistoryEntry
from bot.domain.weight import NO_ESTIMATE, UNWEIGHED, Priority, Weight
from bot.language import _
from bot.services import Services
from bot.views.did import answer
from bot.views.weight import HOURS, PRIORITY
from handlers.payloads import Call, Inputs
from handlers.replies import Reply


def weight_of(inputs: Inputs, before: Weight = UNWEIGHED) -> Weight:
    """Return the estimate and priority of a form; `before` if it has no such fields.

    Raises UnreadableError for an estimate that is no length of time.
    """
    if HOURS not in inputs.names:
        return before
    typed, chosen = inputs.text(HOURS), inputs.choice(PRIORITY)
    estimate = estimate_named(typed) if typed else NO_ESTIMATE
    if estimate is None:
        raise UnreadableError(_("Write hours, like 3, 1.5 or half a day; or leave it empty."), HOURS)
    return before.changed(estimate, Priority(chosen) if chosen in set(Priority) else None)


def difference(before: Weight, after: Weight) -> Named:
    """Return the changes from one estimate and priority to the other."""
    estimate = (after.estimate or NO_ESTIMATE) if after.estimate != before.estimate else None
    return Named(estimate, after.priority if after.priority is not before.priority else None)


async def adjusted(services: Services, call: Call, promise: Promise, words: str) -> Reply | None:
    """`edit 12 about 3 h, urgent`: set both; None if the text says anything else."""
    named = weight_named(words)
    if named is None:
        return None
    now, origin = services.clock.now(), f"cmd:{call.trigger_id}"
    entry = HistoryEntry(Act.ADJUST, call.user_id, now, origin=origin, estimate=named.estimate, priority=named.priority)
    after = await services.promises.act(call.team_id, promise.id, entry)
    return Reply(answer(Act.ADJUST, after, call.user_id, now))
