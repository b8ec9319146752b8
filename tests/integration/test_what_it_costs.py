"""The rows and statements that a promise and a changed setting cost, counted on both databases."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.engine import Connection

from bot.domain.acts import Act
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, Promise, PromiseId
from bot.domain.transitions import HistoryEntry
from bot.ports import Side
from bot.storage.tables import metadata
from tests.integration.front import Front, front_door
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, TEAM

OPEN = 500


@pytest.fixture
async def front(tmp_path: Path, database_url: str) -> AsyncIterator[Front]:
    async with front_door(tmp_path, database_url=database_url) as door:
        yield door


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that is executed, an executemany as one."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


async def rows(url: str) -> Counter[str]:
    def count(connection: Connection) -> Counter[str]:
        counts = {each.name: select(func.count()).select_from(each) for each in metadata.sorted_tables}
        return Counter({name: connection.execute(statement).scalar_one() for name, statement in counts.items()})

    found: Counter[str] = await on_connection(url, count)
    return found


async def test_a_promise_with_its_card_inserts_four_rows_and_wakes_people_by_an_update(
    front: Front, database_url: str, statements: list[str]
) -> None:
    await front.make("send the plan by Friday 17:00")
    before = await rows(database_url)
    statements.clear()
    await front.make("send the deck by Friday 17:00")
    wakes = [each for each in statements if "INTO agendas" in each]
    added = await rows(database_url)
    added.subtract(before)
    assert {table: count for table, count in added.items() if count} == {"promises": 1, "acts": 1, "deliveries": 2}
    assert len(wakes) == 1


async def test_a_promise_is_one_statement_on_postgresql(front: Front, database_url: str, statements: list[str]) -> None:
    await front.make("send the plan by Friday 17:00")
    statements.clear()
    await front.command("<@UBOB|bob> send the deck by Friday 17:00")
    if database_url.startswith("postgresql"):
        assert [each.partition(" AS ")[0] for each in statements] == ["WITH asked"]
    else:  # where a statement is a call of a function
        assert [each.split()[0] for each in statements] == ["BEGIN", "SELECT", *["INSERT"] * 5]


async def test_who_types_and_whom_they_name_are_read_in_one_statement(front: Front, statements: list[str]) -> None:
    await front.make("send the plan by Friday 17:00")
    front.services.people.forget_all_cached()
    statements.clear()
    await front.command("<@UBOB|bob> send the deck by Friday 17:00")
    assert len([each for each in statements if "FROM people" in each and "WITH" not in each]) == 1


async def test_a_click_is_one_statement_that_reads_and_one_that_writes_on_postgresql(
    front: Front, database_url: str, statements: list[str]
) -> None:
    """So is one that agrees to a date, for which both calendars are looked at."""
    promise = await front.make("send the plan by Friday 17:00")
    later = Due(promise.terms.due.at + timedelta(days=1), "UTC")
    asked = HistoryEntry(Act.PROPOSE, ALICE, front.clock.now(), due=later, note="ill", origin="form")
    statements.clear()
    await front.click("act.on_track", promise.id, ALICE)
    on_track = [*statements]
    await front.services.promises.act(TEAM, promise.id, asked)
    statements.clear()
    await front.click("act.accept_proposal", promise.id, BOB)
    is_postgres = database_url.startswith("postgresql")
    expected = ["SELECT", "WITH"] if is_postgres else ["BEGIN", "SELECT", "UPDATE", "INSERT", "UPDATE", *["INSERT"] * 2]
    for each in (on_track, statements):
        assert [one.split()[0] for one in each] == expected


async def test_a_changed_setting_of_a_person_with_500_open_promises_takes_one_more_update(
    front: Front, statements: list[str]
) -> None:
    promise = await front.make("send the plan by Friday 17:00")
    await front.store.write(TEAM, lambda tx: [tx.promises.add(*another(promise, n)) for n in range(1, OPEN)])
    statements.clear()
    await front.services.preference_changes.choose(TEAM, ALICE, Preferences(lead_days=3))
    writes = [each for each in statements if each.upper().startswith(("UPDATE", "INSERT", "DELETE"))]
    assert [each.split(" ")[1] for each in writes] == ["people", "agendas"]
    assert len(await front.services.promises.listed(TEAM, BOB, Side.OWED, BOB, 1000)) == OPEN


def another(promise: Promise, number: int) -> tuple[Promise, HistoryEntry]:
    made = HistoryEntry(Act.PROMISE, ALICE, promise.made_at, what=promise.terms.what, due=promise.terms.due)
    return replace(promise, id=PromiseId(f"P{number}"), number=1000 + number), made
