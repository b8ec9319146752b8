"""Promises and their history, on both databases."""

from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest

from bot.domain.acts import Act
from bot.domain.errors import BusyError, NaiveTimeError
from bot.domain.overview import Outline
from bot.domain.people import Person
from bot.domain.promise import CLOCK, ChannelId, Due, Origin, Promise, PromiseId, Rest, TeamId, Terms, UserId
from bot.domain.transitions import HistoryEntry, perform
from bot.domain.weight import Priority, Weight
from bot.ports import ActingFacts, Side, Store, Transaction
from bot.use_cases.people import hours_of
from tests.integration.store_examples import OTHER_TEAM, adding, doing, first_entry
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, MONDAY, TEAM, entry, promised, replay
from tests.unit.overviews import outline

ZONED_DUE = Due(FRIDAY.replace(microsecond=123456), "America/New_York")
P1 = PromiseId("P1")


def _save(promise: Promise, done: HistoryEntry, tx: Transaction) -> None:
    tx.promises.save(promise, done)


def _met(promise_id: PromiseId, tx: Transaction) -> Promise | None:
    """Return a promise that was read together with others."""
    tx.promises.prefetch([promise_id, PromiseId("P9")])
    return tx.promises.get(promise_id)


async def test_a_promise_comes_back_as_it_was_saved(store: Store) -> None:
    origin = Origin(ChannelId("C9"), is_private=True, permalink="https://slack.test/p1", thread_ts="17.1")
    terms = Terms("send the deck 🎯 “draft”", ZONED_DUE, "when Bob has seen it")
    made = await store.write(TEAM, adding(origin=origin, terms=terms, watchers=(CHARLIE, DAVE)))

    assert await store.read(TEAM, lambda tx: tx.promises.get(made.id)) == made
    assert await store.read(TEAM, lambda tx: tx.promises.numbered(made.number)) == made
    assert await store.read(TEAM, partial(_met, made.id)) == made


async def test_every_act_leaves_what_the_domain_says(store: Store) -> None:
    rest = Rest("the appendix", Due(FRIDAY + timedelta(days=9), "UTC"))
    promise = await store.write(TEAM, adding())
    history = [first_entry(promise)]
    for done in (
        entry(Act.AT_RISK, ALICE, note="the figures are late"),
        entry(Act.PROPOSE, ALICE, what="the first half", due=ZONED_DUE, note="waiting", early=True, rest=rest),
        entry(Act.ACCEPT_PROPOSAL, BOB),
        entry(Act.HAND_OVER, ALICE, heir=DAVE),
        entry(Act.REJECT_PROPOSAL, DAVE),
        entry(Act.REPORT, ALICE, settles_at=FRIDAY + timedelta(days=5)),
        entry(Act.ACCEPT_DELIVERY, BOB, rating="met"),
    ):
        promise = perform(promise, done)
        history.append(done)
        await store.write(TEAM, partial(_save, promise, done))
        assert await store.read(TEAM, lambda tx: tx.promises.get(P1)) == promise
        assert repr(await store.read(TEAM, partial(_met, P1))) == repr(promise)

    assert await store.read(TEAM, lambda tx: tx.promises.history(P1)) == tuple(history)


async def test_a_promise_can_be_rebuilt_from_its_history_alone(store: Store) -> None:
    made = await store.write(TEAM, adding())
    await store.write(TEAM, doing(P1, Act.PROPOSE))
    now = await store.write(TEAM, doing(P1, Act.ACCEPT_PROPOSAL, BOB))

    history = await store.read(TEAM, lambda tx: tx.promises.history(P1))

    assert replay(made, history) == now


async def test_a_promise_saved_from_a_stale_copy_is_refused_and_leaves_no_act(store: Store) -> None:
    made = await store.write(TEAM, adding())
    await store.write(TEAM, doing(P1, Act.ON_TRACK))
    late = entry(Act.AT_RISK, ALICE)

    with pytest.raises(BusyError, match="Try again"):
        await store.write(TEAM, lambda tx: tx.promises.save(perform(made, late), late))

    assert [done.act for done in await store.read(TEAM, lambda tx: tx.promises.history(P1))] == [
        Act.PROMISE,
        Act.ON_TRACK,
    ]


async def test_numbers_count_up_in_each_workspace_by_itself(store: Store) -> None:
    first = [await store.write(TEAM, lambda tx: tx.promises.next_number()) for _ in range(3)]
    other = await store.write(OTHER_TEAM, lambda tx: tx.promises.next_number())

    assert (first, other) == ([1, 2, 3], 1)


async def test_a_second_promise_from_the_same_click_is_refused(store: Store) -> None:
    made = await store.write(TEAM, adding(click="trigger-1"))

    with pytest.raises(BusyError):
        await store.write(TEAM, adding(click="trigger-1"))

    assert await store.read(TEAM, lambda tx: tx.promises.made_from("trigger-1")) == made
    assert len(await store.read(TEAM, lambda tx: tx.promises.concerning(ALICE, Side.ALL, 10))) == 1


