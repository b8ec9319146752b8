"""Draining a workspace's burst under Slack's limits against the time that these allow, with a reminder waiting too.

In real time, so the burst is a small one: a busy channel and many people, which the limits allow half a minute.
"""

import asyncio
import itertools
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.crowds import opened
from bench.figures import Figure, at_most
from bench.servers import KnownPeople
from bot.clock import SystemClock
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import ChannelId, TeamId
from bot.holidays_of import Holidays
from bot.ports import DeliveryId, Message, Outcome, Sent, Store, Transaction
from bot.services import build_services
from bot.use_cases.context import Context
from bot.use_cases.delivery.deliveries import ROUND_S
from bot.use_cases.delivery.pacing import Pace
from bot.use_cases.delivery.settings import DeliverySettings

#: What Slack allows: a message a second and channel, 300 a minute and workspace.
CHANNEL_S, WORKSPACE_S, TRAVEL_S = 1.0, 0.2, 0.1
BUSY, QUIET = TeamId("T1"), TeamId("T2")
BURST = Counter({"C1": 30, **{f"D{n}": 1 for n in range(90)}})
LONE_AFTER = timedelta(seconds=10)


class StrictSlack(KnownPeople):
    """Notes when each message came, and turns away what comes sooner than a channel allows."""

    def __init__(self) -> None:
        self.came_at: list[tuple[TeamId, str, float]] = []
        self.turned_away = 0

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        now = asyncio.get_running_loop().time()
        before = [at for team, channel, at in self.came_at if (team, channel) == (team_id, to)]
        self.turned_away += bool(before) and now - before[-1] < CHANNEL_S
        self.came_at.append((team_id, to, now))
        await asyncio.sleep(TRAVEL_S)
        return Sent(ChannelId(to), f"{len(self.came_at)}.1")


async def figures() -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(f"sqlite:///{Path(folder)}/limits.db") as store:
            slack = StrictSlack()
            began = await _drained(store, slack)
    took_s = max(at for team, _, at in slack.came_at if team == BUSY) - began
    floor_s = max((max(BURST.values()) - 1) * CHANNEL_S, (BURST.total() - 1) * WORKSPACE_S)
    lone_s = next(at for team, _, at in slack.came_at if team == QUIET) - began - LONE_AFTER.total_seconds()
    what = f"draining {BURST.total()} of one workspace, against the time that Slack's limits allow"
    return [
        at_most(what, "s", took_s, floor_s, 1.05),
        Figure("messages sooner than allowed meanwhile", "", slack.turned_away, 0, 0, "0", slack.turned_away == 0),
        at_most("a lone reminder of another workspace meanwhile, against one round", "s", lone_s, ROUND_S, 1.0),
    ]


async def _drained(store: Store, slack: StrictSlack) -> float:
    """Sends until all stands in Slack; when it began."""
    ids, clock, messenger, loop = itertools.count(), SystemClock(), slack, asyncio.get_running_loop()

    def new_id() -> str:
        return f"N{next(ids)}"

    def owe(tx: Transaction, to: Sequence[str], at: datetime) -> None:
        words = [Planned(Kind.TROUBLE, each, at, f"person:U{n}") for n, each in enumerate(to)]
        tx.deliveries.owe(None, words, lambda: DeliveryId(new_id()))

    shown: Any = messenger
    sending = DeliverySettings("bench", Pace())
    deliveries = build_services(Context(store, clock, new_id), shown, Holidays(clock), sending).deliveries
    now = datetime.now(UTC)
    await store.write(BUSY, lambda tx: owe(tx, [*BURST.elements()], now))
    await store.write(QUIET, lambda tx: owe(tx, ["C-quiet"], now + LONE_AFTER))
    began = loop.time()
    while len(slack.came_at) < BURST.total() + 1:
        await deliveries.send_due()
        await asyncio.sleep(0.05)
    return began
