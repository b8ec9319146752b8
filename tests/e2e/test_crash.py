"""`kill -9` between any two steps, or in the middle of one, loses nothing and says nothing twice."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.sandboxed_kept import SIGNING_SECRET, SandboxedKept, sandboxed_kept, until
from tests.patience import IS_LONG

#: The reader and words of each nudge, as long as nothing newer redrew it.
SHOWN_TEXTS = {
    "check_in": ("alice", "on track"),
    "heads_up": ("bob", "still suit you"),
    "last_call": ("alice", "send the deck"),
}
#: When both Berlin and New York are at work.
MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)


async def die(place: SandboxedKept, after_s: float) -> None:
    await asyncio.sleep(after_s)  # the moment of death is what is varied; nothing is awaited by it
    await place.kill_bot()
    await place.start_bot()


#: Messages long after the deadline.
ENDLESS = ("overdue", "let_go")


@pytest.mark.parametrize("seed", range(20 if IS_LONG else 1))
async def test_a_promise_survives_a_kill_at_any_moment(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    async with sandboxed_kept(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET) as place:
        await place.move_to(MONDAY)
        assert "#1" in await place.command("alice", "@bob send the deck by Friday 5pm")
        await die(place, chance.uniform(0, 0.05))
        await place.gets("bob", "promised you", "send the deck")

        while plans := [plan for plan in await place.planned() if plan["kind"] not in ENDLESS]:
            await place.move_to(datetime.fromisoformat(plans[0]["at"]) + timedelta(seconds=1))
            if IS_LONG or plans[0]["kind"] in SHOWN_TEXTS:
                await die(place, chance.uniform(0, 0.05))
            await until(lambda: nothing_is_late(place), "everything due being sent")
            if plans[0]["kind"] in SHOWN_TEXTS:
                await place.gets(*SHOWN_TEXTS[plans[0]["kind"]])

        await place.gets("bob", "passed")
        for person in ("alice", "bob"):
            marks = Counter(message["metadata"]["event_payload"]["id"] for message in await place.dms(person))
            assert max(marks.values()) == 1, f"{person} got it twice"


async def nothing_is_late(place: SandboxedKept) -> bool:
    now = await place.now()
    return all(datetime.fromisoformat(plan["at"]) > now for plan in await place.planned())
