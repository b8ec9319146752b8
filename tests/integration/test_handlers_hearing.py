"""Messages by signed requests: to Kept, in its threads, and in channels where it may listen."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import State
from bot.domain.promise import ChannelId, Promise, UserId
from bot.use_cases.events import Events
from handlers.stored_events import keep_events
from tests.integration.front import Front, front_door
from tests.integration.hearing import asked, direct
from tests.unit.factories import ALICE, BOB, CHARLIE, MONDAY, TEAM

PROMISE = "I'll send the deck to <@UBOB> by Friday 17:00"


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def overheard(text: str, by: UserId = ALICE, **more: Any) -> dict[str, Any]:
    return direct(text, by) | {"channel": "C1", "channel_type": "channel"} | more


def whispers(front: Front) -> list[dict[str, Any]]:
    return [call for method, call in front.api.calls if method == "chat.postEphemeral"]


def button(message: Any, action: str) -> str:
    elements = [each for block in message for each in block.get("elements", ()) if each.get("action_id") == action]
    return str(elements[0]["value"])


async def everything(front: Front) -> tuple[Promise, ...]:
    return (*await front.promises_of(ALICE), *await front.promises_of(BOB))


async def test_a_direct_message_offers_to_record_it_and_records_nothing(front: Front) -> None:
    await front.event(direct(PROMISE))
    (offer,) = front.messenger.sent_to(ALICE)
    assert "Shall I remember it?" in offer.text
    assert "<@UBOB>" in offer.text
    assert await everything(front) == ()


async def test_what_was_offered_is_recorded_once_when_its_writer_says_so(front: Front) -> None:
    await front.event(direct(PROMISE))
    value = button(front.messenger.sent_to(ALICE)[0].blocks, "make.candidate.0")
    for _ in range(2):
        await front.click("make.candidate.0", value, channel="D1")
    (promise,) = await front.promises_of(ALICE)
    assert (promise.requester_id, promise.origin.is_private) == (BOB, True)
    assert all(answer["replace_original"] for answer in front.api.answers)


async def test_an_offer_declined_goes_and_nothing_is_recorded(front: Front) -> None:
    await front.event(direct(PROMISE))
    await front.click("make.decline", "decline", channel="D1")
    assert front.api.answers[0]["text"] == "Nothing was recorded."
    assert await everything(front) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "You owe nothing and wait for nothing"),
        ("what can you do?", "I remember promises"),
        ("help", "I remember promises"),
        ("list", "You have no open promise"),
        ("/promise list", "You have no open promise"),
        ("I'll send the deck", "I found no date"),
        ("ask <@UBOB|bob> to review the PR by Friday 17:00", "Shall I remember it?"),
    ],
)
async def test_no_direct_message_is_met_with_silence(front: Front, text: str, says: str) -> None:
    await front.event(direct(text))
    assert says in front.messenger.sent_to(ALICE)[0].text
    assert await everything(front) == ()


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"text": ""}]
)
async def test_apps_and_changes_are_passed_over(front: Front, more: dict[str, Any]) -> None:
    await front.event(direct(PROMISE, **more) if "text" not in more else direct(""))
    assert front.messenger.posts == {}


@pytest.mark.parametrize(
    ("mark", "by", "acts"),
    [
        ("white_check_mark", BOB, ["report"]),
        ("heavy_check_mark", BOB, ["report"]),
        ("hourglass_flowing_sand", BOB, ["at_risk"]),
        ("warning", BOB, ["at_risk"]),
        ("white_check_mark", CHARLIE, []),
        ("warning", ALICE, []),
        ("white_check_mark", ALICE, []),
        ("tada", BOB, []),
        ("+1", BOB, []),
    ],
)
async def test_a_reaction_on_a_card_is_the_act_of_its_owner_and_of_no_one_else(
    front: Front, mark: str, by: UserId, acts: list[str]
) -> None:
    promise, _ = await asked(front)
    await front.event(reaction(front, mark, by))
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id))
    assert [entry.act.value for entry in history[1:]] == acts


async def test_the_requester_accepts_a_delivery_by_a_reaction_on_its_card(front: Front) -> None:
    promise, _ = await asked(front)
    for by in (BOB, ALICE, ALICE):
        await front.event(reaction(front, "white_check_mark", by))
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id))
    assert [entry.act.value for entry in history[1:]] == ["report", "accept_delivery"]


async def test_a_reaction_on_anything_but_a_card_is_not_read(front: Front) -> None:
    promise, ts = await asked(front)
    item = {"type": "message", "channel": ALICE, "ts": ts}
    await front.event(reaction(front, "white_check_mark", BOB) | {"item": item})
    await front.event(reaction(front, "white_check_mark", BOB) | {"item": item | {"ts": "1.1"}})
    assert (await front.now_of(promise)).state is State.ACTIVE


def reaction(front: Front, mark: str, by: UserId) -> dict[str, Any]:
    (card,) = (ts for ts, post in front.messenger.posts.items() if post.to == "C1")
    return {
        "type": "reaction_added",
        "user": by,
        "reaction": mark,
        "item": {"type": "message", "channel": "C1", "ts": card},
        "item_user": "UBOT",
        "event_ts": "170.9",
    }


async def test_a_channel_is_not_listened_to_unless_a_member_allows_it(front: Front) -> None:
    await front.event(overheard(PROMISE))
    assert whispers(front) == []
    answer = await front.command("listen on", by=CHARLIE)
    assert (answer.message["response_type"], "<@UCHARLIE>" in answer.text) == ("in_channel", True)
    await front.event(overheard(PROMISE))
    (whisper,) = whispers(front)
    assert (whisper["channel"], whisper["user"]) == ("C1", ALICE)
    await front.command("listen off")
    await front.event(overheard(PROMISE))
    assert len(whispers(front)) == 1
    assert await everything(front) == ()


@pytest.mark.parametrize(
    "text",
    ["the deck is due on Friday", "I'll think about it", "I'll do it soon", "@nobody I'll send it by Friday 17:00"],
)
async def test_what_is_no_certain_promise_is_left_alone(front: Front, text: str) -> None:
    await front.command("listen on")
    await front.event(overheard(text))
    assert whispers(front) == []
    assert front.messenger.posts == {}


async def test_what_was_overheard_stands_in_its_thread_once_it_is_recorded(front: Front) -> None:
    await front.command("listen on")
    await front.event(overheard(PROMISE, thread_ts="170.1", parent_user_id=CHARLIE))
    (whisper,) = whispers(front)
    blocks = whisper["blocks"]
    await front.click("make.candidate.0", button(blocks, "make.candidate.0"), own=True)
    (promise,) = await front.promises_of(ALICE)
    assert (promise.requester_id, promise.origin.thread_ts) == (BOB, "170.1")
    assert promise.origin.permalink.endswith("p1705")
    await front.send()
    (card,) = (post for post in front.messenger.posts.values() if post.to == "C1")
    assert card.thread_ts == "170.1"


async def test_listening_is_refused_in_private_and_shown_when_asked(front: Front) -> None:
    front.messenger.private.add(ChannelId("C1"))
    assert "public channels only" in (await front.command("listen on")).text
    assert "do not listen" in (await front.command("listen")).text


async def test_nothing_overheard_is_kept_and_what_is_written_to_kept_is(front: Front) -> None:
    kept = Events(front.store.events, front.clock)
    keep_events(front.bolt, kept, front.background)
    await front.event(overheard(PROMISE), "EvOVERHEARD")
    await front.event(direct(PROMISE), "EvDIRECT")
    assert await kept.store(TEAM, "EvOVERHEARD", {})
    assert not await kept.store(TEAM, "EvDIRECT", {})


async def test_a_person_who_changed_is_fetched_again(front: Front) -> None:
    await front.make()
    front.messenger.people[ALICE] = front.messenger.people[ALICE].__class__(TEAM, ALICE, "Alice B.", MONDAY)
    await front.event({"type": "user_change", "user": {"id": ALICE, "team_id": TEAM}})
    assert (await front.services.people.of(TEAM, ALICE)).name == "Alice B."


async def test_a_workspace_that_uninstalls_is_forgotten(front: Front) -> None:
    promise = await front.make()
    await front.event({"type": "app_uninstalled"})
    assert await front.store.read(TEAM, lambda tx: tx.promises.get(promise.id)) is None
    assert await front.store.read(TEAM, lambda tx: tx.people.get(ALICE)) is None
