"""Decisions about several people search by an index, and never scan a whole workspace."""

import asyncio
import sqlite3
from functools import partial
from typing import Any

import pytest

from bot.domain.acts import OPEN_STATES, State
from bot.domain.promise import PromiseId
from bot.ports import DeliveryId, Side, Store, Transaction
from bot.ports.pages import PageQuery
from bot.storage.agenda_queries import ACTED, AROUND, HAD, LOOK, MESSAGES_ABOUT, NEWEST_TO, WAITS, WAKE_THESE
from bot.storage.compiled import Compiled
from bot.storage.links import ACTIVE_OF, DEPENDENCIES_OF_THESE, OBSTACLES_TO_THESE
from bot.storage.outlines import OUTLINES
from bot.storage.pages import page_queries
from bot.storage.people import THESE
from bot.storage.postgres import PostgresStore
from bot.storage.promises import CONCERNING_EACH
from bot.storage.promises_by_id import BY_IDS
from bot.storage.records import OPEN_BY
from bot.storage.tables import promises
from tests.databases import Databases
from tests.integration.store_examples import adding
from tests.unit.factories import ALICE, BOB, MONDAY, TEAM

ASKED = {"team": TEAM, "person": ALICE, "people": [ALICE, BOB], "promises": ["P1", "P2"], "since": MONDAY, "at": MONDAY}
ASKED |= {"at_most": 1000, "but": "", "members": [ALICE, BOB], "owners": [ALICE, BOB]}
#: The statements, each with the columns by which an index has to be searched, as often as they are given.
SEARCHED = {
    "messages about promises": (MESSAGES_ABOUT, ["promise_id"]),
    "when owners acted": (ACTED, ["promise_id"]),
    "with whom a person has promises": (AROUND, ["owner_id", "requester_id"]),
    "agendas to wake": (WAKE_THESE, ["person_id"]),
    "when agendas are due": (LOOK, ["person_id"]),
    "messages sent": (HAD, ["recipient"]),
    "messages that wait": (WAITS, ["recipient"]),
    "open promises": (CONCERNING_EACH, ["owner_id", "requester_id"]),
    "people": (THESE, ["id"]),
    "dependencies": (DEPENDENCIES_OF_THESE, ["promise_id"]),
    "obstacles": (OBSTACLES_TO_THESE, ["promise_id"]),
    "deadlines of owners": (ACTIVE_OF, ["owner_id"]),
    "the newest messages to a person": (NEWEST_TO, ["promise_id"]),
    "promises of a channel's members": (OPEN_BY, ["owner_id"]),
    "promises that are drawn": (BY_IDS, ["id"]),
    **{f"outlines, {side}": (each, [side]) for side, each in zip(("owner_id", "requester_id"), OUTLINES, strict=True)},
}


@pytest.fixture
async def database_url(databases: Databases) -> str:
    return await asyncio.to_thread(databases.unused)


def plan(statement: Any, tx: Transaction) -> list[str]:
    connection = tx.agendas._connection  # type: ignore[attr-defined]
    name = connection.dialect.name
    compiled = Compiled(statement, name)
    explain = "EXPLAIN QUERY PLAN " if name == "sqlite" else "EXPLAIN "
    rows = connection.exec_driver_sql(explain + compiled.sql, compiled._in_order(ASKED))
    return [str(row[-1]) for row in rows]


def unsearched(lines: list[str], columns: list[str]) -> list[str]:
    """Return the columns by which no index is searched, and the tables that are read from end to end."""
    searches = [each for each in lines if "SEARCH" in each or "Index Cond" in each]
    missing = [each for each in columns if not any(f"{each}=?" in line or f"{each})::" in line for line in searches)]
    missing = [each for each in missing if not any(f"{each} =" in line for line in searches)]
    scans = [each for each in lines if "Seq Scan" in each or (each.startswith("SCAN") and "json_each" not in each)]
    return missing + scans


def fill(tx: Transaction) -> None:
    """Make a thousand open and a thousand closed promises of one: without statistics PostgreSQL takes any index of a
    small table.
    """
    adding(owner_id=ALICE, requester_id=BOB)(tx)
    changed = {"id": "'P' || n", "number": "n", "owner_id": "'O' || n", "requester_id": "'R' || n"}
    changed |= {
        "closed_at": "CASE WHEN n > 1100 THEN due_at END",
        "state": "CASE WHEN n > 1100 THEN 'kept' ELSE state END",
    }
    columns = [column.name for column in promises.c]
    names, values = ", ".join(columns), ", ".join(changed.get(name, name) for name in columns)
    numbers = "WITH RECURSIVE up(n) AS (VALUES(100) UNION ALL SELECT n + 1 FROM up WHERE n < 2100) SELECT n FROM up"
    copied = f"INSERT INTO promises ({names}) SELECT {values} FROM promises, ({numbers}) AS numbers"  # noqa: S608
    tx.agendas._connection.exec_driver_sql(copied)  # type: ignore[attr-defined]


