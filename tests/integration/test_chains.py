"""Dependencies between promises: given at capture or later, reported when one moves, without leaking private ones."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.acts import Act
from bot.domain.promise import Due, Promise
from bot.domain.transitions import HistoryEntry
from bot.ports import Message
from bot.views.words import in_words
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, TEAM

LATER = FRIDAY + timedelta(days=4)


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as front:
        yield front


async def chain(front: Front) -> tuple[Promise, Promise]:
    """#1, of Dave to Alice, and #2, of Alice to Bob, which stands on it."""
    figures = await front.make("send the figures by Friday 17:00", DAVE, ALICE)
    deck = await front.make(f"send the deck needs #{figures.number} by 30 November 17:00", ALICE, BOB)
    return figures, deck


async def act(front: Front, promise: Promise, act: Act, by: str, **more: object) -> None:
    front.clock.move(timedelta(minutes=1))
    entry = HistoryEntry(act, by, front.clock.now(), **more)  # type: ignore[arg-type]  # what an act carries differs
    await front.services.promises.act(TEAM, promise.id, entry)
    await front.send()
    await front.send()  # the news of what moved comes first, what depends on it in a message of its own


def words(front: Front, to: str) -> list[Message]:
    return [message for message in front.messenger.sent_to(to) if "depends on it" in message.text]


async def test_what_it_needs_is_taken_out_of_the_words_and_shown(front: Front) -> None:
    figures, deck = await chain(front)
    assert deck.terms.what == "send the deck"
    assert f"Depends on *#{figures.number}*" in (await front.command(f"show {deck.number}")).body


async def test_a_link_is_made_later_by_the_owner_alone_and_never_in_a_circle(front: Front) -> None:
    figures = await front.make("send the figures by Friday 17:00", DAVE, ALICE)
    deck = await front.make("send the deck by 30 November 17:00")
    link = f"{deck.number} needs #{figures.number}"
    assert "Only the person who owes it" in (await front.command(link, CHARLIE)).text
    assert (await front.command(link, ALICE)).text.startswith(f"#{deck.number} depends on #{figures.number}.")
    circle = await front.command(f"{figures.number} needs {deck.number}", DAVE)
    assert "neither could be kept first" in circle.text


async def test_once_a_move_is_agreed_owners_of_dependent_promises_get_a_filled_in_proposal(front: Front) -> None:
    plan = await front.make("send the plan by Friday 17:00", DAVE, CHARLIE)
    deck = await front.make(f"send the deck needs #{plan.number} by 30 November 17:00", ALICE, BOB)
    await act(front, plan, Act.PROPOSE, DAVE, due=Due(LATER, "Europe/Berlin"))
    assert words(front, ALICE) == []  # nothing is agreed yet
    await act(front, plan, Act.ACCEPT_PROPOSAL, CHARLIE)

    (word,) = words(front, ALICE)
    assert word.text.startswith(f"#{plan.number} of <@{DAVE}> moved to Tue 1 Dec, 18:00")
    assert words(front, BOB) == []
    (button,) = [e for b in word.blocks if b["type"] == "actions" for e in b["elements"] if "chain" in e["action_id"]]
    await front.click(button["action_id"], button["value"], ALICE)
    view = front.api.views[-1]
    due = next(block for block in view["blocks"] if block.get("block_id") == "due")
    # The day after Tuesday, at the hour that was promised.
    assert due["element"]["initial_date_time"] == int((deck.terms.due.at + timedelta(days=2)).timestamp())
    await front.submit(view, {"due": {"selected_date_time": due["element"]["initial_date_time"]}}, ALICE)
    proposal = (await front.now_of(deck)).proposal
    assert proposal is not None
    assert proposal.to == BOB


