"""Holidays, quiet hours and what a workspace chose, by the door: they move messages that are still to be sent."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.kinds import Kind
from bot.domain.promise import UserId
from bot.domain.working_time import WorkingHours
from bot.use_cases import preferences
from tests.integration.agendas import coming, planned_at
from tests.integration.front import Front, front_door
from tests.integration.test_settings import chosen, days, filled
from tests.unit.factories import ALICE, BOB, CHARLIE, MONDAY, TEAM

GERMANY = {"country": {"value": "Germany"}}
FIVE_DAYS = {"days": days(0, 1, 2, 3, 4), "start": {"selected_time": "09:00"}, "end": {"selected_time": "18:00"}}


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


def make_admin(front: Front, person: UserId, *, is_admin: bool = True) -> None:
    front.messenger.know([replace(front.messenger.people[person], is_admin=is_admin)])


async def chosen_for_all(front: Front, by: UserId = ALICE, **changes: Any) -> None:
    await front.command("settings workspace", by)
    await front.submit(front.api.views[-1], filled(**FIVE_DAYS | changes), by)


async def test_a_check_in_that_would_fall_on_a_holiday_comes_the_day_before(front: Front) -> None:
    promise = await front.make("send the deck by 28 Dec 17:00")  # Monday after Christmas
    before = await planned_at(front.services, promise, Kind.CHECK_IN)
    assert before.date() == date(2026, 12, 25)
    await chosen(front, **FIVE_DAYS, **GERMANY)
    assert (await planned_at(front.services, promise, Kind.CHECK_IN)).date() == date(2026, 12, 24)


async def test_the_heads_up_leaves_the_requester_a_day_that_is_none_of_their_holidays(front: Front) -> None:
    promise = await front.make("send the deck by 28 Dec 17:00")
    await front.send()
    await chosen(front, BOB, **FIVE_DAYS, **GERMANY)
    assert (await planned_at(front.services, promise, Kind.HEADS_UP)).date() <= date(2026, 12, 24)


async def test_a_deadline_on_a_holiday_is_raised_immediately_with_both(front: Front) -> None:
    await chosen(front, BOB, **FIVE_DAYS, **GERMANY)
    receipt = await front.command(f"<@{BOB}|bob> send the deck by 25 Dec 17:00")
    assert f"That is a holiday for <@{BOB}> (Fri 25 Dec – Sat 26 Dec)" in str(receipt.message["blocks"])
    await front.send()
    assert "That is a holiday for you" in str(front.messenger.sent_to(BOB)[-1].blocks)


async def test_a_country_chosen_later_raises_the_deadlines_made_before(front: Front) -> None:
    await front.make("send the deck by 25 Dec 17:00")
    await front.send()
    await chosen(front, **FIVE_DAYS, **GERMANY)
    await front.send()
    assert "That is a holiday for you" in front.messenger.sent_to(ALICE)[-1].text
    assert f"That is a holiday for <@{ALICE}>" in front.messenger.sent_to(BOB)[-1].text


async def test_leave_around_a_holiday_that_was_reported_is_reported_too(front: Front) -> None:
    await front.make("send the deck by 25 Dec 17:00")
    await chosen(front, **FIVE_DAYS, **GERMANY)
    await front.send()
    (received,) = front.messenger.sent_to(BOB)
    assert "That is a holiday" in str(received.blocks)
    await front.command("away 24 Dec – 2 Jan")
    await front.send()
    assert "is away then" in front.messenger.sent_to(BOB)[-1].text


async def test_working_days_in_words_pass_over_holidays(front: Front) -> None:
    await chosen(front, **FIVE_DAYS, **GERMANY)
    front.clock.move(timedelta(days=30))  # Wednesday, 23 December
    promise = await front.make("send the deck in 2 working days")
    assert promise.terms.due.local.date() == date(2026, 12, 28)


async def test_quiet_hours_move_a_check_in(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    hush = {"quiet": {"selected_time": "14:00"}, "quiet_end": {"selected_time": "09:30"}}
    await chosen(front, **FIVE_DAYS, **hush)
    at = (await planned_at(front.services, promise, Kind.CHECK_IN)).astimezone(UTC)
    assert time(8, 30) <= at.time() < time(13)


async def test_who_moves_to_another_zone_takes_the_reminders_along_and_no_deadline(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    asked_at = await planned_at(front.services, promise, Kind.CHECK_IN)
    moved = replace(front.messenger.people[ALICE], zone="America/New_York")
    front.messenger.know([replace(moved, fetched_at=front.clock.now())])
    await front.event({"type": "user_change", "user": {"id": ALICE}})
    now_at = await planned_at(front.services, promise, Kind.CHECK_IN)
    assert now_at != asked_at
    assert WorkingHours("America/New_York").is_working(now_at)
    assert (await front.now_of(promise)).terms == promise.terms


async def test_an_admin_chooses_for_everybody_who_chose_nothing(front: Front) -> None:
    make_admin(front, ALICE)
    promise = await front.make("send the deck by Friday 17:00", BOB, CHARLIE)
    await chosen(front, CHARLIE, **FIVE_DAYS)
    asked_at = await planned_at(front.services, promise, Kind.CHECK_IN)
    await chosen_for_all(front, lead_days={"value": "3"}, **GERMANY)
    assert "Saved for everybody" in front.api.answers[-1]["text"]
    assert await planned_at(front.services, promise, Kind.CHECK_IN) < asked_at
    bob, charlie = [await front.services.people.of(TEAM, who) for who in (BOB, CHARLIE)]
    assert (bob.preferences.country, bob.preferences.lead_days, bob.has_chosen) == ("DE", 3, False)
    assert (charlie.preferences.country, charlie.preferences.lead_days, charlie.has_chosen) == ("", 1, True)


async def test_a_brief_chosen_for_everybody_is_owed_to_people_without_a_choice_who_have_something_open(
    front: Front,
) -> None:
    make_admin(front, ALICE)
    await front.make("send the deck by Friday 17:00", BOB, CHARLIE)
    await chosen(front, CHARLIE, **FIVE_DAYS)
    await chosen_for_all(front, has_brief={"selected_options": [{"value": "yes"}]})
    assert [person for person, _ in await coming(front.services, Kind.BRIEF)] == [BOB]
    await chosen_for_all(front)
    assert await coming(front.services, Kind.BRIEF) == []


async def test_who_chooses_later_no_longer_follows_the_workspace(front: Front) -> None:
    make_admin(front, ALICE)
    await chosen_for_all(front, lead_days={"value": "3"})
    await chosen(front, BOB, **FIVE_DAYS)
    assert (await front.services.people.of(TEAM, BOB)).preferences.lead_days == 1
    await chosen_for_all(front, lead_days={"value": "5"})
    assert (await front.services.people.of(TEAM, BOB)).preferences.lead_days == 1


async def test_a_morning_brief_is_for_each_to_ask_for(front: Front) -> None:
    make_admin(front, ALICE)
    await front.command("settings workspace")
    assert "has_brief" not in str(front.api.views[-1])
    await front.command("settings")
    assert "has_brief" in str(front.api.views[-1])


async def test_only_an_admin_opens_the_settings_of_everybody(front: Front) -> None:
    answer = await front.command("settings workspace", BOB)
    assert "owners and admins" in answer.text
    assert front.api.views == []


async def test_a_former_admin_changes_nothing(front: Front) -> None:
    """Slack is asked when it is sent in, whatever the form was opened as, and by whom."""
    make_admin(front, ALICE)
    await front.command("settings workspace", ALICE)
    form = front.api.views[-1]
    make_admin(front, ALICE, is_admin=False)
    for by in (ALICE, BOB):
        answer = await front.submit(form, filled(lead_days={"value": "3"}), by)
        assert "owners and admins" in str(answer.message["errors"])
    assert (await front.services.people.of(TEAM, CHARLIE)).preferences.lead_days == 1


async def test_what_is_chosen_for_everybody_holds_for_all_open_promises(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preferences, "PROMISES_PER_TRANSACTION", 2)
    make_admin(front, ALICE)
    promises = [await front.make("send the deck by Friday 17:00", BOB, CHARLIE) for _ in range(5)]
    before = [await planned_at(front.services, each, Kind.CHECK_IN) for each in promises]
    await chosen_for_all(front, lead_days={"value": "3"}, **GERMANY)
    after = [await planned_at(front.services, each, Kind.CHECK_IN) for each in promises]
    assert all(late < early for late, early in zip(after, before, strict=True))


async def test_uninstalling_forgets_what_a_workspace_chose(front: Front) -> None:
    make_admin(front, ALICE)
    await chosen_for_all(front, lead_days={"value": "3"})
    await front.event({"type": "app_uninstalled"})
    assert (await front.store.read(TEAM, lambda tx: tx.people.for_all())).lead_days == 1


async def test_a_promise_may_have_a_lead_time_of_its_own(front: Front) -> None:
    plain = await front.make("send the budget by Friday 17:00")
    await front.command("")
    form = front.api.views[-1]
    values = {
        "what": {"value": "send the deck"},
        "requester": {"selected_user": BOB},
        "due": {"selected_date_time": int(plain.terms.due.at.timestamp())},
        "lead_days": {"value": "3"},
    }
    await front.submit(form, values)
    mine = max(await front.promises_of(ALICE), key=lambda each: each.number)
    assert mine.lead_days == 3
    await front.send()
    for kind in (Kind.CHECK_IN, Kind.HEADS_UP):
        assert await planned_at(front.services, mine, kind) < await planned_at(front.services, plain, kind)
    await chosen(front, **FIVE_DAYS)
    assert await planned_at(front.services, mine, Kind.CHECK_IN) < await planned_at(
        front.services, plain, Kind.CHECK_IN
    )


async def test_a_lead_time_that_is_none_is_reported_at_its_field(front: Front) -> None:
    await front.command("")
    values = {"what": {"value": "x"}, "due": {"selected_date_time": int(MONDAY.timestamp()) + 9999}}
    answer = await front.submit(await front.whole(front.api.views[-1]), values | {"lead_days": {"value": "44"}})
    assert "from 1 to 10" in answer.message["errors"]["lead_days"]
