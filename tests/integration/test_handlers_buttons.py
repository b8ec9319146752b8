"""Buttons by the door: what a click leaves behind, and what a late, a double or a wrong one gets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import Act, State
from bot.ports import Transaction
from bot.views.promise_card import promise_card
from tests.integration.front import Front, front_door
from tests.integration.situations import MODAL_VALUES, arranged, done, shown
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, TEAM, entry


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def test_a_card_answers_each_reader_with_their_own_acts_and_is_redrawn(front: Front) -> None:
    promise = await front.make()
    await front.send()
    (card,) = front.messenger.sent_to("C1")
    assert "promise.open" in str(card.blocks)
    assert "act." not in str(card.blocks)
    for reader, offered, refused in (
        (ALICE, "act.report", "act.accept_delivery"),
        (BOB, "act.accept_delivery", "act.report"),
        (CHARLIE, "send the deck", "act."),
    ):
        await front.click("promise.open", promise.id, reader)
        answer = front.api.answers[-1]
        assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
        assert offered in str(answer["blocks"])
        assert refused not in str(answer["blocks"])
    await front.click("act.report", promise.id, own=True)
    await front.send()
    (card,) = front.messenger.sent_to("C1")
    assert "Delivered" in str(card.blocks)
    await front.click("promise.open", "no-such-promise")
    assert "no such promise" in front.api.answers[-1]["text"]


async def test_one_click_reports_and_the_words_may_follow(front: Front) -> None:
    promise = await front.make()
    await front.click("act.report", promise.id)
    (offer,) = front.api.answers
    assert "act.add_note" in str(offer["blocks"])
    assert offer["replace_original"] is False
    await done(front, Act.ADD_NOTE, promise, ALICE)
    assert (await shown(front, promise)).history[-1].note == "it is in the shared folder"
    await front.send()
    assert "it is in the shared folder" in str(front.messenger.sent_to(BOB)[-1].blocks)


async def test_done_by_mistake_is_taken_back_by_one_click(front: Front) -> None:
    promise = await front.make()
    await front.click("act.report", promise.id)
    await front.send()
    assert "act.unreport" in str(front.api.answers[-1]["blocks"])
    await front.click("act.unreport", promise.id, BOB)
    assert "Only <@UALICE> can say that it is not done yet" in front.api.answers[-1]["text"]
    for _ in range(2):  # the second click changes nothing
        await front.click("act.unreport", promise.id)
    assert (await front.now_of(promise)).state is State.ACTIVE
    await front.send()
    assert "not done yet" in str(front.messenger.sent_to(BOB)[-1].blocks)
    assert "act.accept_delivery" not in str(front.messenger.sent_to(BOB)[-1].blocks)
    assert [entry.act for entry in (await shown(front, promise)).history] == [Act.PROMISE, Act.REPORT, Act.UNREPORT]


async def test_one_click_accepts_and_the_rating_may_follow_once(front: Front) -> None:
    promise = await arranged(front, "reported")
    await front.click("act.accept_delivery", promise.id, BOB)
    assert "act.rate" in str(front.api.answers[-1]["blocks"])
    await done(front, Act.RATE, promise, BOB)
    now = await front.now_of(promise)
    assert (now.state, now.rating) == (State.KEPT, "exceeded")
    await front.send()
    sent = str(front.messenger.sent_to(ALICE)[-1].blocks)
    assert "more than expected" in sent
    assert "thank you!" in sent
    await front.click("act.rate", promise.id, BOB)
    assert "said already" in front.api.answers[-1]["text"]


async def test_a_part_now_and_the_rest_later_is_two_promises_once_agreed(front: Front) -> None:
    promise = await front.make()
    await front.click("act.propose", promise.id)
    later = int((FRIDAY + timedelta(days=7)).timestamp())
    parts = {"what": {"value": "send the text"}, "rest": {"value": "send the charts"}}
    await front.submit(front.api.views[0], {**parts, "rest_due": {"selected_date_time": later}})
    await front.click("act.accept_proposal", promise.id, BOB)
    assert [(each.terms.what, each.requester_id) for each in await front.promises_of(ALICE)] == [
        ("send the text", BOB),
        ("send the charts", BOB),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"rest": {"value": "the charts"}}, "rest_due"),
        ({"rest_due": {"selected_date_time": int((FRIDAY + timedelta(days=7)).timestamp())}}, "rest"),
        ({"due": {"selected_date_time": 1}}, "due"),
        ({"what": {"value": "x" * 601}}, "what"),
        ({"reason": {"value": "x" * 1001}, "what": {"value": "a part"}}, "reason"),
    ],
)
async def test_what_is_wrong_with_a_proposal_is_shown_at_its_input(
    front: Front, values: dict[str, Any], field: str
) -> None:
    promise = await front.make()
    await front.click("act.propose", promise.id)
    filled = {"what": {"value": "a part"}, "due": {"selected_date_time": int((FRIDAY + timedelta(days=3)).timestamp())}}
    answer = await front.submit(await front.whole(front.api.views[0]), filled | values)
    assert set(answer.message["errors"]) == {field}


async def test_a_proposal_that_was_replaced_is_not_agreed_to_unseen(front: Front) -> None:
    promise = await arranged(front, "active, the owner proposed")
    seen = promise_card(promise, BOB, front.clock.now())
    (block,) = [block for block in seen.blocks if "act.accept_proposal" in str(block)]
    await front.services.promises.act(TEAM, promise.id, entry(Act.RETRACT, ALICE, front.clock.now()))
    front.clock.move(timedelta(minutes=1))
    await front.services.promises.act(TEAM, promise.id, entry(Act.PROPOSE, ALICE, front.clock.now()))
    await front.click("act.accept_proposal", promise.id, BOB, own=True, block=block["block_id"])
    answer = front.api.answers[-1]
    assert "has changed" in answer["text"]
    assert answer["replace_original"] is True
    (fresh,) = [each for each in answer["blocks"] if "act.accept_proposal" in str(each)]
    await front.click("act.accept_proposal", promise.id, BOB, own=True, block=fresh["block_id"])
    assert (await front.now_of(promise)).terms.version == 2


async def test_ones_own_copy_is_replaced_by_the_promise_as_it_is_now(front: Front) -> None:
    promise = await front.make()
    await front.click("act.report", promise.id, own=True)
    (answer,) = front.api.answers
    assert answer["replace_original"] is True
    assert "act.report" not in str(answer["blocks"])


async def test_a_stale_button_gets_a_sentence_and_the_promise_as_it_is_now(front: Front) -> None:
    promise = await front.make()
    await front.command(f"cancel {promise.number}")
    await front.click("act.report", promise.id, own=True)
    (answer,) = front.api.answers
    assert "was cancelled" in answer["text"]
    assert "Cancelled" in str(answer["blocks"])


async def test_a_stale_button_in_a_channel_has_the_card_redrawn(front: Front) -> None:
    promise = await front.make()
    await front.send()
    await front.services.promises.act(TEAM, promise.id, entry(Act.REVOKE, ALICE, front.clock.now()))
    await front.send()
    (ts,) = (ts for ts, post in front.messenger.posts.items() if post.to == "C1")
    front.messenger.posts[ts].message = replace(front.messenger.posts[ts].message, text="an old card")

    def forget(tx: Transaction) -> None:
        for delivery in tx.deliveries.shown(promise.id):
            tx.deliveries.note_shown(delivery, "old")

    await front.store.write(TEAM, forget)
    await front.click("act.report", promise.id)
    await front.send()
    assert front.messenger.posts[ts].message.text != "an old card"


async def test_a_button_whose_form_is_no_longer_wanted_opens_none(front: Front) -> None:
    promise = await front.make()
    await front.command(f"cancel {promise.number}")
    await front.click("act.propose", promise.id)
    assert front.api.views == []
    assert "was cancelled" in front.api.answers[0]["text"]


async def test_a_form_sent_in_too_late_keeps_what_was_typed_and_says_why(front: Front) -> None:
    promise = await front.make()
    await front.click("act.propose", promise.id)
    await front.command(f"cancel {promise.number}")
    answer = await front.submit(front.api.views[0], MODAL_VALUES[Act.PROPOSE])
    assert answer.message["response_action"] == "errors"
    assert "was cancelled" in str(answer.message["errors"])


async def test_a_form_opened_from_ones_own_copy_replaces_it_when_sent(front: Front) -> None:
    promise = await front.make()
    await front.click("act.edit", promise.id, own=True)
    await front.submit(front.api.views[0], MODAL_VALUES[Act.EDIT])
    (answer,) = front.api.answers
    assert answer["replace_original"] is True
    assert "send the whole deck" in str(answer["blocks"])


async def test_a_form_sent_twice_counts_once(front: Front) -> None:
    promise = await front.make()
    await front.click("act.at_risk", promise.id)
    for _ in range(2):
        answer = await front.submit(front.api.views[0], {"note": {"value": "waiting for figures"}}, view_id="VSAME")
        assert (answer.status, answer.body) == (200, "")
    assert [each.act for each in (await shown(front, promise)).history] == [Act.PROMISE, Act.AT_RISK]


async def test_two_concurrent_clicks_make_one_transition(front: Front) -> None:
    promise = await front.make()
    await asyncio.gather(*(front.click("act.report", promise.id) for _ in range(8)))
    assert [each.act for each in (await shown(front, promise)).history] == [Act.PROMISE, Act.REPORT]
    assert len(front.api.answers) == 8
    assert sum("Delivered" in answer["text"] for answer in front.api.answers) == 1


async def test_accepting_and_retracting_concurrently_has_one_winner(front: Front) -> None:
    promise = await arranged(front, "active, the owner proposed")
    await asyncio.gather(
        front.click("act.accept_proposal", promise.id, BOB), front.click("act.retract", promise.id, ALICE)
    )
    history = (await shown(front, promise)).history
    assert len(history) == 3
    assert len(front.api.answers) == 1


async def test_one_question_records_one_promise_however_often_it_is_answered(front: Front) -> None:
    value = '{"w":"send the deck","d":[1795795200,"Europe/Berlin"],"r":"UBOB"}'
    await asyncio.gather(*(front.click(f"make.candidate.{n}", value, own=True, ts="7.7") for n in (0, 0, 1)))
    assert len(await front.promises_of(ALICE)) == 1
    assert all(answer["replace_original"] for answer in front.api.answers)
    await front.click("make.candidate.0", value, own=True, ts="8.8")
    assert len(await front.promises_of(ALICE)) == 2


async def test_the_owner_of_an_offered_reading_is_its_clicker(front: Front) -> None:
    value = '{"w":"send the deck","d":[1795795200,"Europe/Berlin"],"r":"UBOB","o":"UALICE"}'
    await front.click("make.candidate.0", value, CHARLIE, own=True)
    assert await front.promises_of(ALICE) == ()
    assert len(await front.promises_of(CHARLIE)) == 1


@pytest.mark.parametrize("act", ["act.report", "act.propose", "act.hand_over"])
async def test_a_bystander_learns_nothing_of_a_private_promise(front: Front, act: str) -> None:
    await front.command("<@UBOB|bob> polish the boat by Friday 17:00", channel="D1", name="directmessage")
    (promise,) = await front.promises_of(ALICE)
    await front.click(act, promise.id, CHARLIE, own=True)
    (answer,) = front.api.answers
    assert "boat" not in str(answer)
    assert "no such promise" in answer["text"]
    assert front.api.views == []


@pytest.mark.parametrize("value", ["", "nothing", "💥" * 200])
async def test_a_button_of_an_unknown_promise_gets_a_sentence(front: Front, value: str) -> None:
    answer = await front.click("act.report", value)
    assert answer.status == 200
    assert "no such promise" in front.api.answers[0]["text"]


@pytest.mark.parametrize("action", ["act.dance", "act.", "act.miss", "act.promise", "act.settle"])
async def test_a_button_that_is_no_act_of_a_persons_does_nothing(front: Front, action: str) -> None:
    promise = await front.make()
    await front.click(action, promise.id)
    assert await front.now_of(promise) == promise
    assert len(front.api.answers) == 1


async def test_a_deactivated_colleague_cannot_be_handed_anything(front: Front) -> None:
    promise = await front.make()
    await front.click("act.hand_over", promise.id)
    answer = await front.submit(front.api.views[0], {"heir": {"selected_user": "UGONE"}})
    assert answer.message["response_action"] == "errors"
    assert "no longer in this workspace" in answer.message["errors"]["heir"]


async def test_a_promise_can_be_finished_after_the_counterpart_left(front: Front) -> None:
    promise = await front.make()
    bob = front.messenger.people[BOB]
    front.messenger.people[BOB] = replace(bob, is_gone=True)
    front.clock.move(timedelta(days=2))
    await front.click("act.report", promise.id)
    assert (await front.now_of(promise)).state is State.REPORTED
