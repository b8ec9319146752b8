"""Open promises planned anew, because somebody's time is another than it was."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.clashes import Clash
from bot.domain.promise import Promise, PromiseId, UserId
from bot.ports import DeliveryId, Side, Transaction
from bot.use_cases.briefing import plan_brief
from bot.use_cases.clashing import clash_of, tell_of_clash
from bot.use_cases.planning import nudges_of

#: More open promises than anybody has: every one of them is planned anew.
ALL_OF_THEM = 10_000
Clashes = tuple[tuple[Promise, Clash], ...]


def replan(
    tx: Transaction, person: UserId, now: datetime, new_id: Callable[[], DeliveryId], unsaid_to: UserId | None = None
) -> Clashes:
    """Moves what is still to be said about everything open that somebody owes or waits for, and their brief.

    Both sides of a deadline that now falls on a day off are told, but for `unsaid_to`, who is told otherwise; these
    promises are returned.
    """
    plan_brief(tx, person, now, new_id)
    found = []
    for each in tx.promises.concerning(person, Side.ALL, ALL_OF_THEM):
        seen = plan_anew(tx, each.id, now, new_id, unsaid_to)
        found += [seen] if seen else []
    return tuple(found)


def plan_anew(
    tx: Transaction, promise_id: PromiseId, now: datetime, new_id: Callable[[], DeliveryId], unsaid_to: UserId | None
) -> tuple[Promise, Clash] | None:
    # Locked and read again: an act may have moved it, by the old calendars, since it was found.
    promise = tx.promises.get(promise_id, for_change=True)
    if promise is None:
        return None
    tx.deliveries.plan(promise.id, nudges_of(tx, promise, now), new_id)
    found = clash_of(tx, promise, now)
    if found is None:
        return None
    tell_of_clash(tx, promise, found, {promise.owner_id, promise.requester_id} - {unsaid_to}, now, new_id)
    return promise, found
