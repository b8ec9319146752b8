"""Who may do what by /api/v1 is what the act table says: every situation, every act and everybody."""

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.promise import Promise, UserId
from bot.domain.transitions import allowed_acts
from handlers.api.inputs import PEOPLES_ACTS
from tests.integration.front import Front, front_door
from tests.integration.situations import ACTS, SITUATIONS, arranged, shown
from tests.integration.tools import tool_of
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY

#: What the forms of some acts ask for, as fields.
FIELDS: dict[Act, dict[str, Any]] = {
    Act.PROPOSE: {"due_at": (FRIDAY + timedelta(days=2)).isoformat()},
    Act.COUNTER: {"due_at": (FRIDAY + timedelta(days=5)).isoformat()},
    Act.EDIT: {"what": "send the whole deck"},
    Act.ADJUST: {"estimate_minutes": 180, "priority": "urgent"},
    Act.HAND_OVER: {"heir": CHARLIE},
    Act.REOPEN: {"note": "page 7 is empty"},
    Act.ADD_NOTE: {"note": "it is in the shared folder"},
    Act.RATE: {"rating": "exceeded", "note": "thank you!"},
    Act.REVOKE: {"note": "the client has gone"},
}


EVERYBODY = (ALICE, BOB, CHARLIE, DAVE)


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_a_tool_can_do_what_its_person_can_do_by_a_click_and_nothing_else(front: Front, situation: str) -> None:
    tools = {who: await tool_of(front, who) for who in EVERYBODY}
    before = await shown(front, await arranged(front, situation))
    for turn, act in enumerate(ACTS):
        for who in tried(before.promise, act, front.clock.now(), turn):
            allowed = allowed_acts(before.promise, who, front.clock.now())
            answer = await tools[who].act(before.promise.number, act, before.promise.seq, **FIELDS.get(act, {}))
            after = await shown(front, before.promise)
            if act in allowed:
                assert answer.status == 200, (who, act, answer.body)
                assert [e.act for e in after.history] == [*(e.act for e in before.history), act], (who, act)
                assert after.history[-1].by == who
                before = await shown(front, await arranged(front, situation))
            else:
                assert answer.status in (403, 404, 409), (who, act, answer.body)
                assert after == before, (who, act)


def tried(promise: Promise, act: Act, now: datetime, turn: int) -> list[UserId]:
    """Everybody who may, and one of those who may not, in turn; with KEPT_LONG everybody."""
    may = [who for who in EVERYBODY if act in allowed_acts(promise, who, now)]
    others = [who for who in EVERYBODY if who not in may]
    return [*may, *(others if os.environ.get("KEPT_LONG") else others[turn % len(others) :][:1])]


def test_a_tool_has_the_acts_of_people_and_none_of_the_clocks() -> None:
    assert list(PEOPLES_ACTS) == ACTS
