"""Buttons by the door: every situation, every act, everybody; and what a late or a wrong click gets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import BY_CLOCK, MAKING, Act, State
from bot.domain.deciding import allowed_acts
from bot.domain.drafts import Draft
from bot.domain.promise import ChannelId, Due, Origin, Promise, UserId
from bot.ports import Transaction
from bot.use_cases.promises import Shown
from handlers.acting import asks_for_words
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, FRIDAY, TEAM, entry

#: How to come to each situation: who does what after the promise (or the request) was made.
SITUATIONS: dict[str, tuple[bool, tuple[tuple[Act, UserId], ...]]] = {
    "requested": (True, ()),
    "requested, the owner proposed": (True, ((Act.PROPOSE, ALICE),)),
    "requested, the requester countered": (True, ((Act.PROPOSE, ALICE), (Act.COUNTER, BOB))),
    "active": (False, ()),
    "active, the owner proposed": (False, ((Act.PROPOSE, ALICE),)),
    "active, the requester proposed": (False, ((Act.PROPOSE, BOB),)),
    "active, to be handed over": (False, ((Act.HAND_OVER, ALICE),)),
    "reported": (False, ((Act.REPORT, ALICE),)),
    "kept": (False, ((Act.REPORT, ALICE), (Act.ACCEPT_DELIVERY, BOB))),
    "declined": (True, ((Act.DECLINE, ALICE),)),
    "withdrawn": (True, ((Act.WITHDRAW, BOB),)),
    "revoked": (False, ((Act.REVOKE, ALICE),)),
    "released": (False, ((Act.RELEASE, BOB),)),
    "undone": (False, ((Act.UNDO, ALICE),)),
}
ACTS = [act for act in Act if act not in MAKING | BY_CLOCK]
MODAL_VALUES: dict[Act, dict[str, Any]] = {
    Act.PROPOSE: {"due": {"selected_date_time": int((FRIDAY + timedelta(days=2)).timestamp())}},
    Act.COUNTER: {"due": {"selected_date_time": int((FRIDAY + timedelta(days=5)).timestamp())}},
    Act.EDIT: {"what": {"value": "send the whole deck"}},
    Act.HAND_OVER: {"heir": {"selected_user": CHARLIE}},
    Act.REOPEN: {"note": {"value": "page 7 is empty"}},
}


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def arranged(front: Front, situation: str) -> Promise:
    asked, steps = SITUATIONS[situation]
    by = BOB if asked else ALICE
    draft = Draft("send the deck", Due(FRIDAY, "Europe/Berlin"), None if asked else BOB, ALICE if asked else None)
    draft, place = replace(draft, asks=asked), Origin(ChannelId("C1"))
    promise = await front.services.promises.make(TEAM, by, draft, place, front.trigger())
    for act, who in steps:
        promise = await front.services.promises.act(TEAM, promise.id, entry(act, who, front.clock.now()))
    return promise


async def shown(front: Front, promise: Promise) -> Shown:
    def read(tx: Any) -> Shown:
        return Shown(tx.promises.get(promise.id), tx.promises.history(promise.id))

    return await front.store.read(TEAM, read)


async def done(front: Front, act: Act, promise: Promise, who: UserId) -> None:
    """The click, and whatever the form that it opens asks for."""
    views = len(front.api.views)
    answer = await front.click(f"act.{act}", promise.id, who)
    assert (answer.status, answer.body) == (200, "")
    if len(front.api.views) > views:
        sent = await front.submit(front.api.views[-1], MODAL_VALUES.get(act, {}), who)
        assert (sent.status, sent.body) == (200, "")


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_everybody_can_do_what_the_table_says_and_nothing_else(front: Front, situation: str) -> None:
    promise = await arranged(front, situation)
    for who in (ALICE, BOB, CHARLIE, DAVE):
        for act in ACTS:
            before = await shown(front, promise)
            may = act in allowed_acts(before.promise, who, front.clock.now())
            answered = len(front.api.answers)
            await done(front, act, promise, who)
            after = await shown(front, promise)
            if may:
                assert [e.act for e in after.history] == [*(e.act for e in before.history), act], (who, act)
                assert after.history[-1].by == who
                promise = await arranged(front, situation)
            else:
                assert after == before, (who, act)
                assert len(front.api.answers) == answered + 1, (who, act)
                assert front.api.answers[-1]["replace_original"] is False


async def test_an_act_redraws_the_card_wherever_it_stands(front: Front) -> None:
    promise = await front.make()
    await front.deliveries.send_due()
    (card,) = front.messenger.told("C1")
    assert "act.report" in str(card.blocks)
    await front.click("act.report", promise.id)
    await front.deliveries.send_due()
    (card,) = front.messenger.told("C1")
    assert "act.report" not in str(card.blocks)
    assert front.api.answers == []


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
    assert "is closed" in answer["text"]
    assert "Cancelled" in str(answer["blocks"])


async def test_a_stale_button_in_a_channel_has_the_card_redrawn(front: Front) -> None:
    promise = await front.make()
    await front.deliveries.send_due()
    await front.services.promises.act(TEAM, promise.id, entry(Act.REVOKE, ALICE, front.clock.now()))
    await front.deliveries.send_due()
    (ts,) = (ts for ts, post in front.messenger.posts.items() if post.to == "C1")
    front.messenger.posts[ts].message = replace(front.messenger.posts[ts].message, text="an old card")

    def forget(tx: Transaction) -> None:
        for delivery in tx.deliveries.shown(promise.id):
            tx.deliveries.note_shown(delivery, "old")

    await front.store.write(TEAM, forget)
    await front.click("act.report", promise.id)
    await front.deliveries.send_due()
    assert front.messenger.posts[ts].message.text != "an old card"


async def test_a_button_whose_form_is_no_longer_wanted_opens_none(front: Front) -> None:
    promise = await front.make()
    await front.command(f"cancel {promise.number}")
    await front.click("act.propose", promise.id)
    assert front.api.views == []
    assert "is closed" in front.api.answers[0]["text"]


async def test_a_form_sent_in_too_late_keeps_what_was_typed_and_says_why(front: Front) -> None:
    promise = await front.make()
    await front.click("act.propose", promise.id)
    await front.command(f"cancel {promise.number}")
    answer = await front.submit(front.api.views[0], MODAL_VALUES[Act.PROPOSE])
    assert answer.message["response_action"] == "errors"
    assert "is closed" in str(answer.message["errors"])


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


async def test_two_clicks_at_once_make_one_transition(front: Front) -> None:
    promise = await front.make()
    await asyncio.gather(*(front.click("act.report", promise.id) for _ in range(8)))
    assert [each.act for each in (await shown(front, promise)).history] == [Act.PROMISE, Act.REPORT]
    assert len(front.api.answers) == 7


async def test_accepting_and_retracting_at_once_has_one_winner(front: Front) -> None:
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


async def test_the_owner_of_an_offered_reading_is_whoever_clicks(front: Front) -> None:
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
    assert "no promise" in front.api.answers[0]["text"]


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


async def test_the_counterparts_leaving_stops_nobody_from_finishing(front: Front) -> None:
    promise = await front.make()
    bob = front.messenger.people[BOB]
    front.messenger.people[BOB] = replace(bob, is_gone=True)
    front.clock.move(timedelta(days=2))
    await front.click("act.report", promise.id)
    assert (await front.now_of(promise)).state is State.REPORTED


def test_every_act_of_a_persons_is_known_to_need_words_or_none() -> None:
    assert {act for act in ACTS if asks_for_words(act)} == {*MODAL_VALUES, Act.AT_RISK, Act.DECLINE}
