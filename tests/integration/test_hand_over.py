"""A promise is handed over: what the three people read, before the deadline and after it; by the door."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.integration.test_both_sides import berlin, controls, go
from tests.unit.factories import ALICE, BOB, CHARLIE
from tests.unit.texts import texts_in


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def test_a_hand_over_without_an_answer_is_asked_about_once_a_working_day_before_the_deadline(
    front: Front,
) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.command(f"hand 1 to <@{CHARLIE}|charlie>")
    await go(front, berlin(26, 16, 50))
    assert len(front.messenger.sent_to(CHARLIE)) == 1
    await go(front, berlin(26, 17, 10))
    asked = front.messenger.sent_to(CHARLIE)[-1]
    assert (
        asked.text == "#1 “send the deck”: It is due Fri 27 Nov, 17:00 CET. <@UALICE> still asks you to take it over."
    )
    assert texts_in(asked).count("take it over") == 1
    assert controls(asked) == ["act.accept_proposal", "act.reject_proposal"]
    await go(front, berlin(27, 16, 55))
    assert len(front.messenger.sent_to(CHARLIE)) == 2
    assert (await front.now_of(promise)).owner_id == ALICE
    await front.click("act.accept_proposal", promise.id, CHARLIE)
    assert (await front.now_of(promise)).owner_id == CHARLIE


@pytest.mark.parametrize(
    ("made", "act", "by"),
    [
        (berlin(23, 11), "act.accept_proposal", CHARLIE),
        (berlin(23, 11), "act.retract", ALICE),
        (berlin(27, 14), "", ALICE),  # less than four hours before it
    ],
)
async def test_a_hand_over_is_not_asked_about_once_it_is_answered_or_where_no_time_is_left(
    front: Front, made: datetime, act: str, by: UserId
) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, made)
    await front.command(f"hand 1 to <@{CHARLIE}|charlie>")
    await front.send()
    if act:
        await front.click(act, promise.id, by)
    await go(front, berlin(27, 16, 55))
    assert not any("still asks you" in message.text for message in front.messenger.sent_to(CHARLIE))


@pytest.mark.parametrize(("by", "is_asked"), [(CHARLIE, False), (None, True)])
async def test_an_offer_of_the_evening_that_was_answered_at_once_is_not_asked_about_in_the_morning(
    front: Front, by: UserId | None, is_asked: bool
) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 21))
    await front.command(f"hand 1 to <@{CHARLIE}|charlie>")
    await front.command("risk 1 the figures are missing")
    await front.send()
    if by:
        await front.click("act.accept_proposal", promise.id, by)
    await go(front, berlin(25, 9, 30))
    asked = [each for each in front.messenger.sent_to(CHARLIE) if "act.accept_proposal" in controls(each)]
    assert bool(asked) is is_asked


async def test_a_hand_over_without_an_answer_reads_true_for_all_three_after_the_deadline(front: Front) -> None:
    await front.make("send the deck by Wednesday 17:00")
    await front.command(f"hand 1 to <@{CHARLIE}|charlie>")
    await front.send()
    asked, card = front.messenger.sent_to(CHARLIE)[-1], front.messenger.sent_to(BOB)[-1]
    assert "You follow this promise" not in str(asked.blocks)
    assert "Until they do, <@UALICE> owes it" in texts_in(card)
    await go(front, berlin(26, 12))
    heir, requester, owner = (front.messenger.sent_to(who)[-1] for who in (CHARLIE, BOB, ALICE))
    assert "<@UALICE> still asks you to take it over." in texts_in(heir)
    assert controls(heir) == ["act.accept_proposal", "act.reject_proposal"]
    assert "<@UALICE> asked <@UCHARLIE> to take it over" in texts_in(requester)
    assert "last said" not in texts_in(requester)
    assert "Nothing is reported yet. Ask again, or let it go." in texts_in(requester)
    assert "Is it done? <@UCHARLIE> has not answered yet whether they take it over." in owner.text
    promise = (await front.promises_of(ALICE))[0]
    await front.click("act.accept_proposal", promise.id, CHARLIE, own=True)
    assert [each.number for each in await front.promises_of(CHARLIE)] == [1]
    taken = front.api.answers[-1]
    assert "*#1* is yours now. <@UBOB> has waited for it since Wed 25 Nov, 17:00 CET." in taken["text"]
    assert "act.propose" in str(taken["blocks"])
    await front.send()
    assert "It was due Wed 25 Nov, 17:00 CET and is still open." in texts_in(front.messenger.sent_to(BOB)[-1])
    assert "The date stays" not in texts_in(front.messenger.sent_to(ALICE)[-1])


async def test_who_takes_a_promise_over_in_time_reads_that_it_is_theirs(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.command(f"hand 1 to <@{CHARLIE}|charlie>")
    await front.click("act.accept_proposal", promise.id, CHARLIE, own=True)
    assert "*#1* is yours now. <@UBOB> waits for it, due Fri 27 Nov, 17:00 CET." in front.api.answers[-1]["text"]
    await front.command("move 1 to 1 Dec noon", BOB)
    await front.click("act.accept_proposal", promise.id, CHARLIE, own=True)
    assert "Agreed: *#1* is due Tue 1 Dec, 12:00 CET." in front.api.answers[-1]["text"]
