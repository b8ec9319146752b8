"""A command that asks the person it names is no promise to them: Kept asks who owes it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import State
from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def buttons(answer: Any) -> list[dict[str, Any]]:
    return [each for block in answer.message["blocks"] for each in block.get("elements", ()) if "action_id" in each]


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("<@UBOB|bob> please send me the numbers by Friday 3pm", "send me the numbers"),
        ("@bob should send the numbers by Friday 3pm", "send the numbers"),
        ("<@UBOB|bob> <@UCHARLIE|charlie> could you review it by Friday 3pm?", "review it"),
        ("I need the numbers from <@UBOB|bob> by Friday 3pm", "I need the numbers from @bob"),
        ("<@UBOB|bob> let me know by Friday noon", "let me know"),
        ("<@UBOB|bob> bitte schick mir die Zahlen bis Freitag 15 Uhr", "schick mir die Zahlen"),
    ],
)
async def test_a_request_is_recorded_as_one_when_its_writer_says_so(front: Front, typed: str, what: str) -> None:
    answer = await front.command(typed)
    assert "Do you ask <@UBOB> for this, or do you promise it yourself? Nothing is recorded yet." in answer.body
    assert [each["text"]["text"] for each in buttons(answer)] == ["Ask bob", "I promise it"]
    assert await front.promises_of(ALICE) == await front.promises_of(BOB) == ()
    await front.click("make.candidate.0", buttons(answer)[0]["value"], own=True)
    (asked,) = await front.promises_of(BOB)
    assert (asked.state, asked.requester_id, asked.terms.what) == (State.REQUESTED, ALICE, what)


async def test_the_other_button_records_the_promise_as_it_was_typed(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> please send the numbers by Friday 3pm")
    await front.click("make.candidate.1", buttons(answer)[1]["value"], own=True)
    (made,) = await front.promises_of(ALICE)
    assert (made.state, made.requester_id, made.terms.what) == (State.ACTIVE, BOB, "please send the numbers")


async def test_a_request_without_a_date_is_asked_about_as_a_request(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> can you review it")
    assert "Asked of <@UBOB>" in answer.body


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ("<@UBOB|bob> send you the numbers by Friday 3pm", BOB),
        ("<@UBOB|bob> I need to send you the numbers by Friday 3pm", BOB),
        ("<@UBOB|bob> let me check the numbers by Friday 3pm", BOB),
        ("please send the deck by Friday 3pm", ALICE),
    ],
)
async def test_a_promise_is_recorded_without_a_question(front: Front, typed: str, to: UserId) -> None:
    await front.command(typed)
    (made,) = await front.promises_of(ALICE)
    assert (made.state, made.requester_id) == (State.ACTIVE, to)


async def test_a_recurring_request_is_refused_with_the_way_to_get_it(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> every Friday please send me the report")
    assert "ask them to type" in answer.body
    assert await front.promises_of(ALICE) == ()