async def test_an_index_is_searched_for(store: Store) -> None:
    await store.write(TEAM, fill)
    if isinstance(store, PostgresStore):
        await store._write(lambda connection: connection.exec_driver_sql("ANALYZE promises"))
    for what, (statement, columns) in SEARCHED.items():
        lines = await store.read(TEAM, partial(plan, statement))
        assert not unsearched(lines, columns), (what, lines)


async def test_messages_are_looked_up_once_for_each_promise_and_not_for_each_kind_on_sqlite(store: Store) -> None:
    lines = await store.read(TEAM, partial(plan, MESSAGES_ABOUT))
    assert not [each for each in lines if "SEARCH" in each and "kind" in each], lines


def read_to_redraw(tx: Transaction, about: PromiseId) -> None:
    tx.records.those([about])
    tx.deliveries.shown(about)
    tx.digests.chances_naming([about])
    tx.agendas.gathered_about([about])
    tx.agendas.prefetch_included([DeliveryId(about)])
    tx.agendas.newest_to(ALICE, [about])


def planned_at_the_third_run(tx: Transaction) -> list[tuple[object, ...]]:
    """Return for what SQLite asks leave while it plans; the first run compiles, too."""
    driver, planned = tx.agendas._connection.connection.driver_connection, []  # type: ignore[attr-defined]

    def noting(*asked: object) -> int:
        planned.append(asked)
        return sqlite3.SQLITE_OK

    driver.set_authorizer(noting)
    for about in ("P1", "P2", "P3"):
        planned.clear()
        read_to_redraw(tx, PromiseId(about))
    driver.set_authorizer(None)
    return planned


async def test_sqlite_plans_the_reads_of_a_redraw_once(store: Store) -> None:
    """A bound value where an index has a condition would make it plan each time."""
    if isinstance(store, PostgresStore):
        pytest.skip("PostgreSQL keeps its plans")
    assert not await store.read(TEAM, planned_at_the_third_run)


def plan_of_page(asked: PageQuery, tx: Transaction) -> list[str]:
    connection, lines = tx.agendas._connection, []  # type: ignore[attr-defined]
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    for query in page_queries(TEAM, asked):
        sql = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        lines += [str(row[-1]) for row in connection.exec_driver_sql(f"{explain}{sql}")]
    return lines


@pytest.mark.parametrize("side", [Side.ALL, Side.MISSED])
async def test_a_page_of_a_persons_open_promises_searches_an_index_for_each_side(store: Store, side: Side) -> None:
    await store.write(TEAM, fill)
    if isinstance(store, PostgresStore):
        await store._write(lambda connection: connection.exec_driver_sql("ANALYZE promises"))
    lines = await store.read(TEAM, partial(plan_of_page, PageQuery(ALICE, 50, side, OPEN_STATES)))
    assert not unsearched(lines, ["owner_id", "requester_id"]), lines


ENDED = frozenset(State) - OPEN_STATES
#: What is asked, and the indexes that are walked for it.
PAGES = [
    (PageQuery(None, 50), ["promises_ahead", "promises_past"]),
    (PageQuery(None, 50, states=OPEN_STATES), ["promises_ahead"]),
    (PageQuery(None, 50, states=ENDED, after=(MONDAY, 7)), ["promises_past"]),
    (PageQuery(BOB, 50, Side.OWED, ENDED), ["promises_received"]),
    (PageQuery(BOB, 50, Side.ALL, ENDED, after=(MONDAY, 7)), ["promises_closed", "promises_received"]),
]


@pytest.mark.parametrize(("asked", "indexes"), PAGES)
async def test_a_page_walks_an_index_in_the_order_of_deadlines(
    store: Store, asked: PageQuery, indexes: list[str]
) -> None:
    await store.write(TEAM, fill)
    if isinstance(store, PostgresStore):
        await store._write(lambda connection: connection.exec_driver_sql("ANALYZE promises"))
    lines = await store.read(TEAM, partial(plan_of_page, asked))
    assert [name for name in indexes if not any(name in line for line in lines)] == [], lines
    sorts = [each for each in lines if "Sort" in each or "TEMP B-TREE" in each]
    assert not sorts or "promises_closed" in indexes, lines


async def test_a_look_at_a_whole_workspace_is_caught(store: Store) -> None:
    statement = MESSAGES_ABOUT.where(MESSAGES_ABOUT.selected_columns.kind == "x")
    lines = await store.read(TEAM, partial(plan, statement))
    assert unsearched(lines, ["occasion"]), lines
