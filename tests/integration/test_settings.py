"""One's own settings by the door: they open, are saved or refused, and move messages that are still to be sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.kinds import Kind
from bot.domain.people import Person
from bot.domain.promise import UserId
from tests.integration.agendas import coming, planned_at
from tests.integration.front import Front, front_door
from tests.patience import PATIENCE_S, until_true
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def days(*numbers: int) -> dict[str, Any]:
    return {"selected_options": [{"value": str(number)} for number in numbers]}


def filled(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "days": days(0, 1, 2, 3),
        "start": {"selected_time": "07:30"},
        "end": {"selected_time": "15:00"},
        "lead_days": {"value": "1"},
        "daily_cap": {"value": "6"},
        "country": {"value": None},
        "has_brief": {"selected_options": []},
        "quiet": {"selected_time": None},
        "quiet_end": {"selected_time": None},
    }
    return values | changes


async def chosen(front: Front, by: UserId = ALICE, **changes: Any) -> None:
    """Open a person's settings, change them and save."""
    await front.command("settings", by)
    answer = await front.submit(front.api.views[-1], filled(**changes), by)
    assert (answer.status, answer.body) == (200, "")


async def known(front: Front, person: UserId) -> Person:
    return await front.services.people.of(TEAM, person)


def initial(view: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an untouched form, by the name of the input."""
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    return {
        "days": [option["text"]["text"] for option in elements["days"]["initial_options"]],
        "start": elements["start"]["initial_time"],
        "end": elements["end"]["initial_time"],
        "lead_days": elements["lead_days"]["initial_value"],
        "daily_cap": elements["daily_cap"]["initial_value"],
        "country": elements["country"].get("initial_value"),
        "has_brief": bool(elements["has_brief"].get("initial_options")),
        "quiet": elements["quiet"].get("initial_time"),
        "quiet_end": elements["quiet_end"].get("initial_time"),
    }


async def test_the_command_opens_them_as_they_stand(front: Front) -> None:
    answer = await front.command("settings")
    assert answer.body in ("", "{}")
    assert initial(front.api.views[0]) == {
        "days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        "start": "09:00",
        "end": "18:00",
        "lead_days": "1",
        "daily_cap": "4",
        "country": None,
        "has_brief": False,
        "quiet": None,
        "quiet_end": None,
    }
    assert "In Berlin time, as in your Slack profile" in str(front.api.views[0])


async def test_what_was_saved_is_there_when_they_are_opened_again(front: Front) -> None:
    more = {"country": {"value": "Germany, Bayern"}, "has_brief": {"selected_options": [{"value": "yes"}]}}
    hush = {"quiet": {"selected_time": "11:00"}, "quiet_end": {"selected_time": "12:30"}}
    await chosen(front, lead_days={"value": "2"}, **more, **hush)
    await front.click("home.settings", "settings", home="all:0")
    assert initial(front.api.views[1]) == {
        "days": ["Monday", "Tuesday", "Wednesday", "Thursday"],
        "start": "07:30",
        "end": "15:00",
        "lead_days": "2",
        "daily_cap": "6",
        "country": "DE-BY",
        "has_brief": True,
        "quiet": "11:00",
        "quiet_end": "12:30",
    }


@pytest.mark.parametrize(
    ("words", "calendar", "title"),
    [
        ("England", "GB-ENG", "United Kingdom, England"),
        ("Texas, USA", "US-TX", "United States, Texas"),
        ("Georgia", "GE", "Georgia"),
        ("Bavaria", "DE-BY", "Germany, Bayern"),
        ("Katalonien", "ES-CT", "Spain, Catalunya"),
        ("Frankreich", "FR", "France"),
    ],
)
async def test_public_holidays_are_found_by_the_name_of_a_part_or_of_a_country(
    front: Front, words: str, calendar: str, title: str
) -> None:
    await chosen(front, country={"value": words})
    assert (await known(front, ALICE)).preferences.country == calendar
    assert f"Holidays: {title} ({calendar})." in front.api.answers[-1]["text"]


async def test_saved_from_the_command_they_are_confirmed_to_the_person_alone(front: Front) -> None:
    await chosen(front)
    (answer,) = front.api.answers
    assert answer["response_type"] == "ephemeral"
    assert "You work Mon, Tue, Wed, Thu from 07:30 to 15:00" in answer["text"]
    assert front.messenger.posts == {}


async def test_settings_saved_from_the_home_tab_are_shown_there_immediately(front: Front) -> None:
    await front.click("home.settings", "settings", home="owing:0")
    await front.submit(front.api.views[0], filled())
    assert "from 07:30 to 15:00" in str(front.api.homes[-1])
    assert front.api.homes[-1]["private_metadata"] == "owing:0"
    assert (front.api.answers, front.messenger.posts) == ([], {})


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("days", days(), "at least one working day"),
        ("days", {"selected_options": [{"value": "9"}, {"value": "Friday"}]}, "at least one working day"),
        ("end", {"selected_time": "09:00"}, "two hours or more"),
        ("start", {"selected_time": "16:00"}, "two hours or more"),
        ("start", {"selected_time": None}, "time of day"),
        ("end", {"selected_time": "25:00"}, "time of day"),
        ("lead_days", {"value": "0"}, "from 1 to 10"),
        ("lead_days", {"value": "11"}, "from 1 to 10"),
        ("daily_cap", {"value": "1.5"}, "from 1 to 20"),
        ("daily_cap", {"value": None}, "from 1 to 20"),
        ("country", {"value": "Narnia"}, "no holiday calendar called Narnia"),
        ("country", {"value": "DE-XX"}, "no holiday calendar called DE-XX"),
        ("country", {"value": "La Rioja"}, "Argentina, La Rioja; Spain, La Rioja"),
        ("quiet", {"selected_time": "10:00"}, "a beginning and an end"),
        ("quiet_end", {"selected_time": "00:00"}, "Beginning and end are the same."),
    ],
)
async def test_a_complaint_is_shown_at_its_field_and_nothing_is_saved(
    front: Front, field: str, value: dict[str, Any], says: str
) -> None:
    before = await known(front, ALICE)
    await front.command("settings")
    same = {"quiet": value} if "end are the same" in says else {}
    answer = await front.submit(front.api.views[0], filled(**{field: value}, **same))
    assert answer.message["response_action"] == "errors"
    (stands_at,) = [name for name, sentence in answer.message["errors"].items() if says in sentence]
    moved = {"two hours or more": "end", "a beginning and an end": "quiet_end"}
    assert stands_at == moved.get(says, field)
    assert (await known(front, ALICE)).preferences == before.preferences


async def test_all_faulty_fields_are_named_together(front: Front) -> None:
    await front.command("settings")
    wrong = {"days": days(), "lead_days": {"value": "99"}, "country": {"value": "Narnia"}}
    halves = {"start": {"selected_time": None}, "quiet": {"selected_time": "10:00"}}
    answer = await front.submit(front.api.views[0], filled(**wrong, **halves))
    assert set(answer.message["errors"]) == {*wrong, "start", "quiet_end"}


async def test_a_longer_lead_moves_the_check_in_of_a_promise_made_before(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00", ALICE, BOB)
    before = await planned_at(front.services, promise, Kind.CHECK_IN)
    await chosen(front, lead_days={"value": "3"})
    assert await planned_at(front.services, promise, Kind.CHECK_IN) <= before - timedelta(days=1)


async def test_a_check_in_moves_into_the_hours_chosen(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00", ALICE, BOB)
    evenings = {"start": {"selected_time": "19:00"}, "end": {"selected_time": "22:00"}}
    await chosen(front, days=days(0, 1, 2, 3, 4), **evenings)
    moved = (await known(front, ALICE)).hours.local(await planned_at(front.services, promise, Kind.CHECK_IN))
    assert time(19) <= moved.time() < time(22)


async def test_the_heads_up_goes_by_what_the_requester_chose(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00", ALICE, BOB)
    await front.send()
    before = await planned_at(front.services, promise, Kind.HEADS_UP)
    await chosen(front, BOB, days=days(0, 1, 2, 3, 4), lead_days={"value": "3"})
    assert await planned_at(front.services, promise, Kind.HEADS_UP) <= before - timedelta(days=1)


async def test_a_promise_made_later_goes_by_what_was_chosen(front: Front) -> None:
    early = await front.make("send the deck by Friday 17:00", ALICE, BOB)
    await chosen(front, lead_days={"value": "3"})
    late = await front.make("send the budget by Friday 17:00", ALICE, BOB)
    assert await planned_at(front.services, late, Kind.CHECK_IN) == await planned_at(
        front.services, early, Kind.CHECK_IN
    )


async def test_what_was_asked_already_is_not_asked_again(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00", ALICE, BOB)
    asked_at = await planned_at(front.services, promise, Kind.CHECK_IN)
    front.clock.move(asked_at - front.clock.now())
    await front.send()
    shown = len(front.messenger.sent_to(ALICE))
    await chosen(front, lead_days={"value": "2"})
    await front.send()
    assert len(front.messenger.sent_to(ALICE)) == shown
    assert await coming(front.services, Kind.CHECK_IN) == []


async def test_a_closed_promise_stays_silent(front: Front) -> None:
    promise = await front.make()
    await front.command(f"cancel {promise.number}")
    await chosen(front)
    assert not [kind for kind in Kind if kind.is_nudge and await coming(front.services, kind)]


async def test_the_choice_is_saved_for_its_sender_alone(front: Front) -> None:
    alice, charlie = await known(front, ALICE), await known(front, CHARLIE)
    await front.command("settings", ALICE)
    await front.submit(front.api.views[0], filled(), BOB)
    assert (await known(front, BOB)).hours.start == time(7, 30)
    assert (await known(front, ALICE), await known(front, CHARLIE)) == (alice, charlie)
    assert all(view["type"] == "modal" for view in front.api.views)


@pytest.mark.parametrize("by", ["a week later", "an event"])
async def test_news_from_slack_move_the_zone_and_leave_the_choice_alone(front: Front, by: str) -> None:
    await chosen(front, lead_days={"value": "2"})
    mine = (await known(front, ALICE)).preferences
    moved = replace(front.messenger.people[ALICE], zone="Asia/Tokyo")
    front.messenger.know([replace(moved, fetched_at=front.clock.now() + timedelta(days=8))])
    if by == "an event":
        await front.event({"type": "user_change", "user": {"id": ALICE}})
    else:
        front.clock.move(timedelta(days=8))
    for _ in range(2):  # fresh from Slack, and from the books
        me = await known(front, ALICE)
        assert (me.hours.zone, me.preferences) == ("Asia/Tokyo", mine)


async def test_a_profile_cached_for_days_is_refreshed_in_the_background(front: Front) -> None:
    before = await known(front, ALICE)
    front.clock.move(timedelta(days=2))
    front.messenger.know([replace(before, zone="Asia/Tokyo", fetched_at=front.clock.now())])
    front.messenger.slow.clear()
    for _ in range(3):
        assert await asyncio.wait_for(known(front, ALICE), PATIENCE_S) == before
    await until_true(lambda: ALICE in front.messenger.asked)
    front.messenger.slow.set()

    async def is_refreshed() -> bool:
        return (await known(front, ALICE)).zone == "Asia/Tokyo"

    await until_true(is_refreshed)


async def test_a_promise_about_settings_is_asked_about_and_recorded_by_one_click(front: Front) -> None:
    words = "settings page done by Friday 17:00"
    assert "a new promise" in (await front.command(words)).text
    await front.click("typed.promise", words, own=True)
    (promise,) = await front.promises_of(ALICE)
    assert promise.terms.what == "settings page done"


async def test_a_choice_whose_plan_fails_is_not_written_down_either(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.make("send the deck by Friday 17:00", ALICE, BOB)
    before = await known(front, ALICE)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("bot.use_cases.clashes.clash_of", broken)
    await front.command("settings")
    await front.submit(front.api.views[0], filled(country={"value": "DE"}))
    assert "Something went wrong" in front.api.answers[0]["text"]
    assert await front.store.read(TEAM, lambda tx: tx.people.get(ALICE)) == before
