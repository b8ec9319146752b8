"""Several processes over one PostgreSQL: nothing is sent twice, and they wake each other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import TeamId
from bot.ports import DeliveryId, Sharing, Store
from bot.storage.engine import open_store
from tests.databases import PostgresServer, in_thread
from tests.integration.agendas import decide
from tests.integration.post_office import PostOffice, open_office
from tests.patience import PATIENCE_S
from tests.unit.factories import FRIDAY, MONDAY, TEAM

TEAMS = [TeamId(f"T{n}") for n in range(8)]
HOUR = timedelta(hours=1)


@pytest.fixture
async def two(postgres_server: PostgresServer) -> AsyncIterator[tuple[PostOffice, PostOffice]]:
    """Two processes' worth of sending into one Slack."""
    url = await in_thread(postgres_server)
    stores = [await open_store(url) for _ in range(2)]
    first, second = [await open_office(store, *TEAMS) for store in stores]
    second.ids, second.slack = first.ids, first.slack
    second.deliveries = second.another()
    yield first, second
    for store in stores:
        await store.close()


async def owe_trouble(store: Store, team: TeamId, count: int) -> None:
    """Messages about nothing, so that only their sending is looked at."""
    words = [Planned(Kind.TROUBLE, f"C{team}{n}", MONDAY, f"person:U{n}") for n in range(count)]
    numbers = iter(range(count))
    await store.write(team, lambda tx: tx.deliveries.owe(None, words, lambda: DeliveryId(f"{team}-{next(numbers)}")))


async def drain(office: PostOffice) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await office.store.planned(MONDAY - HOUR, 1):
            await office.deliveries.send_due()


async def test_two_processes_send_everything_once(two: tuple[PostOffice, PostOffice]) -> None:
    for team in TEAMS:
        await owe_trouble(two[0].store, team, 60)
    await asyncio.gather(*(drain(office) for office in two))
    assert len(two[0].slack.posts) == 60 * len(TEAMS)
    assert not two[0].slack.doubled


async def test_a_workspace_is_one_processs_turn_until_it_lets_go(two: tuple[PostOffice, PostOffice]) -> None:
    first, second = two
    hold, lease = timedelta(seconds=10), timedelta(seconds=60)
    await owe_trouble(first.store, TEAM, 4)
    assert len(await first.store.claim_due(MONDAY, lease, 2, Sharing(hold=hold))) == 2
    assert await second.store.claim_due(MONDAY, lease, 2, Sharing(hold=hold)) == ()
    await first.store.end_turns()
    assert len(await second.store.claim_due(MONDAY, lease, 2, Sharing(hold=hold))) == 2


async def test_a_process_decides_about_the_people_of_no_workspace_that_another_has(
    two: tuple[PostOffice, PostOffice],
) -> None:
    first, second = two
    hold = timedelta(minutes=10)
    for team in TEAMS[:3]:
        await first.make(team=team)
        second.clock.move(timedelta(minutes=1))
    assert await first.store.take_turns(TEAMS[:1], hold) == {TEAMS[0]}
    assert await second.store.take_turns(TEAMS[:2], hold) == {TEAMS[1]}
    await decide(second.services)
    due = {team for team, _ in await second.store.agendas_due(second.clock.now(), 100)}
    assert due == {TEAMS[0]}
    await first.store.end_turns()
    await decide(second.services)
    assert await second.store.agendas_due(second.clock.now(), 100) == ()


async def test_both_processes_take_turns_at_claiming_together(two: tuple[PostOffice, PostOffice]) -> None:
    for team in TEAMS:
        await owe_trouble(two[0].store, team, 5)
    claims = [
        office.store.claim_due(MONDAY, timedelta(seconds=60), 8, Sharing(hold=timedelta(seconds=10)))
        for _ in range(5)
        for office in two
    ]
    claimed = [row.id for rows in await asyncio.gather(*claims) for row in rows]
    assert len(claimed) == len(set(claimed)) > 0


async def test_claims_of_a_stopping_process_are_sent_by_another_immediately(two: tuple[PostOffice, PostOffice]) -> None:
    first, second = two
    await owe_trouble(first.store, TEAM, 50)
    sending = asyncio.create_task(first.deliveries.send_due())
    while not first.slack.posts:  # noqa: ASYNC110  the fake has no event for it
        await asyncio.sleep(0)
    first.deliveries.stop()
    await sending
    await first.deliveries.drain()
    assert len(first.slack.posts) < 50
    await drain(second)
    assert len(first.slack.posts) == 50
    assert not first.slack.doubled


async def test_the_clock_marks_a_miss_once_however_many_look(two: tuple[PostOffice, PostOffice]) -> None:
    promises = [await two[0].make(team=team) for team in TEAMS]
    for office in two:
        office.clock.move(FRIDAY - MONDAY + HOUR)
    done = await asyncio.gather(*(office.promises.run_due() for office in two))
    assert sum(done) == len(TEAMS)
    for promise in promises:
        shown = await two[0].promises.show(promise.team_id, promise.id, promise.owner_id)
        assert [entry.act for entry in shown.history].count(Act.MISS) == 1


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_new_work_wakes_the_other_process(two: tuple[PostOffice, PostOffice]) -> None:
    woken = asyncio.Event()
    listening = asyncio.create_task(two[1].store.listen(woken.set))
    async with asyncio.timeout(PATIENCE_S):
        await woken.wait()  # as soon as it listens, for what came before
        woken.clear()
        two[0].store.announce()
        await woken.wait()
    await end(listening)


async def test_a_listener_whose_connection_broke_listens_again(
    two: tuple[PostOffice, PostOffice], postgres_server: PostgresServer
) -> None:
    woken = asyncio.Event()
    listening = asyncio.create_task(two[1].store.listen(woken.set))
    async with asyncio.timeout(PATIENCE_S):
        await woken.wait()
        woken.clear()
        two[0].store.announce()
        await woken.wait()
        woken.clear()
        of_listeners = "FROM pg_stat_activity WHERE query ILIKE '%LISTEN%' AND pid <> pg_backend_pid()"
        kill = f"SELECT pg_terminate_backend(pid) {of_listeners}"
        await asyncio.to_thread(postgres_server.run, kill)
        await woken.wait()
    await end(listening)
