"""What may have arrived is looked for, and sent again only when it cannot be on its way any more."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.promise import ChannelId
from bot.ports import Sent, Unknown
from tests.databases import SqliteFiles, in_thread
from tests.integration.post_office import NeverLooks, PostOffice, post_office
from tests.unit.factories import BOB, FRIDAY, TEAM

ARRIVES, LOST = Sent(ChannelId("x"), "x"), Unknown("TimeoutError")
STEP = timedelta(seconds=11)


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[PostOffice]:
    async with post_office(await in_thread(sqlite_files), TEAM) as office:
        yield office


async def settle(office: PostOffice, rounds: int = 8) -> None:
    for _ in range(rounds):
        await office.send(STEP)


async def test_what_arrived_without_an_answer_is_found_and_not_sent_again(office: PostOffice) -> None:
    office.slack.moods[BOB] = [ARRIVES]
    await office.make()
    await settle(office)
    assert len(office.heard(BOB)) == 1
    assert not office.slack.doubled


async def test_what_was_lost_on_its_way_is_sent_again(office: PostOffice) -> None:
    office.slack.moods[BOB] = [LOST, LOST]
    await office.make()
    await settle(office, 16)
    assert len(office.heard(BOB)) == 1


async def test_what_arrives_after_the_first_look_is_found_by_a_later_one(office: PostOffice) -> None:
    office.slack.moods[BOB], office.slack.is_late = [ARRIVES], True
    await office.make()
    await office.send()
    await office.send(STEP)
    await office.send(STEP)
    office.slack.arrive()
    await settle(office)
    assert len(office.slack.tried) == 1
    assert len(office.heard(BOB)) == 1


async def test_a_sender_that_never_looks_is_caught_doubling(office: PostOffice) -> None:
    """The twin: what the tests above count would show it."""
    office.slack.moods[BOB] = [ARRIVES]
    office.deliveries = office.another(NeverLooks(office.slack))  # type: ignore[arg-type]  # the rest is passed on
    await office.make()
    await settle(office)
    assert office.slack.doubled


async def test_a_digest_in_doubt_is_found_though_it_would_say_something_else_by_now(office: PostOffice) -> None:
    await office.make(private=False)
    now = office.clock.now()
    setting = DigestSetting(TEAM, ChannelId("C1"), Cadence.DAILY, time(17), "UTC", BOB, now, now)
    await office.digests.set(setting)
    await office.send(timedelta(days=4, hours=9))  # the deadline has passed
    await office.promises.pass_time()
    office.slack.moods["C1"] = [ARRIVES]
    await office.send(timedelta(days=3))
    await office.make("send the plan", private=False, due_at=FRIDAY + timedelta(days=30))
    await settle(office)
    digests = [text for text in office.heard("C1") if "Promises in this channel" in text]
    assert len(digests) == 1
    kept = await office.store.read(TEAM, lambda tx: tx.digests.get(ChannelId("C1")))
    assert kept is not None
    assert kept.covered_to > now


async def test_what_was_in_hand_at_a_crash_is_looked_for_and_sent_once(office: PostOffice) -> None:
    await office.make()
    claimed = await office.store.claim_due(office.clock.now(), timedelta(seconds=60), 10)
    assert claimed
    await office.store.close()
    async with post_office(f"sqlite:///{database_of(office)}", TEAM) as after:
        await after.send()
        assert not after.slack.tried  # it may still be on its way
        await after.send(STEP)
        await after.send(STEP)
        assert len(after.heard(BOB)) == 1


def database_of(office: PostOffice) -> str:
    name: str = office.store._writer._engine.url.database  # type: ignore[attr-defined]
    return name