async def test_agreeing_to_a_move_of_a_dependency_fills_in_a_proposal_too(front: Front) -> None:
    figures, deck = await chain(front)
    await act(front, figures, Act.PROPOSE, DAVE, due=Due(LATER, "Europe/Berlin"))
    await act(front, figures, Act.ACCEPT_PROPOSAL, ALICE)
    (word,) = words(front, ALICE)
    assert f"#{figures.number} of <@{DAVE}> moved" in word.text
    assert "chain.propose" in str(word.blocks)
    assert deck.id in str(word.blocks)


@pytest.mark.parametrize(("done", "says"), [(Act.AT_RISK, "is at risk"), (Act.REVOKE, "was cancelled")])
async def test_a_risk_and_an_end_travel_too(front: Front, done: Act, says: str) -> None:
    figures, _ = await chain(front)
    await act(front, figures, done, DAVE, note="ill")
    (word,) = words(front, ALICE)
    assert f"#{figures.number} of <@{DAVE}> {says}." in word.text


async def test_a_miss_travels(front: Front) -> None:
    figures, _ = await chain(front)
    front.clock.move(FRIDAY - front.clock.now())
    await front.services.promises.run_due()
    for step in (timedelta(days=2, hours=17), *[timedelta(minutes=20)] * 3):  # it passed at the end of her week
        front.clock.move(step)
        await front.send()
    assert [f"#{figures.number} of <@{DAVE}> is past its deadline." in word.text for word in words(front, ALICE)] == [
        True
    ]


async def test_a_proposal_shows_what_it_may_break_before_it_is_sent(front: Front) -> None:
    figures, deck = await chain(front)
    await front.click("act.propose", figures.id, DAVE)
    assert f"A later date may break what depends on it: #{deck.number} of <@{ALICE}>, due Mon 30 Nov" in in_words(
        str(front.api.views[-1])
    )


async def test_a_date_that_is_typed_shows_what_it_may_break_before_anything_is_sent(front: Front) -> None:
    figures, deck = await chain(front)
    answer = await front.command(f"move {figures.number} to 2 December 10:00", DAVE)
    broken = f"#{deck.number} of <@{ALICE}>, due Mon 30 Nov, 17:00 CET may break."
    assert answer.text == f"Nothing is proposed yet: with Wed 2 Dec, 10:00 CET, {broken}"
    assert (await front.now_of(figures)).proposal is None
    (button,) = [e for b in answer.message["blocks"] if b["type"] == "actions" for e in b["elements"]]

    await front.click(button["action_id"], button["value"], DAVE, own=True)
    view = front.api.views[-1]
    assert f"A later date may break what depends on it: #{deck.number}" in str(view)
    due = next(block for block in view["blocks"] if block.get("block_id") == "due")["element"]["initial_date_time"]
    assert datetime.fromtimestamp(due, UTC).isoformat() == "2026-12-02T09:00:00+00:00"
    await front.submit(view, {"due": {"selected_date_time": due}}, DAVE)
    proposal = (await front.now_of(figures)).proposal
    assert proposal is not None
    assert proposal.due is not None
    assert int(proposal.due.at.timestamp()) == due

    # An answer with another date is shown the same way, and only to whom it concerns.
    assert "may break" in (await front.command(f"move {figures.number} to 3 December 10:00", ALICE)).text
    assert "may break" not in (await front.command(f"move {figures.number} to 3 December 10:00", CHARLIE)).text
    assert "may break" not in (await front.command(f"move {figures.number} to Thursday 10:00", ALICE)).text


async def test_a_later_date_that_breaks_nothing_is_proposed_immediately(front: Front) -> None:
    figures, _ = await chain(front)
    await front.command(f"move {figures.number} to 30 November 10:00", DAVE)
    assert (await front.now_of(figures)).proposal is not None


@pytest.mark.parametrize("value", ["", "propose", "propose:P:x:UTC", "release:P:1800000000:UTC", "propose:P:1:Nowhere"])
async def test_a_button_that_says_nothing_opens_nothing(front: Front, value: str) -> None:
    await front.click("chain.move", value, DAVE)
    assert front.api.views == []
    assert "That button no longer works" in str(front.api.answers[-1])


