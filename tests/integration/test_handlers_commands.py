"""`/promise …` by the door: every command, and what becomes of words that are none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import State
from bot.domain.promise import Promise
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def test_a_promise_is_recorded_before_it_is_acknowledged(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send the Q3 deck by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    assert answer.message["response_type"] == "ephemeral"
    assert "Recorded" in answer.text
    assert (promise.owner_id, promise.requester_id, promise.terms.what) == (ALICE, BOB, "send the Q3 deck")
    assert promise.terms.due.local.strftime("%a %H:%M %Z") == "Fri 17:00 CET"
