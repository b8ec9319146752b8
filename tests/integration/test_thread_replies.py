"""Replies in the thread of a message, by signed events: what is certain is done, the rest is asked about."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.integration.hearing import asked, direct
from tests.unit.factories import ALICE, BOB, TEAM
from tests.unit.texts import texts_in


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.mark.parametrize(
    ("words", "act", "note"),
    [
        ("done", "report", ""),
        ("Done.", "report", ""),
        ("it's done!", "report", ""),
        ("✅", "report", ""),
        (":white_check_mark:", "report", ""),
        ("erledigt, liegt im Ordner", "report", "liegt im Ordner"),
        ("Delivered! it is in the folder", "report", "it is in the folder"),
        ("sent – see https://x.test/deck", "report", "see https://x.test/deck"),
        ("yes", "on_track", ""),
        ("on track", "on_track", ""),
        ("still on track, thanks", "on_track", "thanks"),
        ("not on track", "at_risk", ""),
        ("at risk – waiting for figures", "at_risk", "waiting for figures"),
        ("running late", "at_risk", ""),
        ("it will be late", "at_risk", ""),
        ("need until Saturday", "propose", ""),
        ("I need until Saturday noon, because legal is late", "propose", "legal is late"),
        ("moved to Saturday", "propose", ""),
        ("can we move it to Saturday?", "propose", ""),
        ("postponed to 5 December", "propose", ""),
    ],
)
async def test_a_reply_in_the_thread_of_a_message_does_what_it_says(
    front: Front, words: str, act: str, note: str
) -> None:
    promise, ts = await asked(front)
    await front.event(direct(words, BOB, thread_ts=ts, channel=ALICE))
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id))
    assert [(entry.act.value, entry.note) for entry in history[1:]] == [(act, note)]
    answer = list(front.messenger.posts.values())[-1]
    assert (answer.to, answer.thread_ts) == (BOB, ts)


@pytest.mark.parametrize(
    "words",
    [
        "done by friday",
        "done?",
        "is it done?",
        "complete mess, need more time",
        "done except page 7",
        "sent to the wrong person",
        "finished tomorrow",
        "almost done",
        "half done",
        "not done yet",
        "done, but page 7 is missing",
        "done if legal agrees",
        "done soon",
        "sent half of it",
        "noch nicht fertig",
        "fertig bis Freitag",
        "done on Monday",
        "I will be done tomorrow",
        "delivered everything but the charts",
        "completed 80%",
        "maybe",
        "is it late?",
        "moved to the new office",
        "good question",
    ],
)
async def test_what_is_not_certain_in_a_thread_is_asked_about(front: Front, words: str) -> None:
    promise, ts = await asked(front)
    await front.event(direct(words, BOB, thread_ts=ts, channel=ALICE))
    assert await front.store.read(TEAM, lambda tx: len(tx.promises.history(promise.id))) == 1
    answer = front.messenger.sent_to(BOB)[-1]
    assert f"#{promise.number}" in answer.text
    assert any(block["type"] == "actions" for block in answer.blocks)


@pytest.mark.parametrize(
    ("words", "acts"),
    [("no problem", ["accept_proposal"]), ("no, too late", ["reject_proposal"]), ("no rush", [])],
)
async def test_a_reply_to_another_date_agrees_refuses_or_is_asked_about(
    front: Front, words: str, acts: list[str]
) -> None:
    promise, ts = await asked(front)
    await front.command(f"move {promise.number} Saturday 5pm", BOB)
    await front.event(direct(words, ALICE, thread_ts=ts, channel=ALICE))
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id))
    assert [entry.act.value for entry in history[2:]] == acts


@pytest.mark.parametrize(
    ("by", "words", "asks", "button"),
    [
        (BOB, "sorry, maybe Saturday?", "Did you mean to move *#1 send the deck* to *Sat 28 Nov", "typed.run.0"),
        (
            BOB,
            "can we say Saturday noon instead",
            "Did you mean to move *#1 send the deck* to *Sat 28 Nov",
            "typed.run.0",
        ),
        (BOB, "not before Monday", "Which moment do you mean by “Monday”?", "typed.run.1"),
        (BOB, "should be there by noon", "do you want to say that it is on track?", "act.on_track"),
        (BOB, "I sent it yesterday", "Is *#1 send the deck* done?", "act.report"),
        (BOB, "blocked by legal", "do you want to say that it is at risk?", "typed.run.0"),
        (BOB, "only the first half", "do you want to propose a change?", "act.propose"),
        (BOB, "never mind", "do you want to cancel it?", "act.revoke"),
        (BOB, "can somebody else take it?", "do you want to hand it over?", "act.hand_over"),
        (ALICE, "never mind", "do you want to say that it is no longer needed?", "act.release"),
        (ALICE, "done!", "Is *#1 send the deck* done?", "act.accept_delivery"),
        (ALICE, "any news?", "I didn’t understand that about *#1 send the deck*.", "act.propose"),
    ],
)
async def test_the_likely_meaning_of_a_reply_is_asked_about(
    front: Front, by: UserId, words: str, asks: str, button: str
) -> None:
    promise, ts = await asked(front)
    await front.event(direct(words, by, thread_ts=ts, channel=ALICE))
    assert await front.store.read(TEAM, lambda tx: len(tx.promises.history(promise.id))) == 1
    answer = front.messenger.sent_to(by)[-1]
    assert asks in texts_in(answer)
    assert button in str(answer.blocks)
    assert "`need until Monday`" not in answer.text


@pytest.mark.parametrize(("by", "words"), [(BOB, "thanks!"), (ALICE, "got it, thanks"), (ALICE, "no rush")])
async def test_thanks_in_a_thread_are_answered_and_change_nothing(front: Front, by: UserId, words: str) -> None:
    promise, ts = await asked(front)
    await front.event(direct(words, by, thread_ts=ts, channel=ALICE))
    assert await front.store.read(TEAM, lambda tx: len(tx.promises.history(promise.id))) == 1
    assert front.messenger.sent_to(by)[-1].text == "Good. Nothing changes for #1."


async def test_a_reply_that_says_what_is_missing_reopens_in_those_words_after_a_click(front: Front) -> None:
    promise, ts = await asked(front)
    await front.command("done 1", BOB)
    await front.event(direct("page 7 is missing", ALICE, thread_ts=ts, channel=ALICE))
    answer = front.messenger.sent_to(ALICE)[-1]
    reopen = next(each for each in answer.blocks[1]["elements"] if each["action_id"] == "typed.run.0")
    await front.click(reopen["action_id"], reopen["value"], ALICE)
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise.id))
    assert [(entry.act.value, entry.note) for entry in history[2:]] == [("reopen", "page 7 is missing")]


async def test_a_clear_reply_of_the_wrong_person_says_who_can_do_it(front: Front) -> None:
    _, ts = await asked(front)
    await front.event(direct("at risk", ALICE, thread_ts=ts, channel=ALICE))
    assert front.messenger.sent_to(ALICE)[-1].text == f"Only <@{BOB}> can say that it is at risk."


async def test_a_command_in_a_thread_is_run(front: Front) -> None:
    _, ts = await asked(front)
    await front.event(direct("show 1", ALICE, thread_ts=ts, channel=ALICE))
    assert "I didn’t understand" not in texts_in(front.messenger.sent_to(ALICE)[-1])


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("sent it yesterday", "Is *#1 send the deck* done?"),
        ("can we say Saturday instead", "Did you mean to move *#1 send the deck* to *Sat 28 Nov"),
        ("should be there by noon", "do you want to say that it is on track?"),
        ("send thanks to Anna by Friday", "Did you promise\n>send thanks to Anna"),
    ],
)
async def test_a_direct_message_may_be_a_reply_about_the_only_open_promise(front: Front, words: str, asks: str) -> None:
    await asked(front)
    await front.event(direct(words, BOB))
    assert asks in texts_in(front.messenger.sent_to(BOB)[-1])


async def test_a_reply_outside_a_thread_is_asked_about_where_it_may_mean_several_promises(front: Front) -> None:
    await asked(front)
    await front.make("send the plan by Friday 16:00", BOB, ALICE)
    await front.event(direct("blocked by legal", BOB))
    answer = front.messenger.sent_to(BOB)[-1]
    assert answer.text == "Which promise do you mean by “blocked by legal”?"
    assert "#1" in texts_in(answer)
    assert "#2" in texts_in(answer)
