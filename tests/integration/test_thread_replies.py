"""Replies in the thread of a message, by signed events: what is certain is done, the rest is asked about."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.front import Front, front_door
from tests.integration.hearing import asked, direct
from tests.unit.factories import ALICE, BOB, TEAM


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
        "thanks!",
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
