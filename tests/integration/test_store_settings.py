"""People and digest settings, on both databases."""

from dataclasses import replace
from datetime import date, time, timedelta

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.habits import Absence
from bot.domain.held_misses import Held
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import ChannelId, PromiseId, UserId
from bot.ports import Store, Transaction
from tests.integration.store_examples import OTHER_TEAM
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

C1 = ChannelId("C1")
NIGHTS = Preferences(frozenset({1, 6}), time(6, 30), time(15, 45))
CHRISTMAS = frozenset({date(2026, 12, 24)})
WEEKLY = DigestSetting(TEAM, C1, Cadence.WEEKLY, time(16, 5), "Europe/Berlin", ALICE, MONDAY, MONDAY, weekday=2)


def met(name: str = "Alice", person: UserId = ALICE) -> Person:
    return Person(TEAM, person, name, MONDAY, "Asia/Tokyo", NIGHTS, CHRISTMAS)


async def test_a_person_comes_back_as_they_were_saved(store: Store) -> None:
    alice = Person(
        TEAM, ALICE, "Alice Émile", MONDAY, "Asia/Tokyo", NIGHTS, CHRISTMAS, locale="de", is_bot=True, is_gone=True
    )
    await store.write(TEAM, lambda tx: tx.people.save(alice))

    assert await store.read(TEAM, lambda tx: tx.people.get(ALICE)) == alice
    assert await store.read(TEAM, lambda tx: tx.people.get(BOB)) is None
    assert await store.read(OTHER_TEAM, lambda tx: tx.people.get(ALICE)) is None


async def test_news_from_slack_leave_the_working_week_alone(store: Store) -> None:
    await store.write(TEAM, lambda tx: tx.people.save(met()))
    moved = Person(TEAM, ALICE, "Alice B.", FRIDAY, "Europe/Lisbon", locale="pt", is_gone=True)
    await store.write(TEAM, lambda tx: tx.people.save(moved))

    assert await store.read(TEAM, lambda tx: tx.people.get(ALICE)) == replace(
        moved, preferences=NIGHTS, holidays=CHRISTMAS
    )


async def test_a_persons_settings_are_theirs_alone_and_outlive_profile_updates(store: Store) -> None:
    for person in (ALICE, BOB):
        await store.write(
            TEAM,
            lambda tx, person=person: tx.people.save(met("Somebody", person)),
        )
    chosen = Preferences(frozenset({0, 3}), time(7, 30), time(15), lead_days=3, daily_cap=6)
    await store.write(TEAM, lambda tx: tx.people.choose(ALICE, chosen))
    await store.write(TEAM, lambda tx: tx.people.save(Person(TEAM, ALICE, "Alice", FRIDAY, "Asia/Seoul")))

    alice, bob = [await store.read(TEAM, lambda tx, each=each: tx.people.get(each)) for each in (ALICE, BOB)]
    assert alice
    assert bob
    assert (alice.preferences, alice.hours.zone, alice.hours.days_off) == (chosen, "Asia/Seoul", CHRISTMAS)
    assert (bob.zone, bob.preferences) == ("Asia/Tokyo", NIGHTS)


async def test_days_off_hold_within_the_transaction_that_writes_them(store: Store) -> None:
    away = Absence(date(2026, 12, 29), date(2026, 12, 30), "status")

    def work(tx: Transaction) -> list[tuple[Absence, ...]]:
        tx.people.save(met())
        before = tx.people.get(ALICE)
        tx.absences.write(ALICE, (away,))
        after = tx.people.get(ALICE)
        assert before
        assert after
        assert after.hours.days_off == before.hours.days_off | away.days()
        return [before.absences, after.absences]

    assert await store.write(TEAM, work) == [(), (away,)]
    assert await store.read(TEAM, lambda tx: tx.absences.of(ALICE)) == (away,)
    assert await store.read(OTHER_TEAM, lambda tx: tx.absences.of(ALICE)) == ()


async def test_what_a_workspace_chose_is_for_those_who_chose_nothing(store: Store) -> None:
    for_all = Preferences(frozenset({0, 1}), time(8), time(16), "DE", 3, 6, quiet=(time(20), time(8)))

    def work(tx: Transaction) -> None:
        for person in (ALICE, BOB):
            tx.people.save(Person(TEAM, person, "Somebody", MONDAY))
        tx.people.choose(BOB, Preferences(lead_days=2))
        tx.people.choose_for_all(for_all, ALICE, MONDAY)

    await store.write(TEAM, work)
    alice, bob = [await store.read(TEAM, lambda tx, each=each: tx.people.get(each)) for each in (ALICE, BOB)]
    assert alice
    assert bob
    assert (alice.preferences, alice.has_chosen) == (for_all, False)
    assert (bob.preferences, bob.has_chosen) == (Preferences(lead_days=2), True)
    assert await store.read(TEAM, lambda tx: tx.people.for_all()) == for_all
    assert await store.read(OTHER_TEAM, lambda tx: tx.people.for_all()) == Preferences()


async def test_a_digest_is_set_replaced_and_removed(store: Store) -> None:
    await store.write(TEAM, lambda tx: tx.digests.save(WEEKLY))
    assert await store.read(TEAM, lambda tx: tx.digests.get(C1)) == WEEKLY
    assert await store.read(OTHER_TEAM, lambda tx: tx.digests.get(C1)) is None

    until = MONDAY + timedelta(days=1)
    held = Held(frozenset({PromiseId("P1")}), frozenset({PromiseId("P2"), PromiseId("P3")}), frozenset())
    daily = replace(WEEKLY, cadence=Cadence.DAILY, at=time(9), set_by=BOB, covered_to=until, held=held)
    daily = replace(daily, pauses=((MONDAY, until), (until, until + timedelta(hours=1))))
    await store.write(TEAM, lambda tx: tx.digests.save(daily))
    assert await store.read(TEAM, lambda tx: tx.digests.get(C1)) == daily

    await store.write(OTHER_TEAM, lambda tx: tx.digests.remove(C1))
    assert await store.read(TEAM, lambda tx: tx.digests.get(C1)) == daily
    await store.write(TEAM, lambda tx: tx.digests.remove(C1))
    assert await store.read(TEAM, lambda tx: tx.digests.get(C1)) is None


async def test_names_are_those_of_people_of_the_workspace_who_can_owe_a_promise(store: Store) -> None:
    known = [
        Person(TEAM, ALICE, "Alice Auer", MONDAY),
        Person(TEAM, UserId("UGONE"), "Bob Gone", MONDAY, is_gone=True),
        Person(TEAM, UserId("UBOT"), "Bob Bot", MONDAY, is_bot=True),
    ]
    await store.write(TEAM, lambda tx: [tx.people.save(each) for each in known])
    await store.write(OTHER_TEAM, lambda tx: tx.people.save(Person(OTHER_TEAM, BOB, "Bob Other", MONDAY)))
    assert await store.read(TEAM, lambda tx: tx.people.names(10)) == {ALICE: "Alice Auer"}
    assert await store.read(TEAM, lambda tx: tx.people.names(0)) == {}
