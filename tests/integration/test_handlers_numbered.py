"""Acts by a promise's number from the command line, by the door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import Act, State
from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.mark.parametrize(
    ("steps", "acts"),
    [
        (
            ("ALICE done {n} it is in the folder", "BOB accept {n} exceeded, thank you"),
            [Act.REPORT, Act.ACCEPT_DELIVERY],
        ),
        (("ALICE done {n}", "BOB reopen {n} page 7 is empty"), [Act.REPORT, Act.REOPEN]),
        (("ALICE done {n}", "BOB decline {n} page 7 is empty"), [Act.REPORT, Act.REOPEN]),
        (("ALICE done {n}", "ALICE reopen {n}"), [Act.REPORT, Act.UNREPORT]),
        (("ALICE done {n}", "ALICE undo {n}"), [Act.REPORT, Act.UNREPORT]),
        (("ALICE risk {n} waiting until Tuesday",), [Act.AT_RISK]),
        (("ALICE move {n} to 4 December 10:00", "BOB accept {n}"), [Act.PROPOSE, Act.ACCEPT_PROPOSAL]),
        (("ALICE move {n} to 4 December 10:00", "BOB decline {n} too late"), [Act.PROPOSE, Act.REJECT_PROPOSAL]),
        (("ALICE move {n} to 4 December 10:00", "BOB move {n} to 3 December 10:00"), [Act.PROPOSE, Act.COUNTER]),
        (("ALICE hand {n} to <@UDAVE|dave>", "DAVE accept {n}"), [Act.HAND_OVER, Act.ACCEPT_PROPOSAL]),
        (("BOB release {n}",), [Act.RELEASE]),
        (("BOB cancel {n}",), [Act.RELEASE]),
        (("ALICE cancel {n} the client has gone",), [Act.REVOKE]),
    ],
)
async def test_what_a_verb_means_depends_on_who_says_it_when(
    front: Front, steps: tuple[str, ...], acts: list[Act]
) -> None:
    promise = await front.make()
    for step in steps:
        who, _, words = step.partition(" ")
        await front.command(words.format(n=promise.number), UserId(f"U{who}"))
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id))
    assert [entry.act for entry in history[1:]] == acts


async def test_a_request_is_answered_from_the_command_line(front: Front) -> None:
    await front.command("ask <@UALICE|alice> review the PR by Friday", by=BOB)
    (asked,) = await front.promises_of(ALICE)
    await front.command(f"accept {asked.number}", by=ALICE)
    assert (await front.now_of(asked)).state is State.ACTIVE
    await front.command("ask <@UALICE|alice> review the docs by Friday", by=BOB)
    await front.command(f"decline {asked.number + 1} fully booked until Thursday", by=ALICE)
    refused = await front.store.read(TEAM, lambda tx: tx.promises.history(tx.promises.numbered(asked.number + 1).id))
    assert [entry.act for entry in refused] == [Act.REQUEST]
    answer = await front.command(f"decline #{asked.number + 1} fully booked until Thursday", by=ALICE)
    assert "Declined" in str(answer.message["blocks"])


async def test_accepting_with_a_word_of_rating_keeps_it_apart_from_the_thanks(front: Front) -> None:
    promise = await front.make()
    await front.command(f"done {promise.number}")
    await front.command(f"accept {promise.number} exceeded – thank you!", by=BOB)
    (last,) = (await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id)))[-1:]
    assert (last.rating, last.note) == ("exceeded", "thank you!")


async def test_reopening_needs_to_say_what_is_missing(front: Front) -> None:
    promise = await front.make()
    await front.command(f"done {promise.number}")
    answer = await front.command(f"reopen {promise.number}", by=BOB)
    assert "Say what is missing" in answer.text
    assert (await front.now_of(promise)).state is State.REPORTED


async def test_another_proposal_beside_ones_own_is_refused_with_the_way_to_take_that_back(front: Front) -> None:
    promise = await front.make()
    await front.command(f"move {promise.number} to 4 December 10:00")
    for typed in ("move {n} to 3 December 10:00", "hand {n} to <@UDAVE|dave>"):
        answer = await front.command(typed.format(n=promise.number))
        assert "still waits for an answer" in answer.text
        assert "act.retract" in answer.body
        assert typed.partition(" ")[0] in answer.body


async def test_who_suggests_the_very_date_that_was_proposed_is_offered_to_agree(front: Front) -> None:
    promise = await front.make()
    await front.command(f"move {promise.number} to 4 December 10:00")
    answer = await front.command(f"move {promise.number} to 4 December 10:00", BOB)
    assert answer.text == "That is what was proposed. Agree to it, or choose another date."
    assert "act.accept_proposal" in answer.body
    offer = (await front.now_of(promise)).proposal
    assert offer is not None
    assert offer.by == ALICE
