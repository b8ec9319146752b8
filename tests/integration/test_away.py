"""Days off by the door: `/promise away`, `/promise back`, and deadlines that fall into them; on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.habits import Absence
from bot.domain.kinds import Kind
from bot.domain.preferences import Preferences
from bot.domain.promise import UserId
from tests.integration.agendas import planned_at
from tests.integration.front import Front, front_door
from tests.integration.test_nudging import receives
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM

SKIING = Absence(date(2026, 12, 24), date(2027, 1, 2))


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def days_off(front: Front, who: UserId = ALICE) -> list[tuple[date, date]]:
    return [(each.first_on, each.last_on) for each in await front.services.absences.of(TEAM, who)]


async def new_texts(front: Front, who: UserId) -> list[str]:
    """Return the texts sent to a person since the last call, oldest first."""
    before = len(front.messenger.sent_to(who))
    await front.send()
    return [message.text for message in front.messenger.sent_to(who)][before:]


def buttons(shown: Any) -> dict[str, str]:
    """Every button of a message, by its action: its label."""
    blocks = shown["blocks"] if isinstance(shown, dict) else shown.blocks
    found = [each for block in blocks for each in block.get("elements", ()) if each.get("type") == "button"]
    found += [block["accessory"] for block in blocks if "accessory" in block]
    return {each["action_id"]: each["text"]["text"] for each in found}


async def test_days_off_are_noted_listed_and_taken_away(front: Front) -> None:
    text_shown = await front.command("away 24 Dec – 2 Jan")
    assert "Noted: you are away Thu 24 Dec – Sat 2 Jan 2027" in text_shown.text
    listed = await front.command("away")
    assert listed.text == "You are away Thu 24 Dec – Sat 2 Jan 2027."
    assert await days_off(front) == [(SKIING.first_on, SKIING.last_on)]
    assert await days_off(front, BOB) == []
    assert "Removed: Thu 24 Dec" in (await front.command("away off")).text
    assert "no days off noted" in (await front.command("away")).text


async def test_days_that_touch_become_one_stretch(front: Front) -> None:
    for words in ("27 Dec – 2 Jan", "24 Dec – 26 Dec", "5 Feb"):
        await front.command(f"away {words}")
    assert await days_off(front) == [
        (date(2026, 12, 24), date(2027, 1, 2)),
        (date(2027, 2, 5), date(2027, 2, 5)),
    ]


async def test_one_of_several_is_taken_away_by_its_button(front: Front) -> None:
    await front.command("away 24 Dec – 2 Jan")
    await front.command("away 5 Feb")
    await front.click("away.off", "2026-12-24", own=True)
    assert await days_off(front) == [(date(2027, 2, 5), date(2027, 2, 5))]
    await front.click("away.off", "2027-02-05", by=BOB)
    assert await days_off(front) == [(date(2027, 2, 5), date(2027, 2, 5))]


@pytest.mark.parametrize("words", ["{today} to {tomorrow}", "from {today} until {tomorrow}", "{today} – {tomorrow}"])
async def test_a_range_that_begins_on_the_weekday_of_today_begins_today(front: Front, words: str) -> None:
    today = front.clock.now().date()
    tomorrow = today + timedelta(days=1)
    await front.command(f"away {words.format(today=f'{today:%A}', tomorrow=f'{tomorrow:%A}')}")
    assert await days_off(front) == [(today, tomorrow)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("bananas", "which days"),
        ("yesterday", "over already"),
        ("1 Dec 2026 – 31 Dec 2028", "longer than a year"),
    ],
)
async def test_what_names_no_days_is_answered_kindly_and_changes_nothing(front: Front, words: str, says: str) -> None:
    answer = await front.command(f"away {words}")
    assert says in answer.text
    assert await days_off(front) == []
    assert await front.promises_of(ALICE) == ()


async def test_a_promise_that_begins_with_away_is_still_a_promise(front: Front) -> None:
    answer = await front.command("away team’s shirts ordered by Friday 17:00")
    assert "Recorded" in answer.text
    assert await days_off(front) == []


async def test_who_is_back_early_is_asked_again_from_today_on(front: Front) -> None:
    await front.command("away today – 2 Dec")
    front.clock.move(timedelta(days=2))
    assert "Welcome back" in (await front.command("back")).text
    assert await days_off(front) == []
    assert "nothing was changed" in (await front.command("back")).text


async def test_a_check_in_comes_before_the_absence_begins(front: Front) -> None:
    promise = await front.make("send the deck by 29 Dec 17:00")
    assert (await planned_at(front.services, promise, Kind.CHECK_IN)).date() >= SKIING.first_on
    await front.command("away 24 Dec – 2 Jan")
    assert (await planned_at(front.services, promise, Kind.CHECK_IN)).date() < SKIING.first_on
    await front.command("away off")
    assert (await planned_at(front.services, promise, Kind.CHECK_IN)).date() >= SKIING.first_on


async def test_a_deadline_in_an_absence_noted_later_is_raised_with_both(front: Front) -> None:
    promise = await front.make("send the deck by 29 Dec 17:00")
    await new_texts(front, BOB)
    text_shown = await front.command("away 24 Dec – 2 Jan")
    assert "One deadline falls into it" in text_shown.text
    assert buttons(text_shown.message) | {"clash.later": ""} == {
        "clash.earlier": "Propose Wed 23 Dec",
        "clash.later": "",
    }
    (received,) = await new_texts(front, BOB)
    assert f"<@{ALICE}> is away then (Thu 24 Dec – Sat 2 Jan 2027)" in received
    assert buttons(front.messenger.sent_to(BOB)[-1]) == {
        "clash.earlier": "Propose Wed 23 Dec",
        "clash.later": "Propose Mon 4 Jan",
    }
    assert (await front.now_of(promise)).terms.due == promise.terms.due
    await front.command("away 24 Dec – 3 Jan")
    assert await new_texts(front, BOB) == []


async def test_a_promise_made_into_an_absence_is_raised_with_both_immediately(front: Front) -> None:
    await front.command("away 24 Dec – 2 Jan", by=BOB)
    receipt = await front.command(f"<@{BOB}|bob> send the deck by 29 Dec 17:00")
    assert f"<@{BOB}> is away then" in str(receipt.message["blocks"])
    assert "clash.earlier" in buttons(receipt.message)
    assert len(await new_texts(front, BOB)) == 1
    assert "clash.later" in buttons(front.messenger.sent_to(BOB)[-1])
    assert "You are away then" in str(front.messenger.sent_to(BOB)[-1].blocks)
    assert [each.text for each in front.messenger.sent_to(ALICE)] == []


async def test_a_clash_is_raised_even_when_several_messages_are_gathered(front: Front) -> None:
    await front.command("away 24 Dec – 2 Jan", by=BOB)
    for due in ("10 Dec", "11 Dec", "14 Dec", "29 Dec", "15 Dec", "16 Dec"):
        await front.command(f"<@{BOB}|bob> send the deck by {due} 17:00")
    for _ in range(3):
        await front.send()
        front.clock.move(timedelta(hours=1))
    raised = [message for message in front.messenger.sent_to(BOB) if "You are away then" in str(message.blocks)]
    assert len(raised) == 1
    assert {"clash.earlier", "clash.later"} <= buttons(raised[0]).keys()


async def test_the_button_opens_a_proposal_with_the_day_filled_in(front: Front) -> None:
    promise = await front.make("send the deck by 29 Dec 17:00")
    await front.command("away 24 Dec – 2 Jan")
    await front.click("clash.later", promise.id, by=BOB)
    (form,) = front.api.views
    due = next(block["element"]["initial_date_time"] for block in form["blocks"] if block.get("block_id") == "due")
    assert datetime.fromtimestamp(due, UTC) == datetime(2027, 1, 4, 16, tzinfo=UTC)
    assert form["callback_id"] == "act.propose"
    await front.submit(form, {"due": {"selected_date_time": due}, "what": {"value": promise.terms.what}}, by=BOB)
    proposal = (await front.now_of(promise)).proposal
    assert proposal
    assert (proposal.by, proposal.due and proposal.due.at) == (BOB, datetime(2027, 1, 4, 16, tzinfo=UTC))


async def test_a_word_of_a_clash_that_was_settled_meanwhile_stays_unsaid(front: Front) -> None:
    await front.make("send the deck by 29 Dec 17:00")
    await new_texts(front, BOB)
    await front.command("away 24 Dec – 2 Jan")
    await front.command("away off")
    assert await new_texts(front, BOB) == []


async def test_agreeing_to_a_date_in_an_absence_notifies_the_person(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.command("away 24 Dec – 2 Jan")
    await front.command(f"move {promise.number} to 29 Dec 17:00")
    await new_texts(front, BOB)
    await front.command(f"accept {promise.number}", by=BOB)
    await front.send()
    assert any("is away then" in message.text for message in front.messenger.sent_to(BOB))
    assert "You are away then" in str(front.messenger.sent_to(ALICE)[-1].blocks)


async def test_a_bystander_cannot_open_the_proposal(front: Front) -> None:
    promise = await front.make("send the deck by 29 Dec 17:00")
    await front.command("away 24 Dec – 2 Jan")
    await front.click("clash.later", promise.id, by=CHARLIE)
    assert front.api.views == []
    assert front.api.answers


async def test_what_a_person_is_away_for_is_nobodys_business(front: Front) -> None:
    """The other side reads days, and not where they come from."""
    await front.make("send the deck by 29 Dec 17:00")
    await front.command("away 24 Dec – 2 Jan")
    await front.send()
    assert "status" not in str([message.blocks for message in front.messenger.sent_to(BOB)])


async def test_uninstalling_forgets_absences(front: Front) -> None:
    await front.command("away 24 Dec – 2 Jan")
    await front.event({"type": "app_uninstalled"})
    assert await front.store.read(TEAM, lambda tx: tx.absences.of(ALICE)) == ()


async def test_the_home_tab_shows_ones_own_days_off(front: Front) -> None:
    await front.command("away 24 Dec – 2 Jan")
    await front.event({"type": "app_home_opened", "user": ALICE, "tab": "home"})
    await front.event({"type": "app_home_opened", "user": BOB, "tab": "home"})
    assert "You are away Thu 24 Dec – Sat 2 Jan 2027." in str(front.api.homes[0])
    assert "You are away" not in str(front.api.homes[1])


@pytest.mark.parametrize(
    ("when", "away", "says", "until"),
    [
        ("2026-11-24T09:00Z", "until Thursday", "Does that still suit you?", "Thu 26 Nov"),
        ("2026-11-26T16:30Z", "tomorrow until 2 Dec", "hasn’t answered yet", "Wed 2 Dec"),
        ("2026-11-26T08:00Z", "Friday until 4 Dec", "The deadline passed", "Fri 4 Dec"),
    ],
)
async def test_who_waits_for_somebody_away_reads_until_when(
    front: Front, when: str, away: str, says: str, until: str
) -> None:
    await front.make("send the deck by Friday 17:00")
    await sends_until(front, datetime.fromisoformat(when))
    await front.command(f"away {away}")
    assert f"<@{ALICE}> is away until {until}." in str((await receives(front, BOB, says)).blocks)
    assert "is away until" not in str([message.blocks for message in front.messenger.sent_to(ALICE)])


async def test_an_absence_that_is_over_or_ahead_is_not_mentioned(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.command("away until Thursday")
    await front.command("away 8 Dec")
    assert "is away until" in str((await receives(front, BOB, "Does that still suit you?")).blocks)
    await front.command("back")
    await front.command(f"risk {promise.number}")
    await front.send()
    assert "is away until" not in str([message.blocks for message in front.messenger.sent_to(BOB)])


async def test_who_read_that_the_owner_is_away_then_is_not_asked_the_same_within_a_working_day(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await sends_until(front, datetime.fromisoformat("2026-11-26T09:00Z"))
    await front.click("act.on_track", promise.id)
    await front.command("away Friday")
    await receives(front, BOB, "is away then")
    before = len(front.messenger.sent_to(BOB))
    await sends_until(front, datetime.fromisoformat("2026-11-27T15:00Z"))
    asked = [
        message.text for message in front.messenger.sent_to(BOB)[before:] if "Does that still suit" in message.text
    ]
    assert asked == []


async def sends_until(front: Front, until: datetime) -> None:
    while (due := await front.store.next_due()) and due < until:
        front.clock.move(max(due - front.clock.now(), timedelta()))
        await front.send()
    front.clock.move(max(until - front.clock.now(), timedelta()))


async def test_a_deadline_shown_in_the_answer_to_one_absence_is_not_shown_again(front: Front) -> None:
    promise = await front.make("send the deck by 29 Dec 17:00")
    assert "One deadline falls into it" in (await front.command("away 24 Dec – 2 Jan")).text
    for over_it in ("28 Dec – 30 Dec", "24 Dec – 3 Jan"):
        answered = await front.command(f"away {over_it}")
        assert "falls into it" not in answered.text
        assert "clash.later" not in buttons(answered.message)
    other = await front.make("send the figures by 5 Jan 17:00")
    answered = await front.command("away 4 Jan – 6 Jan")
    assert "One deadline falls into it" in answered.text
    shown = str(answered.message["blocks"])
    assert (other.terms.what in shown, promise.terms.what in shown) == (True, False)


async def test_who_saw_a_clash_in_an_answer_gets_no_message_of_it_after_other_changes(front: Front) -> None:
    await front.make("send the deck by 29 Dec 17:00")
    await front.command("away 24 Dec – 2 Jan")
    await front.command("away 5 Feb")
    await front.click("away.off", "2027-02-05", own=True)
    await front.services.preference_changes.choose(TEAM, ALICE, Preferences(daily_cap=6))
    assert await new_texts(front, ALICE) == []
