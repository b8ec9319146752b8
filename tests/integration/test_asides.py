"""Messages for one reader alone: a noted need-by, the risk of one's own promise, the steps of a repair."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.promise import Due, Promise
from bot.domain.transitions import HistoryEntry
from tests.integration.agendas import until
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as front:
        yield front


async def propose(front: Front, promise: Promise, days: int) -> None:
    front.clock.move(timedelta(minutes=6))
    due = Due(promise.terms.due.at + timedelta(days=days), "Europe/Berlin")
    await front.services.promises.act(TEAM, promise.id, HistoryEntry(Act.PROPOSE, ALICE, front.clock.now(), due=due))
    await front.send()


def texts_sent_to(front: Front, to: str) -> str:
    return str([message.blocks for message in front.messenger.sent_to(to)])


@pytest.mark.parametrize(("days", "says"), [(1, "the date still fits"), (9, "the date comes too late")])
async def test_a_need_by_judges_a_proposal_for_the_requester_alone(front: Front, days: int, says: str) -> None:
    promise = await front.make("send the deck by Thursday 17:00")
    answer = await front.command("need 1 by 30 November 12:00", BOB)
    assert answer.text == "Noted, only for you: you need #1 by Mon 30 Nov, 12:00 CET."
    await propose(front, promise, days)
    assert says in texts_sent_to(front, BOB)
    for other in (ALICE, "C1"):
        assert "You noted" not in texts_sent_to(front, other)
    assert "You noted" not in (await front.command("show 1", ALICE)).body


async def test_only_the_requester_notes_it_and_can_forget_it(front: Front) -> None:
    promise = await front.make("send the deck by Thursday 17:00")
    for other in (ALICE, CHARLIE):
        assert "Only the person it is owed to" in (await front.command("need 1 by 30 November", other)).text
    await front.command("need 1 by 30 November 12:00", BOB)
    assert "is gone" in (await front.command("need 1 off", BOB)).text
    await propose(front, promise, 9)
    assert "You noted" not in texts_sent_to(front, BOB)


async def test_chairs_that_are_needed_are_asked_about_and_are_no_note(front: Front) -> None:
    assert "a new promise" in (await front.command("need 12 chairs by Friday 17:00")).text


async def test_the_owner_sees_why_it_may_slip_and_the_requester_does_not(front: Front) -> None:
    for _ in range(3):
        await front.make("send the deck by Friday 17:00")
    await until(front.services, front.clock, FRIDAY - timedelta(hours=6), timedelta(hours=1))
    sent = "It may slip: no update since"
    assert sent in (await front.command("show 1", ALICE)).body
    for other in (BOB, CHARLIE):
        assert sent not in (await front.command("show 1", other)).body
    assert sent in texts_sent_to(front, ALICE)
    assert sent not in texts_sent_to(front, BOB)


async def test_what_was_missed_is_repaired_by_new_terms(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    front.clock.move(FRIDAY + timedelta(hours=1) - front.clock.now())
    await front.services.promises.run_due()
    await front.click("act.propose", promise.id, ALICE)
    assert "offer a date you can keep. Then it counts as repaired." in str(front.api.views[-1])


async def test_a_doubtful_date_is_doubted_with_the_receipt_of_its_owner_alone(front: Front) -> None:
    for number in range(3):
        await front.make(f"send part {number} by Friday 17:00")
    answer = await front.command("<@UBOB|bob> send the rest by Friday 17:00")
    assert "Only you see this: you already owe 3 others that week." in answer.body
    asked = await front.command("ask <@UALICE|alice> send the summary by Friday 17:00", BOB)
    await front.send()
    for sent in (asked.body, texts_sent_to(front, BOB), texts_sent_to(front, "C1")):
        assert "already owe" not in sent
