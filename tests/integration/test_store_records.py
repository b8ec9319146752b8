"""Promises read back in bulk, links, private notes and feeds, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.acts import Act
from bot.domain.digests import Cadence, DigestSetting
from bot.domain.promise import ChannelId, Due, Origin, PromiseId, UserId
from bot.ports import Feed, Store, Transaction
from tests.integration.store_examples import OTHER_TEAM, adding, doing
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, TEAM

C1, C2 = ChannelId("C1"), ChannelId("C2")
PRIVATE = Origin(C1, is_private=True)
P1, P2, P3 = (PromiseId(f"P{number}") for number in (1, 2, 3))
LONG_AFTER = FRIDAY + timedelta(days=30)


async def in_c1(store: Store, due_before: datetime) -> list[int]:
    pasts = await store.read(TEAM, lambda tx: tx.records.of_channel(C1, MONDAY, due_before))
    return [past.promise.number for past in pasts]


async def by(store: Store, *members: UserId) -> list[int]:
    pasts = await store.read(TEAM, lambda tx: tx.records.of_members(members, MONDAY, LONG_AFTER))
    return [past.promise.number for past in pasts]


def noting(latest: Due | None) -> Callable[[Transaction], None]:
    return lambda tx: tx.links.note_need_by(P1, latest)


def setting_digest(setting: DigestSetting) -> Callable[[Transaction], None]:
    return lambda tx: tx.digests.save(setting)


async def test_somebodys_promises_come_with_their_histories_and_without_what_was_undone(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, adding(origin=PRIVATE))
    await store.write(TEAM, adding())
    await store.write(TEAM, adding(owner_id=CHARLIE, made_by=CHARLIE))
    await store.write(TEAM, doing(P1, Act.REPORT, ALICE))
    await store.write(TEAM, doing(P1, Act.ACCEPT_DELIVERY, BOB))
    await store.write(TEAM, doing(P3, Act.UNDO))

    pasts = await store.read(TEAM, lambda tx: tx.records.of_owner(ALICE, 10))

    assert [[entry.act for entry in past.history] for past in pasts] == [
        [Act.PROMISE, Act.REPORT, Act.ACCEPT_DELIVERY],
        [Act.PROMISE],
    ]
    assert await store.read(TEAM, lambda tx: tx.records.closed_of(ALICE, 10)) == (pasts[0],)
    assert await store.read(OTHER_TEAM, lambda tx: tx.records.of_owner(ALICE, 10)) == ()
    for now, counted in ((MONDAY, pasts[:1]), (LONG_AFTER, pasts)):  # the open one once its deadline has passed
        assert await store.read(TEAM, lambda tx, at=now: tx.records.counted_of(ALICE, 10, at)) == counted


async def test_a_channel_lists_its_own_public_promises_with_news_or_due_soon(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, adding(origin=PRIVATE))
    await store.write(TEAM, adding(origin=Origin(C2)))
    assert await in_c1(store, LONG_AFTER) == [1]
    assert await in_c1(store, MONDAY) == []
    await store.write(TEAM, doing(P1, Act.REVOKE))
    assert await in_c1(store, MONDAY) == [1]


async def test_members_are_found_by_what_they_promised_in_every_public_place(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, adding(origin=PRIVATE))
    await store.write(TEAM, adding(origin=Origin(C2)))
    await store.write(TEAM, adding(owner_id=CHARLIE, made_by=CHARLIE))
    assert await by(store, ALICE) == [1, 3]
    assert await by(store, ALICE, CHARLIE) == [1, 3, 4]
    assert await by(store) == []


async def test_a_record_is_opened_twice_and_closed(store: Store) -> None:
    for _ in range(2):
        await store.write(TEAM, lambda tx: tx.records.open(ALICE, MONDAY))
    assert await store.read(TEAM, lambda tx: (tx.records.is_opened(ALICE), tx.records.is_opened(BOB))) == (True, False)
    assert not await store.read(OTHER_TEAM, lambda tx: tx.records.is_opened(ALICE))
    await store.write(TEAM, lambda tx: tx.records.close(ALICE))
    assert not await store.read(TEAM, lambda tx: tx.records.is_opened(ALICE))


async def test_a_link_is_seen_from_both_ends_of_its_workspace(store: Store) -> None:
    for _ in range(3):
        await store.write(TEAM, adding())
    for _ in range(2):
        await store.write(TEAM, lambda tx: tx.links.add(P1, P2))
    await store.write(TEAM, lambda tx: tx.links.add(P3, P2))
    assert await store.read(TEAM, lambda tx: tx.links.dependencies_of(P1)) == (P2,)
    assert await store.read(TEAM, lambda tx: [each.id for each in tx.links.dependents_of(P2)]) == [P1, P3]
    assert await store.read(OTHER_TEAM, lambda tx: tx.links.dependents_of(P2)) == ()
    await store.write(TEAM, lambda tx: tx.links.remove(P1, P2))
    assert await store.read(TEAM, lambda tx: [each.id for each in tx.links.dependents_of(P2)]) == [P3]


async def test_a_need_by_is_noted_replaced_and_forgotten(store: Store) -> None:
    friday, monday = Due(FRIDAY, "Europe/Berlin"), Due(MONDAY, "UTC")
    for latest in (friday, monday):
        await store.write(TEAM, noting(latest))
        assert await store.read(TEAM, lambda tx: tx.links.need_by(P1)) == latest
    assert await store.read(OTHER_TEAM, lambda tx: tx.links.need_by(P1)) is None
    await store.write(TEAM, noting(None))
    assert await store.read(TEAM, lambda tx: tx.links.need_by(P1)) is None


async def test_a_new_feed_voids_the_old_one(store: Store) -> None:
    old, new = Feed(ALICE, "old", MONDAY), Feed(ALICE, "new", FRIDAY)
    await store.write(TEAM, lambda tx: tx.feeds.save(old))
    await store.write(TEAM, lambda tx: tx.feeds.save(new))
    assert await store.read(TEAM, lambda tx: (tx.feeds.with_secret("old"), tx.feeds.with_secret("new"))) == (None, new)
    assert await store.read(OTHER_TEAM, lambda tx: tx.feeds.with_secret("new")) is None
    await store.write(TEAM, lambda tx: tx.feeds.remove(ALICE))
    assert await store.read(TEAM, lambda tx: tx.feeds.get(ALICE)) is None


async def test_a_digest_of_members_and_its_pause_come_back(store: Store) -> None:
    setting = DigestSetting(TEAM, C1, Cadence.DAILY, time(9), "UTC", ALICE, MONDAY, MONDAY)
    for each in (replace(setting, of_members=True, paused_at=FRIDAY), setting):
        await store.write(TEAM, setting_digest(each))
        assert await store.read(TEAM, lambda tx: tx.digests.get(C1)) == each
