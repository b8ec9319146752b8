"""Asides read for many messages together are the same as those read for each message alone."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import State
from bot.domain.asides import Aside
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct
from bot.domain.people import Person
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.risk import SAME_DAY
from bot.ports import Delivery, DeliveryId, Store, Transaction
from bot.use_cases.asides import asides_of
from bot.use_cases.delivery.preloading import preload
from tests.integration.post_office import open_office
from tests.integration.test_decided_together import PEOPLE, random_week
from tests.unit.factories import TEAM

STATES = 6


def note_at_random(tx: Transaction, made: Sequence[Promise], chance: random.Random) -> None:
    for promise in made:
        person, needed = chance.choice([promise.owner_id, promise.requester_id]), chance.choice(made)
        if chance.random() < 0.5:
            tx.links.note_obstacle(promise.id, person, f"words {chance.random()}", promise.made_at)
        if chance.random() < 0.5 and needed.id != promise.id:
            tx.links.add(promise.id, needed.id)


def messages_about(promise: Promise) -> list[Delivery]:
    """Return a question of each kind to the owner, and a notice of each act to the requester."""
    sent: list[tuple[Kind, UserId, str]] = [(kind, promise.owner_id, "v1") for kind in (Kind.CHECK_IN, Kind.MIDWAY)]
    sent += [(Kind.NOTICE, promise.requester_id, str(OfAct(seq))) for seq in range(1, promise.seq + 1)]
    return [
        Delivery(TEAM, DeliveryId(f"{promise.id} {kind} {occasion}"), kind, promise.id, to, occasion, promise.made_at)
        for kind, to, occasion in sent
    ]


def shown_under(tx: Transaction, messages: Sequence[Delivery], now: datetime) -> list[tuple[Aside, ...]]:
    found = []
    for each in messages:
        promise = tx.promises.get(each.promise_id or PromiseId(""))
        assert promise is not None
        found.append(asides_of(tx, each, promise, tx.promises.history(promise.id), now))
    return found


async def test_asides_read_together_are_those_read_for_each_message_alone(store: Store) -> None:
    office, chance, made = await open_office(store, TEAM), random.Random(4), list[Promise]()
    for person in PEOPLE:
        known = Person(TEAM, person, person, office.clock.now())
        office.slack.know([known])
        await store.write(TEAM, lambda tx, known=known: tx.people.save(known))
    seen: Counter[str] = Counter()
    for _ in range(STATES):
        await random_week(office, chance, made)
        await store.write(TEAM, lambda tx: note_at_random(tx, made, chance))
        now, ids = office.clock.now(), {each.id for each in made}
        current = await store.read(TEAM, lambda tx, ids=ids: tx.promises.those(ids))
        messages = [message for promise in current.values() for message in messages_about(promise)]

        def together(
            tx: Transaction, messages: Sequence[Delivery] = messages, now: datetime = now
        ) -> list[tuple[Aside, ...]]:
            preload(tx, messages)
            return shown_under(tx, messages, now)

        found = await store.read(TEAM, together)
        for message, asides in zip(messages, found, strict=True):
            [alone] = await store.read(TEAM, lambda tx, message=message, now=now: shown_under(tx, [message], now))
            assert asides == alone
        for each in current.values():
            others = [other for other in current.values() if other.owner_id == each.owner_id and other.id != each.id]
            active = [other.terms.due.at for other in others if other.state is State.ACTIVE]
            around = await store.read(TEAM, lambda tx, each=each: tx.links.due_around(each))
            assert sorted(around) == sorted(at for at in active if abs(at - each.terms.due.at) <= SAME_DAY)
        seen.update(type(aside).__name__ for asides in found for aside in asides)
    assert {"Risk", "Obstacle", "OwnerAsked"} <= seen.keys()
