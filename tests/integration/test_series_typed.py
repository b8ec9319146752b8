"""Words typed about one promise of a series, and about the whole series; by the door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import State
from tests.integration.front import Front, front_door
from tests.integration.weeks import STATUS, owed
from tests.unit.factories import BOB


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def test_one_of_a_series_is_cancelled_alone_and_its_list_stays_true(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    cancelled = await front.command("cancel 1")
    assert "Only this one of the series: `/promise end 1` ends all of it." in cancelled.body
    listed = await front.command("list recurring")
    assert "latest: #1, for" in listed.body
    assert "is due" not in listed.body


@pytest.mark.parametrize("typed", ["skip 1", "skip #1 this week", "pause 1 until January"])
async def test_skipping_is_asked_about_as_this_one_or_all_of_them(front: Front, typed: str) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    asked = await front.command(typed)
    assert [label for label in ("Cancel it", "End the series", "Show it") if label in asked.body] == [
        "Cancel it",
        "End the series",
        "Show it",
    ]
    assert [each.state for each in await owed(front)] == [State.ACTIVE]


@pytest.mark.parametrize(
    "typed", ["pause the status", "skip the status this week", "please pause the series", "pausiere die Serie"]
)
async def test_a_series_that_is_paused_by_its_words_is_asked_about(front: Front, typed: str) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> send the deck by Friday 5pm")
    asked = await front.command(typed)
    assert "Did you mean to cancel *#1 send the status*?" in asked.text
    assert [label for label in ("Cancel it", "End the series", "No, it is a new promise") if label in asked.body] == [
        "Cancel it",
        "End the series",
        "No, it is a new promise",
    ]


async def test_which_of_several_series_is_paused_is_asked(front: Front) -> None:
    assert "That fits none of your promises just now." in (await front.command("pause the series")).text
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> every Monday 9am send the status of the budget")
    asked = await front.command("pause the status")
    assert "Do you want to end the series of one of these?" in asked.text
    assert "end #1" in asked.body
    assert "end #2" in asked.body


@pytest.mark.parametrize("typed", ["pause the ads by Friday 5pm", f"skip the status with <@{BOB}|bob> by Friday 5pm"])
async def test_to_pause_something_else_is_a_promise(front: Front, typed: str) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    assert "Did you mean" not in (await front.command(typed)).text
    assert "ads" in (await front.command("pause the ads by Friday 5pm")).body


@pytest.mark.parametrize("typed", ["end series 1", "end the series 1", "cancel the series 1", "stop series #1"])
async def test_a_series_is_ended_in_the_words_that_people_use(front: Front, typed: str) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    assert "Ended the series" in (await front.command(typed)).text


async def test_only_series_are_offered_when_one_is_to_be_ended(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> send the deck by Friday 5pm")
    asked = await front.command("end")
    assert "Did you mean to end the series of *#1 send the status*?" in asked.text
    assert "send the deck" not in asked.body


async def test_the_rule_of_a_series_is_not_moved_by_one_of_its_promises(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    answer = await front.command("move 1 to every Thursday")
    assert "The rule of a series cannot be moved. Nothing was changed." in answer.text
    assert "proposed" in (await front.command("move 1 to Thursday noon, because I am away every Friday")).body
