"""Work that takes longer than Slack waits is acknowledged in time and finished later; faults of ours are admitted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.responders import CLICKS_PATIENCE_S, COMMANDS_PATIENCE_S, SLACKS_PATIENCE_S, CommandResponder
from tests.integration.front import Front, front_door
from tests.patience import PATIENCE_S, until_true
from tests.unit.factories import ALICE, BOB, TEAM

#: Slack's own patience with an acknowledgement, in seconds.
SLACK_WAITS_S = 3.0


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path, patience_s=0.05) as door:
        door.drains = False
        yield door
        door.messenger.slow.set()


async def test_a_slow_command_says_so_and_finishes_by_response_url(front: Front) -> None:
    front.messenger.slow.clear()
    answer = await front.command("<@UBOB|bob> send the deck by Friday 17:00")
    assert answer.text == "Still working on it…"
    front.messenger.slow.set()
    await front.background.drain(PATIENCE_S)
    assert "Recorded" in front.api.answers[0]["text"]
    assert len(await front.promises_of(ALICE)) == 1


async def test_a_first_command_asks_slack_nothing_once_the_people_are_learnt(patient: Front) -> None:
    patient.messenger.is_listing = True
    await patient.services.people.load_all(TEAM)
    patient.messenger.slow.clear()
    assert "Recorded" in (await patient.command("<@UBOB|bob> send the deck by Friday 17:00")).text


async def test_a_profile_changed_since_it_was_cached_is_fetched_again(front: Front) -> None:
    front.messenger.is_listing = True
    await front.services.people.load_all(TEAM)
    front.messenger.people[BOB] = replace(front.messenger.people[BOB], is_gone=True)
    await front.event({"type": "user_change", "user": {"id": BOB}})
    await front.background.drain(PATIENCE_S)
    assert "no longer in this workspace" in (await front.command("<@UBOB|bob> send the deck by Friday 17:00")).text


async def test_a_command_is_not_kept_waiting_as_long_as_a_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < CLICKS_PATIENCE_S < COMMANDS_PATIENCE_S < SLACKS_PATIENCE_S < SLACK_WAITS_S
    async with front_door(tmp_path, patience_s=None) as front:
        front.drains = False
        monkeypatch.setattr(CommandResponder, "patience_s", 0.05)  # the form's is that of all tests, so it waits
        await front.command("")
        await front.background.drain(PATIENCE_S)
        front.messenger.slow.clear()
        values = {"what": {"value": "send the deck"}, "requester": {"selected_user": "UROBOT"}}
        due = {"due": {"selected_date_time": 1795795200}}
        form = asyncio.create_task(front.submit(front.api.views[0], values | due))
        command = asyncio.create_task(front.command("<@UBOB|bob> send the deck by Friday 17:00"))
        done, _ = await asyncio.wait({form, command}, return_when=asyncio.FIRST_COMPLETED)
        front.messenger.slow.set()
        assert command in done
        assert (await command).text == "Still working on it…"
        assert "is an app" in (await form).body


async def test_a_slow_command_that_fails_says_why_afterwards(front: Front) -> None:
    front.messenger.slow.clear()
    await front.command("<@UNOBODY|nobody> send the deck by Friday 17:00")
    front.messenger.slow.set()
    await front.background.drain(PATIENCE_S)
    assert "do not find that person" in front.api.answers[0]["text"]
    assert "send the deck" in str(front.api.answers[0])


async def test_a_slow_form_opens_as_a_placeholder_and_is_filled_in(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.modals.SOON_S", 0.01)
    front.messenger.slow.clear()
    await front.shortcut("track_message", message={"user": "UBOB", "ts": "1.1", "text": "I'll do it by Friday 17:00"})
    await asyncio.wait_for(front.api.called.wait(), PATIENCE_S)
    front.messenger.slow.set()
    await front.background.drain(PATIENCE_S)
    assert front.api.views[0]["callback_id"] == "loading"
    method, call = front.api.calls[-1]
    assert (method, call["view"]["callback_id"]) == ("views.update", "make")


async def test_the_form_opens_and_is_acknowledged_before_anything_is_looked_up(patient: Front) -> None:
    patient.drains = False
    patient.messenger.slow.clear()
    words = asyncio.create_task(patient.command("<@UBOB|bob> send the deck by Friday 17:00"))
    await until_true(lambda: patient.messenger.asked)
    form = asyncio.create_task(patient.command(""))
    done, _ = await asyncio.wait({words, form}, return_when=asyncio.FIRST_COMPLETED)
    patient.messenger.slow.set()
    assert done == {form}
    assert (await form).body == ""
    assert patient.api.views[0]["callback_id"] == "make"
    await words
    await patient.background.drain()
    method, call = patient.api.calls[-1]
    assert (method, "In Berlin time." in str(call["view"])) == ("views.update", True)


@pytest.mark.parametrize("text", ["", "settings"])
async def test_where_a_form_opens_nothing_else_is_sent_however_late_slack_is(front: Front, text: str) -> None:
    front.api.prompt.clear()
    answer = await front.command(text)
    assert (answer.status, answer.body) == (200, "")
    front.api.prompt.set()
    await front.background.drain()
    assert "views.open" in [method for method, _ in front.api.calls]


async def test_a_form_that_was_closed_before_its_zone_was_known_says_nothing(front: Front) -> None:
    front.messenger.slow.clear()
    front.api.refusals["views.update"] = "not_found"
    await front.command("")
    front.messenger.slow.set()
    await front.background.drain()
    assert not front.api.answers
    assert not front.messenger.sent_to(ALICE)


async def test_a_placeholder_that_slack_does_not_let_be_filled_in_is_explained(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.modals.SOON_S", 0.01)
    front.messenger.slow.clear()
    front.api.refusals["views.update"] = "internal_error"
    await front.shortcut("track_message", message={"user": "UBOB", "ts": "1.1", "text": "I'll do it by Friday 17:00"})
    await asyncio.wait_for(front.api.called.wait(), PATIENCE_S)
    front.messenger.slow.set()
    await front.background.drain()
    assert "Please close it and try again" in front.api.answers[0]["text"]


async def test_slack_is_asked_about_all_strangers_at_the_same_time_and_not_about_the_place(patient: Front) -> None:
    """Fetched one after the other, they would take until "still working" is sent, which stays."""
    patient.messenger.slow.clear()
    asking = asyncio.create_task(patient.command("<@UBOB|bob> <@UCHARLIE|charlie> send the deck by Friday 17:00"))
    await until_true(lambda: patient.messenger.asked == {ALICE, "UBOB", "UCHARLIE"})
    patient.messenger.slow.set()
    assert "Recorded" in (await asking).text
    assert not patient.messenger.asked


async def test_the_form_opens_while_the_database_does_not_answer(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(type(front.store), "read", silent)
    await front.command("")
    await until_true(lambda: front.api.views)
    assert front.api.views[0]["callback_id"] == "make"


async def test_a_slow_form_sent_in_closes_and_complains_in_a_message(front: Front) -> None:
    await front.command("")
    await front.background.drain(PATIENCE_S)
    front.messenger.slow.clear()
    values = {"what": {"value": "send the deck"}, "requester": {"selected_user": "UROBOT"}}
    answer = await front.submit(front.api.views[0], values | {"due": {"selected_date_time": 1795795200}})
    assert answer.body == ""
    front.messenger.slow.set()
    await front.background.drain(PATIENCE_S)
    assert "is an app" in front.api.answers[0]["text"]


async def test_a_fault_of_ours_is_admitted_with_a_reference_and_without_words(
    patient: Front, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(type(patient.services.promises), "make", broken)
    answer = await patient.command("<@UBOB|bob> send the deck by Friday 17:00")
    logged = capsys.readouterr()
    assert "went wrong" in answer.text
    log = logged.out + logged.err
    assert answer.text.rpartition(": ")[2].rstrip(".)") in log
    assert "RuntimeError" in log
    for words in ("secret plan", "send the deck"):
        assert words not in log + answer.text


async def test_an_answer_that_slack_does_not_take_is_no_fault_of_the_act(patient: Front) -> None:
    promise = await patient.make()
    patient.api.refusals["views.publish"] = "internal_error"
    answer = await patient.click("act.report", promise.id, home="all:0")
    assert answer.status == 200
    assert (await patient.now_of(promise)).reported_at is not None


@pytest.mark.parametrize(
    "gone", [(404, "expired_url"), (404, "used_url"), (200, '{"ok": false, "error": "x"}'), (500, "")]
)
async def test_an_answer_whose_address_is_gone_comes_as_a_direct_message(patient: Front, gone: tuple[int, str]) -> None:
    await patient.command("")
    patient.api.gone = gone
    values = {"what": {"value": "send the deck"}, "requester": {"selected_user": "UBOB"}}
    await patient.submit(patient.api.views[0], values | {"due": {"selected_date_time": 1795795200}})
    (promise,) = await patient.promises_of(ALICE)
    assert [f"#{promise.number}" in message.text for message in patient.messenger.sent_to(ALICE)] == [True]


@pytest.mark.parametrize(
    ("limit", "refusal", "word"),
    [
        (29, "", "Please try again in 29 seconds."),
        (0, "internal_error", "Slack did not show you that just now. Please try again."),
        (0, "expired_trigger_id", "That took longer than Slack waits for a form. Please try again."),
    ],
)
async def test_a_form_that_slack_does_not_open_is_reported_in_a_sentence(
    patient: Front, capsys: pytest.CaptureFixture[str], limit: int, refusal: str, word: str
) -> None:
    patient.api.limits |= {"views.open": limit} if limit else {}
    patient.api.refusals |= {"views.open": refusal} if refusal else {}
    answer = await patient.command("")
    assert answer.text.endswith(word)
    assert "Reference" not in answer.text
    logged = capsys.readouterr()
    assert "[error" not in logged.out + logged.err
