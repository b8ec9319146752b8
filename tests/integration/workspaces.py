"""Workspaces full of promises in public and private places, made at random and written to real databases."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, Origin, Promise, UserId
from bot.domain.transitions import begin, perform
from bot.ports import Transaction
from tests.unit.factories import BOB, MONDAY
from tests.unit.histories import random_past

C1, C2 = ChannelId("C1"), ChannelId("C2")
PUBLIC = (Origin(C1), Origin(C2))
PRIVATE = (Origin(C1, is_private=True), Origin(ChannelId("C3"), is_private=True), Origin(ChannelId("D1"), True))
OWNERS = tuple(UserId(f"U{name}") for name in ("ALICE", "DAVE", "ERIN", "FAY", "GUS", "HAL"))
#: How many days of promise-making a workspace has behind it.
DAYS = 60


def mixed(random: Random, size: int) -> list[Past]:
    """Promises of six people to Bob, some to oneself, a third of them in private places."""
    pasts = []
    for number in range(1, size + 1):
        owner, place = random.choice(OWNERS), random.choice([*PUBLIC, *PUBLIC, *PRIVATE])
        requester = owner if random.random() < 0.1 else BOB
        made_at = MONDAY + timedelta(minutes=random.randint(0, DAYS * 1440))
        changes = {"owner_id": owner, "requester_id": requester, "origin": place}
        pasts.append(random_past(random, number, made_at, **changes))
    return pasts


def writing(pasts: Sequence[Past]) -> Callable[[Transaction], None]:
    """The work that records promises act by act, as it was done."""

    def work(tx: Transaction) -> None:
        for past in pasts:
            first, *rest = past.history
            promise = begin(_blank(past, first.at), first)
            tx.promises.add(promise, first)
            for entry in rest:
                promise = perform(promise, entry)
                tx.promises.save(promise, entry)

    return work


def _blank(past: Past, made_at: datetime) -> Promise:
    first, sent = past.history[0], past.promise
    terms = replace(sent.terms, what=first.what or sent.terms.what, due=first.due or sent.terms.due, version=1)
    heirs = [entry.by for entry in past.history if entry.heir]
    return replace(
        sent,
        owner_id=heirs[0] if heirs else sent.owner_id,
        terms=terms,
        made_at=made_at,
        proposal=None,
        reported_at=None,
        settles_at=None,
        missed_at=None,
        closed_at=None,
        renegotiated_at=None,
        raised_early=False,
        last_word=None,
        rating="",
        seq=0,
    )
