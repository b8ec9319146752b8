"""“Not now” and “Ask again”, by the door."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.domain.promise import Promise, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports import Message
from tests.integration.agendas import ahead, coming
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, TEAM

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def receives(front: Front, who: UserId, words: str, until: datetime | None = None) -> Message:
    """Advance time until a person is sent the words; return the newest message that has them."""
    before = len(front.messenger.sent_to(who))
    ends = until or front.clock.now() + timedelta(days=8)
    while not any(words in message.text for message in front.messenger.sent_to(who)[before:]):
        assert front.clock.now() < ends, f"{who} never got “{words}”"
        next_due = await front.store.next_due()
        assert next_due is not None, f"{who} will never get “{words}”"
        front.clock.move(max(next_due - front.clock.now(), MINUTE))
        await front.services.promises.run_due()
        await front.send()
    return messages_with(front, who, words)[-1]


def messages_with(front: Front, who: UserId, words: str) -> list[Message]:
    return [message for message in front.messenger.sent_to(who) if words in message.text]


def value_of(message: Message, action_id: str) -> str:
    elements = [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]
    return next(str(each["value"]) for each in elements if each["action_id"] == action_id)


async def got_no_word(front: Front) -> tuple[Promise, Message]:
    promise = await front.make("send the deck by Friday 17:00")
    return promise, await receives(front, BOB, "hasn’t answered yet")


async def test_not_now_brings_the_question_back_while_an_answer_still_helps(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    message = await receives(front, ALICE, "Still on track")
    await front.click("nudge.snooze", value_of(message, "nudge.snooze"))
    assert "ask again about #1" in front.api.answers[-1]["text"]
    ((_, at),) = await coming(front.services, Kind.SNOOZED)
    assert front.clock.now() + HOUR < at < promise.terms.due.at - 9 * HOUR
    again = await receives(front, ALICE, "on track", at + 20 * MINUTE)
    assert "nudge.snooze" in str(again.blocks)


async def test_put_off_twice_it_comes_back_once(front: Front) -> None:
    await front.make("send the deck by Friday 17:00")
    message = await receives(front, ALICE, "Still on track")
    for _ in range(2):
        await front.click("nudge.snooze", value_of(message, "nudge.snooze"))
        front.clock.move(MINUTE)
    assert len(await coming(front.services, Kind.SNOOZED)) == 1


async def test_an_answer_meanwhile_ends_what_was_put_off(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    message = await receives(front, ALICE, "Still on track")
    await front.click("nudge.snooze", value_of(message, "nudge.snooze"))
    front.clock.move(MINUTE)
    await front.click("act.on_track", promise.id)
    for _ in range(20):
        front.clock.move(30 * MINUTE)
        await front.send()
    assert await coming(front.services, Kind.SNOOZED) == []
    assert len(messages_with(front, ALICE, "n track for")) == 1


@pytest.mark.parametrize("by", [BOB, CHARLIE])
async def test_only_its_reader_can_put_off_a_question(front: Front, by: UserId) -> None:
    await front.make("send the deck by Friday 17:00")
    message = await receives(front, ALICE, "Still on track")
    await front.click("nudge.snooze", value_of(message, "nudge.snooze"), by)
    assert "somebody else’s" in front.api.answers[-1]["text"]
    assert await coming(front.services, Kind.SNOOZED) == []


@pytest.mark.parametrize("value", ["", "no-such", "x" * 2000])
async def test_a_value_that_names_nothing_is_answered_kindly(front: Front, value: str) -> None:
    for action in ("nudge.snooze", "nudge.ask_again", "nudge.other"):
        await front.click(action, value)
        assert front.api.answers[-1]["text"].endswith(".")


async def test_minutes_before_the_deadline_there_is_nothing_left_to_put_off(front: Front) -> None:
    await front.make("send the deck by Friday 17:00")
    message = await receives(front, ALICE, "Still on track")
    front.clock.move(datetime.fromisoformat("2026-11-27T15:57Z") - front.clock.now())
    await front.click("nudge.snooze", value_of(message, "nudge.snooze"))
    assert "Report it, or propose another date" in front.api.answers[-1]["text"]


async def test_no_word_yet_offers_to_ask_again_and_the_owner_is_asked_in_their_name(front: Front) -> None:
    promise, message = await got_no_word(front)
    assert value_of(message, "act.propose") == value_of(message, "act.release") == promise.id
    await front.click("nudge.ask_again", value_of(message, "nudge.ask_again"), BOB)
    assert "I’ll ask <@" in front.api.answers[-1]["text"]
    asked = await receives(front, ALICE, f"<@{BOB}> asks", front.clock.now() + 20 * MINUTE)
    assert "act.on_track" in str(asked.blocks)
    front.clock.move(MINUTE)
    await front.click("act.on_track", promise.id)
    await receives(front, BOB, "on track", front.clock.now() + 90 * MINUTE)


async def test_an_unasked_report_of_on_track_is_sent_to_no_one(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.click("act.on_track", promise.id)
    front.clock.move(2 * HOUR)
    await front.send()
    assert messages_with(front, BOB, "on track") == []


async def test_asking_again_has_a_limit(front: Front) -> None:
    _, message = await got_no_word(front)
    for _ in range(3):
        await front.click("nudge.ask_again", value_of(message, "nudge.ask_again"), BOB)
        front.clock.move(30 * MINUTE)
        await front.send()
    assert "last four working hours" in front.api.answers[-1]["text"]
    assert len(messages_with(front, ALICE, "asks")) == 1


@pytest.mark.parametrize("by", [ALICE, CHARLIE])
async def test_only_who_waits_for_it_has_the_owner_asked(front: Front, by: UserId) -> None:
    _, message = await got_no_word(front)
    await front.click("nudge.ask_again", value_of(message, "nudge.ask_again"), by)
    assert "Only the person it is owed to" in front.api.answers[-1]["text"]
    assert await coming(front.services, Kind.ASKED) == []


async def test_what_moved_meanwhile_is_neither_asked_nor_put_off(front: Front) -> None:
    promise, message = await got_no_word(front)
    question = messages_with(front, ALICE, "Still on track")[-1]
    snooze = value_of(question, "nudge.snooze")
    await front.services.promises.act(TEAM, promise.id, HistoryEntry(Act.RELEASE, BOB, front.clock.now()))
    await front.click("nudge.ask_again", value_of(message, "nudge.ask_again"), BOB)
    assert "can no longer be asked" in front.api.answers[-1]["text"]
    await front.click("nudge.snooze", snooze)
    assert "nothing left to put off" in front.api.answers[-1]["text"]


async def test_the_broken_twin_that_trusts_the_button_lets_anybody_put_it_off(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.make("send the deck by Friday 17:00")
    message = await receives(front, ALICE, "Still on track")
    honest = front.services.nudge_answers.snooze

    async def trusting(team_id: Any, nudge: Any, by: UserId) -> Any:
        return await honest(team_id, nudge, ALICE)

    object.__setattr__(front.services, "nudge_answers", type("Mutant", (), {"snooze": staticmethod(trusting)})())
    await front.click("nudge.snooze", value_of(message, "nudge.snooze"), CHARLIE)
    assert len(await coming(front.services, Kind.SNOOZED)) == 1


async def test_show_says_what_time_will_say_next_to_its_reader(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.make("tidy the desk by Wednesday 17:00")
    await front.send()
    show = f"show {promise.number}"
    asked_at = (await ahead(front.services, ALICE, promise))[Kind.CHECK_IN]
    shown = (await front.command(show, ALICE)).body
    assert f"Next: <!date^{int(asked_at.timestamp())}^" in shown
    assert "I ask you whether it is on track." in shown
    assert "I ask you whether the date still suits you." in (await front.command(show, BOB)).body
    assert "Next: " not in (await front.command(show, CHARLIE)).body
    await front.command(f"done {promise.number}")
    assert "Next: " not in (await front.command(show, ALICE)).body
