"""“What could stop this?”: asked after capture and optional, sent again half-way, seen by the owner alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act
from bot.domain.promise import Promise, UserId
from bot.domain.transitions import HistoryEntry
from sandbox.block_kit import check_view
from tests.integration.agendas import looks
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, TEAM

WORDS = "finance may be late again"


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def asked(front: Front, promise: Promise, by: UserId = ALICE, **place: Any) -> dict[str, Any]:
    """The form that the button opens."""
    views = len(front.api.views)
    await front.click("obstacle.ask", promise.id, by, **place)
    assert len(front.api.views) == views + 1
    found: dict[str, Any] = front.api.views[-1]
    return found


async def noted(front: Front, promise: Promise, words: str = WORDS) -> None:
    sent = await front.submit(await asked(front, promise), {"obstacle": {"value": words}})
    assert (sent.status, sent.body) == (200, "")


async def sent_with_it(front: Front, promise: Promise) -> set[tuple[str, str]]:
    """Hour by hour until a day after the deadline: who is sent the note, and how the message begins."""
    found: set[tuple[str, str]] = set()
    async for _ in looks(front.services, front.clock, promise.terms.due.at + timedelta(days=1), timedelta(hours=1)):
        for post in front.messenger.posts.values():
            if WORDS in f"{post.message.text} {post.message.blocks}":
                found.add((post.to, post.message.text.partition(": ")[2][:12]))
    return found


async def test_the_receipt_asks_and_the_form_is_sent_in_empty_as_well(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send the deck by Friday 17:00")
    assert "What could stop this?" in answer.body
    (promise,) = await front.promises_of(ALICE)
    view = await asked(front, promise)
    check_view(view, "modal")
    (field,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert field["optional"] is True
    assert (await front.submit(view, {})).body == ""


async def test_it_is_sent_again_half_way_to_its_owner_and_to_no_one_else(front: Front) -> None:
    promise = await front.make("send the deck by 21 December 17:00")
    await noted(front, promise)
    assert await sent_with_it(front, promise) == {(ALICE, "Half of the ")}


async def test_what_is_too_short_to_be_asked_half_way_brings_it_with_the_check_in(front: Front) -> None:
    promise = await front.make("send the deck by Thursday 17:00")
    await noted(front, promise)
    assert await sent_with_it(front, promise) == {(ALICE, "Still on tra")}


async def test_the_form_for_a_promise_takes_it_and_the_one_for_a_request_does_not(front: Front) -> None:
    await front.command("")
    values = {
        "what": {"value": "send the deck"},
        "requester": {"selected_user": BOB},
        "due": {"selected_date_time": int((front.clock.now() + timedelta(days=3)).timestamp())},
        "obstacle": {"value": WORDS},
    }
    whole = await front.whole(front.api.views[-1])
    refused = await front.submit(whole, {**values, "obstacle": {"value": "x" * 1001}})
    assert list(refused.message["errors"]) == ["obstacle"]
    assert await front.promises_of(ALICE) == ()
    await front.submit(front.api.views[-1], values)
    (promise,) = await front.promises_of(ALICE)
    assert WORDS in str(await asked(front, promise))
    await front.shortcut("track_message", ALICE, {"text": "I will send it by Friday", "user": ALICE, "ts": "1.1"})
    assert "obstacle" not in str(front.api.views[-1])


async def test_only_the_owner_of_an_open_promise_notes_it_and_sees_it_again(front: Front) -> None:
    promise = await front.make()
    await noted(front, promise)
    view = await asked(front, promise)
    for other in (BOB, CHARLIE):
        views = len(front.api.views)
        await front.click("obstacle.ask", promise.id, other)
        assert len(front.api.views) == views
        await front.submit(view, {"obstacle": {"value": "mine now"}}, other)
        for shown in ("show 1", "list", "stats"):
            assert WORDS not in (await front.command(shown, other)).body
    assert WORDS in (await front.command("show 1", ALICE)).body
    assert "mine now" not in (await front.command("show 1", ALICE)).body


async def test_a_new_owner_does_not_inherit_the_note(front: Front) -> None:
    promise = await front.make("send the deck by 21 December 17:00")
    await noted(front, promise)
    for act, by, heir in ((Act.HAND_OVER, ALICE, DAVE), (Act.ACCEPT_PROPOSAL, DAVE, None)):
        front.clock.move(timedelta(minutes=1))
        await front.services.promises.act(TEAM, promise.id, HistoryEntry(act, by, front.clock.now(), heir=heir))
    assert WORDS not in (await front.command("show 1", DAVE)).body
    assert await sent_with_it(front, promise) == set()


async def test_sent_in_empty_it_is_forgotten(front: Front) -> None:
    promise = await front.make()
    await noted(front, promise)
    await noted(front, promise, "")
    assert WORDS not in (await front.command("show 1", ALICE)).body


async def test_a_request_accepted_brings_the_same_second_thoughts(front: Front) -> None:
    await front.command("ask <@UALICE|alice> review the plan by Friday 17:00", BOB)
    (asked_for,) = await front.promises_of(ALICE)
    shown = len(front.api.answers)
    await front.click("act.accept_request", asked_for.id, ALICE)
    answer = str(front.api.answers[shown:])
    assert "You promised" in answer
    assert "obstacle.ask" in answer
