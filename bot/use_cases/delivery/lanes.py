"""One lane for each workspace: what was claimed for it leaves in step with Slack's limits, and holds up nobody else."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ports import Delivery, DeliveryId
from bot.use_cases.delivery.pacing import Gate, Pace, Timetable, steady

#: How many messages of one workspace are on their way at once.
AT_ONCE = 32
#: What would wait longer than this for its channel is given back, to come when its turn does.
HORIZON_S = 10.0
#: So long before its turn it comes back, because claims are made by the second.
EARLY_S = 2.0
#: Less than this is the rounding of a clock.
NO_WAIT_S = 1e-6


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in hand; it must not be begun after `deadline` (monotonic seconds), when its lease is about to end."""

    delivery: Delivery
    deadline: float


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a delivery: whether a message was posted, and whether the whole workspace has to stop."""

    posted: bool = False
    halts: bool = False


@dataclass
class Channel:
    """One conversation's queue."""

    gate: Gate
    waiting: deque[Claimed] = field(default_factory=deque)
    is_busy: bool = False
    #: The last turn given away in it, and to whom turns were given: they are taken in hand when they come back.
    turn_at: float = float("-inf")
    turns: set[DeliveryId] = field(default_factory=set)


class Lane:
    """Sends for one workspace until it has nothing left in hand.

    Of several conversations that may be spoken in, the one with the longest queue goes first: it is the one that ends
    last. `has_room` is called when fewer than `low` are left in hand, and when all has ended.
    """

    def __init__(
        self, pace: Pace, settle: Callable[[Claimed], Awaitable[Settled]], has_room: Callable[[], None], low: int
    ) -> None:
        self._pace = pace
        self._settle = settle
        self._has_room = has_room
        self._low = low
        self._gate = Gate(pace.workspace_s, pace.workspace_at_once)
        self._timetable = Timetable(pace.workspace_s)
        self._channels: dict[str, Channel] = {}
        self._flying: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._is_halted = False
        self._returned: list[Delivery] = []
        self._faults: list[Exception] = []

    @property
    def size(self) -> int:
        """How many deliveries are in hand."""
        return len(self._flying) + sum(len(channel.waiting) for channel in self._channels.values())

    def take(self, claimed: Iterable[Claimed], now: datetime) -> list[tuple[Delivery, datetime]]:
        """Takes deliveries in hand; returns those whose conversation has no turn soon, each with its turn."""
        later = []
        for each in claimed:
            channel, wait_s = self._channel(each.delivery.to), 0.0
            if each.delivery.id in channel.turns:
                channel.turns.discard(each.delivery.id)
            elif each.delivery.to and self._pace.channel_s:
                wait_s = self._turn_s(channel)
            if wait_s > HORIZON_S:
                channel.turns.add(each.delivery.id)
                later.append((each.delivery, now + timedelta(seconds=wait_s - EARLY_S)))
            else:
                channel.waiting.append(each)
        self._changed.set()
        if self._running is None or self._running.done():
            self._is_halted = False
            self._running = asyncio.create_task(self._run(), name="lane")
        return later

    def halt(self) -> None:
        """Begins nothing more; what waits is returned."""
        self._is_halted = True
        self._changed.set()

    def take_returned(self) -> list[Delivery]:
        """What could not be begun, to be given back."""
        returned, self._returned = self._returned, []
        return returned

    def take_faults(self) -> list[Exception]:
        faults, self._faults = self._faults, []
        return faults

    async def finished(self) -> None:
        if self._running:
            await asyncio.gather(self._running, return_exceptions=True)

    def _channel(self, to: str) -> Channel:
        if to not in self._channels:
            self._channels[to] = Channel(Gate(self._pace.channel_s))
        return self._channels[to]

    def _turn_s(self, channel: Channel) -> float:
        """Gives a newcomer its turn, and returns how long it is until then."""
        now = steady()
        earliest = max(channel.turn_at + self._pace.channel_s, channel.gate.opens_at(), now)
        channel.turn_at = self._timetable.turn(earliest, now)
        return channel.turn_at - now

    async def _run(self) -> None:
        while not self._is_halted and (self._flying or any(channel.waiting for channel in self._channels.values())):
            self._changed.clear()
            wait_s = self._begin_next()
            if wait_s is None or wait_s > 0:
                await self._sleep(wait_s)
        if self._flying:
            await asyncio.wait(self._flying)
        for channel in self._channels.values():
            self._returned += [each.delivery for each in channel.waiting]
            channel.waiting.clear()
        self._forget_idle()
        self._has_room()

    async def _sleep(self, wait_s: float | None) -> None:
        if wait_s is None:
            await self._changed.wait()
            return
        try:
            await asyncio.wait_for(self._changed.wait(), wait_s)
        except TimeoutError:
            return

    def _begin_next(self) -> float | None:
        """Begins one delivery and returns 0, or the seconds until one may begin; None when something must end first."""
        if len(self._flying) >= AT_ONCE:
            return None
        now = steady()
        free = self._first_free(now)
        if free is None:
            return None
        to, channel, opens_at = free
        if opens_at - now > NO_WAIT_S:
            return opens_at - now
        claimed = channel.waiting.popleft()
        if now > claimed.deadline:
            self._returned.append(claimed.delivery)
            return 0
        channel.is_busy = True
        if to:
            channel.gate.passed(now)
            self._gate.passed(now)
        task = asyncio.create_task(self._one(channel, claimed), name="delivery")
        self._flying.add(task)
        task.add_done_callback(self._landed)
        return 0

    def _first_free(self, now: float) -> tuple[str, Channel, float] | None:
        """The conversation whose next message may leave first, and when; of several the one with the longest queue.

        A redrawing posts nothing and has a gate of its own. A queue takes the workspace's next place ahead of its time:
        waiting for one, each of its messages would come a little later still, and it is the queue that ends last.
        """
        found, first, longest = None, float("inf"), 0
        place_at = self._gate.opens_at()
        for to, channel in self._channels.items():
            if channel.is_busy or not channel.waiting:
                continue
            ahead_s = self._pace.workspace_s if len(channel.waiting) > 1 else 0.0
            opens_at = max(channel.gate.opens_at(), place_at - ahead_s, now) if to else now
            if opens_at < first or (opens_at == first and len(channel.waiting) > longest):
                found, first, longest = (to, channel, opens_at), opens_at, len(channel.waiting)
        return found

    async def _one(self, channel: Channel, claimed: Claimed) -> None:
        settled = Settled(posted=True)  # as far as anybody knows
        try:
            settled = await self._settle(claimed)
        except Exception as fault:  # noqa: BLE001  the round reports it; the row keeps its lease and is looked for
            self._faults.append(fault)
        if claimed.delivery.to and not settled.posted:
            channel.gate.refund()
            self._gate.refund()
        if settled.halts:
            self._is_halted = True
        channel.is_busy = False

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._changed.set()
        if self.size == self._low - 1:
            self._has_room()

    def _forget_idle(self) -> None:
        """A conversation whose gates are open again needs no remembering."""
        now = steady()
        idle = [
            to
            for to, each in self._channels.items()
            if max(each.gate.opens_at(), each.turn_at + self._pace.channel_s) < now and not each.waiting
        ]
        for to in idle:
            del self._channels[to]
