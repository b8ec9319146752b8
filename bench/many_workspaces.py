"""A thousand workspaces with a message due in each, one of them with 50,000 more: how long the others wait for theirs.

Under Slack's limits, which hold the busy one for hours, in real time; the peer is the same without the busy one.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bench.crowds import both, copied, fill, hours_from_now, opened
from bench.figures import Figure, at_most
from bench.servers import KnownPeople
from bot.clock import SystemClock
from bot.domain.promise import ChannelId, TeamId
from bot.holidays_of import Holidays
from bot.ports import Message, Outcome, Sent
from bot.services import build_services
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import Pace
from bot.use_cases.delivery.settings import DeliverySettings

WORKSPACES, BURST, CHANNELS = 1000, 50_000, 50
#: It comes first by name and by time, so that any unfair order delays all the others.
BUSY = TeamId("A")
TRAVEL_S = 0.1
PATIENCE_S = 240.0


class Arrivals(KnownPeople):
    """A Messenger that notes when the first message of each workspace came."""

    def __init__(self) -> None:
        self.first_at: dict[TeamId, float] = {}
        self.of_busy = 0

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        self.first_at.setdefault(team_id, time.monotonic())
        self.of_busy += team_id == BUSY
        await asyncio.sleep(TRAVEL_S)
        return Sent(ChannelId(to), f"{len(self.first_at)}.1")

    @property
    def others(self) -> int:
        return len(self.first_at.keys() - {BUSY})


def figures() -> Sequence[Figure]:
    found = []
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as urls:
        for name, url in urls.items():
            fill(url, _due(1, WORKSPACES, hours_from_now(0)))
            alone = copied(url, "alone")
            fill(url, _due(BURST, 1, hours_from_now(-24)))
            (ours_s, of_busy), (peer_s, _) = asyncio.run(_last_of_others(url)), asyncio.run(_last_of_others(alone))
            sys.stdout.write(f"{of_busy} messages of the busy workspace were sent by then, {name}\n")
            what = (
                f"until each of {WORKSPACES - 1} workspaces has its message, beside one with {BURST:,} due, "
                f"against the same without it, {name}"
            )
            found.append(at_most(what, "s", ours_s, peer_s, 1.5))
    return found


def _due(each: int, workspaces: int, due_at: datetime) -> Iterator[tuple[object, ...]]:
    """Messages of so many workspaces, the busy one first."""
    for team in range(workspaces):
        name = BUSY if team == 0 else TeamId(f"T{team}")
        for number in range(each):
            about = f"person:U{number}-{each}"
            who = (name, f"{each}-{number}", "", "trouble", f"C{number % CHANNELS}", about)
            yield (*who, "pending", due_at, due_at, "", 0, 0, False, "", "")


async def _last_of_others(url: str) -> tuple[float, int]:
    """Return after how many seconds the last workspace had its message, and how many the busy one had by then."""
    clock, arrivals = SystemClock(), Arrivals()
    async with opened(url) as store:
        context = Context(store, clock)
        deliveries = build_services(context, arrivals, Holidays(clock), DeliverySettings("bench", Pace())).deliveries
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE_S):
            while arrivals.others < WORKSPACES - 1:
                await deliveries.send_due()
                await asyncio.sleep(0.05)
        last, of_busy = max(at for team, at in arrivals.first_at.items() if team != BUSY), arrivals.of_busy
        deliveries.stop()
        await deliveries.drain()
    return last - began, of_busy
