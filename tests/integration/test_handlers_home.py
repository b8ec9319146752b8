"""The Home tab by the door."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.acts import State
from bot.domain.drafts import Draft
from bot.domain.promise import ChannelId, Due, Origin
from bot.ports import Fault, Refused
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, FRIDAY, TEAM


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


async def test_what_slack_would_not_take_is_shown_to_the_owner_alone_while_the_promise_is_open(front: Front) -> None:
    front.messenger.refusals[BOB] = Refused(Fault.OTHER, "invalid_blocks")
    promise = await front.make("polish the boat by Friday 17:00")
    await front.send()
    await front.event(OPENED)
    assert f"*#{promise.number}*, to <@{BOB}>: Slack refused how the message was built." in str(front.api.homes[-1])
    await front.event(OPENED | {"user": BOB})
    assert "Slack refused" not in str(front.api.homes[-1])
    await front.command(f"cancel {promise.number} not needed")
    await front.event(OPENED)
    assert "Slack refused" not in str(front.api.homes[-1])


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
    assert "was cancelled" in front.messenger.sent_to(ALICE)[-1].text
    assert len(front.api.homes) == 1


async def test_the_first_day_on_it_begins_with_a_welcome_that_can_be_ended(front: Front) -> None:
    await front.event(OPENED)
    await front.click("home.show.owed", "owed:0", home="all:0")
    assert all("Welcome" in str(view) for view in front.api.homes)
    await front.click("home.welcome.over", "over", home="all:0")
    await front.event(OPENED)
    assert not any("Welcome" in str(view) for view in front.api.homes[-2:])


async def test_the_welcome_is_over_after_a_day(front: Front) -> None:
    await front.event(OPENED)
    front.clock.move(timedelta(days=1))
    await front.event(OPENED)
    assert ["Welcome" in str(view) for view in front.api.homes] == [True, False]


async def test_ones_own_record_is_shown_once_five_promises_have_ended(front: Front) -> None:
    for number in range(5):
        promise = await front.make(f"send part {number} by Friday 17:00")
        front.clock.move(timedelta(minutes=10))
        await front.click("act.report", promise.id)
        await front.event(OPENED)
        assert "Your record" not in str(front.api.homes[-1])
        await front.click("act.accept_delivery", promise.id, BOB)
    await front.event(OPENED)
    assert "Your record: kept 100 % of 5 finished promises" in str(front.api.homes[-1]).replace("\xa0", " ")


async def test_settings_show_the_hours_that_kept_uses(front: Front) -> None:
    await front.click("home.settings", "settings", home="all:0")
    assert "In Berlin time" in str(front.api.views[0])


async def test_what_one_owes_oneself_stands_on_it_once(front: Front) -> None:
    await front.command("tidy the wiki by Friday 17:00")
    await front.event(OPENED)
    assert str(front.api.homes[0]).count("tidy the wiki") == 1


async def test_it_shows_all_of_five_hundred_open_promises_page_by_page(front: Front) -> None:
    place, due = Origin(ChannelId("C1")), Due(FRIDAY, "Europe/Berlin")
    for number in range(500):
        by, to = (ALICE, BOB) if number % 2 else (BOB, ALICE)
        draft = Draft(f"send part {number}", due, to)
        await front.services.promises.make(TEAM, by, draft, place, f"key {number}")
    await front.event(OPENED)
    assert "I owe (250)" in str(front.api.homes[-1])
    assert "I wait for (250)" in str(front.api.homes[-1])
    for page in range(10):
        await front.click("home.page.next", f"owing:{page}", home="owing:0")
    shown = {number for view in front.api.homes for number in re.findall(r"\*#(\d+)\*", str(view))}
    assert len(shown) >= 250
