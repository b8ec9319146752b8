"""The same at 100,000 open promises of 10,000 people in 100 workspaces as at 10,000 in ten, in turn.

`KEPT_BENCH_FULL=1 make bench ARGS=scale` takes 1,000,000 in 1,000 workspaces, and `KEPT_BENCH_WORKSPACES=20` that many.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from unittest.mock import AsyncMock

from bench.crowds import both, copied, opened
from bench.figures import Figure, at_most
from bench.sizes import sized
from bench.workspaces import EACH, PEOPLE, TEAM, SetClock, all_due_at, copy, furnish, nothing, services_of
from bot.domain.promise import ChannelId, UserId
from bot.services import Services
from bot.use_cases.retention import RetentionSweep
from handlers.commands import on_command
from handlers.home import publish_home
from handlers.payloads import Call, ModalContext
from scheduler.jobs import Jobs

FEW, MANY = 10, sized(100, 1000, "KEPT_BENCH_WORKSPACES")
ROUNDS, CLAIMED, GOAL = 15, 100, 1.2
ME = UserId("U7")


def figures() -> Sequence[Figure]:
    found = []
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as urls:
        for name, url in urls.items():
            furnish(url)
            few = copied(url, "few")
            for each, workspaces in ((few, FEW), (url, MANY)):
                copy(each, workspaces)
            per = PEOPLE * EACH
            for what, (many_ms, few_ms) in asyncio.run(_grown([url, few])).items():
                about = f"{what} at {MANY * per:,} open promises against {FEW * per:,}, {name}"
                found.append(at_most(about, "ms", many_ms, few_ms, GOAL))
    return found


def _call(text: str) -> Call:
    body = {"text": text, "channel_id": ChannelId("C1"), "channel_name": "general", "trigger_id": "1.1"}
    return Call(AsyncMock(), TEAM, ME, body, ModalContext())


def _works(services: Services) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return what is measured, by its name."""
    store, clock = services.store, services.clock
    retaining = RetentionSweep(services.context, look_s=0, pause_s=0)
    jobs = Jobs(services, nothing)
    return {
        "a tick with nothing due": jobs.tick,
        f"{CLAIMED} people due, claimed": lambda: store.agendas_due(clock.now(), CLAIMED),
        "one person's agenda": lambda: services.agenda.ahead(TEAM, ME),
        "Home": lambda: publish_home(services, _call("")),
        "`list`": lambda: on_command(services, _call("list")),
        "`show`": lambda: on_command(services, _call("show 12")),
        "a step of pruning": retaining.step,
    }


async def _grown(urls: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Return the median of each work on each database, in milliseconds; the databases take turns."""
    took: dict[str, list[list[float]]] = {}
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(opened(url)) for url in urls]
        works = [_works(services_of(store, SetClock())) for store in stores]
        for what in works[0]:
            times = took.setdefault(what, [[] for _ in urls])
            if "claimed" in what:
                for store in stores:
                    await store.write(TEAM, all_due_at(SetClock().now()))
            for each in works:  # the first time finds nothing in memory
                await each[what]()
            for _ in range(ROUNDS):
                for place, each in enumerate(works):
                    started = time.perf_counter()
                    await each[what]()
                    times[place].append((time.perf_counter() - started) * 1000)
    return {what: tuple(median(each) for each in times) for what, times in took.items()}