async def test_promises_without_an_origin_do_not_get_in_each_others_way(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, adding())

    assert await store.read(TEAM, lambda tx: tx.promises.made_from("")) is None


async def test_an_act_is_known_by_its_origin_on_its_own_promise_alone(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, adding())
    await store.write(TEAM, doing(P1, Act.ON_TRACK, origin="click-7"))

    async def known(promise: str, origin: str) -> bool:
        facts = await store.read(TEAM, lambda tx: tx.promises.for_act(PromiseId(promise), origin))
        return facts is not None and facts.is_repeated

    assert [await known(*asked) for asked in (("P1", "click-7"), ("P2", "click-7"), ("P1", "click-8"), ("P1", ""))] == [
        True,
        False,
        False,
        False,
    ]


async def test_what_an_act_depends_on_is_read_by_id_and_by_number(store: Store) -> None:
    await store.write(TEAM, lambda tx: tx.people.save(Person(TEAM, BOB, "Bob", MONDAY, "Asia/Tokyo")))
    made = await store.write(TEAM, adding())
    await store.write(TEAM, doing(P1, Act.PROPOSE, due=Due(FRIDAY + timedelta(days=1), "UTC"), note="ill"))

    def facts(ref: PromiseId | int) -> Awaitable[tuple[ActingFacts | None, str]]:
        return store.read(TEAM, lambda tx: (tx.promises.for_act(ref, "click"), hours_of(tx, BOB).zone))

    promise = await store.read(TEAM, lambda tx: tx.promises.get(P1))
    assert promise
    assert promise.proposal
    for ref in (P1, made.number):
        assert await facts(ref) == (ActingFacts(promise, False, False, None, None), "Asia/Tokyo")
    assert (await facts(PromiseId("other")))[0] is None


async def test_lists_show_open_promises_of_one_side_by_deadline(store: Store) -> None:
    def due(days: int) -> Terms:
        return Terms("it", Due(FRIDAY + timedelta(days=days), "UTC"))

    await store.write(TEAM, adding(terms=due(2)))
    await store.write(TEAM, adding(terms=due(1)))
    await store.write(TEAM, adding(terms=due(3), owner_id=BOB, made_by=BOB, requester_id=ALICE))
    await store.write(TEAM, adding(terms=due(0)))
    await store.write(TEAM, doing(PromiseId("P4"), Act.REVOKE))
    await store.write(TEAM, adding(owner_id=BOB, made_by=BOB, requester_id=CHARLIE))

    async def numbers(side: Side, limit: int = 10) -> list[int]:
        return [found.number for found in await store.read(TEAM, lambda tx: tx.promises.concerning(ALICE, side, limit))]

    assert [await numbers(side) for side in (Side.OWING, Side.OWED, Side.ALL, Side.MISSED)] == [
        [2, 1],
        [3],
        [2, 1, 3],
        [],
    ]
    assert await numbers(Side.ALL, limit=1) == [2]


async def test_deadlines_are_those_of_promises_that_others_still_owe_from_a_day_on(store: Store) -> None:
    for days in (3, 1, -1, 2, 2, 2):
        await store.write(TEAM, adding(terms=Terms("it", Due(FRIDAY + timedelta(days=days), "UTC"))))
    await store.write(TEAM, adding(owner_id=BOB, made_by=BOB, requester_id=ALICE))
    await store.write(TEAM, doing(PromiseId("P5"), Act.REPORT, settles_at=FRIDAY + timedelta(days=9)))

    async def ahead(team: TeamId, limit: int = 10) -> dict[int, int]:
        found = await store.read(team, lambda tx: tx.promises.deadlines_of(ALICE, FRIDAY, limit, but=P1))
        return {(owed.at - FRIDAY).days: owed.alike for owed in found}

    assert [await ahead(TEAM), await ahead(TEAM, limit=2), await ahead(OTHER_TEAM)] == [{1: 1, 2: 2}, {1: 1, 2: 1}, {}]


async def test_a_missed_promise_is_listed_as_missed_until_it_closes(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, doing(P1, Act.MISS, by=CLOCK, at=FRIDAY))

    def missed() -> Awaitable[int]:
        return store.read(TEAM, lambda tx: len(tx.promises.concerning(BOB, Side.MISSED, 10)))

    assert await missed() == 1
    await store.write(TEAM, doing(P1, Act.RELEASE, BOB))
    assert await missed() == 0


async def test_the_clock_finds_what_it_must_look_at_the_earliest_first(store: Store) -> None:
    for days in (2, 0, 1):
        await store.write(TEAM, adding(terms=Terms("it", Due(FRIDAY + timedelta(days=days), "UTC"))))
    await store.write(OTHER_TEAM, adding(team_id=OTHER_TEAM))
    await store.write(TEAM, doing(PromiseId("P3"), Act.REVOKE))

    assert await store.clock_due(FRIDAY - timedelta(microseconds=1), 10) == ()
    assert set(await store.clock_due(FRIDAY, 10)) == {(TEAM, "P2"), (OTHER_TEAM, "P1")}
    assert (await store.clock_due(FRIDAY + timedelta(days=2), 10))[-1] == (TEAM, "P1")
    assert len(await store.clock_due(FRIDAY + timedelta(days=2), 1)) == 1
    assert await store.next_due() == FRIDAY
    for until, owes in ((FRIDAY - timedelta(microseconds=1), False), (FRIDAY, True)):
        assert await store.read(TEAM, lambda tx, until=until: tx.promises.has_clock_act_by(until)) is owes  # type: ignore[misc]  # bound per turn


