"""All or nothing, and nothing acknowledged that is not kept."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot.domain.acts import Act
from bot.domain.errors import BusyError
from bot.domain.promise import Promise, PromiseId
from bot.domain.transitions import perform
from bot.ports import Side, Store, Transaction
from bot.storage.engine import database_url, open_store
from bot.storage.errors import DatabaseError
from bot.storage.pools import postgres_engine
from bot.storage.postgres import PostgresStore
from bot.storage.sqlite import SqliteStore
from tests.databases import PostgresServer, SqliteFiles, in_thread
from tests.integration.store_examples import adding, doing, nudge, owing, pending
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, TEAM, entry

P1 = PromiseId("P1")


class OddError(Exception):
    """The exceptions that a work may raise."""


def failing(work: Any) -> Any:
    def fail(tx: Transaction) -> None:
        work(tx)
        raise OddError

    return fail


async def count_promises(store: Store) -> int:
    return await store.read(TEAM, lambda tx: len(tx.promises.concerning(ALICE, Side.ALL, 1000)))


async def test_a_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(OddError):
        await store.write(TEAM, failing(adding()))
    with pytest.raises(OddError):
        await store.write(TEAM, failing(owing(nudge())))

    assert await count_promises(store) == 0
    assert await pending(store) == []


async def test_works_that_wait_together_fail_alone(store: Store) -> None:
    works = [failing(adding(id=PromiseId(f"X{n}"))) if n % 3 else adding(id=PromiseId(f"X{n}")) for n in range(60)]

    results = await asyncio.gather(*(store.write(TEAM, work) for work in works), return_exceptions=True)

    assert Counter(type(result) for result in results) == {Promise: 20, OddError: 40}
    assert await count_promises(store) == 20


async def test_cancelled_callers_cancel_no_others(store: Store) -> None:
    tasks = [asyncio.ensure_future(store.write(TEAM, adding(id=PromiseId(f"X{n}")))) for n in range(40)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    kept = [result.id for result in results if isinstance(result, Promise)]
    assert len(kept) == 20
    found = await store.read(TEAM, lambda tx: [tx.promises.get(promise_id) for promise_id in kept])
    assert None not in found
    await store.write(TEAM, adding(id=PromiseId("after")))


async def test_a_caller_cancelled_amid_its_work_cancels_no_other(sqlite_files: SqliteFiles) -> None:
    store = await open_store(await in_thread(sqlite_files))
    entered, may_go_on = (threading.Semaphore(0) for _ in range(2))

    def holding(tx: Transaction) -> None:
        entered.release()
        assert may_go_on.acquire(timeout=PATIENCE_S)

    async def until_entered() -> None:
        assert await asyncio.to_thread(entered.acquire, timeout=PATIENCE_S)

    blocker = asyncio.ensure_future(store.write(TEAM, holding))
    await until_entered()
    leaving, *staying = (asyncio.ensure_future(store.write(TEAM, work)) for work in (holding, adding(), adding()))
    await asyncio.sleep(0)  # all three wait now, so that they are committed together
    may_go_on.release()
    await until_entered()
    leaving.cancel()
    may_go_on.release()

    made = await asyncio.wait_for(asyncio.gather(*staying), PATIENCE_S)
    assert [promise.number for promise in made if promise] == [1, 2]
    await blocker
    await store.close()


async def test_of_fifty_who_change_a_promise_from_the_same_copy_one_wins(store: Store) -> None:
    await store.write(TEAM, adding())

    def stale(before: Promise, number: int, tx: Transaction) -> None:
        done = entry(Act.ON_TRACK, ALICE, note=str(number))
        tx.promises.save(perform(before, done), done)

    before = await store.read(TEAM, lambda tx: tx.promises.get(P1))
    assert before is not None
    results = await asyncio.gather(
        *(store.write(TEAM, partial(stale, before, number)) for number in range(50)), return_exceptions=True
    )

    assert Counter(type(result) for result in results) == {type(None): 1, BusyError: 49}
    history = await store.read(TEAM, lambda tx: tx.promises.history(P1))
    assert [done.note for done in history[1:]] == [str(results.index(None))]


async def test_fifty_who_lock_the_promise_first_all_get_their_turn(store: Store) -> None:
    await store.write(TEAM, adding())

    await asyncio.gather(*(store.write(TEAM, doing(P1, Act.ON_TRACK)) for _ in range(50)))

    promise = await store.read(TEAM, lambda tx: tx.promises.get(P1))
    assert promise is not None
    assert promise.seq == 51


async def test_numbers_given_concurrently_differ(store: Store) -> None:
    numbers = await asyncio.gather(*(store.write(TEAM, lambda tx: tx.promises.next_number()) for _ in range(50)))

    assert len(set(numbers)) == 50


async def test_a_caller_without_a_connection_in_time_learns_that_nothing_was_recorded(
    postgres_server: PostgresServer,
) -> None:
    engine = postgres_engine(database_url(await in_thread(postgres_server)), pool_size=1, patience_s=0.01)
    store = PostgresStore(engine)
    async with engine.connect():
        with pytest.raises(DatabaseError, match="nothing was recorded"):
            await store.write(TEAM, adding())
    assert (await store.write(TEAM, adding())).number > 0
    await store.close()


async def test_two_who_wait_for_each_other_both_finish(postgres_server: PostgresServer) -> None:
    store = await open_store(await in_thread(postgres_server))
    await store.write(TEAM, adding())
    await store.write(TEAM, adding())
    runs: Counter[str] = Counter()

    def crossing(first: str, second: str, tx: Transaction) -> None:
        runs[first] += 1
        for promise_id in (first, second):
            assert tx.promises.get(PromiseId(promise_id), for_change=True)
            for _ in range(30):  # long enough for the other to take its first lock
                tx.promises.history(PromiseId(promise_id))

    await asyncio.gather(
        *(store.write(TEAM, partial(crossing, *pair)) for pair in [("P1", "P2"), ("P2", "P1")] for _ in range(2))
    )
    await store.close()

    assert sum(runs.values()) > 4, "no deadlock came about, so this test showed nothing"


async def test_a_read_changes_nothing(store: Store) -> None:
    with pytest.raises(DBAPIError):
        await store.read(TEAM, owing(nudge()))

    assert await pending(store) == []


async def test_closing_finishes_what_waits_and_then_refuses(sqlite_files: SqliteFiles) -> None:
    url = await in_thread(sqlite_files)
    store = await open_store(url)
    tasks = [asyncio.ensure_future(store.write(TEAM, adding())) for _ in range(200)]
    await asyncio.sleep(0)
    await store.close()

    assert all(isinstance(result, Promise) for result in await asyncio.gather(*tasks))
    with pytest.raises(RuntimeError, match="closed"):
        await store.write(TEAM, adding())


async def _lost_after_power_cut(store: Store, url: str, folder: Path) -> list[str]:
    """Which promises were acknowledged but are not in a copy of the files made at that very moment."""
    source = Path(url.removeprefix("sqlite:///"))
    lost: list[str] = []

    async def add_and_copy(number: int) -> None:
        made = await store.write(TEAM, adding(id=PromiseId(f"X{number}")))
        copy = folder / f"copy-{number}.db"
        for suffix in ("", "-wal"):
            shutil.copy(f"{source}{suffix}", f"{copy}{suffix}")
        with sqlite3.connect(copy) as connection:
            if not connection.execute("SELECT 1 FROM promises WHERE id = ?", [made.id]).fetchone():
                lost.append(made.id)
        connection.close()

    await asyncio.gather(*(add_and_copy(number) for number in range(40)))
    return lost


async def test_what_was_acknowledged_is_in_the_files(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    url = await in_thread(sqlite_files)
    store = await open_store(url)
    assert await _lost_after_power_cut(store, url, tmp_path) == []
    await store.close()


async def test_a_store_that_answers_before_it_commits_is_caught(
    sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin of the test above."""
    url = await in_thread(sqlite_files)
    store = await open_store(url)
    assert isinstance(store, SqliteStore)
    lane = store._writer
    honest = lane._attempt

    def hasty(connection: Any, job: Any) -> Any:
        outcome = honest(connection, job)
        lane._loop.call_soon_threadsafe(job.answer.set_result, outcome.value)
        while not job.answer.done():
            pass
        return outcome

    for way in ("_run", "_attempt"):
        monkeypatch.setattr(lane, way, hasty)
    monkeypatch.setattr("bot.storage.sqlite_thread._resolve", lambda outcomes: None)
    assert await _lost_after_power_cut(store, url, tmp_path) != []
    await store.close()


