"""Bad input by the door: a clear sentence for one person alone, and nothing lost."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.mark.parametrize(
    "text",
    [
        "<@UBOB|bob> send the deck",
        "<@UBOB|bob> send the deck by",
        "<@UBOB|bob> send the deck by 30 February",
        "<@UBOB|bob> send the deck by yesterday",
        "<@UBOB|bob> send the deck by the cows",
        "<@UNOBODY|nobody> send the deck by Friday 17:00",
        "@nobody send the deck by Friday 17:00",
        "<@UROBOT|robot> send the deck by Friday 17:00",
        "<@UGONE|gone> send the deck by Friday 17:00",
        "<@UBOB|bob> by Friday 17:00",
        "<@UBOB|bob> \u200b by Friday 17:00",
        "<@UBOB|bob> " + "send the deck " * 350 + "by Friday 17:00",
        "<@UBOB|bob> " + "x" * 700 + " by Friday 17:00",
    ],
)
async def test_nothing_is_recorded_and_what_was_typed_comes_back(front: Front, text: str) -> None:
    answer = await front.command(text)
    assert answer.status == 200
    assert answer.message["response_type"] == "ephemeral"
    assert "Recorded" not in answer.text
    assert await front.promises_of(ALICE) == ()
    kept = "send the deck" if "deck" in text else "by Friday" if len(text) < 99 else "x" * 700
    assert kept in answer.body


async def test_five_thousand_characters_come_back_whole(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> " + "ab cd " * 830 + "by Friday 17:00")
    assert "5,007 characters" in answer.text
    given_back = "".join(part["text"] for block in answer.message["blocks"] for part in _texts(block))
    assert "abcd" * 830 in given_back.replace(" ", "")


def _texts(block: Any) -> list[Any]:
    """The pieces of plain text in a block of rich text."""
    if block.get("type") == "text":
        return [block]
    return [text for each in block.get("elements", ()) for text in _texts(each)]


@pytest.mark.parametrize("verb", ["show", "done", "cancel", "move"])
async def test_an_unknown_number_is_named(front: Front, verb: str) -> None:
    answer = await front.command(f"{verb} 999{' to Friday 17:00' if verb == 'move' else ''}")
    assert "#999" in answer.text
    assert answer.message["response_type"] == "ephemeral"


@pytest.mark.parametrize(("command", "by"), [("done 1", BOB), ("done 1", CHARLIE), ("cancel 1", CHARLIE)])
async def test_another_persons_promise_cannot_be_acted_on(front: Front, command: str, by: UserId) -> None:
    promise = await front.make()
    answer = await front.command(command, by)
    assert answer.text.startswith("Only ")
    assert await front.now_of(promise) == promise


async def test_a_command_that_comes_twice_records_once(front: Front) -> None:
    for _ in range(2):
        answer = await front.command("<@UBOB|bob> send the deck by Friday 17:00", trigger="7.7.same")
        assert "Recorded" in answer.text
    assert len(await front.promises_of(ALICE)) == 1


async def test_a_stranger_is_not_guessed_at_while_slack_is_away(front: Front) -> None:
    front.messenger.is_away = True
    answer = await front.command("<@UBOB|bob> send the deck by Friday 17:00")
    assert "Nothing was recorded" in answer.text
    assert "send the deck" in answer.body


async def test_people_already_met_can_promise_while_slack_is_away(front: Front) -> None:
    await front.make()
    front.messenger.is_away = True
    front.clock.move(timedelta(days=1, hours=1))
    assert "Recorded" in (await front.command("<@UBOB|bob> send the other deck by Friday 17:00")).text


async def test_words_in_many_scripts_survive(front: Front) -> None:
    await front.command("<@UBOB|bob> envoyer “la présentation” 📊 & 资料 by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    assert promise.terms.what == "envoyer “la présentation” 📊 & 资料"


async def test_slacks_markup_becomes_the_words_that_were_typed(front: Front) -> None:
    typed = "tell <@UCHARLIE> and <@UDAVE|dave> of &lt;R&amp;D&gt; in <#C2|sales>, see <https://a.example> <!channel>"
    await front.command(f"<@UBOB|bob> {typed} by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    assert promise.terms.what == "tell @charlie and @dave of <R&D> in #sales, see https://a.example @channel"
    assert promise.requester_id == BOB


async def test_a_null_character_is_no_reason_to_fail(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send\x00 the deck by Friday 17:00")
    assert "Something went wrong" not in answer.text


async def test_a_person_of_another_workspace_changes_nothing_and_gets_no_answer(front: Front) -> None:
    """In a shared channel the card is seen, and its buttons pressed, by people of both workspaces."""
    promise = await front.make()
    pressed = {"action_id": "act.accept_delivery", "block_id": "b", "type": "button", "value": promise.id}
    place = {"channel": {"id": "C1", "name": "general"}, "response_url": front.api.response_url}
    stranger = {"id": "USTRANGER", "username": "stranger", "team_id": "TOTHER"}
    answer = await front.interact("block_actions", CHARLIE, {**place, "user": stranger, "actions": [pressed]})
    assert answer.status == 200
    assert front.api.answers == []
    assert await front.now_of(promise) == promise


async def test_nothing_can_be_promised_to_an_unreachable_person(front: Front) -> None:
    answer = await front.command("<@USTRANGER|stranger> send the deck by Friday 17:00")
    assert "between people of this workspace" in answer.text
    assert await front.promises_of(ALICE) == ()
