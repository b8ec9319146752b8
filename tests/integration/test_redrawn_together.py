"""Redraws after one gathered message: there is one for each of its promises, and they are done together."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.domain.kinds import Kind
from bot.domain.promise import ChannelId, Promise, TeamId, UserId
from bot.ports import Fault, Gathering, Message, Messenger, Outcome, Refused, Store
from bot.use_cases.delivery import redraws
from bot.views import renderer
from bot.views.bundle import bundle
from bot.views.phrases import shrunk
from tests.integration.agendas import until, until_seen
from tests.integration.post_office import PostOffice, open_office
from tests.unit.factories import ALICE, BOB, FRIDAY

#: Due within an hour of each other on Thursday.
DUE = tuple(datetime(2026, 11, 26, 16, minute, tzinfo=UTC) for minute in (0, 20, 40))
HOUR = timedelta(hours=1)


@pytest.fixture
async def office(store: Store) -> PostOffice:
    return await open_office(store)


class Interrupts:
    """Slack that notes which messages to Bob are updated, and refuses the second of these updates."""

    def __init__(self, office: PostOffice) -> None:
        self._slack, self.asked, self.updated = office.slack, list[str](), list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._slack, name)

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        if self._slack.posts[ts].to == BOB:
            self.asked.append(ts)
            if len(self.asked) == 2:
                return Refused(Fault.LIMITED, "ratelimited", timedelta(seconds=30), "chat.update")
            self.updated.append(ts)
        return await self._slack.update(team_id, channel_id, ts, message)


async def notified_one_by_one(office: PostOffice) -> list[str]:
    """Bob gets the notices of three promises, an hour apart; return the timestamps of the messages."""
    for number, due in enumerate(DUE):
        await office.make(f"send part {number}", due_at=due)
        await until(office.services, office.clock, office.clock.now() + HOUR, HOUR / 6)
    return [ts for ts, post in office.slack.posts.items() if post.to == BOB]


async def asked_about_all(office: PostOffice) -> None:
    """Time goes by until one message to Bob speaks of all three."""
    services = replace(office.services, deliveries=office.deliveries)

    def is_asked() -> bool:
        return all(f"part {n}" in str(office.slack.sent_to(BOB)[-1]) for n in range(3))

    await until_seen(services, office.clock, is_asked)


def has_buttons(office: PostOffice, ts: str) -> bool:
    return any(block["type"] == "actions" for block in office.slack.posts[ts].message.blocks)


@pytest.mark.both_databases
async def test_a_message_that_several_redraws_show_is_drawn_once(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = await notified_one_by_one(office)
    redrawn = Counter[str]()

    def counted(gathering: Gathering, now: datetime) -> Message:
        if gathering.message.to == BOB and gathering.message.ts:
            redrawn[gathering.message.id] += 1
        return bundle(gathering, now)

    monkeypatch.setattr(renderer, "bundle", counted)
    await asked_about_all(office)
    await office.send()
    assert [ts for ts in older if has_buttons(office, ts)] == []
    assert list(redrawn.values()) == [1]


async def test_requests_have_a_turn_between_messages_that_are_redrawn(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = await notified_one_by_one(office)
    turns, drawn_in = 0, list[int]()

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def noted(promise: Promise, viewer: UserId | None, now: datetime) -> Message:
        drawn_in.append(turns)
        return shrunk(promise, viewer, now)

    monkeypatch.setattr(renderer, "shrunk", noted)
    monkeypatch.setattr(redraws, "SLICE_S", -1)
    going_on = asyncio.create_task(take_turns())
    await asked_about_all(office)
    await office.send()
    going_on.cancel()
    assert len(set(drawn_in)) == len(drawn_in) >= len(older)


@pytest.mark.both_databases
async def test_redraws_that_slack_interrupts_go_on_where_they_were(office: PostOffice) -> None:
    older = await notified_one_by_one(office)
    slack = Interrupts(office)
    office.deliveries = office.another(cast("Messenger", slack))
    await asked_about_all(office)
    for _ in range(3):
        await office.send(timedelta(minutes=1))
    assert sorted(slack.updated) == sorted(older)
    assert [ts for ts in older if has_buttons(office, ts)] == []
    assert [row for row in await office.rows() if row.kind is Kind.REFRESH] == []


async def test_a_question_to_the_owner_redraws_the_notice_of_the_miss_to_the_other_side(office: PostOffice) -> None:
    """Of messages to others it outdates that one alone."""
    await office.make()
    await until(office.services, office.clock, FRIDAY - 3 * HOUR, HOUR)
    office.slack.quiet[ALICE] = FRIDAY + 90 * HOUR

    def notices(words: str) -> list[Message]:
        return [each for each in office.slack.sent_to(BOB) if words in str(each.blocks)]

    await until_seen(office.services, office.clock, lambda: notices("not been able to ask"), HOUR)
    await until_seen(office.services, office.clock, lambda: notices("I asked <@UALICE>"), HOUR)
    assert notices("not been able to ask") == []
