"""Claiming what is due: never twice, fairly, and by the right clock, on both databases."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.kinds import Kind
from bot.domain.promise import TeamId
from bot.ports import Sharing, Store
from bot.storage import claiming
from bot.storage.engine import open_store
from tests.databases import PostgresServer, SqliteFiles, in_thread
from tests.integration.store_examples import LEASE, OTHER_TEAM, SPENT, burst, claim_one, nudge, owing
from tests.unit.factories import ALICE, BOB, MONDAY, TEAM

SECOND = timedelta(seconds=1)


async def test_what_is_due_is_claimed_by_the_second_and_not_before(store: Store) -> None:
    await store.write(TEAM, owing(nudge(at=MONDAY)))

    assert await store.claim_due(MONDAY - timedelta(microseconds=1), LEASE, 10) == ()
    claimed = await claim_one(store)

    assert (claimed.team_id, claimed.promise_id, claimed.kind, claimed.to, claimed.occasion, claimed.due_at) == (
        TEAM,
        "P1",
        Kind.CHECK_IN,
        ALICE,
        "v1",
        MONDAY,
    )
    assert (claimed.attempt, claimed.was_unknown) == (1, False)


async def test_a_claim_holds_while_its_lease_lasts_whatever_time_the_clock_shows(store: Store) -> None:
    await store.write(TEAM, owing(nudge()))
    await claim_one(store)

    assert await store.claim_due(MONDAY + timedelta(days=3), LEASE, 10) == ()


async def test_a_lease_that_ran_out_comes_back_as_unknown(store: Store) -> None:
    await store.write(TEAM, owing(nudge()))
    await claim_one(store, lease=SPENT)

    again = await claim_one(store)

    assert (again.attempt, again.was_unknown) == (2, True)


async def test_the_earliest_comes_first_and_no_more_than_asked(store: Store) -> None:
    await store.write(TEAM, owing(*(nudge(to=f"U{n}", at=MONDAY - n * SECOND) for n in range(5))))

    assert [row.to for row in await store.claim_due(MONDAY, LEASE, 3)] == ["U4", "U3", "U2"]
    assert [row.to for row in await store.claim_due(MONDAY, LEASE, 3)] == ["U1", "U0"]


async def test_a_claim_of_one_row_touches_no_other(store: Store) -> None:
    await store.write(TEAM, owing(nudge(), nudge(to=BOB, at=MONDAY + SECOND)))
    await claim_one(store)

    (other,) = await store.claim_due(MONDAY + SECOND, LEASE, 10)

    assert (other.to, other.attempt) == (BOB, 1)


async def test_one_workspaces_burst_delays_others_by_one_round_at_most(store: Store) -> None:
    await store.write(TEAM, burst(2000, MONDAY - timedelta(hours=1)))
    others = [TeamId(f"T{n:03}") for n in range(100, 130)]
    for team in others:
        await store.write(team, owing(nudge(at=MONDAY)))

    first = await store.claim_due(MONDAY, LEASE, 50)

    assert Counter(row.team_id for row in first) == {TEAM: 20, **dict.fromkeys(others, 1)}


async def test_two_bursts_share_a_claim(store: Store) -> None:
    await store.write(TEAM, burst(500, MONDAY - timedelta(hours=1)))
    await store.write(OTHER_TEAM, burst(500))

    claimed = await store.claim_due(MONDAY, LEASE, 50)

    assert Counter(row.team_id for row in claimed) == {TEAM: 25, OTHER_TEAM: 25}


async def test_of_one_workspace_a_claim_takes_its_share_and_no_more(store: Store) -> None:
    await store.write(TEAM, burst(500, MONDAY - timedelta(hours=1)))
    await store.write(OTHER_TEAM, burst(3))

    assert Counter(row.team_id for row in await store.claim_due(MONDAY, LEASE, 200, Sharing(share=40))) == {
        TEAM: 40,
        OTHER_TEAM: 3,
    }


async def test_when_more_workspaces_wait_than_one_turn_visits_the_next_claims_go_on_from_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "TURN", 4)
    await store.write(TeamId("A"), burst(400, MONDAY - timedelta(hours=1)))
    others = {TeamId(f"B{n}") for n in range(10)}
    for team in others:
        await store.write(team, owing(nudge(at=MONDAY)))

    rounds = [{row.team_id for row in await store.claim_due(MONDAY, LEASE, 10)} for _ in range(3)]

    assert set.union(*rounds) >= others


async def test_everything_due_is_claimed_exactly_once(store: Store) -> None:
    for number in range(7):
        await store.write(TeamId(f"T{number}"), burst(30 * number + 1, MONDAY - number * SECOND))
    seen: Counter[str] = Counter()
    while claimed := await store.claim_due(MONDAY, LEASE, 50):
        seen.update(f"{row.team_id} {row.id}" for row in claimed)

    assert len(seen) == sum(30 * number + 1 for number in range(7))
    assert set(seen.values()) == {1}


async def test_replicas_that_claim_concurrently_never_take_the_same(postgres_server: PostgresServer) -> None:
    url = await in_thread(postgres_server)
    replicas = [await open_store(url) for _ in range(3)]
    try:
        await replicas[0].write(TEAM, burst(600))
        await replicas[0].write(OTHER_TEAM, burst(300))
        seen: Counter[str] = Counter()

        async def drain(store: Store) -> None:
            while claimed := await store.claim_due(MONDAY, LEASE, 20):
                seen.update(f"{row.team_id} {row.id}" for row in claimed)

        await asyncio.gather(*(drain(store) for store in replicas))

        assert len(seen) == 900
        assert set(seen.values()) == {1}
    finally:
        await asyncio.gather(*(store.close() for store in replicas))


async def test_the_leases_of_a_process_that_is_gone_are_void_at_the_next_start(sqlite_files: SqliteFiles) -> None:
    url = await in_thread(sqlite_files)
    before = await open_store(url)
    await before.write(TEAM, owing(nudge()))
    await claim_one(before)
    await before.close()

    after = await open_store(url)
    try:
        again = await claim_one(after)
        assert (again.attempt, again.was_unknown) == (2, True)
        assert await after.claim_due(MONDAY, LEASE, 10) == ()
    finally:
        await after.close()
