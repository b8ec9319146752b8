"""Where Kept listens, who was welcomed, what a message is about, and a workspace that leaves: on both databases."""

from datetime import timedelta

from bot.domain.people import Person
from bot.domain.promise import ChannelId, PromiseId
from bot.ports import Event, Store
from bot.ports.surfaces import Listening, Welcome
from tests.integration.store_examples import OTHER_TEAM, adding, claim_one, nudge, owing
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

C1 = ChannelId("C1")


async def test_listening_is_on_where_someone_turned_it_on_until_it_is_off(store: Store) -> None:
    first = Listening(C1, ALICE, MONDAY)
    assert await store.read(TEAM, lambda tx: tx.surfaces.listening(C1)) is None
    await store.write(TEAM, lambda tx: tx.surfaces.listen(first))
    await store.write(TEAM, lambda tx: tx.surfaces.listen(Listening(C1, BOB, FRIDAY)))
    assert await store.read(TEAM, lambda tx: tx.surfaces.listening(C1)) == first
    assert await store.read(OTHER_TEAM, lambda tx: tx.surfaces.listening(C1)) is None
    await store.write(TEAM, lambda tx: tx.surfaces.stop_listening(C1))
    assert await store.read(TEAM, lambda tx: tx.surfaces.listening(C1)) is None


async def test_a_welcome_is_remembered_from_its_first_time_and_ends_for_good(store: Store) -> None:
    await store.write(TEAM, lambda tx: tx.surfaces.note_welcome(ALICE, MONDAY))
    await store.write(TEAM, lambda tx: tx.surfaces.note_welcome(ALICE, FRIDAY))
    assert await store.read(TEAM, lambda tx: tx.surfaces.welcome(ALICE)) == Welcome(MONDAY)
    await store.write(TEAM, lambda tx: tx.surfaces.end_welcome(ALICE))
    assert await store.read(TEAM, lambda tx: tx.surfaces.welcome(ALICE)) == Welcome(MONDAY, is_over=True)
    assert await store.read(TEAM, lambda tx: tx.surfaces.welcome(BOB)) is None


async def test_a_message_in_slack_leads_back_to_its_promise(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, owing(nudge()))
    delivery = await claim_one(store)
    await store.write(TEAM, lambda tx: tx.deliveries.record_sent(delivery, ChannelId("D1"), "17.5", "", MONDAY))
    found = await store.read(TEAM, lambda tx: tx.deliveries.standing_at(ChannelId("D1"), "17.5"))
    assert found
    assert found.promise_id == "P1"
    assert await store.read(TEAM, lambda tx: tx.deliveries.standing_at(ChannelId("D1"), "17.6")) is None
    assert await store.read(OTHER_TEAM, lambda tx: tx.deliveries.standing_at(ChannelId("D1"), "17.5")) is None


async def test_acts_and_messages_that_slack_took_are_counted(store: Store) -> None:
    await store.write(TEAM, adding())
    await store.write(TEAM, owing(nudge()))
    before = await store.so_far()
    assert before["acts"]["promise"] == 1
    assert before["said"] == {}
    delivery = await claim_one(store)
    await store.write(TEAM, lambda tx: tx.deliveries.record_sent(delivery, ChannelId("D1"), "17.5", "", MONDAY))
    assert (await store.so_far())["said"] == {delivery.kind.value: 1}


async def test_a_workspace_that_leaves_is_forgotten_and_no_other(store: Store) -> None:
    for team in (TEAM, OTHER_TEAM):
        await store.write(team, adding(team_id=team))
        await store.write(team, owing(nudge()))
        await store.write(team, lambda tx, team=team: tx.people.save(Person(team, ALICE, "Alice", MONDAY)))  # type: ignore[misc]  # bound per turn
        await store.write(team, lambda tx: tx.links.add(PromiseId("P1"), PromiseId("P0")))
        await store.write(team, lambda tx: tx.surfaces.note_welcome(ALICE, MONDAY))
        await store.events.add(Event(team, "Ev1", "{}", 1), MONDAY, timedelta(minutes=1))
    assert await store.forget(TEAM) >= 7
    assert await store.read(TEAM, lambda tx: tx.promises.get(PromiseId("P1"))) is None
    assert await store.read(TEAM, lambda tx: tx.people.get(ALICE)) is None
    assert await store.forget(TEAM) == 0
    assert await store.read(OTHER_TEAM, lambda tx: tx.promises.get(PromiseId("P1")))
    assert await store.read(OTHER_TEAM, lambda tx: tx.surfaces.welcome(ALICE)) == Welcome(MONDAY)
