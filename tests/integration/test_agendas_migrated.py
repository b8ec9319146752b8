"""Plans of an older Kept are migrated: nothing is lost or sent twice, and nothing old is sent again."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.acts import Act
from bot.domain.people import Person
from bot.domain.promise import Promise, PromiseId
from bot.domain.transitions import HistoryEntry, perform
from bot.holidays_of import Holidays
from bot.ports import Store
from bot.services import build_services
from bot.storage.engine import database_url, open_store
from bot.storage.errors import DatabaseError
from bot.storage.rows import entry_values, promise_values
from bot.storage.schema import upgrade
from bot.storage.tables import acts, deliveries, promises
from bot.use_cases.context import Context
from bot.use_cases.delivery import DeliverySettings
from tests.databases import Databases
from tests.fakes import FakeMessenger, SetClock
from tests.integration.agendas import until
from tests.integration.test_store_opening import on_connection
from tests.unit.factories import ALICE, BOB, CHARLIE, FRIDAY, MONDAY, TEAM, promised

BEFORE = "0015"
HOUR = timedelta(hours=1)
TUESDAY = MONDAY + timedelta(days=1)


def of_that_time(connection: Connection, table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values for which the table had a column then."""
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    return {name: value for name, value in values.items() if name in there}


def row(kind: str, to: str, at: datetime, occasion: str = "v1", state: str = "pending", **more: Any) -> dict[str, Any]:
    values = {
        "team_id": TEAM,
        "id": f"{kind}-{to}-{occasion}",
        "promise_id": "P1",
        "kind": kind,
        "recipient": to,
        "occasion": occasion,
        "state": state,
        "due_at": at,
        "planned_at": at,
        "lease_until": None,
        "leased_by": "",
        "attempt": 0,
        "tries": 0,
        "was_unknown": False,
        "channel_id": None,
        "ts": None,
        "shown": "",
        "error": "",
        "ended_at": at if state != "pending" else None,
        "resend_at": None,
        "told_in": None,
    }
    return values | more


#: Monday evening of the older Kept: an act was reported, one waits for the morning, one was gathered and not yet sent.
ROWS = [
    row("notice", BOB, MONDAY, "a1", "sent", ts="1.1", channel_id="D1"),
    row("notice", BOB, MONDAY + 10 * HOUR, "a2", due_at=TUESDAY),
    row("notice", CHARLIE, MONDAY + 10 * HOUR, "a2", "done", told_in="B1", ended_at=MONDAY + 10 * HOUR),
    row("bundle", CHARLIE, TUESDAY, "bundled", promise_id="", id="B1"),
    row("midway", ALICE, MONDAY + HOUR, state="sent", ts="1.2", channel_id="D2"),
    row("check_in", ALICE, MONDAY + 76 * HOUR),
    row("last_call", ALICE, FRIDAY - HOUR),
    row("heads_up", BOB, FRIDAY - 9 * HOUR),
    row("overdue", ALICE, FRIDAY + 64 * HOUR),
    row("heads_up", CHARLIE, MONDAY, "v9", lease_until=MONDAY, attempt=1),
    row("brief", ALICE, TUESDAY, "2026-11-24", promise_id=""),
    row("card", "C1", TUESDAY, "made"),
]


async def carried_over(databases: Databases) -> tuple[Store, Promise, dict[str, str]]:
    url = await asyncio.to_thread(databases.empty)
    first = promised(watchers=(CHARLIE,), id=PromiseId("P1"))
    made = HistoryEntry(Act.PROMISE, ALICE, MONDAY, what=first.terms.what, due=first.terms.due)
    risk = HistoryEntry(Act.AT_RISK, ALICE, MONDAY + 10 * HOUR)
    after = perform(first, risk)

    def work(connection: Connection) -> None:
        upgrade(connection, BEFORE)
        connection.execute(insert(promises).values(of_that_time(connection, promises, promise_values(after))))
        for values in (entry_values(first, made), entry_values(after, risk)):
            connection.execute(insert(acts).values(of_that_time(connection, acts, values)))
        connection.execute(insert(deliveries), ROWS)
        upgrade(connection)

    await on_connection(url, work)

    def states(connection: Connection) -> dict[str, str]:
        return {each.id: each.state for each in connection.execute(select(deliveries)).all()}

    found = await on_connection(url, states)
    return await open_store(url), after, found


