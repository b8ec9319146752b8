"""Recurring promises, from the typed text to the last: each occurrence is a promise, announced once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.acts import Act, State
from bot.domain.promise import UserId
from bot.domain.transitions import HistoryEntry
from tests.integration.front import GONE, Front, front_door
from tests.integration.weeks import STATUS, WEEK, days_off, owed, until
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, TEAM


@pytest.fixture
async def front(database_url: str, tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def test_each_friday_is_a_promise_of_its_own_with_an_outcome_of_its_own(front: Front) -> None:
    receipt = await front.command(f"<@{BOB}|bob> {STATUS}")
    assert "It repeats: every Friday at 18:00 (Berlin time)." in receipt.text
    assert "Next: " in receipt.body
    (first,) = await owed(front)
    assert (first.terms.what, first.terms.due.at, first.requester_id) == ("send the status", FRIDAY, BOB)

    await until(front, FRIDAY)
    first, second = await owed(front)
    assert first.missed_at == FRIDAY
    assert (second.terms.due.at, second.terms.what) == (FRIDAY + WEEK, "send the status")
    await front.command(f"done {second.number}")
    assert (await front.now_of(second)).state is State.REPORTED
    assert (await front.now_of(first)).state is State.ACTIVE
    await until(front, FRIDAY + WEEK)
    assert [each.terms.due.at for each in await owed(front)][-1] == FRIDAY + 2 * WEEK


async def test_a_lead_time_of_its_own_comes_again_too(front: Front) -> None:
    await front.command("")
    form = front.api.views[0]
    due = {"due": {"selected_date_time": int(FRIDAY.timestamp())}, "requester": {"selected_user": BOB}}
    often = {"repeats": {"selected_option": {"value": "weekly"}}, "lead_days": {"value": "3"}}
    await front.submit(form, {"what": {"value": "send the status"}} | due | often)
    await until(front, FRIDAY)
    assert [each.lead_days for each in await owed(front)] == [3, 3]


async def test_the_requester_and_the_channel_are_notified_of_the_series_once(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.send()
    (notice,) = front.messenger.sent_to(BOB)
    assert "It repeats: every Friday at 18:00 (Berlin time)." in notice.text
    assert len(front.messenger.sent_to("C1")) == 1
    (first,) = await owed(front)
    await front.command(f"done {first.number}")
    await front.command(f"accept {first.number}", BOB)
    await front.send()
    received = len(front.messenger.sent_to(BOB)), len(front.messenger.sent_to("C1"))
    await until(front, FRIDAY)
    await until(front, FRIDAY + timedelta(days=3))
    assert (len(front.messenger.sent_to(BOB)), len(front.messenger.sent_to("C1"))) == received
    await until(front, FRIDAY + WEEK - timedelta(hours=4))
    asked = [message for message in front.messenger.sent_to(ALICE) if "#2" in message.text]
    assert asked, "the second is asked about like any other"
    assert "Every Friday at 18:00 (Berlin time)." in str(asked[-1].blocks)


async def test_days_off_are_left_out_or_the_day_before_is_meant(front: Front) -> None:
    days_off(front, (FRIDAY + WEEK).date())
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> post the figures every Friday 18:00 or the working day before")
    await until(front, FRIDAY)
    later = [(each.terms.what, each.terms.due.at) for each in await owed(front) if each.terms.due.at > FRIDAY]
    assert later == [
        ("send the status", FRIDAY + 2 * WEEK),
        ("post the figures", FRIDAY + WEEK - timedelta(days=1)),
    ]


async def test_either_side_ends_it_and_what_is_open_stays_open(front: Front) -> None:
    for number, (ends, gets) in enumerate([(ALICE, BOB), (BOB, ALICE)], 1):
        await front.command(f"<@{BOB}|bob> {STATUS}")
        answer = await front.command(f"end {number}", ends)
        assert answer.text.startswith("Ended the series “send the status”")
        for _ in range(2):
            await front.send()
        assert f"<@{ends}> ended a series" in front.messenger.sent_to(gets)[-1].text
    await until(front, FRIDAY + WEEK)
    assert [each.state for each in await owed(front)] == [State.ACTIVE, State.ACTIVE]
    assert "It has ended already" in (await front.command("end 1")).text


async def test_a_bystander_cannot_end_it_by_words_or_by_the_button(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    (first,) = await owed(front)
    assert "Only the two people" in (await front.command("end 1", CHARLIE)).text
    await front.click("series.end", first.id, CHARLIE)
    assert "Only the two people" in front.api.answers[-1]["text"]
    await until(front, FRIDAY)
    assert len(await owed(front)) == 2


async def test_a_private_series_is_invisible_to_others(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}", channel="D1", name="directmessage")
    unknown = (await front.command("end 99", CHARLIE)).text.replace("99", "1")
    assert (await front.command("end 1", CHARLIE)).text == unknown
    await until(front, FRIDAY)
    _, second = await owed(front)
    assert second.origin.is_private
    assert not front.messenger.sent_to("D1")
    assert "send the status" not in (await front.command(f"show {second.number}", CHARLIE)).text


async def test_the_button_under_the_receipt_ends_it(front: Front) -> None:
    receipt = await front.command(f"<@{BOB}|bob> {STATUS}")
    (button,) = [
        each
        for block in receipt.message["blocks"]
        if block["type"] == "actions"
        for each in block["elements"]
        if each["action_id"] == "series.end"
    ]
    await front.click(button["action_id"], button["value"], ALICE, own=True)
    assert front.api.answers[-1]["text"].startswith("Ended")
    await front.click(button["action_id"], button["value"], ALICE, own=True)
    assert "It has ended already" in front.api.answers[-1]["text"]
    await until(front, FRIDAY)
    assert len(await owed(front)) == 1


@pytest.mark.parametrize(("leaves", "stays"), [(ALICE, BOB), (BOB, ALICE)])
async def test_it_ends_when_one_of_the_two_leaves(front: Front, leaves: UserId, stays: UserId) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    gone = replace(front.messenger.people[leaves], is_gone=True)
    await front.store.write(TEAM, lambda tx: tx.people.save(gone))
    await until(front, FRIDAY)
    await until(front, FRIDAY + WEEK)
    assert len(await owed(front)) == 1
    shown = [message.text for message in front.messenger.sent_to(stays)]
    assert len([text for text in shown if f"<@{leaves}> has left, so this series ends" in text]) == 1


async def test_it_ends_on_its_last_day(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS} until 5 December 2026")
    for week in range(4):
        await until(front, FRIDAY + week * WEEK)
    assert [each.terms.due.at for each in await owed(front)] == [FRIDAY, FRIDAY + WEEK]
    assert any("That was the last one" in message.text for message in front.messenger.sent_to(BOB))
    assert "You have no recurring promise." in (await front.command("list recurring")).text


async def test_undoing_the_first_undoes_the_series_and_correcting_it_corrects_what_follows(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> every Friday 18:00 send teh figures")
    status, figures = await owed(front)
    await front.click("act.undo", status.id, own=True)
    edit = HistoryEntry(Act.EDIT, ALICE, front.clock.now(), what="send the figures")
    await front.services.promises.act(TEAM, figures.id, edit)
    await until(front, FRIDAY)
    assert [each.terms.what for each in await owed(front)] == ["send the figures", "send the figures"]


async def test_the_same_request_sent_twice_begins_one_series(front: Front) -> None:
    for _ in range(2):
        await front.command(f"<@{BOB}|bob> {STATUS}", trigger="T1.1")
    await until(front, FRIDAY)
    assert len(await owed(front)) == 2


async def test_lists_and_stories_show_it(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> send the deck by Friday")
    assert "`/promise list recurring`" in (await front.command("list", BOB)).body
    listed = (await front.command("list recurring", BOB)).body
    assert "send the status" in listed
    assert "Every Friday at 18:00 (Berlin time)" in listed
    assert "send the deck" not in listed
    assert "recurring" not in (await front.command("list", CHARLIE)).body
    story = await front.command("show 1", BOB)
    assert "Every Friday at 18:00 (Berlin time)" in story.body
    assert "series.end" in story.body
    assert "series.end" not in (await front.command("show 1", CHARLIE)).body
    assert "does not repeat" in (await front.command("end 2")).text


async def test_what_is_in_doubt_is_asked_back_and_a_click_records_it(front: Front) -> None:
    asked = await front.command(f"<@{BOB}|bob> send the status every second Friday")
    assert asked.text.startswith("Nothing is recorded yet. “every second Friday” repeats")
    buttons = [each for block in asked.message["blocks"] if block["type"] == "actions" for each in block["elements"]]
    assert [each["text"]["text"] for each in buttons] == [
        "Every 2 weeks on Friday at 18:00",
        "On the second Friday of every month at 18:00",
    ]
    assert await owed(front) == []
    await front.click(buttons[0]["action_id"], buttons[0]["value"], ALICE, own=True)
    (first,) = await owed(front)
    await until(front, first.terms.due.at)
    assert [each.terms.due.at for each in await owed(front)][-1] == first.terms.due.at + 2 * WEEK


async def test_what_cannot_be_kept_gets_a_sentence_that_says_what_can(front: Front) -> None:
    asked = await front.command(f"<@{BOB}|bob> water the plants every other day except Friday")
    assert "in a way that I can’t follow. I understand: every Friday at 5pm" in asked.text
    assert "water the plants every other day except Friday" in asked.body
    assert await owed(front) == []


async def test_its_owner_is_the_person_who_will_keep_it(front: Front) -> None:
    answer = await front.command(f"ask <@{BOB}|bob> every Friday send the status")
    assert "so nothing was recorded" in answer.text
    assert await owed(front, BOB) == []


async def test_plain_words_in_a_direct_message_are_offered_with_their_rule(front: Front) -> None:
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": ALICE, "ts": "1.1"}
    await front.event({**event, "text": f"I'll send <@{BOB}|bob> the status every Friday at 6pm"})
    offer = front.messenger.sent_to(ALICE)[-1]
    assert "every Friday at 18:00 (Berlin time)" in offer.text
    (record,) = [
        each
        for block in offer.blocks
        if block["type"] == "actions"
        for each in block["elements"]
        if each["action_id"] == "make.candidate.0"
    ]
    await front.click(record["action_id"], record["value"], ALICE, channel="D1")
    await until(front, FRIDAY)
    assert [each.terms.due.at for each in await owed(front)] == [FRIDAY, FRIDAY + WEEK]


async def test_a_series_to_a_person_who_left_ends(front: Front) -> None:
    assert "no longer in this workspace" in (await front.command(f"<@{GONE}|gone> {STATUS}")).text


async def test_the_form_offers_how_often(front: Front) -> None:
    await front.command("")
    view = await front.whole(front.api.views[-1])
    (field,) = [block for block in view["blocks"] if block["block_id"] == "repeats"]
    assert field["element"]["initial_option"]["value"] == "once"
    chosen = {
        "what": {"value": "send the status"},
        "due": {"selected_date_time": int(FRIDAY.timestamp())},
        "requester": {"selected_user": BOB},
        "repeats": {"selected_option": {"value": "fortnightly"}},
    }
    await front.submit(view, chosen)
    await until(front, FRIDAY)
    assert [each.terms.due.at for each in await owed(front)] == [FRIDAY, FRIDAY + 2 * WEEK]
    await front.submit(
        view,
        {
            **chosen,
            "repeats": {"selected_option": {"value": "once"}},
            "due": {"selected_date_time": int((FRIDAY + WEEK).timestamp())},
        },
    )
    assert (await owed(front))[-1].series_id is None


async def test_a_message_of_ones_own_fills_the_form_with_how_often(front: Front) -> None:
    message = {
        "type": "message",
        "user": ALICE,
        "ts": "1.1",
        "text": f"I'll send <@{BOB}> the status every Friday 18:00",
    }
    await front.shortcut("track_message", ALICE, message)
    view = front.api.views[-1]
    (field,) = [block for block in view["blocks"] if block["block_id"] == "repeats"]
    assert field["element"]["initial_option"]["value"] == "weekly"
    theirs = {
        "what": {"value": "send the status"},
        "due": {"selected_date_time": int(FRIDAY.timestamp())},
        "owner": {"selected_user": BOB},
        "requester": {"selected_user": ALICE},
        "repeats": {"selected_option": {"value": "weekly"}},
    }
    assert "Only the person who keeps a recurring" in (await front.submit(view, theirs)).message["errors"]["repeats"]
    assert await owed(front, BOB) == []


async def test_leave_given_with_away_is_left_out(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> {STATUS}")
    assert "away" in (await front.command("away 4 December")).text
    await until(front, FRIDAY)
    assert [each.terms.due.at for each in await owed(front)] == [FRIDAY, FRIDAY + 2 * WEEK]


async def test_news_that_is_gathered_still_says_that_it_comes_again(front: Front) -> None:
    front.clock.move(timedelta(hours=-6))  # Bob sleeps, so that it waits for his morning, with what else there is
    await front.command(f"<@{BOB}|bob> {STATUS}")
    await front.command(f"<@{BOB}|bob> send the deck by Friday 18:00")
    await until(front, front.clock.now() + timedelta(hours=6))
    (news,) = front.messenger.sent_to(BOB)
    assert "all together" in str(news.blocks)
    assert str(news.blocks).count("It repeats.") == 1