async def test_what_it_needs_outlasts_a_question_about_the_date(front: Front) -> None:
    figures = await front.make("send the figures by Friday 17:00", DAVE, ALICE)
    answer = await front.command(f"<@{BOB}|bob> send the deck needs #{figures.number} by tomorrow at 7", ALICE)
    assert answer.text.startswith("Nothing is recorded yet")
    button = next(e for b in answer.message["blocks"] if b["type"] == "actions" for e in b["elements"])
    await front.click(button["action_id"], button["value"], ALICE, own=True)
    (deck,) = await front.promises_of(ALICE)
    assert (await needed(front, deck)) == [figures.number]


async def needed(front: Front, promise: Promise) -> list[int]:
    return [each.number for each in (await front.services.promises.show(TEAM, promise.id, promise.owner_id)).needs]


async def test_what_it_stands_on_is_corrected_while_anything_may_be_corrected(front: Front) -> None:
    figures, deck = await chain(front)
    plan = await front.make("send the plan by Friday 17:00", DAVE, CHARLIE)
    await front.click("act.edit", deck.id, ALICE)
    view = front.api.views[-1]
    what = {"value": deck.terms.what}
    field = next(block for block in view["blocks"] if block.get("block_id") == "needs")
    assert field["element"]["initial_value"] == f"#{figures.number}"

    for wrong, why in (
        (f"#{deck.number}", "depend on itself"),
        ("the figures", "Write the numbers"),
        ("#999", "no promise #999"),
    ):
        refused = await front.submit(view, {"what": what, "needs": {"value": wrong}}, ALICE)
        assert why in refused.message["errors"]["needs"]
    assert await needed(front, deck) == [figures.number]
    await front.submit(view, {"what": what, "needs": {"value": f"#{plan.number}"}}, ALICE)
    assert await needed(front, deck) == [plan.number]
    await front.submit(view, {"what": what, "needs": {"value": ""}}, BOB)  # Bob did not make it
    front.clock.move(timedelta(minutes=6))
    await front.submit(view, {"what": what, "needs": {"value": ""}}, ALICE)
    assert await needed(front, deck) == [plan.number]


async def test_a_promise_stands_on_twenty_others_at_most_however_they_are_named(front: Front) -> None:
    for _ in range(22):
        await front.make("send the figures by Friday 17:00", DAVE, ALICE)
    deck = await front.make("send the deck by 30 November 17:00", ALICE, BOB)
    for first in (1, 11):
        link = f"{deck.number} needs " + " ".join(f"#{number}" for number in range(first, first + 10))
        assert "depends on" in (await front.command(link, ALICE)).text
    assert "at most 20 others" in (await front.command(f"{deck.number} needs #22", ALICE)).text


async def test_of_a_private_promise_only_that_something_moved_is_shown_either_way(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> the secret merger by Friday 17:00", ALICE, "D1", "directmessage")
    (secret,) = await front.promises_of(ALICE)
    await front.command(f"<@{DAVE}|dave> buy flowers by 30 November 17:00", ALICE, "D2", "directmessage")
    flowers = next(each for each in await front.promises_of(ALICE) if each.id != secret.id)
    await front.command(f"{flowers.number} needs {secret.number}", ALICE)
    await act(front, flowers, Act.HAND_OVER, ALICE, heir=CHARLIE)
    await act(front, flowers, Act.ACCEPT_PROPOSAL, CHARLIE)

    await act(front, secret, Act.PROPOSE, BOB, due=Due(LATER, "Europe/Berlin"))
    await act(front, secret, Act.ACCEPT_PROPOSAL, ALICE)
    (word,) = words(front, CHARLIE)
    sent = word.text + str(word.blocks)
    assert word.text.startswith("Something you depend on has moved.")
    assert "merger" not in sent
    assert f"#{secret.number} " not in sent
    assert "1 Dec" not in sent
    await front.click("act.propose", secret.id, BOB)
    shown = str(front.api.views[-1])
    assert "A later date may break what depends on it: something else." in shown
    assert "flowers" not in shown
