"""The load is seen before it binds: by the person who is asked, and as room or none by who asks, if allowed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.preferences import Preferences
from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, TEAM

SECRETS = ("payroll", "lawyer", "2 others", "you owe")
ASKED = "Only you see this: you owe 2 others that week (about 3 h by estimate)."


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """Bob owes two things by Friday already."""
    async with front_door(tmp_path) as front:
        await front.command("<@UCHARLIE|charlie> fix the payroll by Friday 12:00, about 3 h", BOB)
        await front.command("call the lawyer by Friday 17:00", BOB, channel="D1", name="directmessage")
        yield front


async def show_room(front: Front, who: UserId = BOB) -> None:
    """Says yes to it in the settings, by the door."""
    await front.command("settings", who)
    form = front.api.views[-1]
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    values: dict[str, Any] = {
        "days": {"selected_options": fields["days"]["initial_options"]},
        "start": {"selected_time": "09:00"},
        "end": {"selected_time": "18:00"},
        "lead_days": {"value": "1"},
        "daily_cap": {"value": "4"},
        "shows_room": {"selected_options": fields["shows_room"]["options"]},
    }
    await front.submit(form, values, who)


async def ask_by_form(front: Front) -> None:
    """A request from the shortcut, whose receipt is a message."""
    await front.shortcut("make_promise")
    whole = await front.whole(front.api.views[-1])
    due = {"selected_date_time": int(FRIDAY.timestamp())}
    await front.submit(whole, {"what": {"value": "review"}, "owner": {"selected_user": BOB}, "due": due})
    await front.send()


def texts_to(front: Front, who: str) -> str:
    return str([message.blocks for message in front.messenger.sent_to(who)])


async def test_a_person_asked_sees_their_week_before_they_accept(front: Front) -> None:
    await front.command("ask <@UBOB|bob> review the contract by Friday 17:00")
    await front.send()
    assert f"{ASKED} There is room for it by then." in texts_to(front, BOB)
    assert ASKED in (await front.command("show 3", BOB)).body
    for other in (ALICE, CHARLIE, DAVE, "C1"):
        assert "you owe" not in texts_to(front, other)
    for other in (ALICE, CHARLIE):
        assert "you owe" not in (await front.command("show 3", other)).body


async def test_the_first_day_with_room_counts_hours_where_they_were_estimated(front: Front) -> None:
    await front.command("<@UCHARLIE|charlie> write the report by Friday 15:00", BOB)
    await front.command("ask <@UBOB|bob> review the contract by Friday 17:00")
    await front.send()
    # Two without an estimate fill the Friday for a third without one.
    assert "The first day with room is Mon 30 Nov." in texts_to(front, BOB)
    await proposes_the_first_day(front)
    await front.command("ask <@UBOB|bob> read the summary by Friday 17:00, about 2 h")
    await front.send()
    await front.send()
    assert "There is room for it by then." in texts_to(front, BOB)


async def proposes_the_first_day(front: Front) -> None:
    """Bob presses the button next to his load, which comes before the less frequent acts."""
    (row,) = [block for block in front.messenger.sent_to(BOB)[-1].blocks if "act.propose_at" in str(block)]
    accept, propose, menu = row["elements"]
    assert (accept["action_id"], propose["text"]["text"]) == ("act.accept_request", "Propose Mon 30 Nov")
    assert [option["text"]["text"] for option in menu["options"]] == ["Propose a change", "Decline"]
    await front.click("act.propose_at", propose["value"], BOB, block=row["block_id"])
    (promise,) = [each for each in await front.promises_of(BOB) if each.proposal]
    assert promise.proposal
    assert promise.proposal.due
    assert f"{promise.proposal.due.at:%a %d %H:%M}" == "Mon 30 16:00"


async def test_what_is_no_longer_asked_says_nothing_of_the_load(front: Front) -> None:
    await front.command("ask <@UBOB|bob> review the contract by Friday 17:00")
    await front.send()
    await front.command("accept 3", BOB)
    assert "Only you see this: you owe" not in (await front.command("show 3", BOB)).body


async def test_a_new_owner_and_a_person_asked_for_another_date_see_it_too(front: Front) -> None:
    await front.make("review the contract by Friday 17:00", ALICE, DAVE)
    await front.command("hand 3 to <@UBOB|bob>")
    await front.send()
    assert ASKED in texts_to(front, BOB)
    await front.command("<@UALICE|alice> draft the plan by Friday 17:00", BOB)
    await front.click("act.propose", "4", ALICE)
    (promise,) = [each for each in await front.promises_of(BOB) if each.number == 4]
    front.clock.move(timedelta(minutes=6))
    await front.click("act.propose", promise.id, ALICE)
    sooner = {"due": {"selected_date_time": int((FRIDAY - timedelta(hours=2)).timestamp())}}
    await front.submit(front.api.views[-1], sooner, ALICE)
    for _ in range(3):
        await front.send()
    assert texts_to(front, BOB).count(ASKED) > 1


async def test_who_asks_learns_nothing_unless_it_was_allowed(front: Front) -> None:
    answer = await front.command("ask <@UBOB|bob> review the contract by Friday 17:00")
    await front.send()
    for body in (answer.body, texts_to(front, ALICE), (await front.command("show 3", ALICE)).body):
        assert " room" not in body
        assert "is full" not in body


async def test_a_receipt_that_is_sent_says_nothing_either(front: Front) -> None:
    await ask_by_form(front)
    assert "you asked <@UBOB>" in texts_to(front, ALICE)
    assert "room" not in texts_to(front, ALICE)


async def test_who_asks_sees_room_or_none_and_not_a_word_more(front: Front) -> None:
    await show_room(front)
    answer = await front.command("ask <@UBOB|bob> review the contract by Friday 17:00")
    assert "<@UBOB> has room for it by then." in answer.body
    for day in ("today", "Tuesday", "Wednesday", "Thursday"):
        for page in (1, 2):
            await front.command(f"<@UCHARLIE|charlie> write page {page} of the payroll by {day} 17:00", BOB)
    await front.command("<@UCHARLIE|charlie> write the payroll by Friday 16:00", BOB)
    answer = await front.command("ask <@UBOB|bob> read the summary by Thursday 17:00")
    assert "That week is full for <@UBOB>; Mon 30 Nov has room." in answer.body
    assert not [secret for secret in SECRETS if secret in answer.body]
    assert "room" not in (await front.command("ask <@UDAVE|dave> read the summary by Thursday 17:00")).body


async def choose(front: Front, view: dict[str, Any], **state: Any) -> dict[str, Any] | None:
    """Choose in an open form; the form as it is updated, if it is."""
    calls = len([1 for method, _ in front.api.calls if method == "views.update"])
    values = {name: {name: value} for name, value in state.items()}
    shown = {**view, "id": "V1", "hash": "h1", "team_id": TEAM, "state": {"values": values}}
    pressed = {"action_id": "owner", "block_id": "owner", "type": "users_select"}
    await front.interact("block_actions", ALICE, {"view": shown, "container": {"type": "view"}, "actions": [pressed]})
    updates = [call["view"] for method, call in front.api.calls if method == "views.update"]
    return dict(updates[-1]) if len(updates) > calls else None


async def test_the_form_shows_the_room_of_the_person_to_be_asked_where_they_allow_it(front: Front) -> None:
    await show_room(front)
    await front.shortcut("make_promise")
    form = await front.whole(front.api.views[-1])
    assert [block["block_id"] for block in form["blocks"] if block.get("dispatch_action")] == ["due", "owner"]
    bob, carl = {"selected_user": BOB}, {"selected_user": CHARLIE}
    friday = {"selected_date_time": int((FRIDAY - timedelta(hours=1)).timestamp())}

    shown = await choose(front, form, owner=bob)
    assert "The first day on which <@UBOB> has room is" in str(shown)
    assert shown is not None
    dated = await choose(front, shown, owner=bob, due=friday)
    assert "<@UBOB> has room for it by then." in str(dated)
    assert str(dated).count("has room") == 1
    assert dated is not None
    busy = await choose(front, dated, owner=bob, due=friday, hours={"value": "40"})
    assert "is full for <@UBOB>" in str(busy)
    assert not [secret for secret in SECRETS if secret in str(busy)]
    asked = await front.command("ask <@UBOB|bob> review the contract")
    (opens,) = asked.message["blocks"][-1]["elements"]
    await front.click("make.form", opens["value"])
    assert "The first day on which <@UBOB> has room" in str(front.api.calls[-1]), "also where they are filled in"
    hidden = await choose(front, dated, owner=carl, due=friday)
    assert hidden is not None
    assert "room" not in str(hidden["blocks"])
    assert await choose(front, hidden, owner=carl) is None
    assert await choose(front, hidden, owner={"selected_user": ALICE}) is None


async def test_a_receipt_that_is_sent_says_it_too_and_a_setting_taken_back_holds_immediately(front: Front) -> None:
    await show_room(front)
    await ask_by_form(front)
    assert "<@UBOB> has room for it by then." in texts_to(front, ALICE)
    known = (await front.services.people.of(TEAM, BOB)).preferences
    await front.services.preference_changes.choose(TEAM, BOB, replace(known, shows_room=False))
    assert "room" not in (await front.command("ask <@UBOB|bob> read the summary by Friday 17:00")).body


async def test_it_is_private_until_its_person_chooses_otherwise(front: Front) -> None:
    assert Preferences().shows_room is False
    await show_room(front)
    assert (await front.services.people.of(TEAM, BOB)).preferences.shows_room
    assert not (await front.services.people.of(TEAM, ALICE)).preferences.shows_room
