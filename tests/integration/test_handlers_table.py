"""The act table by the door: every situation, every act and everybody, by signed requests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import RULES, Act, State
from bot.domain.transitions import allowed_acts
from handlers.acting import asks_for_words
from tests.integration.front import Front, front_door
from tests.integration.situations import ACTS, MODAL_VALUES, SITUATIONS, arranged, done, shown
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_everybody_can_do_what_the_table_says_and_nothing_else(front: Front, situation: str) -> None:
    promise = await arranged(front, situation)
    for who in (ALICE, BOB, CHARLIE, DAVE):
        for act in ACTS:
            before = await shown(front, promise)
            may = act in allowed_acts(before.promise, who, front.clock.now())
            answered = len(front.api.answers)
            await done(front, act, promise, who)
            after = await shown(front, promise)
            if may:
                assert [e.act for e in after.history] == [*(e.act for e in before.history), act], (who, act)
                assert after.history[-1].by == who
                promise = await arranged(front, situation)
            else:
                assert after == before, (who, act)
                assert len(front.api.answers) == answered + 1, (who, act)
                assert front.api.answers[-1]["replace_original"] is False


async def test_the_situations_are_every_state_and_let_every_act_of_a_person_happen(front: Front) -> None:
    reached, possible = set(), set()
    for situation in SITUATIONS:
        promise = await arranged(front, situation)
        reached.add(promise.state)
        possible |= {act for who in promise.parties for act in allowed_acts(promise, who, front.clock.now())}
    assert reached == set(State)
    assert possible == set(ACTS)
    assert {rule.act for rule in RULES} >= set(ACTS)


def test_every_act_of_a_persons_is_known_to_need_words_or_none() -> None:
    assert {act for act in ACTS if asks_for_words(act)} == {
        *MODAL_VALUES,
        Act.AT_RISK,
        Act.DECLINE,
        Act.REJECT_PROPOSAL,
    }
