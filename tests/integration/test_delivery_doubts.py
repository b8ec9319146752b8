"""A message that may have arrived is looked for, and sent again only when it cannot be on its way any more."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest

from bot.domain.digests import Cadence, DigestSetting
from bot.domain.promise import ChannelId, TeamId
from bot.ports import Fault, Meter, Outcome, Refused, Sent, Unknown
from bot.use_cases.delivery import Deliveries
from bot.use_cases.delivery.refusals import MAX_TRIES
from tests.databases import SqliteFiles, in_thread
from tests.fakes import SetClock
from tests.integration.agendas import decide
from tests.integration.post_office import MoodySlack, NeverLooks, PostOffice, post_office
from tests.patience import PATIENCE_S
from tests.unit.factories import BOB, FRIDAY, MONDAY, TEAM

ARRIVES, LOST = Sent(ChannelId("x"), "x"), Unknown("TimeoutError")
STEP, MINUTE = timedelta(seconds=11), timedelta(minutes=1)


@pytest.fixture
async def office(sqlite_files: SqliteFiles) -> AsyncIterator[PostOffice]:
    async with post_office(await in_thread(sqlite_files), TEAM) as office:
        yield office


async def settle(office: PostOffice, rounds: int = 8) -> None:
    for _ in range(rounds):
        await office.send(STEP)


async def test_what_arrived_without_an_answer_is_found_and_not_sent_again(office: PostOffice) -> None:
    office.slack.moods[BOB] = [ARRIVES]
    await office.make()
    await settle(office)
    assert len(office.texts_to(BOB)) == 1
    assert not office.slack.doubled


async def test_a_message_whose_record_failed_is_found_and_not_sent_again(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise OSError("disk")

    await office.make()
    with monkeypatch.context() as broken_store:
        broken_store.setattr(office.store, "record_sent", broken)
        with pytest.raises(ExceptionGroup) as raised:
            await office.send()
    assert [str(fault) for fault in raised.value.exceptions] == ["disk"]
    await settle(office)
    assert len(office.slack.tried) == len(office.texts_to(BOB)) == 1
    assert await office.rows() == ()


class FailsOnce(Meter):
    """Cannot count the first message that was sent."""

    has_failed = False

    def settled(self, kind: str, outcome: str) -> None:
        if not self.has_failed:
            self.has_failed = True
            raise OSError("metrics")


async def send_all(sender: Deliveries) -> None:
    """Send until nothing is in hand. Raises what failed, in whichever round."""
    await sender.send_due()
    async with asyncio.timeout(PATIENCE_S):
        await sender.idle()
    await sender.send_due()


async def test_a_meter_that_fails_keeps_no_message_of_its_group_in_hand(office: PostOffice) -> None:
    for _ in range(3):
        await office.make(private=False)
    sender = office.another(meter=FailsOnce())
    with pytest.raises(ExceptionGroup) as raised:
        await send_all(sender)
    assert [str(fault) for fault in raised.value.exceptions] == ["metrics"]
    assert len(office.slack.posts) == 3
    assert await office.rows() == ()


async def test_what_was_lost_on_its_way_is_sent_again(office: PostOffice) -> None:
    office.slack.moods[BOB] = [LOST, LOST]
    await office.make()
    await settle(office, 16)
    assert len(office.texts_to(BOB)) == 1


async def test_what_arrives_after_the_first_look_is_found_by_a_later_one(office: PostOffice) -> None:
    office.slack.moods[BOB], office.slack.is_late = [ARRIVES], True
    await office.make()
    await office.send()
    await office.send(STEP)
    await office.send(STEP)
    office.slack.arrive()
    await settle(office)
    assert len(office.slack.tried) == 1
    assert len(office.texts_to(BOB)) == 1


async def test_a_sender_that_never_looks_is_caught_doubling(office: PostOffice) -> None:
    """The twin: what the tests above count would show it."""
    office.slack.moods[BOB] = [ARRIVES]
    office.deliveries = office.another(NeverLooks(office.slack))  # type: ignore[arg-type]  # the rest is passed on
    await office.make()
    await settle(office)
    assert office.slack.doubled


async def test_a_digest_in_doubt_is_found_though_its_content_has_changed(office: PostOffice) -> None:
    await office.make(private=False)
    now = office.clock.now()
    setting = DigestSetting(TEAM, ChannelId("C1"), Cadence.DAILY, time(17), "UTC", BOB, now, now)
    await office.digests.set(setting)
    for step in (timedelta(days=4, hours=5), timedelta(minutes=1), timedelta(hours=4)):
        await office.send(step)  # to the last chances of Friday, and past the deadline
    await office.promises.run_due()
    office.slack.moods["C1"] = [ARRIVES]
    await office.send(timedelta(days=3))
    await office.make("send the plan", private=False, due_at=FRIDAY + timedelta(days=30))
    await settle(office)
    digests = [text for text in office.texts_to("C1") if "Promises in this channel" in text]
    assert len(digests) == 1
    kept = await office.store.read(TEAM, lambda tx: tx.digests.get(ChannelId("C1")))
    assert kept is not None
    assert kept.covered_to > now


async def test_what_was_in_hand_at_a_crash_is_looked_for_and_sent_once(office: PostOffice) -> None:
    await office.make()
    await decide(office.services)
    claimed = await office.store.claim_due(office.clock.now(), timedelta(seconds=60), 10)
    assert claimed
    await office.store.close()
    async with post_office(f"sqlite:///{database_of(office)}", TEAM) as after:
        await after.send()
        assert not after.slack.tried  # it may still be on its way
        await after.send(STEP)
        await after.send(STEP)
        assert len(after.texts_to(BOB)) == 1


@dataclass
class SlowReader:
    """A Slack that lets one look in a minute read one page of a conversation, of which there are so many.

    The newest page comes first, so what arrives after a look began is behind it.
    """

    slack: MoodySlack
    clock: SetClock
    pages: int
    read: int = 0
    looked_since: set[datetime] = field(default_factory=set)
    standing: set[str] = field(default_factory=set)
    shut_until: datetime = MONDAY

    def __getattr__(self, name: str) -> object:
        return getattr(self.slack, name)

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        now, self.looked_since = self.clock.now(), self.looked_since | {since}
        if now < self.shut_until:
            return Refused(Fault.LIMITED, "ratelimited", min(self.shut_until - now, MINUTE), "conversations.history")
        self.shut_until, self.read = now + MINUTE, self.read + 1
        if self.read % self.pages == 1:
            self.standing = set(self.slack.posts)
        if self.read % self.pages:
            return Refused(Fault.LIMITED, "ratelimited", MINUTE, "conversations.history", is_partial=True)
        found = await self.slack.find(team_id, to, mark, since, thread_ts)
        is_behind = isinstance(found, Sent) and found.ts not in self.standing
        return Refused(Fault.MESSAGE_GONE, "message_not_found") if is_behind else found


def reading_slowly(office: PostOffice, pages: int) -> SlowReader:
    reader = SlowReader(office.slack, office.clock, pages)
    office.deliveries = office.another(reader)  # type: ignore[arg-type]  # the rest is passed on
    return reader


async def test_a_look_that_slack_allows_a_page_a_minute_ends_and_what_was_lost_is_sent_again(
    office: PostOffice,
) -> None:
    office.slack.moods[BOB] = [LOST]
    reader = reading_slowly(office, pages=3)
    await office.make(due_at=FRIDAY + timedelta(days=60))
    began = office.clock.now()
    await settle(office, 60)
    assert len(office.texts_to(BOB)) == 1
    assert not office.slack.doubled
    assert all(began - timedelta(minutes=5) <= since <= began + timedelta(seconds=1) for since in reader.looked_since)


async def test_a_message_that_arrived_behind_a_slow_look_is_found_by_the_next_one(office: PostOffice) -> None:
    office.slack.moods[BOB], office.slack.is_late = [ARRIVES], True
    reader = reading_slowly(office, pages=3)
    await office.make(due_at=FRIDAY + timedelta(days=60))
    await settle(office, 3)
    assert reader.read  # the first page is behind it
    office.slack.arrive()
    await settle(office, 60)
    assert len(office.texts_to(BOB)) == 1
    assert not office.slack.doubled


async def test_a_look_that_never_ends_is_given_up_after_some_tries(office: PostOffice) -> None:
    office.slack.moods[BOB] = [LOST]
    reader = reading_slowly(office, pages=1000)
    await office.make(due_at=FRIDAY + timedelta(days=60))
    await settle(office, 150)
    assert reader.read == MAX_TRIES
    assert await office.store.failures(MONDAY) == {"ratelimited": 1}


async def test_a_look_that_slack_never_allows_is_given_up_after_a_day(office: PostOffice) -> None:
    office.slack.moods[BOB] = [LOST]
    reader = reading_slowly(office, pages=2)
    reader.shut_until = MONDAY + timedelta(days=60)
    await office.make(due_at=FRIDAY + timedelta(days=60))
    await settle(office, 20)
    assert not await office.store.failures(MONDAY)
    await office.send(timedelta(hours=25))
    assert await office.store.failures(MONDAY) == {"ratelimited": 1}
    assert not office.texts_to(BOB)


async def test_what_was_sent_long_after_its_time_is_looked_for_from_its_attempt_on(office: PostOffice) -> None:
    await office.make(due_at=FRIDAY + timedelta(days=60))
    office.clock.move(timedelta(hours=6))  # nothing ran meanwhile
    office.slack.moods[BOB] = [LOST]
    reader = reading_slowly(office, pages=2)
    began = office.clock.now()
    await settle(office)
    assert reader.looked_since
    assert min(reader.looked_since) >= began - timedelta(minutes=5)


def database_of(office: PostOffice) -> str:
    name: str = office.store._writer._engine.url.database  # type: ignore[attr-defined]
    return name
