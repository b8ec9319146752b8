"""The form for a new promise by the door: how it opens, what it records, and where its complaints stand."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import State
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


def filled(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "what": {"value": "send the deck"},
        "requester": {"selected_user": BOB},
        "due": {"selected_date_time": int(FRIDAY.timestamp())},
        "watchers": {"selected_users": [CHARLIE]},
        "done_when": {"value": "the client has it"},
    }
    return values | changes


async def test_everything_filled_in_is_recorded(front: Front) -> None:
    await front.command("")
    answer = await front.submit(front.api.views[0], filled())
    (promise,) = await front.promises_of(ALICE)
    assert (answer.status, answer.body) == (200, "")
    assert (promise.terms.what, promise.terms.due.at, promise.terms.due.zone) == (
        "send the deck",
        FRIDAY,
        "Europe/Berlin",
    )
    assert (promise.requester_id, promise.watchers, promise.terms.done_when) == (BOB, (CHARLIE,), "the client has it")
    assert promise.origin.channel_id == "C1"


async def test_the_receipt_follows_to_where_the_form_was_opened(front: Front) -> None:
    await front.command("")
    await front.submit(front.api.views[0], filled())
    (answer,) = front.api.answers
    assert "Recorded" in answer["text"]
    assert answer["response_type"] == "ephemeral"


async def test_a_promise_made_in_no_conversation_is_private_and_its_receipt_a_direct_message(front: Front) -> None:
    await front.shortcut("make_promise")
    await front.submit(front.api.views[0], filled())
    (promise,) = await front.promises_of(ALICE)
    assert promise.origin.is_private
    await front.send()
    assert "Recorded" in front.messenger.sent_to(ALICE)[0].text


async def test_what_it_stands_on_is_named_by_number_and_shown(front: Front) -> None:
    first = await front.make("write the text by Friday 17:00")
    await front.command("")
    await front.submit(front.api.views[0], filled(needs={"value": f"#{first.number}"}))
    answer = await front.command(f"show {first.number + 1}")
    assert f"Depends on *#{first.number}* “write the text”" in str(answer.message["blocks"])


async def test_the_form_from_the_command_says_whose_time_zone_it_means(front: Front) -> None:
    await front.make()
    await front.command("")
    assert "In Berlin time." in str(front.api.views[0])


async def test_sent_twice_it_records_once(front: Front) -> None:
    await front.command("")
    for _ in range(2):
        await front.submit(front.api.views[0], filled(), view_id="VSAME")
    assert len(await front.promises_of(ALICE)) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("what", {"value": None}, "Say what"),
        ("what", {"value": " \u200b\u2060\n"}, "Say what"),
        ("what", {"value": "x" * 601}, "601 characters"),
        ("due", {"selected_date_time": int((MONDAY - timedelta(days=1)).timestamp())}, "already passed"),
        ("due", {"selected_date_time": None}, "by when"),
        ("due", {"selected_date_time": 10**18}, "by when"),
        ("requester", {"selected_user": "UROBOT"}, "is an app"),
        ("requester", {"selected_user": "UGONE"}, "no longer in this workspace"),
        ("requester", {"selected_user": "UNOBODY"}, "do not find that person"),
        ("done_when", {"value": "x" * 1001}, "1,001 characters"),
        ("needs", {"value": "the other one"}, "Write the numbers"),
        ("needs", {"value": "#77"}, "no promise #77"),
        ("watchers", {"selected_users": ["UGONE"]}, "no longer in this workspace"),
    ],
)
async def test_a_complaint_is_next_to_the_input_it_is_about(
    front: Front, field: str, value: dict[str, Any], says: str
) -> None:
    await front.command("")
    answer = await front.submit(await front.whole(front.api.views[0]), filled(**{field: value}))
    assert answer.message["response_action"] == "errors"
    assert says in answer.message["errors"][field]
    assert await front.promises_of(ALICE) == ()


async def test_all_faulty_fields_are_named_together(front: Front) -> None:
    yesterday = int((MONDAY - timedelta(days=1)).timestamp())
    people = {"requester": {"selected_user": "UGONE"}, "watchers": {"selected_users": ["UROBOT"]}}
    words = {"what": {"value": " "}, "hours": {"value": "a while"}, "needs": {"value": "the other one"}}
    rest = {"lead_days": {"value": "0"}, "done_when": {"value": "x" * 1001}, "obstacle": {"value": "x" * 1001}}
    wrong = {**people, **words, **rest, "due": {"selected_date_time": yesterday}}
    await front.command("")
    form = await front.whole(front.api.views[0])
    answer = await front.submit(form, filled(**wrong), view_id="VSAME")
    assert set(answer.message["errors"]) == set(wrong)
    both = {"what": {"value": ""}, "requester": {"selected_user": "UGONE"}}
    answer = await front.submit(form, filled(**both), view_id="VSAME")
    assert set(answer.message["errors"]) == set(both)
    assert await front.promises_of(ALICE) == ()
    await front.submit(form, filled(), view_id="VSAME")
    assert len(await front.promises_of(ALICE)) == 1


async def test_a_request_from_the_form_is_owed_by_the_person_chosen(front: Front) -> None:
    answer = await front.command("ask <@UALICE|alice> review the PR someday", by=BOB)
    (form,) = [e for block in answer.message["blocks"] for e in block.get("elements", ()) if "value" in e]
    await front.click("make.form", form["value"], BOB, own=True)
    await front.submit(front.api.views[0], filled(requester={"selected_user": ALICE}), BOB)
    (promise,) = await front.promises_of(ALICE)
    assert (promise.state, promise.requester_id) == (State.REQUESTED, BOB)
    assert front.api.answers[0]["replace_original"] is True


async def test_a_form_from_another_version_closes_without_harm(front: Front) -> None:
    view = {"type": "modal", "callback_id": "make", "private_metadata": "not json", "blocks": []}
    answer = await front.submit(view, {})
    assert answer.status == 200
    assert await front.promises_of(ALICE) == ()
    assert len(front.messenger.sent_to(ALICE)) == 1


@pytest.mark.parametrize("metadata", ['{"promise_id": 7, "url": ["x"], "more": null}', "[]", "7", "", "{" * 3000])
async def test_private_metadata_of_any_shape_does_no_harm(front: Front, metadata: str) -> None:
    view = {"type": "modal", "callback_id": "act.propose", "private_metadata": metadata, "blocks": []}
    answer = await front.submit(view, {})
    assert answer.status == 200


async def test_a_form_that_slack_no_longer_lets_open_is_explained(front: Front) -> None:
    front.api.refusals["views.open"] = "expired_trigger_id"
    answer = await front.command("")
    assert "try again" in answer.text
