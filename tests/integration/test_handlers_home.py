"""The Home tab by the door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import State
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


OPENED = {"type": "app_home_opened", "user": ALICE, "channel": "D1", "tab": "home"}


async def test_it_shows_what_one_owes_and_is_owed(front: Front) -> None:
    await front.make("polish the boat by Friday 17:00")
    await front.make("pay the bill by Friday 17:00", BOB, ALICE)
    await front.event(OPENED)
    shown = str(front.api.homes[0])
    assert "polish the boat" in shown
    assert "pay the bill" in shown


async def test_it_is_drawn_again_after_an_act_done_from_it(front: Front) -> None:
    promise = await front.make()
    await front.event(OPENED)
    await front.click("act.report", promise.id, home="all:0")
    assert (await front.now_of(promise)).state is State.REPORTED
    assert len(front.api.homes) == 2
    assert front.api.homes[0] != front.api.homes[1]


async def test_it_is_drawn_again_at_the_same_place_after_a_form_opened_from_it(front: Front) -> None:
    promise = await front.make()
    await front.click("act.at_risk", promise.id, home="owing:0")
    await front.submit(front.api.views[0], {"note": {"value": "waiting"}})
    assert front.api.homes[-1]["private_metadata"] == "owing:0"


async def test_a_filter_shows_one_group(front: Front) -> None:
    await front.make("polish the boat by Friday 17:00")
    await front.make("pay the bill by Friday 17:00", BOB, ALICE)
    await front.click("home.show.owed", "owed:0", home="all:0")
    shown = str(front.api.homes[0])
    assert "polish the boat" not in shown
    assert "pay the bill" in shown


@pytest.mark.parametrize("place", ["", "nowhere", "owed:minus", "owing:99999999"])
async def test_a_place_that_is_none_is_the_front(front: Front, place: str) -> None:
    await front.click("home.show.owed", place, home="all:0")
    assert front.api.homes[0]["private_metadata"] == "all:0"


async def test_a_promise_can_be_made_from_it(front: Front) -> None:
    await front.click("home.make", "make", home="all:0")
    assert front.api.views[0]["callback_id"] == "make"


async def test_a_stale_button_on_it_is_answered_in_direct_messages(front: Front) -> None:
    promise = await front.make()
    await front.command(f"cancel {promise.number}")
    await front.click("act.report", promise.id, home="all:0")
    assert "is closed" in front.messenger.told(ALICE)[-1].text
    assert len(front.api.homes) == 1
