"""The peers of the draining bench: a job each for 10,000 due messages, each ended by a worker that does nothing.

pgqueuer and procrastinate are in the dependency group "bench"; what is missing is named, and left out.
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bench.stalls import watched

LATER = timedelta(days=1)
#: How long a peer that is slow is watched; its rate is known by then.
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Drained:
    rate: float
    longest_stall_ms: float
    adds: float = 0.0


class Done:
    count = 0


async def nothing() -> None:
    """The job; APScheduler finds it by its name."""
    Done.count += 1


async def apscheduler(url: str, due: int) -> Drained | None:
    """One date job per message in its SQLAlchemyJobStore; by default it would drop what is a second late."""
    if url.startswith("postgresql") and not _is_here("psycopg"):
        return None
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_jobstore(SQLAlchemyJobStore(url=url.replace("postgresql://", "postgresql+psycopg://")))
    scheduler.start(paused=True)
    started = time.perf_counter()
    for _ in range(due):
        scheduler.add_job(nothing, "date", run_date=datetime.now(UTC), misfire_grace_time=None)
    adds = due / (time.perf_counter() - started)
    Done.count = 0
    with watched() as stall:
        await asyncio.sleep(0)
        started = time.perf_counter()
        scheduler.resume()
        rate = await _watch(due, started)
        await asyncio.sleep(0.01)
    scheduler.shutdown(wait=False)
    return Drained(rate, stall.longest_ms, adds)


async def pgqueuer(url: str, due: int, pending: int) -> Drained | None:
    if not _is_here("pgqueuer"):
        return None
    import asyncpg
    from pgqueuer.db import AsyncpgDriver
    from pgqueuer.queries import Queries

    connection = await asyncpg.connect(url)
    manager = import_module("pgqueuer.qm").QueueManager(Queries(AsyncpgDriver(connection)))
    await manager.queries.install()
    for count, after in ((due, None), (pending, LATER)):
        await manager.queries.enqueue(["nothing"] * count, [None] * count, [0] * count, [after] * count)
    await connection.execute("VACUUM ANALYZE pgqueuer")
    Done.count = 0
    modes = import_module("pgqueuer.types").QueueExecutionMode

    @manager.entrypoint("nothing")
    async def on_job(job: Any) -> None:
        await nothing()

    with watched() as stall:
        started = time.perf_counter()
        work = asyncio.create_task(manager.run(batch_size=100, mode=modes.drain))
        rate = await _watch(due, started, work)
    await connection.close()
    return Drained(rate, stall.longest_ms)


async def procrastinate(url: str, due: int, pending: int) -> Drained | None:
    if not _is_here("procrastinate"):
        return None
    peer: Any = import_module("procrastinate")
    app = peer.App(connector=peer.PsycopgConnector(conninfo=url))
    app.task(name="nothing")(nothing)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        add = (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) "
            "SELECT 'default', 'nothing', '{{}}', 'todo', {at} FROM generate_series(1, {count})"
        )
        for count, at in ((due, "NULL"), (pending, "now() + interval '1 day'")):
            await app.connector.execute_query_async(add.format(at=at, count=count))
        Done.count = 0
        with watched() as stall:
            started = time.perf_counter()
            work = asyncio.create_task(
                app.run_worker_async(wait=False, concurrency=10, install_signal_handlers=False, listen_notify=False)
            )
            rate = await _watch(due, started, work)
    return Drained(rate, stall.longest_ms)


async def _watch(due: int, started: float, work: "asyncio.Task[Any] | None" = None) -> float:
    """Messages a second, once all are done or patience has ended."""
    while Done.count < due and time.perf_counter() - started < PATIENCE_S:  # noqa: ASYNC110  the peers do not notify
        await asyncio.sleep(0.005)
    rate = Done.count / (time.perf_counter() - started)
    if work:
        work.cancel()
        await asyncio.wait([work], timeout=10)
    return rate


def _is_here(name: str) -> bool:
    if find_spec(name):
        return True
    sys.stdout.write(f"{name} is not installed, so it is not compared with: pip install {name}\n")
    return False
