"""The morning brief: once a working morning, for whoever asked for it, and never in vain."""

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
from bot.use_cases.delivery import Sending
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
    return [text for text in office.heard(ALICE) if "Today you" in text or "Late, and yours" in text]


async def test_it_tells_what_is_owed_what_is_awaited_and_what_is_late(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the plan", due_at=WEDNESDAY - 17 * HOUR)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    await office.make("send the bill", due_at=FRIDAY)
    await until(office, WEDNESDAY + timedelta(minutes=1), timedelta(minutes=30))
    told = mornings(office)[-1]
    assert "Today you owe: #2 “send the deck”" in told
    assert "Late, and yours: #1 “send the plan”" in told
    assert "bill" not in told
    assert not [text for text in office.heard(BOB) if "Today" in text]


async def test_there_is_one_each_working_morning_and_none_when_there_is_nothing_to_tell(office: PostOffice) -> None:
    await choose(office)
    await until(office, FRIDAY + timedelta(days=5), 3 * HOUR)
    assert mornings(office) == []


async def test_asking_for_it_again_or_at_another_hour_says_nothing_twice_that_day(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    await until(office, WEDNESDAY + HOUR / 2, HOUR / 2)
    told = len(mornings(office))
    assert told
    for start in (11, 8):
        await choose(office, replace(WANTED, start=WANTED.start.replace(hour=start)))
    await until(office, WEDNESDAY + 4 * HOUR, HOUR / 2)
    assert len(mornings(office)) == told
    assert await next_brief(office) == datetime(2026, 11, 26, 8, tzinfo=UTC)


async def test_whoever_wants_no_more_of_it_gets_no_more(office: PostOffice) -> None:
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
    (told,) = mornings(office)
    assert "Today you owe" in told
    assert "Still on track" in told
    about = [text for text in office.heard(ALICE) if "part 1" in text]
    assert len(about) == 2, "after the question of the day before, the morning's message alone"
    assert about[-1] == told


async def test_replicas_tell_it_once(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=WEDNESDAY + 5 * HOUR)
    others = [build_services(office.services.context, office.slack, Holidays(office.clock), Sending("s")) for _ in "ab"]
    await until(office, WEDNESDAY - HOUR / 2, HOUR / 2)
    office.clock.move(HOUR)
    for _ in range(3):
        await asyncio.gather(*(agendas.look(each) for each in (office.services, *others)))
    assert len(mornings(office)) == 1


async def test_a_morning_that_passed_while_we_were_away_is_not_told_later(office: PostOffice) -> None:
    await choose(office)
    await office.make("send the deck", due_at=FRIDAY)
    office.clock.move(WEDNESDAY + timedelta(days=1, hours=5) - MONDAY)
    for _ in range(3):
        await office.send()
    assert mornings(office) == []
    assert await next_brief(office) == datetime(2026, 11, 27, 9, tzinfo=UTC)


async def test_the_day_it_tells_is_redrawn_with_what_it_asks(office: PostOffice) -> None:
    await choose(office, replace(WANTED, daily_cap=1))
    for n, due in enumerate(((14, 30), (18, 0))):
        await office.make(f"send part {n}", due_at=datetime(2026, 11, 26, *due, tzinfo=UTC))
    await until(office, datetime(2026, 11, 26, 9, 5, tzinfo=UTC), timedelta(minutes=10))
    await office.promises.act(TEAM, 2, HistoryEntry(Act.REPORT, ALICE, office.clock.now()))
    await office.send()
    told = next(each for each in office.slack.told(ALICE) if "Today you owe" in each.text)
    assert "Delivered" in str(told.blocks)