async def test_what_was_planned_waits_for_the_agenda_and_what_may_be_on_its_way_stays(databases: Databases) -> None:
    store, _, states = await carried_over(databases)
    await store.close()
    assert states == {
        "notice-UBOB-a1": "sent",
        "notice-UBOB-a2": "untold",
        "notice-UCHARLIE-a2": "untold",
        "B1": "cancelled",
        "midway-UALICE-v1": "sent",
        "check_in-UALICE-v1": "cancelled",
        "last_call-UALICE-v1": "cancelled",
        "heads_up-UBOB-v1": "cancelled",
        "overdue-UALICE-v1": "cancelled",
        "heads_up-UCHARLIE-v9": "pending",
        "brief-UALICE-2026-11-24": "cancelled",
        "card-C1-made": "pending",
    }


async def test_everybody_concerned_is_looked_at_when_kept_starts(databases: Databases) -> None:
    store, _, _ = await carried_over(databases)
    due = await store.agendas_due(datetime.now(UTC) + HOUR, 10)
    await store.close()
    assert sorted(due) == [(TEAM, ALICE), (TEAM, BOB), (TEAM, CHARLIE)]


async def test_the_next_days_say_what_was_owed_once_and_nothing_old(databases: Databases) -> None:
    store, promise, _ = await carried_over(databases)
    clock, slack = SetClock(TUESDAY - HOUR), FakeMessenger()
    for person in (ALICE, BOB, CHARLIE):
        known = Person(TEAM, person, person, clock.now())
        slack.know([known])
        await store.write(TEAM, lambda tx, known=known: tx.people.save(known))
    services = build_services(Context(store, clock), slack, Holidays(clock), DeliverySettings("s"))
    await store.write(TEAM, lambda tx: tx.agendas.wake(dict.fromkeys([ALICE, BOB, CHARLIE], clock.now())))
    await until(services, clock, FRIDAY - timedelta(minutes=30), timedelta(minutes=30))
    await store.close()
    texts = {to: " | ".join(message.text for message in slack.sent_to(to)) for to in (ALICE, BOB, CHARLIE)}
    for to in (BOB, CHARLIE):
        assert "at risk" in texts[to].lower(), texts[to]
        assert "promised you" not in texts[to]
    assert texts[ALICE].count("Is it coming by") == 1
    assert texts[ALICE].count("Half of the time has passed") == 0
    assert promise.seq == 2


async def test_an_upgrade_is_refused_while_an_older_kept_still_runs(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.empty)
    await on_connection(url, lambda connection: upgrade(connection, BEFORE))
    target = database_url(url)
    if target.drivername.startswith("sqlite"):
        older = sqlite3.connect(str(target.database))
        older.execute("SELECT count(*) FROM promises").fetchone()
        with pytest.raises(DatabaseError, match="older Kept is still running"):
            await open_store(url)
        older.close()
    else:
        named = {"server_settings": {"application_name": "kept"}}
        engine = create_async_engine(target, connect_args=named)
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            with pytest.raises(DatabaseError, match="older Kept is still running"):
                await open_store(url)
        await engine.dispose()
    await (await open_store(url)).close()


async def test_replicas_that_start_together_upgrade_an_old_database_once(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.empty)
    await on_connection(url, lambda connection: upgrade(connection, BEFORE))

    stores = await asyncio.gather(*(open_store(url) for _ in range(4)))

    await asyncio.gather(*(store.close() for store in stores))


async def test_a_file_locked_for_a_moment_by_another_start_is_not_taken_for_an_older_kept(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.empty)
    await on_connection(url, lambda connection: upgrade(connection, BEFORE))
    target = database_url(url)
    if not target.drivername.startswith("sqlite"):
        pytest.skip("PostgreSQL has no lock on the whole database")
    other = sqlite3.connect(str(target.database), isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    asyncio.get_running_loop().call_later(0.5, other.close)

    await (await open_store(url)).close()
