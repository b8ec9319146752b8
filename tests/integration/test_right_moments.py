"""The right word at the right moment, by the door: over HTTP, with the clock moved; on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.domain.promise import UserId
from bot.ports import Fault, Message, Refused
from tests.integration.agendas import MINUTE, until
from tests.integration.front import Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE, MONDAY, TEAM

HOUR = timedelta(hours=1)


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


@pytest.fixture
def log(front: Front) -> list[tuple[datetime, UserId, Message]]:
    """Every direct message, and when it left."""
    found: list[tuple[datetime, UserId, Message]] = []
    posts = front.messenger.post

    async def noted(team: Any, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Any:
        if to.startswith("U"):
            found.append((front.clock.now(), UserId(to), message))
        return await posts(team, to, message, mark, thread_ts)

    front.messenger.post = noted  # type: ignore[method-assign]
    return found


def to(log: list[tuple[datetime, UserId, Message]], person: UserId, words: str = "") -> list[datetime]:
    return [at for at, who, message in log if who == person and words in message.text]


async def go(front: Front, at: datetime, step: timedelta = 5 * MINUTE) -> None:
    await until(front.services, front.clock, at, step)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in Berlin in the week of Monday, 23 November 2026."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


Log = list[tuple[datetime, UserId, Message]]


async def test_a_report_reaches_its_requester_within_a_minute_as_the_fifth_message_too(front: Front, log: Log) -> None:
    for n in range(4):
        promise = await front.make(f"send part {n} by Friday 17:00")
        await front.command(f"risk {promise.number} waiting for figures")
        await go(front, front.clock.now() + 2 * MINUTE, MINUTE)
    assert len(to(log, BOB)) == 4
    asked = front.clock.now()
    await front.click("act.report", promise.id)
    await go(front, asked + 2 * MINUTE, timedelta(seconds=20))
    assert to(log, BOB, "delivered")[0] - asked <= MINUTE


async def test_who_answered_a_proposal_before_its_message_gets_no_message_about_it(front: Front, log: Log) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(24, 22))
    await front.command(f"move {promise.number} to 30 Nov 12:00")
    await front.command(f"accept {promise.number}", BOB)
    await go(front, berlin(25, 12))
    assert to(log, BOB, "proposed") == []
    assert to(log, ALICE, "agreed") != []


async def test_who_agreed_to_new_terms_is_not_asked_within_a_working_day(front: Front, log: Log) -> None:
    promise = await front.make("send the deck by Friday 17:00")
    await go(front, berlin(26, 15))
    await front.command(f"move {promise.number} to 30 Nov 12:00")
    await go(front, front.clock.now() + 20 * MINUTE)
    await front.command(f"accept {promise.number}", BOB)
    agreed = front.clock.now()
    await go(front, berlin(27, 15))
    assert not [at for at in to(log, ALICE, "on track") if at > agreed]
    assert not to(log, BOB, "No word")


async def test_a_miss_is_reported_fifteen_working_minutes_after_its_owner_was_asked(front: Front, log: Log) -> None:
    await front.make("send the deck by Friday 17:00")
    await go(front, berlin(27, 16, 50), HOUR)
    await go(front, berlin(27, 18), MINUTE)
    (asked,), (sent,) = to(log, ALICE, "Is it done"), to(log, BOB, "The deadline passed")
    assert asked == berlin(27, 17)
    assert 15 * MINUTE <= sent - asked <= 17 * MINUTE
    shown = str(next(message for at, who, message in log if (at, who) == (sent, BOB)).blocks)
    assert "nudge.ask_again" in shown
    assert "whether it is done" in shown


async def test_a_miss_is_asked_about_again_and_ends_after_four_weeks(front: Front, log: Log) -> None:
    promise = await front.make("send the deck by Tuesday 16:00")
    await go(front, berlin(24, 17), 15 * MINUTE)
    await front.click("nudge.ask_again", promise.id, BOB)
    assert "I’ll ask <@" in front.api.answers[-1]["text"]
    await go(front, berlin(24, 17, 30))
    assert len(to(log, ALICE, f"<@{BOB}> asks")) == 1
    await go(front, berlin(24, 17) + timedelta(days=60), 3 * HOUR)
    days = [(at - berlin(24, 9)).days for at in to(log, ALICE, "Is it done, or which date") if at > berlin(24, 18)]
    assert days == [1, 3, 9, 16, 23]
    assert len(to(log, ALICE, "will you let it go")) == len(to(log, BOB, "will you let it go")) == 1


async def test_a_promise_of_half_an_hour_has_a_heads_up_of_its_own(front: Front, log: Log) -> None:
    await front.make("send the deck in 30 minutes")
    await go(front, front.clock.now() + 31 * MINUTE, MINUTE)
    assert len(to(log, BOB, "promised you")) == 1
    (warned,) = to(log, BOB, "still suit you")
    assert MONDAY + 10 * MINUTE <= warned <= MONDAY + 26 * MINUTE
    assert to(log, ALICE, "say so now")


async def test_a_limit_of_two_means_two(front: Front, log: Log) -> None:
    person = await front.services.people.of(TEAM, BOB)
    chosen = replace(person.preferences, daily_cap=2)
    await front.services.preference_changes.choose(TEAM, BOB, chosen)
    for n in range(6):
        promise = await front.make(f"send part {n} by Friday 17:00", CHARLIE if n % 2 else ALICE)
        await front.command(f"risk {promise.number} waiting for figures", CHARLIE if n % 2 else ALICE)
        await go(front, front.clock.now() + 30 * MINUTE)
    await go(front, berlin(24, 8))
    assert len(to(log, BOB)) == 2
    await go(front, berlin(24, 9, 10))
    assert len(to(log, BOB)) == 3


async def test_two_messages_never_leave_in_one_minute_to_one_person(front: Front, log: Log) -> None:
    for n in range(3):
        promise = await front.make(f"send part {n} by today 17:00")
        for act in ("risk", "done"):
            await front.command(f"{act} {promise.number}")
            await go(front, front.clock.now() + timedelta(seconds=20), timedelta(seconds=10))
    await go(front, berlin(30, 18), 7 * MINUTE)
    for person in (ALICE, BOB):
        assert len(to(log, person)) > 1
        assert all(later - earlier >= MINUTE for earlier, later in pairwise(to(log, person)))


@pytest.mark.parametrize(("gone", "left"), [(BOB, ALICE), (ALICE, BOB)])
async def test_a_closed_account_is_not_written_to_and_the_other_side_is_notified_immediately(
    front: Front, log: Log, gone: UserId, left: UserId
) -> None:
    await front.make("send the deck by Friday 17:00")
    await go(front, front.clock.now() + 5 * MINUTE)
    closed = replace(front.messenger.people[gone], is_gone=True, fetched_at=front.clock.now())
    front.messenger.know([closed])
    await front.event({"type": "user_change", "user": {"id": gone}})
    at = front.clock.now()
    await go(front, at + 2 * MINUTE, MINUTE)
    assert len(to(log, left, "cannot reach")) == 1
    await go(front, berlin(30, 18), HOUR)
    assert not [each for each in to(log, gone) if each > at]


async def test_an_account_that_slack_calls_closed_is_never_tried_again(front: Front, log: Log) -> None:
    await front.make("send the deck by Friday 17:00")
    front.messenger.refusals[BOB] = Refused(Fault.PERSON_GONE, "user_disabled")
    await go(front, front.clock.now() + 10 * MINUTE)
    assert len(to(log, ALICE, "cannot reach")) == 1
    tried = len(to(log, BOB))
    await go(front, berlin(30, 18), HOUR)
    assert len(to(log, BOB)) == tried
