"""Notices of offers, reports and hand-overs that ended otherwise than they began, and what followers read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.promise import Promise, UserId
from tests.integration.front import Front, front_door
from tests.integration.test_acts_together import HAND_OVER, PROMISE, evening_of, last_to, read_by, the_one
from tests.integration.test_both_sides import berlin, controls, go
from tests.unit.factories import ALICE, BOB, CHARLIE
from tests.unit.texts import texts_in

ENDED = "Your proposal is no longer open: due Fri 27 Nov, 17:00 CET → Mon 30 Nov, 12:00 CET."


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def reports_and_takes_it_back(front: Front, promise: Promise) -> None:
    await front.command("done 1")
    await front.click("act.unreport", promise.id)


async def hands_over(front: Front, promise: Promise, why: str) -> None:
    await front.click("act.hand_over", promise.id)
    await front.submit(front.api.views[-1], {"heir": {"selected_user": CHARLIE}, "reason": {"value": why}})


async def test_who_proposed_a_change_reads_that_a_report_ended_it_which_was_taken_back_in_the_same_evening(
    front: Front,
) -> None:
    promise = await evening_of(front, PROMISE)
    await front.command("move 1 to Monday 12:00", by=BOB)
    await reports_and_takes_it_back(front, promise)
    await go(front, berlin(25, 9, 30))
    assert "reopened it: not done yet" in read_by(front, BOB)[-1]
    assert ENDED in read_by(front, BOB)[-1]
    assert "act.propose" in controls(last_to(front, BOB))


async def test_who_proposed_a_change_reads_by_day_that_a_report_ended_it_until_another_is_open(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 10))
    await front.command("move 1 to Monday 12:00", by=BOB)
    await front.send()
    await reports_and_takes_it_back(front, promise)
    await front.send()
    assert ENDED in read_by(front, BOB)[-1]
    await front.command("move 1 to Monday 12:00", by=BOB)
    await front.send()
    assert ENDED not in read_by(front, BOB)[-1]


async def test_an_offer_of_the_owners_and_a_hand_over_end_with_a_report_and_the_other_side_reads_it(
    front: Front,
) -> None:
    promise = await evening_of(front, PROMISE)
    await front.command(HAND_OVER)
    await reports_and_takes_it_back(front, promise)
    await go(front, berlin(25, 9, 30))
    assert "<@UCHARLIE> is no longer asked to take it over." in read_by(front, BOB)[-1]
    assert read_by(front, CHARLIE) == []
    await front.command("move 1 to Monday 12:00")
    await reports_and_takes_it_back(front, promise)
    await front.send()
    assert "The proposal of <@UALICE> is no longer open: due Fri 27 Nov" in read_by(front, BOB)[-1]


@pytest.mark.parametrize("back", ["act.retract", "act.reject_proposal"])
async def test_a_miss_does_not_say_that_a_colleague_is_asked_who_is_not_any_more(front: Front, back: str) -> None:
    promise = await front.make("send the deck by Wednesday 17:00")
    await go(front, berlin(24, 10))
    await front.command("risk 1 I am ill")
    await front.command(HAND_OVER)
    await front.send()
    by = ALICE if back == "act.retract" else CHARLIE
    await front.click(back, promise.id, by)
    if by == CHARLIE:
        await front.submit(front.api.views[-1], {"reason": {"value": "no time"}}, by)
    assert (await front.now_of(promise)).proposal is None
    await go(front, berlin(26, 12))
    missed = read_by(front, BOB)[-1]
    assert "The deadline passed" in missed
    assert "take it over" not in missed
    assert "last said “at risk”" in missed
    assert "I am ill" in missed


async def test_a_miss_does_not_say_that_another_date_was_asked_for_by_an_offer_that_was_taken_back(
    front: Front,
) -> None:
    promise = await front.make("send the deck by Wednesday 17:00")
    await go(front, berlin(24, 10))
    await front.command("move 1 to Monday 12:00")
    await front.click("act.retract", promise.id)
    await go(front, berlin(26, 12))
    assert "asked for another date" not in read_by(front, BOB)[-1]


async def test_who_is_asked_to_take_over_reads_the_reason_also_after_the_deadline(front: Front) -> None:
    promise = await front.make("send the deck by Wednesday 17:00")
    await hands_over(front, promise, "I am ill")
    await front.send()
    await go(front, berlin(24, 17, 10))
    assert "still asks you to take it over." in read_by(front, CHARLIE)[-1]
    assert "Why: “I am ill”" in read_by(front, CHARLIE)[-1]
    await go(front, berlin(26, 12))
    late = read_by(front, CHARLIE)[-1]
    assert "It was due Wed 25 Nov, 17:00 CET. <@UALICE> still asks you to take it over.\nWhy: “I am ill”" in late


async def test_an_offer_is_shown_with_its_reason_where_it_is_asked_about_again(front: Front) -> None:
    await front.make("send the deck by Friday 17:00")
    await front.make("send the minutes by Friday 17:00")
    await go(front, berlin(24, 10))
    for number in (1, 2):
        await front.command(f"move {number} to Monday 12:00, because I am ill")
    await go(front, berlin(27, 12))
    asked = [each for each in front.messenger.sent_to(BOB) if "still waits for your answer" in texts_in(each)]
    assert asked
    for message in asked:
        text, agrees = texts_in(message), controls(message).count("act.accept_proposal")
        assert agrees
        assert text.replace("\xa0", " ").count("→ Mon 30 Nov, 12:00 CET") == agrees
        assert text.count("Why: “I am ill”") == agrees


async def reads_nothing_of_an_offer_that_a_report_ends(front: Front, promise: Promise, reader: UserId) -> None:
    before = read_by(front, reader)
    await front.command("move 1 to Monday 12:00", by=BOB)
    await reports_and_takes_it_back(front, promise)
    await go(front, berlin(25, 9, 30))
    assert len(read_by(front, reader)) == len(before)


async def test_a_follower_reads_nothing_of_a_report_that_was_taken_back_in_the_same_evening(front: Front) -> None:
    promise = await evening_of(front, PROMISE.replace(" send", f" <@{CHARLIE}|charlie> send", 1))
    await reads_nothing_of_an_offer_that_a_report_ends(front, promise, CHARLIE)


async def test_followers_read_of_dates_risks_and_the_end_and_of_nothing_else(front: Front) -> None:
    await front.command(PROMISE.replace(" send", f" <@{CHARLIE}|charlie> send", 1))
    promise = await the_one(front)
    assert promise.watchers == (CHARLIE,)
    await front.send()
    seen = len(read_by(front, CHARLIE))
    await go(front, berlin(24, 10))

    async def new() -> list[str]:
        nonlocal seen
        await front.send()
        found = read_by(front, CHARLIE)[seen:]
        seen += len(found)
        return found

    await front.click("act.on_track", promise.id)
    assert await new() == []
    await front.command("move 1 to Monday 12:00")
    await front.click("act.reject_proposal", promise.id, BOB)
    assert await new() == []
    await front.command("risk 1 I am ill")
    assert ["at risk" in each for each in await new()] == [True]
    await front.click("act.on_track", promise.id)
    assert ["on track" in each for each in await new()] == [True]
    await front.click("act.on_track", promise.id)
    assert await new() == []
    await front.command("move 1 to Monday 12:00")
    await front.click("act.accept_proposal", promise.id, BOB)
    assert ["New date" in each for each in await new()] == [True]
    await front.command("done 1")
    assert ["delivered it" in each for each in await new()] == [True]
    await front.click("act.accept_delivery", promise.id, BOB)
    assert await new() == []


async def test_a_risk_of_friday_evening_is_named_on_monday_beside_the_date_that_was_proposed_on_sunday(
    front: Front,
) -> None:
    await front.command(PROMISE.replace("Friday", "2 December"))
    await go(front, berlin(27, 20))
    await front.command("risk 1 I am ill")
    await go(front, berlin(29, 20))
    await front.command("move 1 to 4 December 12:00")
    await go(front, berlin(30, 9, 30))
    told = read_by(front, BOB)[-1]
    assert "proposed a change" in told
    assert "Before: <@UALICE> marked it at risk – “I am ill”" in told


async def test_who_acts_after_the_deadline_does_not_read_that_it_holds(front: Front) -> None:
    promise = await front.make("send the deck by Tuesday 15:00")
    await go(front, berlin(24, 16))
    asked = (await front.command("move 1 to Monday 12:00")).text
    await front.click("act.retract", promise.id, own=True)
    back = front.api.answers[-1]["text"]
    assert asked == "Asked <@UBOB> about *#1*: *Mon 30 Nov, 12:00 CET*."
    assert back == "Took the proposal back. *#1* was due Tue 24 Nov, 15:00 CET and is still open."


async def test_a_hand_over_that_was_taken_back_by_day_is_called_so(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 10))
    await front.command(HAND_OVER)
    await front.send()
    await front.click("act.retract", promise.id)
    await front.send()
    for reader in (BOB, CHARLIE):
        assert "<@UALICE> took the hand-over back" in read_by(front, reader)[-1]
        assert "<@UALICE> still owes it, due Fri 27 Nov, 17:00 CET." in read_by(front, reader)[-1]


async def test_an_owner_reads_that_a_promise_stays_theirs_which_a_colleague_did_not_take_over(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 10))
    await front.command(HAND_OVER)
    await front.send()
    await front.click("act.reject_proposal", promise.id, CHARLIE)
    await front.submit(front.api.views[-1], {"reason": {"value": "no time"}}, CHARLIE)
    await front.send()
    assert "It stays yours, due Fri 27 Nov, 17:00 CET." in read_by(front, ALICE)[-1]


async def test_what_is_asked_after_the_deadline_does_not_say_that_it_holds(front: Front) -> None:
    promise = await front.make("send the deck by Tuesday 15:00")
    await go(front, berlin(24, 16))
    await front.command(HAND_OVER)
    await front.send()
    asked = read_by(front, CHARLIE)[-1]
    assert "<@UBOB> has waited for it since Tue 24 Nov, 15:00 CET. It’s yours once you take it over." in asked
    assert "There is room" not in asked
    await front.click("act.retract", promise.id)
    await front.send()
    assert "You follow this promise" not in read_by(front, CHARLIE)[-1]
    await front.command("move 1 to Friday 12:00", by=BOB)
    await go(front, berlin(26, 16))
    [again] = [each for each in read_by(front, ALICE) if "still waits for your answer" in each]
    assert "It was due Tue 24 Nov, 15:00 CET and is still open." in again


async def test_an_owner_is_not_notified_of_an_offer_that_their_own_report_ended(front: Front) -> None:
    promise = await evening_of(front, PROMISE)
    await reads_nothing_of_an_offer_that_a_report_ends(front, promise, ALICE)


async def test_who_read_of_a_risk_reads_that_it_is_over_also_after_an_offer_that_changed_nothing(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 10))
    await front.command("risk 1 I am ill")
    await front.command("move 1 to Monday 12:00")
    await front.click("act.retract", promise.id)
    await front.send()
    await front.click("act.on_track", promise.id)
    await front.send()
    assert "on track" in last_to(front, BOB).text


async def test_a_colleague_who_does_not_take_a_promise_over_reads_with_whom_it_stays(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.command(HAND_OVER)
    await front.send()
    await front.click("act.reject_proposal", promise.id, CHARLIE, own=True)
    await front.submit(front.api.views[-1], {"reason": {"value": "no time"}}, CHARLIE)
    assert "*#1* stays with <@UALICE>. I’ll tell them." in str(front.api.answers[-1:] + front.api.calls[-3:])
