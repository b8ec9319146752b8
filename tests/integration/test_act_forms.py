"""The forms of acts by the door: all their faulty fields are named together, and a blank text is a missing one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import State
from bot.domain.promise import Promise, UserId
from tests.integration.front import GONE, Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY

YESTERDAY = {"selected_date_time": int((MONDAY - timedelta(days=1)).timestamp())}
LATER = {"selected_date_time": int((FRIDAY + timedelta(days=7)).timestamp())}
BLANK = {"value": " \u200b\u2060\n"}
LONG = {"value": "x" * 1001}


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def opened(front: Front, act: str, promise: Promise, by: UserId = ALICE) -> dict[str, Any]:
    """Return the form of an act, with all its fields."""
    await front.click(f"act.{act}", promise.id, by)
    view: dict[str, Any] = front.api.views[-1]
    return await front.whole(view, by) if "form.more" in str(view) else view


def chosen(view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the values of a form as it was opened, with changes."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {
                "value": element.get("initial_value"),
                "selected_date_time": element.get("initial_date_time"),
                "selected_option": element.get("initial_option"),
            }
    return values | changes


async def errors_of(front: Front, view: dict[str, Any], by: UserId = ALICE, /, **changes: Any) -> dict[str, str]:
    """Return the errors at the fields of a form that was submitted with changes."""
    answer = await front.submit(view, chosen(view, **changes), by, view_id="VSAME")
    found: dict[str, str] = answer.message["errors"]
    return found


@pytest.mark.parametrize("act", ["propose", "counter"])
async def test_all_faulty_fields_of_a_proposal_are_named_together(front: Front, act: str) -> None:
    promise = await front.make()
    if act == "counter":
        await front.command("move 1 to Thursday 12:00", BOB)
    before = await front.now_of(promise)
    view = await opened(front, act, promise)
    wrong: dict[str, Any] = {
        "due": YESTERDAY,
        "what": BLANK,
        "hours": {"value": "a while"},
        "reason": LONG,
        "done_when": LONG,
    }
    errors = await errors_of(front, view, **wrong, rest={"value": "the charts"})
    assert set(errors) == {*wrong, "rest_due"}
    assert "already passed" in errors["due"]
    assert await front.now_of(promise) == before
    await front.submit(view, chosen(view, due=LATER), view_id="VSAME")
    proposal = (await front.now_of(promise)).proposal
    assert proposal is not None
    assert proposal.due is not None
    assert int(proposal.due.at.timestamp()) == LATER["selected_date_time"]


async def test_an_estimate_that_is_none_is_the_only_error_of_a_form_in_which_it_alone_was_changed(front: Front) -> None:
    view = await opened(front, "propose", await front.make())
    assert set(await errors_of(front, view, hours={"value": "a while"})) == {"hours"}


async def test_all_faulty_fields_of_a_correction_are_named_together_and_nothing_of_it_is_saved(front: Front) -> None:
    first, promise = await front.make("write the text by Friday 17:00"), await front.make()
    view = await opened(front, "edit", promise)
    wrong: dict[str, Any] = {
        "due": YESTERDAY,
        "what": BLANK,
        "needs": {"value": "the other"},
        "hours": {"value": "a while"},
    }
    errors = await errors_of(front, view, **wrong, done_when=LONG)
    assert set(errors) == {*wrong, "done_when"}
    assert errors["what"] == "Write something here."
    number = {"value": f"#{first.number}"}
    assert set(await errors_of(front, view, needs=number, due=YESTERDAY)) == {"due"}
    assert set(await errors_of(front, view, needs={"value": "#77"})) == {"needs"}
    assert "Depends on" not in (await front.command(f"show {promise.number}")).body
    await front.submit(view, chosen(view, needs=number, what={"value": "send the report"}), view_id="VSAME")
    assert (await front.now_of(promise)).terms.what == "send the report"
    assert f"Depends on *#{first.number}*" in (await front.command(f"show {promise.number}")).body


@pytest.mark.parametrize(("heir", "says"), [(GONE, "no longer in this workspace"), (BOB, "a third person")])
async def test_all_faulty_fields_of_a_hand_over_are_named_together(front: Front, heir: UserId, says: str) -> None:
    promise = await front.make()
    view = await opened(front, "hand_over", promise)
    errors = await errors_of(front, view, heir={"selected_user": heir}, reason=LONG)
    assert set(errors) == {"heir", "reason"}
    assert says in errors["heir"]
    await front.submit(view, chosen(view, heir={"selected_user": CHARLIE}), view_id="VSAME")
    assert (await front.now_of(promise)).is_proposed_to(CHARLIE)


async def test_words_that_a_form_asks_for_are_missing_where_nothing_of_them_can_be_seen(front: Front) -> None:
    promise = await front.make()
    assert await errors_of(front, await opened(front, "revoke", promise), reason=BLANK) == {
        "reason": "Say why it is cancelled."
    }
    await front.command("done 1")
    view = await opened(front, "add_note", promise)
    assert "what was delivered" in (await errors_of(front, view, note=BLANK))["note"]
    view = await opened(front, "reopen", promise, BOB)
    assert await errors_of(front, view, BOB, note=BLANK) == {"note": "Say what is missing."}
    assert "Say what is missing" in (await front.command("reopen 1 \u200b", BOB)).text
    assert (await front.now_of(promise)).state is State.REPORTED


async def test_both_faulty_fields_of_a_rating_are_named(front: Front) -> None:
    promise = await front.make()
    await front.command("done 1")
    await front.command("accept 1", BOB)
    view = await opened(front, "rate", promise, BOB)
    assert set(await errors_of(front, view, BOB, note=LONG)) == {"rating", "note"}


async def test_both_faulty_fields_of_a_workspace_token_are_named(front: Front) -> None:
    front.messenger.know([replace(front.messenger.people[ALICE], is_admin=True)])
    await front.command("settings workspace tokens")
    view = front.api.views[-1]
    scopes: dict[str, Any] = {"selected_options": []}
    assert set(await errors_of(front, view, name=BLANK, scopes=scopes)) == {"name", "scopes"}


async def test_a_form_says_nothing_of_a_promise_that_its_sender_may_not_see(front: Front) -> None:
    promise = await front.make()
    await front.command("to myself: the hiddenzebra by Friday 17:00", ALICE, "D1", "directmessage")
    hidden = max(await front.promises_of(ALICE), key=lambda each: each.number)
    view = await opened(front, "propose", promise)
    stolen = {**view, "private_metadata": f'{{"promise_id": "{hidden.id}"}}'}
    answer = await front.submit(stolen, chosen(stolen, due=YESTERDAY, what=BLANK), CHARLIE)
    assert "no such promise" in str(answer.message["errors"])


async def test_a_command_of_which_nothing_can_be_seen_opens_the_form(front: Front) -> None:
    await front.command(" \u200b\u2060")
    assert len(front.api.views) == 1
