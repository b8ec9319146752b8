"""`/promise …` by the door: every command, and what becomes of words that are none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.acts import State
from bot.domain.promise import ChannelId, UserId
from bot.views.help import GROUPS
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def test_a_promise_is_recorded_before_it_is_acknowledged(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send the Q3 deck by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    assert answer.message["response_type"] == "ephemeral"
    assert "Recorded" in answer.text
    assert (promise.owner_id, promise.requester_id, promise.terms.what) == (ALICE, BOB, "send the Q3 deck")
    assert promise.terms.due.local.strftime("%a %H:%M %Z") == "Fri 17:00 CET"


async def test_more_people_named_are_watchers(front: Front) -> None:
    await front.command("<@UBOB|bob> <@UCHARLIE|charlie> send the deck by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    assert (promise.requester_id, promise.watchers) == (BOB, (CHARLIE,))


async def test_a_name_typed_without_slacks_help_is_looked_up(front: Front) -> None:
    await front.command("@bob send the deck by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    assert promise.requester_id == BOB


async def test_a_promise_to_oneself_names_no_one(front: Front) -> None:
    await front.command("tidy the wiki by tomorrow")
    (promise,) = await front.promises_of(ALICE)
    assert promise.is_own


async def test_a_request_binds_no_one_before_it_is_accepted(front: Front) -> None:
    answer = await front.command("ask <@UALICE|alice> review the PR by Friday", by=BOB)
    (promise,) = await front.promises_of(ALICE)
    assert "Recorded" in answer.text
    assert (promise.state, promise.owner_id, promise.requester_id) == (State.REQUESTED, ALICE, BOB)
    assert promise.terms.due.local.strftime("%a %H:%M") == "Fri 18:00"  # the end of Alice's working day


async def test_a_word_that_bolt_trips_over_is_an_ordinary_word(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> specify the payload by Friday 17:00")
    assert "specify the payload" in answer.text


async def test_bare_it_opens_the_form(front: Front) -> None:
    answer = await front.command("")
    assert (answer.status, answer.body) == (200, "")
    assert front.api.views[0]["callback_id"] == "make"


async def test_help_lists_the_commands(front: Front) -> None:
    answer = await front.command("help")
    assert str(answer.message["blocks"]).count("/promise") == 5
    await front.click("help.all", "", own=True)
    (modal,) = front.api.views
    assert [block["text"]["text"] for block in modal["blocks"] if block["type"] == "header"] == list(GROUPS)
    assert "digest here" in str(modal)


async def test_lists_hold_the_side_that_was_asked_for(front: Front) -> None:
    await front.make("polish the boat by Friday 17:00", by=ALICE, to=BOB)
    await front.make("pay the bill by Friday 12:00", by=BOB, to=ALICE)

    async def listed(text: str, by: UserId = ALICE) -> tuple[bool, bool]:
        shown = str((await front.command(text, by)).message)
        return "polish the boat" in shown, "pay the bill" in shown

    assert await listed("list") == (True, True)
    assert await listed("list owing") == (True, False)
    assert await listed("list owed") == (False, True)
    assert await listed("list missed") == (False, False)
    assert await listed("list <@UALICE|alice>", CHARLIE) == (True, True)
    assert await listed("list", CHARLIE) == (False, False)


async def test_show_lists_the_whole_story(front: Front) -> None:
    promise = await front.make()
    await front.command(f"move {promise.number} to Friday 18:00")
    shown = str((await front.command(f"show #{promise.number}")).message)
    assert "send the deck" in shown
    assert "proposed" in shown


@pytest.mark.parametrize("separator", [" ", ": ", ", ", ".\n"])
async def test_done_reports_with_a_note(front: Front, separator: str) -> None:
    promise = await front.make()
    answer = await front.command(f"done {promise.number}{separator}it is in the drive")
    assert (await front.now_of(promise)).state is State.REPORTED
    assert f"#{promise.number}" in answer.text
    shown = await front.services.promises.show(promise.team_id, promise.id, ALICE)
    assert shown.history[-1].note == "it is in the drive"


async def test_move_proposes_and_the_other_side_may_move_it_again(front: Front) -> None:
    promise = await front.make()
    await front.command(f"move {promise.number} to Friday 18:00")
    first = (await front.now_of(promise)).proposal
    await front.command(f"move {promise.number} to Friday 16:00", by=BOB)
    second = (await front.now_of(promise)).proposal
    assert first is not None
    assert second is not None
    assert (first.by, second.by) == (ALICE, BOB)
    assert (await front.now_of(promise)).terms == promise.terms


async def test_a_move_that_cannot_be_read_changes_nothing_and_says_so(front: Front) -> None:
    promise = await front.make()
    answer = await front.command(f"move {promise.number} to when the cows come home")
    assert "Nothing was changed" in answer.text
    assert (await front.now_of(promise)).proposal is None


@pytest.mark.parametrize(("by", "ends"), [(ALICE, State.REVOKED), (BOB, State.RELEASED)])
async def test_cancel_is_revoking_for_the_owner_and_releasing_for_the_requester(
    front: Front, by: UserId, ends: State
) -> None:
    promise = await front.make()
    await front.command(f"cancel {promise.number} the client left", by=by)
    assert (await front.now_of(promise)).state is ends


async def test_cancel_is_declining_or_withdrawing_while_it_is_a_request(front: Front) -> None:
    await front.command("ask <@UALICE|alice> review the PR by Friday", by=BOB)
    await front.command("ask <@UALICE|alice> review the docs by Friday", by=BOB)
    first, second = await front.promises_of(ALICE)
    await front.command(f"cancel {first.number}", by=ALICE)
    await front.command(f"cancel {second.number}", by=BOB)
    assert (await front.now_of(first)).state is State.DECLINED
    assert (await front.now_of(second)).state is State.WITHDRAWN


async def test_a_promise_that_reads_like_a_cancelling_cancels_nothing(front: Front) -> None:
    promise = await front.make()
    answer = await front.command(f"cancel {promise.number} subscriptions by Friday")
    assert "may be a promise" in answer.text
    assert (await front.now_of(promise)).state is State.ACTIVE
    await front.command(f"cancel #{promise.number} agreed by Friday")
    assert (await front.now_of(promise)).state is State.REVOKED


async def test_an_unclear_deadline_is_asked_back_and_one_question_records_once(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send the deck soon")
    assert "Nothing is recorded" in answer.text
    assert await front.promises_of(ALICE) == ()
    (form,) = [b for b in _buttons(answer.message) if b["action_id"] == "make.form"]
    await front.click("make.form", form["value"], own=True)
    opened = str(front.api.views[0])
    assert "send the deck soon" in opened
    assert BOB in opened


def _buttons(message: dict[str, object]) -> list[dict[str, str]]:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return [element for block in blocks for element in block.get("elements", ()) if element["type"] == "button"]


class TestDigest:
    async def test_it_is_set_at_a_time_in_the_zone_of_its_setter(self, front: Front) -> None:
        answer = await front.command("digest here weekly 16:00")
        assert "Fri 27 Nov, 16:00 CET" in answer.text
        answer = await front.command("digest here daily 09:30")
        assert "Tue 24 Nov, 09:30 CET" in answer.text

    @pytest.mark.parametrize(
        "text",
        [
            *("digest here weekly 16:00 monday", "digest here weekly Mon 16:00", "digest here weekly on Monday at 4pm"),
            *(
                "digest here weekly 4:00pm Mondays",
                "digest here weekly Montag 16 Uhr",
                "digest here weekly 16:00 am Montag",
            ),
        ],
    )
    async def test_a_weekday_may_stand_before_or_after_the_time(self, front: Front, text: str) -> None:
        assert "Mon 23 Nov, 16:00" in (await front.command(text)).text

    async def test_it_can_be_ended_once(self, front: Front) -> None:
        await front.command("digest here daily 09:30")
        assert "is off" in (await front.command("digest off")).text
        assert "no digest" in (await front.command("digest off")).text

    @pytest.mark.parametrize(
        "text",
        [
            "digest",
            "digest here",
            "digest here hourly 9:00",
            "digest here daily 25:00",
            "digest here daily 9",
            "digest here daily 14am",
        ],
    )
    async def test_an_unclear_setting_is_answered_with_how_to_say_it(self, front: Front, text: str) -> None:
        assert "digest here weekly 16:00" in (await front.command(text)).text

    async def test_a_private_place_has_none(self, front: Front) -> None:
        front.messenger.private.add(ChannelId("CSECRET"))
        answer = await front.command("digest here daily 09:30", channel="CSECRET", name="privategroup")
        assert "public channel" in answer.text


async def test_a_promise_made_in_private_is_unknown_to_a_bystander(front: Front) -> None:
    await front.command("<@UBOB|bob> polish the boat by Friday 17:00", channel="D1", name="directmessage")
    (promise,) = await front.promises_of(ALICE)
    answer = await front.command(f"show {promise.number}", by=CHARLIE)
    assert "no promise" in answer.text
    assert "polish the boat" not in str((await front.command("list <@UALICE|alice>", by=CHARLIE)).message)


async def test_nothing_a_person_types_reaches_a_mention_or_a_link(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> tell <!channel> &lt;@U1&gt; by Friday 17:00")
    assert "<!channel>" not in answer.body
