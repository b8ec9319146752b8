"""After downtime each person gets one message, not a pile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.domain.acts import Act
from bot.domain.promise import ChannelId, Promise, TeamId
from bot.domain.transitions import HistoryEntry
from bot.ports import Fault, Message, Messenger, Outcome, Refused
from bot.use_cases.delivery import send_one
from bot.use_cases.delivery.channels import MAX_REDRAWS, REDRAW_AGAIN, Claimed
from bot.use_cases.delivery.pacing import Pace
from bot.use_cases.delivery.request_slots import RequestSlot, Settled
from bot.use_cases.delivery.send_one import SendOne
from tests.databases import SqliteFiles, in_thread
from tests.integration.post_office import MoodySlack, PostOffice, post_office
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

#: Sunday, when three promises due on Monday and later have been waiting to be asked about.
DOWN_UNTIL = datetime(2026, 11, 29, 12, tzinfo=UTC)
DUE = (datetime(2026, 11, 30, 17, tzinfo=UTC), datetime(2026, 11, 30, 18, tzinfo=UTC))


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[PostOffice]:
    async with post_office(await in_thread(sqlite_files), TEAM) as office:
        yield office


async def come_back(office: PostOffice, at: datetime) -> None:
    office.clock.move(at - office.clock.now())
    await office.promises.run_due()
    for _ in range(3):
        await office.send()


async def test_what_was_held_up_goes_as_one_message_when_work_begins(office: PostOffice) -> None:
    promises = [await office.make(f"send part {n}", due_at=due) for n, due in enumerate(DUE)]
    await office.send()
    before = len(office.texts_to(ALICE))
    await come_back(office, DOWN_UNTIL)
    assert len(office.texts_to(ALICE)) == before  # it is Sunday, and nothing is due before work begins
    await come_back(office, datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    (sent,) = office.texts_to(ALICE)[before:]
    assert all(f"#{promise.number}" in sent for promise in promises)


async def test_a_deadline_before_work_begins_is_reported_immediately(office: PostOffice) -> None:
    early = datetime(2026, 11, 30, 8, tzinfo=UTC)
    for n in range(2):
        await office.make(f"send part {n}", due_at=early)
    await office.send()
    before = len(office.texts_to(ALICE))
    await come_back(office, DOWN_UNTIL)
    assert len(office.texts_to(ALICE)) == before + 1


async def test_what_was_settled_meanwhile_is_left_out(office: PostOffice) -> None:
    promises = [await office.make(f"send part {n}", due_at=DUE[n % 2]) for n in range(3)]
    await office.send()
    before = len(office.texts_to(ALICE))
    await come_back(office, DOWN_UNTIL)
    await office.promises.act(TEAM, promises[0].id, HistoryEntry(Act.REPORT, ALICE, office.clock.now()))
    await come_back(office, datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    sent = [text for text in office.texts_to(ALICE)[before:] if "away" in text]
    assert len(sent) == 1
    assert f"#{promises[0].number}" not in sent[0]
    assert f"#{promises[1].number}" in sent[0]


async def test_a_single_late_nudge_is_sent_unchanged(office: PostOffice) -> None:
    await office.make(due_at=DUE[0])
    await office.send()
    await come_back(office, DOWN_UNTIL)
    assert not [text for text in (*office.texts_to(ALICE), *office.texts_to(BOB)) if "away" in text]


async def test_nudges_of_promises_that_closed_meanwhile_are_dropped(office: PostOffice) -> None:
    promise = await office.make()
    await office.send()
    received = len(office.texts_to(ALICE))
    await office.promises.act(TEAM, promise.id, HistoryEntry(Act.REVOKE, ALICE, MONDAY, note="no time"))
    await come_back(office, FRIDAY + timedelta(days=5))
    assert len(office.texts_to(ALICE)) == received


async def test_a_message_that_waited_long_for_its_request_is_drawn_again(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise, settle = await office.make(), SendOne.settle

    async def settle_after_an_undoing(sender: SendOne, claimed: Claimed, slot: RequestSlot) -> Settled:
        if claimed.drawing:
            await claimed.drawing
            await office.promises.act(TEAM, promise.id, HistoryEntry(Act.UNDO, ALICE, office.clock.now()))
        return await settle(sender, claimed, slot)

    monkeypatch.setattr(send_one, "FRESH_S", 0.0)
    monkeypatch.setattr(SendOne, "settle", settle_after_an_undoing)
    await office.send()
    assert office.slack.tried == []


async def test_a_redraw_that_was_given_back_comes_before_those_that_were_asked_for_later(office: PostOffice) -> None:
    """More is asked for than Slack takes: of one redraw too many it is the newest that waits, each time."""
    promises = [await office.make(f"plan {number:02}", private=False) for number in range(MAX_REDRAWS + 1)]
    sender = office.another(pace=Pace(0, 0, 1, redraw_s=1e-9))
    await sender.send_due()
    await sender.idle()

    async def not_redrawn(act: Act, changed: list[Promise], after: timedelta) -> list[int]:
        """Act on promises, two a second; return those of whose cards none was redrawn in the next round."""
        before = office.texts_to("C1")
        for promise in changed:
            office.clock.move(timedelta(seconds=0.5))
            await office.promises.act(TEAM, promise.id, HistoryEntry(act, ALICE, office.clock.now()))
        office.clock.move(after)
        await sender.send_due()
        await sender.idle()
        same = [text for text in office.texts_to("C1") if text in before]
        return [number for number in range(len(promises)) if any(f"plan {number:02}" in text for text in same)]

    last = len(promises) - 1
    assert await not_redrawn(Act.AT_RISK, promises, timedelta()) == [last]
    assert await not_redrawn(Act.REVOKE, promises[:-1], REDRAW_AGAIN) == [last - 1]


class LimitsTheSecond:
    """Slack that refuses the second update of all."""

    def __init__(self, slack: MoodySlack) -> None:
        self._slack, self.updated = slack, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._slack, name)

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        self.updated.append(ts)
        if len(self.updated) == 2:
            return Refused(Fault.LIMITED, "ratelimited", timedelta(seconds=30))
        return await self._slack.update(team_id, channel_id, ts, message)


async def test_a_redraw_that_slack_interrupts_goes_on_where_it_was(office: PostOffice) -> None:
    promise = await office.make(private=False)
    await office.send()
    slack = LimitsTheSecond(office.slack)
    sender = office.another(cast("Messenger", slack))
    await office.promises.act(TEAM, promise.id, HistoryEntry(Act.AT_RISK, ALICE, office.clock.now()))
    for _ in range(2):
        await sender.send_due()
        await sender.idle()
        office.clock.move(timedelta(minutes=1))
    first, *others = slack.updated
    assert first not in others
    assert others[0] == others[1]
