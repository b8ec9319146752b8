"""Webhooks whose sender is killed again and again, and whose receiver fails: nothing is lost, the order is kept."""

import asyncio
import os
import random
import sys
from itertools import pairwise

import pytest

from bot.domain.acts import Act
from bot.domain.promise import Origin, UserId
from bot.domain.webhooks import Webhook
from bot.storage.engine import open_store
from tests.integration.receiver import Receiver, receiver
from tests.integration.store_examples import adding, doing
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, BOB, MONDAY, TEAM

#: How many promises, and how often the sender is killed; each promise has four acts and five events.
PROMISES, KILLS = (2000, 10) if os.environ.get("KEPT_LONG") else (8, 2)


async def test_killed_senders_and_a_receiver_that_fails_half_the_time_lose_nothing_and_keep_the_order(
    database_url: str,
) -> None:
    if database_url.startswith("postgresql") and not os.environ.get("KEPT_LONG"):
        pytest.skip("each start costs seconds; KEPT_LONG runs it on PostgreSQL, too")
    async with receiver() as there:
        await killed_often(database_url, there)


async def killed_often(database_url: str, there: Receiver) -> None:
    chance = random.Random(7)
    # Nine failures in a row would be given up, which is what pauses of days are for.
    there.fails = lambda call_id, attempt: 500 if attempt <= 8 and chance.random() < 0.5 else 0
    await filled(database_url, there.url)
    for turn in range(KILLS + 1):
        command = [sys.executable, "-m", "tests.integration.webhook_sender", database_url]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        assert process.stdout
        await process.stdout.readline()
        if turn < KILLS:
            await more_than(there, len(there.attempts) + PROMISES // KILLS)
            process.kill()
        await asyncio.wait_for(process.wait(), PATIENCE_S * 20)
    first: dict[str, list[tuple[int, str]]] = {}
    for _, _, sent in there.taken:
        place = sent["data"]["act"]["seq"], sent["type"]
        seen = first.setdefault(sent["data"]["promise"]["id"], [])
        seen += [place] if place not in seen else []
    assert len(first) == PROMISES
    assert {tuple(name for _, name in seen) for seen in first.values()} == {SENT}
    assert all(one <= other for seen in first.values() for (one, _), (other, _) in pairwise(seen))
    assert len(there.attempts) == PROMISES * len(SENT)


SENT = ("promise.promise", "promise.on_track", "promise.report", "promise.accept_delivery", "promise.kept")


async def filled(database_url: str, url: str) -> None:
    """One webhook of the workspace's, and promises with their acts."""
    store = await open_store(database_url)
    hook = Webhook("W1", UserId(""), url, "whsec_c2VjcmV0", ALICE, MONDAY)
    await store.write(TEAM, lambda tx: tx.webhooks.add_webhook(hook))
    for number in range(PROMISES):
        promise = await store.write(TEAM, adding(id=f"P{number}", number=number + 1, origin=Origin("C1")))  # type: ignore[arg-type]
        for act, by in ((Act.ON_TRACK, ALICE), (Act.REPORT, ALICE), (Act.ACCEPT_DELIVERY, BOB)):
            await store.write(TEAM, doing(promise.id, act, by))
    await store.close()


async def more_than(there: Receiver, attempts: int) -> None:
    """Wait until the receiver got that many calls, or all."""
    while len(there.attempts) < min(attempts, PROMISES * len(SENT) - 1):
        there.received.clear()
        await there.received.wait()
