"""Deciding about people together is the same as one after the other, each decision written before the next is read."""

import contextlib
import random
from datetime import timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.agenda import Send
from bot.domain.drafts import Draft
from bot.domain.errors import KeptError
from bot.domain.people import Person
from bot.domain.promise import ChannelId, Due, Origin, Promise, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports import Store
from bot.use_cases.delivery.pacing import steady
from tests.integration.post_office import PostOffice, open_office
from tests.patience import IS_LONG
from tests.unit.factories import TEAM

PEOPLE = [UserId(f"U{number}") for number in range(8)]
STATES = 12
SEEDS = range(16 if IS_LONG else 1)
ACTS = (Act.ON_TRACK, Act.AT_RISK, Act.REPORT, Act.ACCEPT_DELIVERY, Act.REOPEN, Act.RELEASE)


async def random_week(office: PostOffice, chance: random.Random, made: list[Promise]) -> None:
    """Make and change promises, let time pass, and leave some messages unsent."""
    for _ in range(chance.randrange(1, 5)):
        owner, requester = chance.sample(PEOPLE, 2)
        due = Due(office.clock.now() + timedelta(hours=chance.choice([1, 3, 8, 24, 30, 72, 200])), "UTC")
        key = f"key-{next(office.ids)}"
        draft = Draft("send the deck", due, requester)
        made.append((await office.promises.make(TEAM, owner, draft, Origin(ChannelId("C1")), key)).promise)
    for promise in chance.sample(made, min(3, len(made))):
        by = chance.choice([promise.owner_id, promise.requester_id])
        entry = HistoryEntry(chance.choice(ACTS), by, office.clock.now(), origin=f"act-{next(office.ids)}")
        with contextlib.suppress(KeptError):
            await office.promises.act(TEAM, promise.id, entry)
    office.clock.move(timedelta(minutes=chance.choice([1, 10, 60, 240, 600, 1440])))
    await office.promises.run_due()
    if chance.random() < 0.7:
        await office.send()
    office.clock.move(timedelta(minutes=chance.choice([1, 60, 900])))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_deciding_about_many_people_together_is_deciding_about_one_after_the_other(
    store: Store, seed: int
) -> None:
    office, chance, made = await open_office(store, TEAM), random.Random(seed), list[Promise]()
    for person in PEOPLE:
        known = Person(TEAM, person, person, office.clock.now())
        office.slack.know([known])
        await store.write(TEAM, lambda tx, known=known: tx.people.save(known))
    agenda, counted = office.services.agenda, 0
    for state in range(STATES):
        await random_week(office, chance, made)
        now, order = office.clock.now(), chance.sample(PEOPLE, len(PEOPLE))
        office.slack.quiet = {person: now + timedelta(hours=1) for person in PEOPLE if chance.random() < 0.2}
        office.clock.move(timedelta(minutes=5))  # what Slack answered before is asked again
        together = (await agenda._look_at([(TEAM, each) for each in order], steady() + 60)).get(TEAM, ())
        results = {seen.facts.person: decided.result for seen, decided in together}
        spoken = sum(isinstance(result, Send) for result in results.values())
        counted += sum(bool(decided.after) for _, decided in together)
        if state % 2:
            assert await agenda._write(TEAM, together) == spoken  # none is left for later
            continue
        for person in order:
            alone = (await agenda._look_at([(TEAM, person)], steady() + 60)).get(TEAM, ())
            await agenda._write(TEAM, alone)
            if person in results:
                [(_, decided)] = alone
                assert decided.result == results[person]
    assert counted  # decisions that knew of a message before them
