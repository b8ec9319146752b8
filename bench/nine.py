"""10,000 people due in the same second, 100 in each of 100 workspaces: how many have their message when Slack could.

Slack takes about one message in 0.2 s of each workspace, so 100 people need 20 s however fast Kept is. Each run lasts
LATE times that, on a fresh copy of the database: one process on SQLite, and one and two on PostgreSQL. Slack is a
messenger within each process that answers after 50 ms; what is drawn for it is encoded as for Slack.
`KEPT_BENCH_FULL=1 make bench ARGS=nine` runs four processes as well; `KEPT_BENCH_AT_NINE=10` takes ten workspaces.
"""

import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.crowds import both, copied, opened
from bench.figures import Figure, at_least, at_most
from bench.servers import KnownPeople
from bench.sizes import IS_FULL, sized
from bench.stalls import watched
from bench.workspaces import PEOPLE, TEAM, StoppedClock, all_due_at, copy, furnish, nothing, services_of, ten
from bot.allocation import freeze_startup_objects
from bot.domain.promise import ChannelId, TeamId
from bot.ports import Message, Outcome, Sent
from bot.services import Services
from bot.use_cases.delivery.pacing import Pace
from scheduler.clockwork import TICK
from scheduler.jobs import Jobs

WORKSPACES = sized(100, 100, "KEPT_BENCH_AT_NINE")
LATE, MAX_STALL_MS, ANSWER_S = 1.5, 50.0, 0.05
#: A tenth of the longest stall that is allowed: looking each millisecond takes 7 to 9 % of a core.
LOOK_EVERY_S = 0.005
NEEDED_S = PEOPLE * Pace().workspace_s
#: Replicas begin together, when each has opened its database.
STARTS_IN_S, PATIENCE_S = 4.0, 240.0
RUNS = (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2), *([("PostgreSQL", 4)] if IS_FULL else []))


@dataclass
class Counting(KnownPeople):
    """A Messenger that counts the messages posted, all and those before the time is over, and notes the last's time."""

    ends: float
    posted: int = 0
    in_time: int = 0
    last_at: float = 0.0

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        await asyncio.sleep(ANSWER_S if message.written else 0)
        self.posted, self.last_at = self.posted + 1, time.time()
        self.in_time += self.last_at <= self.ends
        return Sent(ChannelId(to), f"{self.posted}.1")


@dataclass(frozen=True)
class FromNine:
    """A clock that starts at nine and runs on, so that a message delayed by Slack's rate becomes due."""

    began: float
    nine: datetime

    def now(self) -> datetime:
        return self.nine + timedelta(seconds=max(0.0, time.time() - self.began))


def figures() -> Sequence[Figure]:
    found = []
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as urls:
        for url in urls.values():
            furnish(url)
            asyncio.run(_pass_deadlines(url))
            copy(url, WORKSPACES)
        for name, replicas in RUNS:
            outcomes = asyncio.run(_run(copied(urls[name], f"nine{replicas}"), replicas))
            found += _figures_of(f"{name}, {replicas} process{'es' if replicas > 1 else ''}", outcomes)
    return found


async def _pass_deadlines(url: str) -> None:
    """Record what was missed until then, and redraw it: deadlines pass all day long, not all at nine.

    Everyone is due at nine then, and not before: after a delay they would get what an outage had held up.
    """
    async with opened(url) as store:
        services = services_of(store, StoppedClock(nine()))
        while await store.clock_due(nine(), 1):
            await services.promises.run_due()
        while await services.deliveries.send_due():
            await services.deliveries.idle()
        await store.write(TEAM, all_due_at(nine()))


def nine() -> datetime:
    return ten() + timedelta(days=7, hours=-1)


def _figures_of(run: str, outcomes: Sequence[dict[str, float]]) -> list[Figure]:
    people = WORKSPACES * PEOPLE
    posted, in_time = (sum(each[name] for each in outcomes) for name in ("posted", "in_time"))
    about = f"{people:,} people due at the same moment"
    stall_ms, own_ms = (max(each[name] for each in outcomes) for name in ("stall_ms", "own_stall_ms"))
    took = max(each["took_s"] for each in outcomes)
    busy_ms = sum(each["processor_s"] for each in outcomes) / max(posted, 1) * 1000
    within = f"{about}: have their message within {LATE:g} × Slack's own limits, {run}"
    return [
        at_least(within, "people", in_time, people, 1),
        Figure(f"{about}: the last of those after, {run}", "s", round(took, 2), NEEDED_S, round(took / NEEDED_S, 3)),
        Figure(f"{about}: processor time for each, {run}", "ms", round(busy_ms, 2), 0, 0),
        at_most(f"{about}: longest stall of the event loop, {run}", "ms", stall_ms, MAX_STALL_MS, 1),
        at_most(f"{about}: the same without other programs, {run}", "ms", own_ms, MAX_STALL_MS, 1),
    ]


async def _run(url: str, replicas: int) -> list[dict[str, float]]:
    began = time.time() + STARTS_IN_S
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.nine", url, str(began)), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(replicas)
    ]
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(*(each.communicate() for each in started))
    return [json.loads(answer) for answer, _ in answers]


async def _replica(url: str, began: float) -> dict[str, float]:
    """Do as a replica does until the time is over or nothing is left; return what became of it."""
    freeze_startup_objects()  # as `kept run` does
    messenger, clock = Counting(began + LATE * NEEDED_S), FromNine(began, nine())
    woken = asyncio.Event()
    async with opened(url) as store:
        services = services_of(store, clock, messenger, Pace(), woken.set)
        await asyncio.sleep(max(0.0, began - time.time()))
        busy = time.process_time()
        with watched(LOOK_EVERY_S) as stall:
            await _work(services, messenger, woken)
        outcome = {
            "posted": messenger.posted,
            "in_time": messenger.in_time,
            "took_s": max(0.0, messenger.last_at - began),
            "stall_ms": stall.longest_ms,
            "own_stall_ms": stall.longest_own_ms,
            "processor_s": time.process_time() - busy,
        }
        services.deliveries.stop()
        await services.deliveries.drain()
    return outcome


async def _work(services: Services, messenger: Counting, woken: asyncio.Event) -> None:
    """Run the jobs as the scheduler does: a second after the last run, or directly after `wake`."""
    jobs = Jobs(services, nothing)
    while time.time() < messenger.ends:
        woken.clear()
        await jobs.tick()
        is_quiet = messenger.posted and time.time() > messenger.last_at + 5
        if is_quiet and not await services.store.agendas_due(services.clock.now(), 1):
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), TICK.total_seconds())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_replica(sys.argv[1], float(sys.argv[2])))))
