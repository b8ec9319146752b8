"""“Do not disturb” in Slack: what can wait until it is over waits, what cannot comes; on both databases."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.kinds import Kind
from bot.domain.promise import Promise
from tests.integration.agendas import ahead, until
from tests.integration.front import A_MINUTE, Front, front_door
from tests.unit.factories import ALICE, BOB


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def at_the(kind: Kind, front: Front, promise: Promise) -> None:
    """Move the clock to a nudge, with everything before it sent."""
    await front.send()
    at = (await ahead(front.services, ALICE, promise))[kind]
    await until(front.services, front.clock, at - 2 * A_MINUTE, timedelta(hours=1))


async def test_a_check_in_waits_for_the_end_and_is_sent_then(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await at_the(Kind.CHECK_IN, front, promise)
    sent, ends = len(front.messenger.sent_to(ALICE)), front.clock.now() + timedelta(hours=2)
    front.messenger.quiet[ALICE] = ends
    await front.send()
    assert len(front.messenger.sent_to(ALICE)) == sent
    front.clock.move(ends - front.clock.now())
    await front.send()
    (asked,) = front.messenger.sent_to(ALICE)[sent:]
    assert "I was away" not in asked.text


async def test_a_message_that_would_be_too_late_comes_immediately(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await at_the(Kind.CHECK_IN, front, promise)
    sent = len(front.messenger.sent_to(ALICE))
    front.messenger.quiet[ALICE] = promise.terms.due.at - timedelta(hours=1)
    await front.send()
    await front.send()
    assert len(front.messenger.sent_to(ALICE)) == sent + 1


async def test_a_last_call_waits_for_no_quiet_after_which_it_would_come_too_late(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await at_the(Kind.LAST_CALL, front, promise)
    front.messenger.quiet[ALICE] = front.clock.now() + timedelta(hours=1)
    await front.send()
    await front.send()
    assert Kind.LAST_CALL not in await ahead(front.services, ALICE, promise)


async def test_a_delivery_is_sent_all_the_same_and_a_promise_waits(front: Front) -> None:
    front.messenger.quiet[BOB] = front.clock.now() + timedelta(hours=5)
    promise = await front.make("send the deck by Friday 17:00")
    await front.send()
    assert not front.messenger.sent_to(BOB)
    await front.click("act.report", promise.id)
    await front.send()
    assert "delivered" in front.messenger.sent_to(BOB)[0].text


async def test_slack_is_asked_about_one_person_every_five_minutes_at_most(front: Front) -> None:
    promises = [await front.make("send the deck by Friday 17:00") for _ in range(4)]
    await at_the(Kind.CHECK_IN, front, promises[0])
    front.messenger.asked_for_quiet.clear()
    for _ in range(3):
        await front.send()
    assert front.messenger.asked_for_quiet.count(ALICE) == 1
