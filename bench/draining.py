"""10,000 due messages claimed, handed to a sender that does nothing, recorded; and promises added with their nudges."""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.crowds import both, fill, hours_from_now, opened, rows
from bench.figures import Figure, at_least
from bench.queues import Drained, apscheduler, pgqueuer, procrastinate
from bench.servers import KnownPeople
from bench.stalls import watched
from bot.clock import SystemClock
from bot.domain.drafts import Draft
from bot.domain.kinds import Planned
from bot.domain.promise import ChannelId, Due, Origin, TeamId, UserId
from bot.holidays_of import Holidays
from bot.ports import DeliveryId, Posted, Sharing
from bot.services import build_services
from bot.use_cases.context import Context
from bot.use_cases.delivery.deliveries import SHARE
from bot.use_cases.delivery.settings import DeliverySettings

DUE, PENDING, MADE, CONCURRENT = 10_000, 100_000, 1000, 64
LEASE, STALL_MS = timedelta(minutes=1), 50.0


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        return await asyncio.to_thread(_figures, Path(folder))


def _figures(folder: Path) -> list[Figure]:
    found = []
    with both(folder) as urls:
        for (name, url), goal in zip(urls.items(), (25, 15), strict=True):
            fill(url, rows(PENDING, "pending", hours_from_now(1), "later"))
            fill(url, rows(DUE, "pending", hours_from_now(-3), "due"))
            ours, added = asyncio.run(_drained(url)), asyncio.run(_added(url))
            if peer := asyncio.run(apscheduler(url.replace("bench.db", "peer.db"), DUE)):
                found.append(
                    at_least(f"draining {DUE:,} against APScheduler, {name}", "/s", ours.rate, peer.rate, goal)
                )
                found.append(_stalls(f"longest stall of the event loop meanwhile, {name}", ours, peer))
                what = f"promises added with their nudges against add_job, {name}"
                found.append(at_least(what, "/s", added, peer.adds, 15))
            if name == "PostgreSQL":
                found += _queues(url, ours)
    return found


def _stalls(what: str, ours: Drained, peer: Drained) -> Figure:
    ms, peers_ms = round(ours.longest_stall_ms, 1), round(peer.longest_stall_ms, 1)
    return Figure(what, "ms", ms, peers_ms, round(ms / peers_ms, 3), f"≤ {STALL_MS:g} ms", ms <= STALL_MS)


def _queues(url: str, ours: Drained) -> list[Figure]:
    found = []
    for name, drain in (("pgqueuer", pgqueuer), ("procrastinate", procrastinate)):
        if peer := asyncio.run(drain(url, DUE, PENDING)):
            what = f"draining {DUE:,} against {name}, {PENDING:,} more pending"
            found.append(at_least(what, "/s", ours.rate, peer.rate, 2))
    return found


async def _drained(url: str) -> Drained:
    """As the product does it: in its own batches, and while one is being recorded the next is claimed."""
    sent, now = 0, datetime.now(UTC)
    async with opened(url) as store:
        with watched() as stall:
            started = time.perf_counter()
            recording = asyncio.create_task(asyncio.sleep(0))
            while claimed := await store.claim_due(now, LEASE, store.batch, Sharing(share=SHARE)):
                posted = [Posted(delivery, ChannelId(delivery.to), "1.0", "", 0) for delivery in claimed]
                await recording
                recording = asyncio.create_task(store.record_sent(posted, now, _redraw))
                sent += len(claimed)
            await recording
            rate = sent / (time.perf_counter() - started)
    if sent != DUE:
        raise RuntimeError(f"{sent} deliveries were drained instead of {DUE}")
    return Drained(rate, stall.longest_ms)


def _redraw(posted: Posted) -> tuple[DeliveryId, Planned]:
    raise RuntimeError(f"{posted.delivery.id} is of no promise, and a redraw of one was asked for")


async def _added(url: str) -> float:
    """Promises a second, made by many people concurrently as in a busy morning."""
    async with opened(url) as store:
        clock, numbers = SystemClock(), itertools.count()
        messenger: Any = KnownPeople()
        promises = build_services(Context(store, clock), messenger, Holidays(clock), DeliverySettings("bench")).promises
        due = Due(clock.now() + timedelta(days=3), "Europe/Berlin")

        async def make() -> None:
            while (number := next(numbers)) < MADE:
                draft = Draft(what=f"send deck {number}", due=due, requester_id=UserId("UBOB"))
                by, place = UserId(f"U{number % 50}"), Origin(ChannelId("C1"))
                await promises.make(TeamId("T1"), by, draft, place, f"bench:{number}")

        started = time.perf_counter()
        await asyncio.gather(*(make() for _ in range(CONCURRENT)))
        return MADE / (time.perf_counter() - started)
