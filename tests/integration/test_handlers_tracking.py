"""“Track as a promise” by the door: what the form is filled with, and what stands in the message's thread."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act, State
from bot.domain.promise import ChannelId, UserId
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, FRIDAY, TEAM, entry


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def message(text: str, author: str = BOB, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": author, "ts": "170.5", "text": text, **more}


def initial(view: dict[str, Any]) -> dict[str, Any]:
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    first = {
        name: [value for key, value in each.items() if key.startswith("initial")] for name, each in elements.items()
    }
    return {name: values[0] for name, values in first.items() if values}


async def sent(front: Front, view: dict[str, Any], by: UserId = ALICE, **changes: Any) -> Any:
    filled = initial(view)
    values: dict[str, Any] = {
        "what": {"value": filled.get("what")},
        "due": {"selected_date_time": filled.get("due")},
        "owner": {"selected_user": filled.get("owner")},
        "requester": {"selected_user": filled.get("requester")},
    }
    return await front.submit(view, values | changes, by)


@pytest.mark.parametrize(
    ("author", "text", "owner", "requester"),
    [
        ("UBOB", "I'll send the deck by Friday 17:00", "UBOB", "UALICE"),
        ("UBOB", "Could you send the deck by Friday 17:00?", "UALICE", "UBOB"),
        ("UALICE", "I'll send <@UCHARLIE> the deck by Friday 17:00", "UALICE", "UCHARLIE"),
        ("UALICE", "<@UALICE> I'll send the deck by Friday 17:00", "UALICE", None),
        ("UBOB", "the deck is due on Friday 17:00", "UBOB", "UALICE"),
    ],
)
async def test_the_form_says_who_would_owe_it_to_whom(
    front: Front, author: str, text: str, owner: str, requester: str | None
) -> None:
    await front.shortcut("track_message", ALICE, message(text, author))
    filled = initial(front.api.views[0])
    assert "deck" in filled["what"]
    assert filled["due"] == int(FRIDAY.timestamp()) - 3600
    assert (filled["owner"], filled.get("requester")) == (owner, requester)


@pytest.mark.parametrize("more", [{"bot_id": "B9"}, {"team": "TOTHER"}, {"user": None}])
async def test_people_who_cannot_be_reached_are_not_asked(front: Front, more: dict[str, Any]) -> None:
    await front.shortcut("track_message", ALICE, message("I'll send it by Friday 17:00", "USTRANGER") | more)
    assert initial(front.api.views[0])["owner"] == ALICE


async def test_anothers_message_becomes_a_request_to_them(front: Front) -> None:
    await front.shortcut("track_message", ALICE, message("I'll send the deck by Friday 17:00"))
    await sent(front, front.api.views[0])
    (promise,) = await front.promises_of(BOB)
    assert (promise.state, promise.requester_id, promise.made_by) == (State.REQUESTED, ALICE, ALICE)
    assert promise.origin.permalink == "https://acme.slack.com/archives/C1/p1705"
    assert "Recorded" in front.api.answers[0]["text"]


async def test_its_card_and_its_outcome_stand_in_the_thread_of_the_message(front: Front) -> None:
    await front.shortcut(
        "track_message", ALICE, message("I'll send the deck by Friday 17:00", ALICE, thread_ts="170.1")
    )
    await sent(front, front.api.views[0], requester={"selected_user": BOB})
    (promise,) = await front.promises_of(ALICE)
    await front.send()
    for act, who in ((Act.REPORT, ALICE), (Act.ACCEPT_DELIVERY, BOB)):
        await front.services.promises.act(TEAM, promise.id, entry(act, who, front.clock.now()))
    await front.send()
    posts = [post for post in front.messenger.posts.values() if post.to == "C1"]
    assert [post.thread_ts for post in posts] == ["170.1", "170.1"]
    card, outcome = (post.message for post in posts)
    assert "act." not in str(card.blocks)
    assert outcome.text == "#1 “send the deck”: Kept in time."


async def test_messages_in_private_places_are_not_answered_in_a_thread(front: Front) -> None:
    front.messenger.private.add(ChannelId("C1"))
    await front.shortcut("track_message", ALICE, message("I'll send the deck by Friday 17:00", ALICE))
    await sent(front, front.api.views[0])
    (promise,) = await front.promises_of(ALICE)
    await front.services.promises.act(TEAM, promise.id, entry(Act.REPORT, ALICE, front.clock.now()))
    await front.send()
    assert front.messenger.sent_to("C1") == []
    assert promise.origin.permalink.startswith("https://")


async def test_it_is_recorded_also_when_slack_gives_no_address(front: Front) -> None:
    front.api.refusals["chat.getPermalink"] = "channel_not_found"
    await front.shortcut("track_message", ALICE, message("I'll send the deck by Friday 17:00", ALICE))
    await sent(front, front.api.views[0])
    assert [each.origin.permalink for each in await front.promises_of(ALICE)] == [""]


async def test_a_bystander_cannot_record_a_promise_between_two_others(front: Front) -> None:
    await front.shortcut("track_message", ALICE, message("I'll send the deck by Friday 17:00"))
    answer = await sent(front, front.api.views[0], requester={"selected_user": "UCHARLIE"})
    assert "choose yourself" in answer.message["errors"]["requester"]


@pytest.mark.parametrize("text", ["", "x" * 5000, "no date in it", "```code``` <!channel> &lt;b&gt;"])
async def test_any_message_opens_the_form(front: Front, text: str) -> None:
    await front.shortcut("track_message", ALICE, message(text))
    assert front.api.views[0]["callback_id"] == "make"