async def test_instants_come_back_aware_in_utc_to_the_microsecond(store: Store) -> None:
    await store.write(TEAM, adding(terms=Terms("it", ZONED_DUE)))

    found = await store.read(TEAM, lambda tx: tx.promises.get(P1))

    assert found is not None
    assert found.terms.due.at == ZONED_DUE.at
    assert found.terms.due.at.tzinfo is UTC


async def test_a_time_without_a_zone_never_reaches_the_tables(store: Store) -> None:
    naive = datetime(2026, 11, 27, 17)  # noqa: DTZ001  the fault under test

    with pytest.raises(NaiveTimeError, match="no time zone"):
        await store.write(TEAM, adding(made_at=MONDAY, reported_at=naive))
    with pytest.raises(NaiveTimeError):
        await store.claim_due(naive, timedelta(seconds=1), 1)

    assert await store.read(TEAM, lambda tx: tx.promises.get(P1)) is None


async def test_no_book_shows_another_workspaces_rows(store: Store) -> None:
    made = await store.write(TEAM, adding(click="trigger-1"))

    def spy(tx: Transaction) -> list[object]:
        books = tx.promises
        return [
            books.get(made.id),
            books.numbered(made.number),
            books.made_from("trigger-1"),
            *books.history(made.id),
            *books.concerning(ALICE, Side.ALL, 10),
        ]

    assert await store.read(OTHER_TEAM, spy) == [None, None, None]
    assert await store.read(OTHER_TEAM, partial(_met, made.id)) is None
    assert await store.read(OTHER_TEAM, lambda tx: tx.promises.for_act(made.id, "trigger-1")) is None


async def test_a_promise_cannot_be_written_through_another_workspaces_books(store: Store) -> None:
    stray = promised()

    with pytest.raises(ValueError, match="another workspace"):
        await store.write(OTHER_TEAM, lambda tx: tx.promises.add(stray, first_entry(stray)))
    await store.write(TEAM, adding())
    with pytest.raises(ValueError, match="another workspace"):
        await store.write(
            OTHER_TEAM, lambda tx: tx.promises.save(replace(stray, seq=2), HistoryEntry(Act.UNDO, ALICE, MONDAY))
        )


@pytest.mark.parametrize("seed", range(3))
async def test_outlines_are_those_of_the_promises_that_a_person_owes_and_waits_for(store: Store, seed: int) -> None:
    chance = Random(seed)
    for _ in range(12):
        owner, requester = chance.choice([(ALICE, BOB), (BOB, ALICE), (ALICE, ALICE), (BOB, CHARLIE)])
        due = Due(FRIDAY + timedelta(days=chance.randrange(3)), "UTC")
        weight = Weight(priority=chance.choice(list(Priority)))
        made = adding(owner_id=owner, requester_id=requester, terms=Terms("send it", due), weight=weight)
        promise = await store.write(TEAM, made)
        acts = [(Act.AT_RISK, owner)]
        if owner != requester:
            moved = [(Act.PROPOSE, owner), (Act.AT_RISK, owner), (Act.ACCEPT_PROPOSAL, requester)]
            acts = chance.choice([[], acts, moved, [*moved, (Act.AT_RISK, owner)], [(Act.RELEASE, requester)]])
        for minute, (act, by) in enumerate(acts):
            await store.write(TEAM, doing(promise.id, act, by, at=MONDAY + timedelta(minutes=minute)))
    await store.write(OTHER_TEAM, adding(team_id=OTHER_TEAM))

    for person in (ALICE, BOB, CHARLIE):
        both = [await store.read(TEAM, partial(_concerning, person, side)) for side in (Side.OWING, Side.OWED)]
        owing, owed = await store.read(TEAM, partial(_outlines, person))
        assert list(owing) == [outline(each) for each in both[0]]
        assert list(owed) == [outline(each) for each in both[1] if each.owner_id != person]
        ids = [each.id for each in both[0]]
        assert await store.read(TEAM, partial(_those, ids)) == {each.id: each for each in both[0]}


def _concerning(person: UserId, side: Side, tx: Transaction) -> tuple[Promise, ...]:
    return tx.promises.concerning(person, side, 100)


def _outlines(person: UserId, tx: Transaction) -> tuple[Sequence[Outline], Sequence[Outline]]:
    return tx.promises.outlines(person, 100)


def _those(ids: Collection[PromiseId], tx: Transaction) -> Mapping[PromiseId, Promise]:
    return tx.promises.those(ids)
