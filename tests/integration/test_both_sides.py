"""The messages that both sides of a promise get, by the door: how many, in whose time, with which buttons."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.acts import State
from bot.domain.promise import Promise
from bot.ports import Message
from tests.integration.agendas import MINUTE, until, until_seen
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, MONDAY
from tests.unit.texts import texts_in

HOUR = timedelta(hours=1)
Log = list[tuple[datetime, str, str]]
#: A promise that is renegotiated once and kept, to both sides together.
MAX_MESSAGES = 6


@pytest.fixture
def log(front: Front) -> Log:
    """Every direct message as it was posted: when, to whom, and the notification."""
    found: Log = []
    posts = front.messenger.post

    async def noted(team: Any, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Any:
        if to in (ALICE, BOB):
            found.append((front.clock.now(), to, message.text))
        return await posts(team, to, message, mark, thread_ts)

    front.messenger.post = noted  # type: ignore[method-assign]
    return found


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


async def go(front: Front, at: datetime) -> None:
    await until(front.services, front.clock, at, 5 * MINUTE)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in Berlin in the weeks from Monday, 23 November 2026."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def controls(message: Message) -> list[str]:
    blocks: list[Any] = list(message.blocks)
    return [each["action_id"] for block in blocks for each in block.get("elements", ()) if "action_id" in each]


async def moves(front: Front, form_value: datetime, why: str) -> None:
    """Alice proposes another date in the form that is open."""
    await front.submit(
        front.api.views[-1], {"due": {"selected_date_time": int(form_value.timestamp())}, "reason": {"value": why}}
    )


async def test_a_promise_renegotiated_once_and_kept_takes_six_messages_to_both_sides(front: Front, log: Log) -> None:
    then = berlin(30, 12)
    promise = await front.make("send the deck by Friday 17:00")
    await until_seen(
        front.services, front.clock, lambda: any("Still on track" in text for _, _, text in log), 5 * MINUTE
    )
    await front.click("act.propose", promise.id)
    await moves(front, then, "Finance is late.")
    await go(front, front.clock.now() + 20 * MINUTE)
    await front.click("act.accept_proposal", promise.id, BOB)
    await go(front, berlin(27, 12))
    await front.command(f"done {promise.number} it is in the folder")
    await go(front, front.clock.now() + 20 * MINUTE)
    await front.click("act.accept_delivery", promise.id, BOB)
    await go(front, then + 5 * HOUR)
    kept = await front.now_of(promise)
    assert (kept.state, kept.terms.due.at) == (State.KEPT, then)
    shown = [f"{at:%a %H:%M} {who}: {text}" for at, who, text in log]
    assert 4 <= len(shown) <= MAX_MESSAGES, shown


async def test_a_newer_message_leaves_one_line_without_buttons_of_the_older_ones(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(27, 12))
    received = front.messenger.sent_to(BOB)
    assert len(received) > 1
    assert all(controls(message) == [] for message in received[:-1])
    assert all(texts_in(message).count("\n") == 0 for message in received[:-1])
    assert "nudge." in str(controls(received[-1]))
    assert promise.number == 1


async def test_a_gathered_message_keeps_no_buttons_for_what_a_newer_message_shows(front: Front) -> None:
    for what in ("send the deck", "review the draft"):
        await front.make(f"{what} by Wednesday 17:00")
    await go(front, berlin(25, 16))
    first, *later = front.messenger.sent_to(ALICE)
    assert later
    assert "#1" in first.text
    assert controls(first) == []


async def test_a_notification_shows_the_date_in_its_readers_zone_also_when_it_is_redrawn(front: Front) -> None:
    bob = replace(front.messenger.people[BOB], zone="Asia/Kathmandu")
    front.messenger.know([bob])
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, MONDAY + 2 * HOUR)
    (news,) = front.messenger.sent_to(BOB)
    assert "by Fri 27 Nov, 21:45 UTC+5:45." in news.text
    await front.click("act.at_risk", promise.id, ALICE)
    await front.submit(front.api.views[-1], {"note": {"value": "The figures are late."}}, ALICE)
    await go(front, MONDAY + 3 * HOUR)
    assert "Fri 27 Nov, 21:45 UTC+5:45" in front.messenger.sent_to(BOB)[0].text
    assert "<!date" not in str([message.text for who in (ALICE, BOB) for message in front.messenger.sent_to(who)])
    answer = await front.command(f"done {promise.number}", BOB)
    assert "<!date" not in answer.text


async def test_who_says_yes_to_the_date_gets_one_line_with_a_menu(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.click("nudge.suits", promise.id, BOB)
    answer = front.api.answers[-1]
    assert answer["text"] == "Good – #1 stays as it is, due Fri 27 Nov, 17:00 CET."
    assert answer["replace_original"] is True


async def refused(front: Front, **chosen: Any) -> Promise:
    """Alice asks for Monday, and Bob keeps it as it was, with what he chose in the form."""
    promise = await front.make("send the deck by Friday 17:00")
    await front.click("act.propose", promise.id)
    await moves(front, berlin(30, 12), "Finance is late.")
    await front.send()
    await front.click("act.reject_proposal", promise.id, BOB)
    form = front.api.views[-1]
    assert [block["block_id"] for block in form["blocks"] if block["type"] == "input"] == ["reason", "help"]
    assert (await front.now_of(promise)).proposal is not None, "nothing is refused before the form is sent"
    await front.submit(form, chosen, BOB)
    await front.send()
    return await front.now_of(promise)


async def test_a_refusal_says_why_and_the_owner_is_offered_what_helps(front: Front) -> None:
    promise = await refused(front, reason={"value": "The board meets."}, help={"selected_option": {"value": "part"}})
    assert (promise.state, promise.proposal) == (State.ACTIVE, None)
    news = front.messenger.sent_to(ALICE)[-1]
    assert "Why: “A part by then would help. The board meets.”" in texts_in(news)
    assert controls(news)[:2] == ["refusal.part", "act.hand_over"]
    await front.click("refusal.part", promise.id)
    names = [block.get("block_id") for block in front.api.views[-1]["blocks"]]
    assert {"what", "done_when", "rest", "rest_due"} <= set(names)


async def test_who_can_do_without_it_releases_it_instead_of_refusing(front: Front) -> None:
    promise = await refused(front, help={"selected_option": {"value": "released"}})
    assert promise.state is State.RELEASED
    assert "no longer needs it" in front.messenger.sent_to(ALICE)[-1].text


async def test_a_refusal_needs_no_word(front: Front) -> None:
    promise = await refused(front)
    assert (promise.state, promise.proposal, promise.terms.due.at) == (State.ACTIVE, None, berlin(27, 17))


async def test_done_when_is_changed_by_a_proposal_and_is_next_to_the_question(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.click("act.propose", promise.id)
    filled = {"what": {"value": promise.terms.what}, "done_when": {"value": "the client can open it"}}
    await front.submit(await front.whole(front.api.views[-1]), filled)
    await front.send()
    assert "Done when “the client can open it”" in texts_in(front.messenger.sent_to(BOB)[-1])
    await front.click("act.accept_proposal", promise.id, BOB)
    terms = (await front.now_of(promise)).terms
    assert (terms.done_when, terms.due, terms.version) == ("the client can open it", promise.terms.due, 2)
    await front.command(f"done {promise.number}")
    await front.send()
    asked = texts_in(front.messenger.sent_to(BOB)[-1])
    assert asked.index("*Done when* the client can open it") < asked.index("*Is it what you needed?*")


async def test_help_is_offered_by_who_waits_and_who_follows_and_its_owner_reads_their_names(front: Front) -> None:
    await front.command(f"<@{BOB}|bob> <@{CHARLIE}|charlie> send the deck by Friday 17:00")
    (promise,) = await front.promises_of(ALICE)
    await front.send()
    await front.click("act.offer_help", promise.id, BOB)
    assert "not at risk just now" in front.api.answers[-1]["text"], "nobody has asked for help yet"
    await front.click("act.at_risk", promise.id)
    await front.submit(front.api.views[-1], {"note": {"value": "The figures are late."}})
    await front.send()
    for helper in (BOB, CHARLIE):
        assert controls(front.messenger.sent_to(helper)[-1])[0] == "act.offer_help"
        await front.click("act.offer_help", promise.id, helper)
        assert front.api.answers[-1]["text"] == f"Told <@{ALICE}>: you offer to help with *#1*."
        await front.send()
        news = front.messenger.sent_to(ALICE)[-1]
        assert f"<@{helper}> offered to help." in texts_in(news)
        assert controls(news) == ["act.hand_over", "act.propose"]
        assert "act.offer_help" not in controls(front.messenger.sent_to(helper)[-1]), "said once is enough"
    assert (await front.now_of(promise)).state is State.ACTIVE
    await front.click("act.offer_help", promise.id, DAVE)
    assert "Only" in front.api.answers[-1]["text"]


@pytest.mark.parametrize("typed", ["done {n}", "accept {n}", "button"])
async def test_who_waits_for_it_is_offered_to_say_that_they_have_it(front: Front, typed: str) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.send()
    if typed == "button":
        await front.click("act.report", promise.id, BOB)
        asked = front.api.answers[-1]
    else:
        asked = (await front.command(typed.format(n=promise.number), BOB)).message
    assert f"Only <@{ALICE}> can report it as delivered" in asked["text"]
    (row,) = [block for block in asked["blocks"] if block["type"] == "actions"]
    assert [each["text"]["text"] for each in row["elements"][:2]] == ["I have it", "Propose a change"]
    assert (await front.now_of(promise)).state is State.ACTIVE, "nothing is closed before they press it"
    await front.click("act.accept_delivery", promise.id, BOB, block=row["block_id"])
    await front.send()
    kept = await front.now_of(promise)
    assert (kept.state, kept.reported_at is not None) == (State.KEPT, True)
    assert f"<@{BOB}> got it." in texts_in(front.messenger.sent_to(ALICE)[-1])


async def test_yes_to_a_delivery_that_was_reopened_meanwhile_closes_nothing(front: Front) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await front.send()
    await front.command(f"done {promise.number}")
    await front.send()
    (row,) = [block for block in front.messenger.sent_to(BOB)[-1].blocks if block["type"] == "actions"]
    await front.command(f"reopen {promise.number} page 7 is empty", BOB)
    await front.click("act.accept_delivery", promise.id, BOB, block=row["block_id"])
    assert (await front.now_of(promise)).state is State.ACTIVE
