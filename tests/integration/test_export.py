"""One's own promises taken along: a table that runs nothing, a calendar, and an address that can be revoked."""

import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.config import load
from bot.domain.export import FORMULA, HEAD, harmless
from bot.export import export_person
from tests.integration.front import Answer, Front, front_door, request
from tests.unit.factories import ALICE, BOB, TEAM


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as front:
        yield front


async def address(front: Front, by: str = ALICE) -> str:
    answer = await front.command("export", by)  # type: ignore[arg-type]  # an id
    (found,) = re.findall(r"`https://kept\.test(/mine/[^`]+)\.ics", answer.body)
    return str(found)


async def get(front: Front, path: str) -> Answer:
    return await request(front.app, "GET", path)


@pytest.mark.parametrize("begins", FORMULA)
def test_no_cell_is_a_formula(begins: str) -> None:
    for cell in (f"{begins}1+1", f"  {begins}1+1"):
        assert harmless(cell).startswith("'")
    assert harmless("send 1+1") == "send 1+1"


async def test_a_table_holds_the_persons_own_promises_alone(front: Front) -> None:
    await front.make('=HYPERLINK("http://evil.test") by Friday 17:00')
    await front.make("a word of Bob by Friday 17:00", BOB, ALICE)
    answer = await get(front, f"{await address(front)}.csv")
    head, *rows = list(csv.reader(io.StringIO(answer.body.removeprefix("\ufeff"))))
    assert tuple(head) == HEAD
    assert [(row[0], row[1], row[2][:11]) for row in rows] == [("1", "bob", "'=HYPERLINK")]
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_calendar_shows_what_is_still_owed(front: Front) -> None:
    promise = await front.make("send the deck;\nand, the plan by Friday 17:00")
    done = await front.make("send the figures by Friday 17:00")
    await front.click("act.report", done.id)
    answer = await get(front, f"{await address(front)}.ics")
    (event,) = Calendar.from_ical(answer.body).walk("VEVENT")
    assert event["summary"].startswith("Due: #1 send the deck;")
    assert event.decoded("dtstart") == promise.terms.due.at


async def test_an_address_is_void_once_it_is_revoked_or_replaced_and_guesses_find_nothing(front: Front) -> None:
    old = await address(front)
    new = await address(front)
    assert [(await get(front, f"{each}.csv")).status for each in (old, new)] == [404, 200]
    assert (await get(front, f"{new}.txt")).status == 404
    assert (await get(front, f"/mine/T2/{new.rpartition('/')[2]}.csv")).status == 404
    await front.command("export off")
    assert (await get(front, f"{new}.csv")).status == 404


async def test_the_command_line_prints_the_same_table(front: Front, tmp_path: Path) -> None:
    await front.make("send the deck by Friday 17:00")
    settings = load({"DATABASE_URL": f"sqlite:///{tmp_path}/kept.db"})
    assert await export_person(settings, TEAM, ALICE) == (await get(front, f"{await address(front)}.csv")).body
