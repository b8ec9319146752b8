"""“Do not disturb” in Slack: what can wait until it is over waits, what cannot comes; on both databases."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.promise import Promise
from bot.domain.reminders import Kind
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, MONDAY


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def planned(front: Front, promise: Promise) -> dict[Kind, datetime]:
    return {each.kind: each.due_at for each in await front.store.planned(MONDAY, 100) if each.promise_id == promise.id}


async def at_the(kind: Kind, front: Front, promise: Promise) -> None:
    """Moves the clock to a nudge, with everything before it said."""
    await front.deliveries.send_due()
    front.clock.move((await planned(front, promise))[kind] - front.clock.now())


async def test_a_check_in_waits_for_the_end_and_is_said_then(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await at_the(Kind.CHECK_IN, front, promise)
    told, ends = len(front.messenger.told(ALICE)), front.clock.now() + timedelta(hours=2)
    front.messenger.quiet[ALICE] = ends
    await front.deliveries.send_due()
    assert len(front.messenger.told(ALICE)) == told
    assert (await planned(front, promise))[Kind.CHECK_IN] == ends
    front.clock.move(timedelta(hours=2))
    await front.deliveries.send_due()
    (asked,) = front.messenger.told(ALICE)[told:]
    assert "I was away" not in asked.text


async def test_what_would_come_too_late_comes_at_once(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await at_the(Kind.CHECK_IN, front, promise)
    told = len(front.messenger.told(ALICE))
    front.messenger.quiet[ALICE] = promise.terms.due.at - timedelta(hours=1)
    await front.deliveries.send_due()
    assert len(front.messenger.told(ALICE)) == told + 1


async def test_a_last_call_waits_for_nobody(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await at_the(Kind.LAST_CALL, front, promise)
    front.messenger.quiet[ALICE] = front.clock.now() + timedelta(minutes=10)
    await front.deliveries.send_due()
    assert Kind.LAST_CALL not in await planned(front, promise)


async def test_what_a_colleague_does_is_told_all_the_same(front: Front) -> None:
    front.messenger.quiet[BOB] = front.clock.now() + timedelta(hours=5)
    await front.make("send the deck by Friday 17:00")
    await front.deliveries.send_due()
    assert front.messenger.told(BOB)
    assert front.messenger.asked_for_quiet == []


async def test_slack_is_asked_about_one_person_every_five_minutes_at_most(front: Front) -> None:
    promises = [await front.make("send the deck by Friday 17:00") for _ in range(4)]
    await at_the(Kind.CHECK_IN, front, promises[0])
    await front.deliveries.send_due()
    assert front.messenger.asked_for_quiet.count(ALICE) == 1
