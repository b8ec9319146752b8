"""Weeks that go by before the front door, with what comes again in them."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.promise import Promise, UserId
from tests.integration.front import Front
from tests.unit.factories import ALICE

WEEK = timedelta(weeks=1)
STATUS = "every Friday 18:00 send the status"


async def until(front: Front, at: datetime) -> None:
    """Time passes, from one thing that is due to the next."""
    while (due := await front.store.next_due()) and front.clock.now() < due < at:
        front.clock.move(due - front.clock.now())
        await tick(front)
    front.clock.move(at - front.clock.now())
    await tick(front)


async def tick(front: Front) -> None:
    await front.services.promises.run_due()
    await front.services.recurring.run_due()
    await front.send()


async def owed(front: Front, by: UserId = ALICE) -> list[Promise]:
    return sorted(await front.promises_of(by), key=lambda promise: promise.number)


def days_off(front: Front, *days: date) -> None:
    """Alice's, before she is met."""
    alice = front.messenger.people[ALICE]
    front.messenger.know([replace(alice, holidays=frozenset(days))])
