"""An estimate and a priority by the door: typed, filled in, corrected, shown, and what they order."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.promise import Promise, UserId
from bot.domain.weight import Priority, Weight
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, TEAM

THREE = timedelta(hours=3)


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as front:
        yield front


async def history(front: Front, promise: Promise, by: UserId = ALICE) -> str:
    return (await front.command(f"show {promise.number}", by)).body


async def numbers(front: Front, command: str, by: UserId = ALICE) -> list[int]:
    """The promises of a list, in the order shown."""
    blocks = (await front.command(command, by)).message["blocks"]
    return [int(block["text"]["text"].split("*")[1].lstrip("#")) for block in blocks if "accessory" in block]


async def test_what_is_typed_is_recorded_and_shown(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send the deck by Friday 17:00, about 3 h, urgent")
    assert ", urgent, about 3 h." in answer.body
    (promise,) = await front.promises_of(ALICE)
    assert (promise.terms.what, promise.weight) == ("send the deck", Weight(THREE, Priority.URGENT))
    for viewer in (ALICE, BOB):
        body = (await front.command("show 1", viewer)).text + str((await front.command("show 1", viewer)).message)
        assert " · urgent · about 3 h" in body
        assert "(urgent, about 3 h)" in body, "the history tells what was said first"
    assert " · urgent · about 3 h" in str((await front.command("list")).message)


async def test_a_request_carries_both_to_the_person_asked(front: Front) -> None:
    await front.command("ask <@UBOB|bob> review the contract by Thursday, about 2 h, when you can")
    await front.send()
    assert "(when you can, about 2 h)" in str(front.messenger.sent_to(BOB)[-1].blocks)


async def test_a_proposal_may_set_both_with_the_date_or_alone(front: Front) -> None:
    promise = await front.make()
    front.clock.move(timedelta(minutes=6))
    await front.click("act.propose", promise.id)
    form = await front.whole(front.api.views[-1])
    longer = {"hours": {"value": "3"}, "priority": {"selected_option": {"value": "normal"}}}
    same = {"due": {"selected_date_time": int(promise.terms.due.at.timestamp())}, "what": {"value": "send the deck"}}
    assert (await front.submit(form, same | longer)).body == ""
    now = await front.now_of(promise)
    assert (now.weight.estimate, now.proposal) == (THREE, None)
    later = {"due": {"selected_date_time": int((FRIDAY + timedelta(days=3)).timestamp())}}
    await front.submit(form, same | later | longer | {"hours": {"value": "6"}}, view_id="V2")
    now = await front.now_of(promise)
    assert now.weight.estimate == 2 * THREE
    assert now.proposal
    wrong = await front.submit(form, same | {"hours": {"value": "soon"}, "priority": longer["priority"]}, view_id="V3")
    assert "Write hours" in str(wrong.message["errors"])


async def test_both_can_be_filled_in_and_corrected_in_the_form(front: Front) -> None:
    await front.command("")
    form = await front.whole(front.api.views[-1])
    due = {"selected_date_time": int(FRIDAY.timestamp())}
    given = {"what": {"value": "send the deck"}, "requester": {"selected_user": BOB}, "due": due}
    weight = {"hours": {"value": "1,5"}, "priority": {"selected_option": {"value": "urgent"}}}
    await front.submit(form, given | weight)
    (promise,) = await front.promises_of(ALICE)
    assert promise.weight == Weight(timedelta(hours=1.5), Priority.URGENT)

    await front.click("act.edit", promise.id)
    form = front.api.views[-1]
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert fields["hours"]["initial_value"] == "1.5"
    assert fields["priority"]["initial_option"]["value"] == "urgent"
    weight = {"hours": {"value": ""}, "priority": {"selected_option": {"value": "when_you_can"}}}
    await front.submit(form, given | weight)
    assert (await front.now_of(promise)).weight == Weight(None, Priority.WHENEVER)


async def test_hours_that_are_none_are_refused_at_their_field(front: Front) -> None:
    promise = await front.make()
    front.clock.move(timedelta(minutes=6))
    await front.click("act.adjust", promise.id)
    answer = await front.submit(front.api.views[-1], {"hours": {"value": "soon"}, "priority": {}})
    assert answer.message["errors"] == {"hours": "Write hours, like 3, 1.5 or half a day; or leave it empty."}
    answer = await front.submit(front.api.views[-1], {"hours": {"value": "900"}, "priority": {}})
    assert "from 5 minutes to 200 hours" in answer.message["errors"]["hours"]
    answer = await front.submit(front.api.views[-1], {"hours": {"value": ""}, "priority": {}})
    assert "Nothing would change" in answer.message["errors"]["hours"]
    assert (await front.now_of(promise)).weight == Weight()


async def test_edit_with_words_sets_both_at_any_time_and_leaves_the_terms(front: Front) -> None:
    promise = await front.make()
    front.clock.move(timedelta(days=1))
    await front.click("act.propose", promise.id, BOB)
    later = {"due": {"selected_date_time": int((FRIDAY + timedelta(days=3)).timestamp())}}
    await front.submit(front.api.views[-1], later, BOB)
    before = await front.now_of(promise)
    answer = await front.command("edit 1 about 3 h, urgent")
    assert answer.text == "Noted for *#1*: urgent, about 3 h."
    after = await front.now_of(promise)
    assert after.weight == Weight(THREE, Priority.URGENT)
    assert (after.terms, after.proposal) == (before.terms, before.proposal), "what is agreed and offered stays"
    assert "You set the estimate to about 3 h and the priority to urgent" in await history(front, promise)
    await front.command("edit 1 no estimate")
    assert (await front.now_of(promise)).weight == Weight(None, Priority.URGENT)
    assert "set the estimate to none" in await history(front, promise, BOB)


async def test_the_other_side_is_notified_of_a_priority_and_not_of_an_estimate(front: Front) -> None:
    promise = await front.make()
    for _ in range(3):
        await front.send()
    sent = len(front.messenger.sent_to(BOB))
    await front.command("edit 1 about 3 h", ALICE)
    for _ in range(3):
        await front.send()
    assert len(front.messenger.sent_to(BOB)) == sent
    await front.command("edit 1 urgent", BOB)
    for _ in range(3):
        await front.send()
    assert "set the priority to urgent" in str([message.blocks for message in front.messenger.sent_to(ALICE)])
    assert (await front.now_of(promise)).weight == Weight(THREE, Priority.URGENT)


async def test_a_bystander_sets_neither(front: Front) -> None:
    promise = await front.make()
    assert "Only the person" in (await front.command("edit 1 urgent", CHARLIE)).text
    await front.click("act.adjust", promise.id, CHARLIE)
    assert (await front.now_of(promise)).weight == Weight()


async def test_lists_begin_with_what_is_urgent_and_end_a_day_with_what_can_wait(front: Front) -> None:
    pages = ("one by Friday 9:00, no rush", "two by Friday 17:00", "three by Wednesday", "four by Friday 18:00, urgent")
    for words in pages:
        await front.command(f"<@UBOB|bob> write page {words}")
    for command in ("list", "list owing", "list page"):
        assert await numbers(front, command) == [4, 3, 2, 1], command
    assert await numbers(front, "list owed", BOB) == [4, 3, 2, 1]


async def test_a_gathered_message_begins_with_what_is_urgent(front: Front) -> None:
    for words in ("send the deck by Friday 12:00", "review the contract by Friday 12:30, urgent"):
        await front.command(f"<@UBOB|bob> {words}")
    both, bundles = ("send the deck", "review the contract"), list[str]()
    while front.clock.now() < FRIDAY and not bundles:
        front.clock.move(timedelta(minutes=30))
        await front.send()
        bundles = [
            str(each.blocks)
            for each in front.messenger.sent_to(ALICE)
            if all(what in str(each.blocks) for what in both)
        ]
    assert bundles[0].index("review the contract") < bundles[0].index("send the deck")


async def test_what_comes_again_keeps_both(front: Front) -> None:
    await front.command("send the status every Friday at 17:00, about 30 min, urgent")
    (promise,) = await front.promises_of(ALICE)
    await front.command("edit 1 about 1 h")
    front.clock.move(FRIDAY + timedelta(hours=1) - MONDAY)
    await front.services.recurring.run_due()
    newest = max(await front.promises_of(ALICE), key=lambda each: each.number)
    assert newest.id != promise.id
    assert newest.weight == Weight(timedelta(hours=1), Priority.URGENT)


async def test_the_copy_for_oneself_alone_keeps_both(front: Front) -> None:
    await front.command("send the status by Friday, about 30 min, urgent")
    (promise,) = await front.promises_of(ALICE)
    await front.click("make.alone", promise.id, own=True)
    (alone,) = await front.promises_of(ALICE)
    assert alone.origin.is_private
    assert alone.weight == promise.weight != Weight()


async def test_a_date_that_is_asked_about_loses_neither(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send the deck by Friday or Monday, urgent, about 3 h")
    assert "Urgent, about 3 h" in answer.body
    (first, *_) = [e for block in answer.message["blocks"] for e in block.get("elements", ()) if e.get("value")]
    await front.click(first["action_id"], first["value"])
    (promise,) = await front.promises_of(ALICE)
    assert promise.weight == Weight(THREE, Priority.URGENT)


async def test_both_go_into_the_table(front: Front) -> None:
    await front.command("<@UBOB|bob> send the deck by Friday 17:00, about 1.5 hours, urgent")
    head, row = await front.services.exports.table(TEAM, ALICE)
    cells = dict(zip(head, row, strict=True))
    assert (cells["estimate (h)"], cells["priority"]) == ("1.5", "urgent")
