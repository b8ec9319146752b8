"""Steps of Workflow Builder: whose word they are, that each is done once, and that none leaves a workflow hanging."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.acts import State
from bot.domain.promise import UserId
from bot.domain.workflow_steps import FORGOTTEN, LET_GO, PAUSES
from bot.storage.tables import events
from bot.storage.workflow_steps import workflow_steps
from bot.use_cases.workflow_steps import LEASE
from handlers.stored_events import handle_with, keep_events
from handlers.workflow_steps import FOR_ANOTHER, NOT_MADE_HERE, UNDATED, UNNAMED
from tests.integration.front import Front, front_door
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, TEAM

DECK = {"what": "send the deck", "due": "Friday 17:00"}
#: That hour in Berlin.
DUE = FRIDAY - timedelta(hours=1)


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def begun(front: Front, step: str, run: str, by: UserId | None = ALICE, **inputs: Any) -> None:
    """Slack begins a step of a workflow that a person started."""
    started = {"user_context": {"id": by, "secret": "s"}} if by else {}
    event = {
        "type": "function_executed",
        "function": {"id": "Fn1", "callback_id": step, "type": "app", "app_id": "A1"},
        "inputs": {**started, **inputs},
        "function_execution_id": run,
        "bot_access_token": "xwfp-secret",
    }
    assert (await front.event(event)).status == 200


def ended(front: Front) -> dict[str, Any]:
    """Return the end of each step as sent to Slack, the latest by its run: its outputs, or why it failed."""
    calls = [body for method, body in front.api.calls if method.startswith("functions.")]
    return {body["function_execution_id"]: body.get("outputs", body.get("error")) for body in calls}


async def rows(front: Front) -> list[Any]:
    return list(
        await on_connection(front.database_url, lambda connection: connection.execute(select(workflow_steps)).all())
    )


async def test_a_workflow_promises_for_who_runs_it_and_goes_on_when_it_is_kept(front: Front) -> None:
    await begun(front, "make_promise", "Fx1", requester=BOB, **DECK)
    await front.services.steps.drain.run()
    (promise,) = await front.promises_of(ALICE)
    assert (promise.state, promise.requester_id, promise.terms.due.at) == (State.ACTIVE, BOB, DUE)
    assert promise.origin.is_private
    assert ended(front) == {"Fx1": {"promise": promise.id, "number": promise.number}}

    await begun(front, "wait_for_promise", "Fx2", promise=promise.id)
    assert await front.services.steps.drain.run() == 0
    await front.click("act.report", promise.id)
    assert await front.services.steps.drain.run() == 0, "reported is not kept yet"
    front.clock.move(timedelta(minutes=1))
    await front.click("act.accept_delivery", promise.id, BOB)
    assert await front.services.steps.drain.run() == 1
    assert ended(front)["Fx2"] == {"promise": promise.id, "number": promise.number}
    assert await rows(front) == []


async def test_a_workflow_promises_nothing_for_another_person_it_asks_them(front: Front) -> None:
    await begun(front, "make_promise", "Fx1", owner=BOB, **DECK)
    await begun(front, "ask_for_promise", "Fx2", owner=BOB, what="review it", due=str(int(DUE.timestamp())))
    await begun(front, "make_promise", "Fx3", owner=BOB, requester=CHARLIE, **DECK)
    await begun(front, "ask_for_promise", "Fx4", owner=ALICE, **DECK)
    await begun(front, "make_promise", "Fx5", by=None, owner=BOB, **DECK)
    await front.services.steps.drain.run()
    asked = await front.promises_of(BOB)
    assert [(each.state, each.requester_id, each.terms.due.at) for each in asked] == [(State.REQUESTED, ALICE, DUE)] * 2
    assert (ended(front)["Fx3"], ended(front)["Fx5"]) == (FOR_ANOTHER, UNNAMED)
    assert "colleague" in ended(front)["Fx4"]
    assert await front.promises_of(ALICE) == ()


@pytest.mark.parametrize(
    ("act", "by", "state"),
    [
        ("act.decline", BOB, State.DECLINED),
        ("act.withdraw", ALICE, State.WITHDRAWN),
        ("act.release", ALICE, State.RELEASED),
        ("act.undo", ALICE, State.UNDONE),
    ],
)
async def test_waiting_ends_with_the_reason_when_a_promise_will_not_be_kept(
    front: Front, act: str, by: UserId, state: State
) -> None:
    await begun(front, "ask_for_promise", "Fx1", owner=BOB, **DECK)
    (asked,) = await front.promises_of(BOB)
    await begun(front, "wait_for_promise", "Fx2", promise=asked.id)
    await front.services.steps.drain.run()
    await front.click(act, asked.id, by)
    for view in front.api.views:  # acts that ask first
        await front.submit(view, {}, by)
    assert (await front.now_of(asked)).state is state
    await front.services.steps.drain.run()
    assert ended(front)["Fx2"] == LET_GO[state]


async def test_a_step_is_done_once_however_often_slack_says_so(front: Front) -> None:
    for _ in range(2):
        await begun(front, "make_promise", "Fx1", **DECK)
        await front.services.steps.drain.run()
    assert len(await front.promises_of(ALICE)) == 1
    front.api.refusals["functions.completeSuccess"] = "execution_not_in_running_state"
    await begun(front, "make_promise", "Fx1", **DECK)
    assert await front.services.steps.drain.run() == 1
    assert await rows(front) == [], "what Slack ended already is not tried again"


async def test_the_end_of_a_step_is_sent_again_until_slack_takes_it(front: Front) -> None:
    front.api.limits["functions.completeSuccess"] = 1
    await begun(front, "make_promise", "Fx1", **DECK)
    await front.services.steps.drain.run()
    assert await front.services.steps.drain.run() == 0, "not before its pause is over"
    front.api.limits.clear()
    front.api.refusals["functions.completeSuccess"] = "internal_error"
    front.clock.move(PAUSES[0])
    assert await front.services.steps.drain.run() == 1
    front.api.refusals.clear()
    front.clock.move(PAUSES[1])
    assert await front.services.steps.drain.run() == 1
    assert await rows(front) == []
    front.api.refusals["functions.completeError"] = "fatal_error"
    await begun(front, "make_promise", "Fx2", what="send it", due="soonish")
    for pause in (timedelta(), *PAUSES):
        front.clock.move(pause)
        assert await front.services.steps.drain.run() == 1
    assert await rows(front) == [], "given up"


async def test_the_event_of_a_step_is_stored_without_its_token_and_done_from_the_row_after_a_crash(
    front: Front,
) -> None:
    keep_events(front.bolt, front.services.events, front.background)
    front.drains = False
    await begun(front, "make_promise", "Fx1", **DECK)
    await front.background.drain(0)  # the process ends before the event was handled
    (row,) = await on_connection(front.database_url, lambda connection: connection.execute(select(events)).all())
    assert ("Fx1" in row.body, "xwfp" in row.body, "spent" in row.body) == (True, False, False)
    front.clock.move(LEASE)
    await front.services.events.sweep(handle_with(front.bolt))
    await front.services.steps.drain.run()
    (promise,) = await front.promises_of(ALICE)
    assert ended(front) == {"Fx1": {"promise": promise.id, "number": promise.number}}


async def test_what_a_dead_process_was_ending_is_ended_by_the_next_once_its_lease_is_over(front: Front) -> None:
    await begun(front, "make_promise", "Fx1", **DECK)
    front.api.prompt.clear()
    front.api.called.clear()
    dying = asyncio.create_task(front.services.steps.drain.run())
    await front.api.called.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    front.api.prompt.set()
    assert await front.services.steps.drain.run() == 0, "it may be on its way still"
    front.clock.move(LEASE)
    assert await front.services.steps.drain.run() == 1
    assert await rows(front) == []


async def test_a_step_says_what_is_wrong_with_it(front: Front) -> None:
    for run, inputs in {
        "Fx1": {"what": "send it", "due": "soonish"},
        "Fx2": {"what": "send it", "due": "x" * 5000},
        "Fx3": {"what": "send it"},
        "Fx4": {"what": "", "due": "Friday 17:00"},
        "Fx5": {"what": "send it", "due": "Friday 17:00", "channel": "C404"},
        "Fx6": {"what": ["send it"], "due": {"at": 1}},
        "Fx7": {"what": "send it", "due": "Friday 17:00", "requester": "U404"},
    }.items():
        await begun(front, "make_promise", run, **inputs)
    await begun(front, "wait_for_promise", "Fx8", promise="the deck")
    await begun(front, "wait_for_promise", "Fx9", promise="f" * 32)
    await front.services.steps.drain.run()
    shown = ended(front)
    assert [shown[f"Fx{number}"] for number in (1, 2, 3, 6, 8)] == [UNDATED] * 4 + [NOT_MADE_HERE]
    assert "see you in that channel" in shown["Fx5"]
    assert all(isinstance(shown[f"Fx{number}"], str) and shown[f"Fx{number}"] for number in range(1, 10))
    assert await front.promises_of(ALICE) == ()


async def test_a_workflow_sees_by_number_only_what_is_public_and_by_id_what_its_person_sees(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> send the plan by Friday 17:00", channel="D1", name="directmessage")
    (private,) = await front.promises_of(ALICE)
    public = await front.make("send the figures by Friday 17:00")
    for run, by, promise in [
        ("by number", ALICE, private.number),
        ("another person's", CHARLIE, private.id),
        ("own", ALICE, private.id),
        ("public", CHARLIE, f"#{public.number}"),
    ]:
        await begun(front, "wait_for_promise", run, by=by, promise=promise)
    await front.services.steps.drain.run()
    assert set(ended(front)) == {"by number", "another person's"}
    assert "plan" not in json.dumps(ended(front))
    assert {row.execution_id for row in await rows(front)} == {"own", "public"}


async def test_what_a_forgotten_persons_workflow_waits_for_ends_with_a_sentence(front: Front) -> None:
    promise = await front.make()
    await begun(front, "wait_for_promise", "Fx1", by=BOB, promise=promise.id)
    await begun(front, "wait_for_promise", "Fx2", promise=promise.id)
    await front.store.forget_person(TEAM, BOB, UserId("UUNNAMED"))
    assert BOB not in str(await rows(front))
    await front.services.steps.drain.run()
    assert ended(front) == {"Fx1": FORGOTTEN}
    await front.store.forget(TEAM)
    assert await rows(front) == []
