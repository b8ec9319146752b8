"""The morning brief: once a working morning, for those who turned it on, and only if it has content."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.domain.preferences import Preferences
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.ports import Store
from bot.services import build_services
from bot.use_cases.delivery import DeliverySettings
from tests.integration import agendas
from tests.integration.post_office import PostOffice, open_office
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM

HOUR = timedelta(hours=1)
WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=UTC)
WANTED = Preferences(has_brief=True)


@pytest.fixture
async def office(store: Store) -> PostOffice:
    return await open_office(store)


async def choose(office: PostOffice, chosen: Preferences = WANTED) -> None:
    await office.services.preference_changes.choose(TEAM, ALICE, chosen)


async def until(office: PostOffice, at: datetime, step: timedelta = HOUR) -> None:
    await agendas.until(office.services, office.clock, at, step)


async def next_brief(office: PostOffice) -> datetime | None:
    return (await agendas.ahead(office.services, ALICE)).get(Kind.BRIEF)


def mornings(office: PostOffice) -> list[str]:
    return [text for text in office.texts_to(ALICE) if "Today you" in text or "Late, and yours" in text]


async def test_it_lists_what_is_owed_what_is_awaited_and_what_is_late(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the plan", due_at=WEDNESDAY - 17 * HOUR)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    await office.make("send the bill", due_at=FRIDAY)
    await until(office, WEDNESDAY + timedelta(minutes=1), timedelta(minutes=30))
    sent = mornings(office)[-1]
    assert "Today you owe: #2 “send the deck”" in sent
    assert "Late, and yours: #1 “send the plan”" in sent
    assert "bill" not in sent
    assert not [text for text in office.texts_to(BOB) if "Today" in text]


async def test_there_is_one_each_working_morning_and_none_when_there_is_nothing_to_report(office: PostOffice) -> None:
    await choose(office)
    await until(office, FRIDAY + timedelta(days=5), 3 * HOUR)
    assert mornings(office) == []


async def test_asking_for_it_again_or_at_another_hour_says_nothing_twice_that_day(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    await until(office, WEDNESDAY + HOUR / 2, HOUR / 2)
    sent = len(mornings(office))
    assert sent
    for start in (11, 8):
        await choose(office, replace(WANTED, start=WANTED.start.replace(hour=start)))
    await until(office, WEDNESDAY + 4 * HOUR, HOUR / 2)
    assert len(mornings(office)) == sent
    assert await next_brief(office) == datetime(2026, 11, 26, 8, tzinfo=UTC)


async def test_a_brief_that_was_turned_off_is_not_sent(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    await choose(office, Preferences())
    assert await next_brief(office) is None
    await until(office, WEDNESDAY + HOUR, HOUR / 2)
    assert mornings(office) == []


async def test_what_was_held_for_the_morning_is_in_it(office: PostOffice) -> None:
    await choose(office, replace(WANTED, daily_cap=1))
    for n, due in enumerate(((14, 30), (18, 0))):
        await office.make(f"send part {n}", due_at=datetime(2026, 11, 26, *due, tzinfo=UTC))
    await until(office, datetime(2026, 11, 26, 9, 5, tzinfo=UTC), timedelta(minutes=10))
    (sent,) = mornings(office)
    assert "Today you owe" in sent
    assert "Still on track" in sent
    about = [text for text in office.texts_to(ALICE) if "part 1" in text]
    assert len(about) == 2, "after the question of the day before, the morning's message alone"
    assert about[-1] == sent


@pytest.mark.both_databases
async def test_replicas_send_it_once(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    others = [
        build_services(office.services.context, office.slack, Holidays(office.clock), DeliverySettings("s"))
        for _ in "ab"
    ]
    await until(office, WEDNESDAY - HOUR / 2, HOUR / 2)
    office.clock.move(HOUR)
    for _ in range(3):
        await asyncio.gather(*(agendas.look(each) for each in (office.services, *others)))
    assert len(mornings(office)) == 1


async def test_a_morning_that_passed_during_downtime_gets_no_brief_later(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=FRIDAY)
    office.clock.move(WEDNESDAY + timedelta(days=1, hours=5) - MONDAY)
    for _ in range(3):
        await office.send()
    assert mornings(office) == []
    assert await next_brief(office) == datetime(2026, 11, 27, 9, tzinfo=UTC)


async def test_the_day_in_a_brief_is_redrawn_with_its_questions(office: PostOffice) -> None:
    await choose(office, replace(WANTED, daily_cap=1))
    for n, due in enumerate(((14, 30), (18, 0))):
        await office.make(f"send part {n}", due_at=datetime(2026, 11, 26, *due, tzinfo=UTC))
    await until(office, datetime(2026, 11, 26, 9, 5, tzinfo=UTC), timedelta(minutes=10))
    await office.promises.act(TEAM, 2, HistoryEntry(Act.REPORT, ALICE, office.clock.now()))
    await office.send()
    sent = next(each for each in office.slack.sent_to(ALICE) if "Today you owe" in each.text)
    assert "Delivered" in str(sent.blocks)