_WRITE_FOR_EVER = """
import asyncio, sys
from bot.domain.promise import PromiseId
from bot.storage.engine import open_store
from tests.integration.store_examples import adding
from tests.unit.factories import TEAM

async def one(store, lane):
    number = 0
    while True:
        number += 1
        made = await store.write(TEAM, adding(id=PromiseId(f"{lane}-{number}")))
        sys.stdout.write(f"{made.id}\\n")
        sys.stdout.flush()

async def main():
    store = await open_store(sys.argv[1])
    await asyncio.gather(*(one(store, lane) for lane in range(8)))

asyncio.run(main())
"""


async def test_a_process_killed_at_work_loses_nothing_it_acknowledged(database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITE_FOR_EVER, database_url, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    shown = [await asyncio.wait_for(process.stdout.readline(), PATIENCE_S) for _ in range(100)]
    os.kill(process.pid, signal.SIGKILL)
    shown += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    acknowledged = [PromiseId(line.decode().strip()) for line in shown if line.endswith(b"\n")]

    store = await open_store(database_url)
    found = await store.read(TEAM, lambda tx: {name: tx.promises.get(name) for name in acknowledged})
    histories = await store.read(TEAM, lambda tx: [len(tx.promises.history(name)) for name in acknowledged])
    await store.close()

    assert [name for name, promise in found.items() if promise is None] == []
    assert set(histories) == {1}
