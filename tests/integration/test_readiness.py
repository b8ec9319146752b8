"""/readyz: whether anything could be recorded and sent now, whatever hangs."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.ports import Store, Transaction
from bot.process import LATE_TICK_S, readiness
from bot.readiness import WITHIN_S, DatabaseCheck
from bot.storage.engine import open_store
from handlers.http import web_app
from scheduler.clockwork import Clockwork
from tests.integration.front import Answer, request
from tests.integration.test_delivery_liveness import SilentSlack, connection_to, slack
from tests.patience import PATIENCE_S, until_true
from tests.unit.factories import MONDAY, TEAM

__all__ = ["slack"]

MINUTE, MUCH_LATER = timedelta(minutes=1), MONDAY + timedelta(days=365)


async def nothing() -> None:
    """Work that succeeds."""


async def asked(database: DatabaseCheck, clockwork: Clockwork | None = None, connection: Any = None) -> Answer:
    return await request(
        web_app(None, lambda: readiness(database, clockwork or Clockwork(nothing), connection)), "GET", "/readyz"
    )


def of(store: Store) -> DatabaseCheck:
    return DatabaseCheck(store.ping, store.events.probe, PATIENCE_S)


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite:///{tmp_path}/kept.db")
    yield store
    await store.close()


async def test_a_database_that_records_is_ready_and_keeps_nothing_of_the_question(store: Store) -> None:
    for _ in range(3):
        assert (await asked(of(store))).status == 200
    assert await store.events.claim(MUCH_LATER, MINUTE) is None


def pragma(words: str) -> Callable[[Transaction], Any]:
    def work(tx: Transaction) -> Any:
        connection: Any = tx.promises._connection  # type: ignore[attr-defined]
        return connection.exec_driver_sql(f"PRAGMA {words}")

    return work


@pytest.mark.parametrize("words", ["max_page_count = 1", "query_only = 1"], ids=["full", "read-only"])
async def test_a_disk_on_which_nothing_can_be_recorded_is_not_ready(file_store: Store, words: str) -> None:
    await file_store.write(TEAM, lambda tx: pragma(words)(tx) and None)
    answer = await asked(of(file_store))
    assert answer.status == 503
    assert json.loads(answer.body)["database"] == "cannot be written: nothing could be recorded"
    await file_store.ping()  # the twin: a question that only reads is answered


async def test_a_database_that_hangs_is_not_ready_and_is_not_asked_twice() -> None:
    times: list[int] = []

    async def hang() -> None:
        times.append(1)
        await asyncio.Event().wait()

    database = DatabaseCheck(nothing, hang, within_s=0.01)
    for _ in range(3):
        answer = await asked(database)
        assert answer.status == 503
        assert "does not answer within" in answer.body
    assert len(times) == 1


async def test_a_database_that_came_back_is_ready_again() -> None:
    may_go_on = asyncio.Event()
    database = DatabaseCheck(nothing, lambda: wait_for(may_go_on), within_s=0.01)
    assert (await asked(database)).status == 503
    may_go_on.set()
    await asyncio.sleep(0)
    assert (await asked(database)).status == 200


async def wait_for(event: asyncio.Event) -> None:
    await event.wait()


def test_it_answers_within_two_seconds() -> None:
    assert WITHIN_S < 2


async def test_ticks_that_fail_are_not_ready() -> None:
    async def fail() -> None:
        raise RuntimeError

    failing = Clockwork(fail)
    failing._succeeded_at -= LATE_TICK_S
    await failing.tick()
    assert "no tick has succeeded" in (await asked(DatabaseCheck(nothing, nothing), failing)).body
    working = Clockwork(nothing)
    working._succeeded_at -= LATE_TICK_S
    await working.tick()
    assert (await asked(DatabaseCheck(nothing, nothing), working)).status == 200


async def test_a_line_to_slack_that_has_never_stood_is_not_ready(slack: SilentSlack) -> None:
    slack.opens = False
    async with aiohttp.ClientSession() as session:
        connection = await connection_to(slack, session)
        await connection.open()
        answer = await asked(DatabaseCheck(nothing, nothing), connection=connection)
        assert (answer.status, "not connected to Slack yet" in answer.body) == (503, True)
        slack.opens = True
        await connection.open()
        await until_true(lambda: slack.lines == 1)
        assert connection.state == "ok"
        await connection.close()
