"""A deadline years ahead is asked about by the door, as its year is more often mistyped than meant."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.front import Answer, Front, front_door
from tests.unit.factories import ALICE, BOB


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def buttons(answer: Answer) -> list[dict[str, Any]]:
    return [each for block in answer.message["blocks"] for each in block.get("elements", ()) if "value" in each]


@pytest.mark.parametrize(
    ("when", "year"),
    [
        ("by 3 March 2062", 2062),
        ("by Friday 4 December 2062", 2062),
        ("by 2062-12-04", 2062),
        ("by 04.12.2062 17:00", 2062),
        ("in 30 years", 2056),
        ("bis 4. Dezember 2062", 2062),
    ],
)
async def test_it_is_recorded_once_it_was_confirmed(front: Front, when: str, year: int) -> None:
    answer = await front.command(f"<@{BOB}|bob> send the deck {when}")
    assert "Nothing is recorded yet." in answer.text
    assert str(year) in answer.text
    assert await front.promises_of(ALICE) == ()
    candidates = [each for each in buttons(answer) if str(year) in each["text"]["text"]]
    await front.click(candidates[0]["action_id"], candidates[0]["value"])
    (promise,) = await front.promises_of(ALICE)
    assert promise.terms.due.local.year == year


async def test_a_move_to_one_is_proposed_once_it_was_confirmed(front: Front) -> None:
    promise = await front.make()
    answer = await front.command("move 1 to 4 December 2062, because of the audit")
    assert "Nothing was changed" in answer.text
    assert (await front.now_of(promise)).proposal is None
    moment = buttons(answer)[0]
    await front.click(moment["action_id"], moment["value"])
    proposal = (await front.now_of(promise)).proposal
    assert proposal is not None
    assert proposal.due is not None
    assert (proposal.due.local.year, proposal.reason) == (2062, "the audit")


@pytest.mark.parametrize("words", ["3 November 2025, because of the audit", "3 November 2025 the audit"])
async def test_a_move_to_a_year_that_is_over_is_no_move_to_the_day_without_it(front: Front, words: str) -> None:
    promise = await front.make()
    assert "has passed. Nothing was changed." in (await front.command(f"move 1 to {words}")).text
    assert (await front.now_of(promise)).proposal is None


@pytest.mark.parametrize("when", ["by 30 September 2028", "in 18 months", "by end of 2027"])
async def test_the_years_of_ordinary_plans_are_not_asked_about(front: Front, when: str) -> None:
    assert "Recorded" in (await front.command(f"<@{BOB}|bob> send the deck {when}")).text
