"""Several acts on one promise, in one evening or while the first message is in Slack: what each reader gets to read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.promise import Promise, UserId
from bot.ports import Message, Side
from tests.integration.front import Front, front_door
from tests.integration.situations import done
from tests.integration.test_both_sides import berlin, controls, go
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM
from tests.unit.texts import texts_in

PROMISE = f"<@{BOB}|bob> send the deck by Friday 17:00"
REQUEST = f"ask <@{CHARLIE}|charlie> send the deck by Friday 17:00"
HAND_OVER = f"hand 1 to <@{CHARLIE}|charlie>"
CHANGE = ["act.accept_proposal", "act.counter", "act.reject_proposal"]
ANSWER = ["act.accept_request", "act.propose", "act.decline"]


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


def read_by(front: Front, reader: UserId) -> list[str]:
    return [texts_in(each).replace("\xa0", " ") for each in front.messenger.sent_to(reader)]


async def the_one(front: Front) -> Promise:
    [found] = await front.store.read(TEAM, lambda tx: tx.promises.concerning(ALICE, Side.ALL, 2))
    return found


def last_to(front: Front, reader: UserId) -> Message:
    return front.messenger.sent_to(reader)[-1]


async def says_later(front: Front, text: str, by: UserId) -> None:
    """A remark as it is typed, or another priority, which a form sets."""
    if text:
        await front.command(text, by=by)
    else:
        await done(front, Act.ADJUST, await the_one(front), by)


async def evening_of(front: Front, made: str) -> Promise:
    """A promise or a request of Monday that its other side has read, on Tuesday evening."""
    await front.command(made)
    await go(front, berlin(24, 21))
    return await the_one(front)


@pytest.mark.parametrize(
    ("made", "asked", "later", "reader", "buttons", "says"),
    [
        (PROMISE, "move 1 to Monday 12:00", "risk 1 I am ill", BOB, CHANGE, "Mon 30 Nov"),
        (PROMISE, HAND_OVER, "risk 1 I am ill", CHARLIE, [CHANGE[0], CHANGE[2]], "take it over"),
        (REQUEST, "", "", CHARLIE, ANSWER, "It binds once you accept it"),
    ],
)
async def test_what_was_asked_by_day_keeps_its_buttons_in_the_message_of_later_news(
    front: Front, made: str, asked: str, later: str, reader: UserId, buttons: list[str], says: str
) -> None:
    await front.command(made)
    await go(front, berlin(24, 10))
    if asked:
        await front.command(asked)
        await front.send()
    first = last_to(front, reader)
    assert controls(first)[: len(buttons)] == buttons
    await says_later(front, later, ALICE)
    await front.send()
    newest = last_to(front, reader)
    assert newest.text != first.text
    assert controls(newest)[: len(buttons)] == buttons
    assert says in texts_in(newest).replace("\xa0", " ")
    promise = await the_one(front)
    block = next(each["block_id"] for each in newest.blocks if each["type"] == "actions")
    await front.click(buttons[0], promise.id, reader, block=block)
    assert (await front.now_of(promise)).answerer is None


async def test_an_offer_keeps_its_buttons_in_a_message_about_several_promises(front: Front) -> None:
    await go(front, berlin(24, 21))
    await front.command(PROMISE)
    await front.command(PROMISE.replace("deck", "minutes"))
    await front.command("move 1 to Monday 12:00")
    await front.command("risk 1 I am ill")
    await go(front, berlin(25, 9, 30))
    [together] = [each for each in front.messenger.sent_to(BOB) if "minutes" in texts_in(each)]
    assert CHANGE[0] in controls(together)
    assert "proposed a change" in texts_in(together)
    assert "I am ill" in texts_in(together)


@pytest.mark.parametrize(("later", "says"), [("risk 1 I am ill", "I am ill"), ("", "urgent")])
async def test_an_acceptance_of_the_evening_is_not_lost_behind_a_remark(front: Front, later: str, says: str) -> None:
    request = await evening_of(front, REQUEST)
    await front.click("act.accept_request", request.id, CHARLIE)
    await says_later(front, later, CHARLIE)
    await go(front, berlin(25, 9, 30))
    told = read_by(front, ALICE)[-1]
    assert "accepted the request" in told
    assert says in told


async def test_a_missing_part_is_named_beside_the_date_that_is_proposed_for_it(front: Front) -> None:
    promise = await evening_of(front, PROMISE)
    await front.command("done 1")
    await done(front, Act.REOPEN, promise, BOB)
    await front.command("move 1 to Monday 12:00", by=BOB)
    await go(front, berlin(25, 9, 30))
    told = last_to(front, ALICE)
    assert "page 7 is empty" in texts_in(told)
    assert controls(told)[:3] == CHANGE


async def test_a_request_of_the_evening_names_the_priority_that_was_set_since(front: Front) -> None:
    await go(front, berlin(24, 21))
    await front.command(REQUEST)
    await done(front, Act.ADJUST, await the_one(front), ALICE)
    await go(front, berlin(25, 9, 30))
    asked = last_to(front, CHARLIE)
    assert controls(asked)[: len(ANSWER)] == ANSWER
    assert "asked you" in texts_in(asked)
    assert "urgent" in texts_in(asked)


async def test_a_request_that_was_answered_with_another_date_is_not_asked_about(front: Front) -> None:
    await go(front, berlin(24, 21))
    await front.command(REQUEST)
    await front.command("move 1 to Monday 12:00", by=CHARLIE)
    await go(front, berlin(25, 9, 30))
    assert read_by(front, CHARLIE) == []
    assert controls(last_to(front, ALICE))[:3] == CHANGE


async def test_who_ended_a_promise_is_not_told_what_came_before(front: Front) -> None:
    promise = await evening_of(front, PROMISE)
    before = read_by(front, BOB)
    await front.command("risk 1 I am ill")
    await front.click("act.accept_delivery", promise.id, BOB)
    await go(front, berlin(25, 9, 30))
    assert len(read_by(front, BOB)) == len(before)
    assert "got it" in read_by(front, ALICE)[-1]


async def test_who_found_something_missing_is_not_told_of_the_delivery(front: Front) -> None:
    promise = await evening_of(front, PROMISE)
    before = read_by(front, BOB)
    await front.command("done 1")
    await done(front, Act.REOPEN, promise, BOB)
    await go(front, berlin(25, 9, 30))
    assert len(read_by(front, BOB)) == len(before)


@pytest.mark.parametrize(
    ("act", "back"),
    [("move 1 to Monday 12:00", "act.retract"), (HAND_OVER, "act.retract"), ("done 1", "act.unreport")],
)
async def test_what_was_taken_back_before_it_was_read_is_not_told(front: Front, act: str, back: str) -> None:
    promise = await evening_of(front, PROMISE)
    before = [len(read_by(front, each)) for each in (BOB, CHARLIE)]
    await front.command(act)
    await front.click(back, promise.id)
    await go(front, berlin(25, 9, 30))
    assert [len(read_by(front, each)) for each in (BOB, CHARLIE)] == before


@pytest.mark.parametrize("ended", ["done 1", "cancel 1 the client has gone"])
async def test_who_was_to_take_a_promise_over_reads_nothing_of_one_that_is_over(front: Front, ended: str) -> None:
    await evening_of(front, PROMISE)
    await front.command(HAND_OVER)
    await front.command(ended)
    await go(front, berlin(25, 9, 30))
    assert read_by(front, CHARLIE) == []
    assert "take it over" not in read_by(front, BOB)[-1]


async def test_a_former_owner_reads_no_words_of_the_new_one(front: Front) -> None:
    promise = await evening_of(front, PROMISE)
    await front.command(HAND_OVER)
    await front.click("act.accept_proposal", promise.id, CHARLIE)
    await front.command("risk 1 I am ill", by=CHARLIE)
    await go(front, berlin(25, 9, 30))
    assert "took it over from you" in read_by(front, ALICE)[-1]
    assert "I am ill" not in read_by(front, ALICE)[-1]
    assert "I am ill" in read_by(front, BOB)[-1]


async def test_a_requester_who_read_of_a_risk_reads_that_it_is_over(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 10))
    await front.command("risk 1 I am ill")
    await front.send()
    await front.click("act.on_track", promise.id)
    await front.send()
    assert "on track" in last_to(front, BOB).text


async def test_a_risk_that_was_over_in_the_evening_alarms_nobody_in_the_morning(front: Front) -> None:
    promise = await evening_of(front, PROMISE)
    await front.command("risk 1 I am ill")
    await front.click("act.on_track", promise.id)
    await go(front, berlin(25, 9, 30))
    assert "at risk" not in read_by(front, BOB)[-1]
    assert "on track" in last_to(front, BOB).text


async def test_an_offer_after_the_deadline_does_not_say_that_the_deadline_holds(front: Front) -> None:
    await front.command(PROMISE.replace("Friday 17:00", "Tuesday 15:00"))
    await go(front, berlin(24, 16))
    await front.command("move 1 to Monday 12:00")
    await front.send()
    told = read_by(front, BOB)[-1]
    assert "proposed a change" in told
    assert "holds" not in told
    assert "is still open" in told
