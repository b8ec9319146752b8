"""Agendas over a real database: a person's coming messages, and a clock that advances."""

import math
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from bot.domain.kinds import Kind
from bot.domain.promise import Promise, UserId
from bot.services import Services
from tests.fakes import SetClock
from tests.unit.factories import TEAM

MINUTE = timedelta(minutes=1)
#: Rounds until nothing is left to do; a digest that waits for the clock is claimed again in each.
ROUNDS = 10
#: After this long what was waited for is taken never to happen.
LONGEST = timedelta(days=8)


async def ahead(services: Services, person: UserId, promise: Promise | None = None) -> dict[Kind, datetime]:
    """Return a person's coming messages with their times, about one promise or any."""
    found = await services.agenda.ahead(TEAM, person)
    about = promise.id if promise else None
    of_it = [(each.kind, at) for at, each, _ in found if about is None or (each.promise and each.promise.id == about)]
    return dict(reversed(of_it))


async def planned_at(services: Services, promise: Promise, kind: Kind) -> datetime:
    """Return when a kind of message about a promise will be sent to either side."""
    sides = [await ahead(services, side, promise) for side in (promise.owner_id, promise.requester_id)]
    (at,) = {found[kind] for found in sides if kind in found}
    return at


async def coming(services: Services, kind: Kind) -> list[tuple[UserId, datetime]]:
    """Return who will be sent a kind of message, and when."""
    people = [person for _, person, _ in await services.store.agendas_set(1000)]
    found = [(person, await services.agenda.ahead(TEAM, person)) for person in people]
    return [(person, at) for person, each in found for at, candidate, _ in each if candidate.kind is kind]


async def look(services: Services) -> None:
    """Do, decide and send all that is due."""
    await services.promises.run_due()
    await say(services)


async def decide(services: Services) -> None:
    """Have the agendas that are due decided, in as many rounds as a busy machine needs: each ends after a second."""
    for _ in range(ROUNDS):
        await services.agenda.run_due()
        if not await services.store.agendas_due(services.clock.now(), 1):
            break


async def say(services: Services) -> None:
    """Decide and send all that is due, however slow the machine is."""
    await decide(services)
    for _ in range(ROUNDS):
        if not await services.deliveries.send_due():
            break
        await services.deliveries.idle()


async def looks(
    services: Services, clock: SetClock, at: datetime, step: timedelta = 10 * MINUTE
) -> AsyncIterator[None]:
    """Let time go by in steps, have what is due sent, and yield after each; steps with nothing due are left out."""
    while clock.now() < at:
        due = await services.store.next_due() or at
        steps = max(1, math.ceil((due - clock.now()) / step))
        clock.move(min(steps * step, at - clock.now()))
        await look(services)
        yield


async def until(services: Services, clock: SetClock, at: datetime, step: timedelta = 10 * MINUTE) -> None:
    """Let time go by in steps, and have what is due sent as it falls due."""
    async for _ in looks(services, clock, at, step):
        pass


async def until_seen(
    services: Services, clock: SetClock, seen: Callable[[], object], step: timedelta = 10 * MINUTE
) -> None:
    """Let time go by in steps until `seen` returns something true; fail when it never does."""
    if seen():
        return
    async for _ in looks(services, clock, clock.now() + LONGEST, step):
        if seen():
            return
    raise AssertionError(f"it did not happen within {LONGEST}")
