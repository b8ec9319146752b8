"""One send queue per workspace, paced to Slack's limits, so that no workspace delays another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.ports import Delivery
from bot.use_cases.delivery.channels import REDRAW_AGAIN, Channel, Claimed, to_draw_ahead
from bot.use_cases.delivery.pacing import Gate, Pace, Timetable, steady
from bot.use_cases.delivery.request_slots import RequestSlot, Settled

#: Most requests of one workspace in flight.
MAX_IN_FLIGHT = 32
#: Most deliveries begun and not answered: those that follow the requests in flight are taken without another look at
#: the conversations.
MAX_BEGUN = 2 * MAX_IN_FLIGHT
#: A delivery whose channel has no free slot within this time is released until its slot.
HORIZON_S = 10.0
#: A released delivery becomes due this long before its slot, because claims run once a second.
EARLY_S = 2.0
#: A redraw of a message that a newer one outdates waits while messages wait in any workspace, because it only refreshes
#: what was said; but it starts so long before its lease ends. How often it is looked at meanwhile.
REDRAW_NEEDS_S, REDRAW_LOOKS_S = 10.0, 0.5
#: Waits shorter than this are rounding errors of the clock.
NO_WAIT_S = 1e-6


Settle = Callable[[Claimed, RequestSlot], Awaitable[Settled]]


class Lane:
    """Sends for one workspace until nothing is left in hand.

    Of several conversations that are free, the one with the longest queue goes first, because it ends last. `has_room`
    is called when fewer than `low` are in hand, and when all have ended. `settle` calls `answered` of its slot once
    Slack has taken the message. `is_crowded` returns whether messages wait in any lane. `draw` is called for messages
    that start in a moment, together with the one that starts now.
    """

    def __init__(
        self,
        pace: Pace,
        settle: Settle,
        has_room: Callable[[], None],
        low: int,
        is_crowded: Callable[[], bool] = lambda: False,
        draw: Callable[[Claimed], None] = lambda claimed: None,
    ) -> None:
        self._pace = pace
        self._settle = settle
        self._has_room = has_room
        self._low = low
        self._is_crowded = is_crowded
        self._draw = draw
        self._gate = Gate(pace.workspace_s, pace.workspace_burst)
        self._timetable = Timetable(pace.workspace_s)
        self._channels: dict[str, Channel] = {}
        #: Tasks that send what was begun, one after the other, and those that end a delivery.
        self._tasks: set[asyncio.Task[None]] = set()
        self._workers, self._begun = 0, deque[tuple[Channel, Claimed]]()
        #: How many deliveries were begun and have not ended, how many of them Slack has not answered yet, and how many
        #: wait for their turn.
        self._in_hand, self._unanswered, self._waiting = 0, 0, 0
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.is_halted = False
        self._returned: list[Delivery] = []
        self.faults: list[Exception] = []

    @property
    def size(self) -> int:
        """Return how many deliveries are in hand."""
        return self._in_hand + self._waiting

    @property
    def messages(self) -> int:
        """Return how many deliveries that are no redraws wait for their turn."""
        return self._waiting - self._redraws

    @property
    def load(self) -> int:
        """Return how many deliveries are in hand and not answered; redraws that wait leave room for messages."""
        return self._unanswered + self._waiting - self._redraws

    @property
    def _redraws(self) -> int:
        return len(self._channels[""].waiting) if "" in self._channels else 0

    def take(self, claimed: Iterable[Claimed], now: datetime) -> list[tuple[Delivery, datetime]]:
        """Accept deliveries; return those whose turn is not soon, each with the time at which it is due again."""
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
                channel.add(each)
                self._waiting += 1
            if not channel.to and self._pace.redraw_s and (redraw := channel.one_too_many()):
                later.append((redraw.delivery, now + REDRAW_AGAIN))
                self._waiting -= 1
        self._changed.set()
        if self._running is None or self._running.done():
            self.is_halted = False
            self._running = asyncio.create_task(self._run(), name="lane")
        return later

    def halt(self) -> None:
        """Start nothing more; waiting deliveries are returned by `take_returned`."""
        self.is_halted = True
        self._changed.set()

    def take_returned(self) -> list[Delivery]:
        """Return the deliveries that could not be started, to be released."""
        returned, self._returned = self._returned, []
        return returned

    def take_faults(self) -> list[Exception]:
        faults, self.faults = self.faults, []
        return faults

    async def finished(self) -> None:
        if self._running:
            await asyncio.gather(self._running, return_exceptions=True)

    def _channel(self, to: str) -> Channel:
        if to not in self._channels:
            self._channels[to] = Channel(to, Gate(self._pace.channel_s))
        return self._channels[to]

    def _turn_s(self, channel: Channel) -> float:
        """Reserve the next slot for a delivery; return the seconds until then."""
        now = steady()
        earliest = max(channel.turn_at + self._pace.channel_s, channel.gate.opens_at(), now)
        channel.turn_at = self._timetable.turn(earliest, now)
        return channel.turn_at - now

    async def _run(self) -> None:
        while not self.is_halted and self.size:
            self._changed.clear()
            wait_s = self._begin_next()
            if wait_s is None or wait_s > 0:
                await self._sleep(wait_s)
        while self._in_hand:
            self._changed.clear()
            await self._changed.wait()
        for channel in self._channels.values():
            self._returned += [each.delivery for each in channel.waiting]
            channel.waiting.clear()
        self._waiting = 0
        self._forget_idle()
        self._has_room()

    async def _sleep(self, wait_s: float | None) -> None:
        """Wait for a change, or so long: a timer costs a fourth of asyncio.wait_for, which starts a task."""
        timer = None if wait_s is None else asyncio.get_running_loop().call_later(wait_s, self._changed.set)
        await self._changed.wait()
        if timer:
            timer.cancel()

    def _begin_next(self) -> float | None:
        """Start what may start now; return the seconds until more may, 0 to look again, None if one must end first."""
        now = steady()
        free = [each for each in self._channels.values() if each.waiting and not each.is_busy]
        free.sort(key=lambda each: -len(each.waiting))
        for channel in free:
            if self._unanswered >= MAX_BEGUN:
                return None
            if self._opens_at(channel, now) - now <= NO_WAIT_S:
                if channel.to and channel.waiting[0].drawn_at is None:
                    self._draw_ahead(free, now)
                self._begin(channel, now)
        waits = [self._opens_at(each, now) - now for each in free if each.waiting and not each.is_busy]
        if not waits:
            return None if self._in_hand else 0.0
        return max(min(waits), 0.0)

    def _draw_ahead(self, free: Iterable[Channel], now: float) -> None:
        """Begin to draw what starts in a moment: one read for all of it costs little more than for one message."""
        in_turn = [*free, *(each for each in self._channels.values() if each.is_busy)]
        for claimed in to_draw_ahead(in_turn, self._pace, now):
            claimed.drawn_at = now
            self._draw(claimed)

    def _begin(self, channel: Channel, now: float) -> None:
        claimed = channel.pop()
        self._waiting -= 1 + len(claimed.others)
        if now > claimed.deadline:
            self._returned += [claimed.delivery, *claimed.others]
            return
        channel.is_busy = True
        self._unanswered += 1
        self._in_hand += 1
        if channel.to:
            channel.gate.passed(now)
            self._gate.passed(now)
        self._begun.append((channel, claimed))
        if self._workers < MAX_IN_FLIGHT:
            self._workers += 1
            self.start(self._work())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in a task, which the loop alone would not keep alive."""
        task = asyncio.create_task(work, name="delivery")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        """Send what was begun, one after the other: a task for each message costs more than its place in the queue."""
        try:
            while self._begun:
                await self._one(*self._begun.popleft())
        finally:
            self._workers -= 1

    def _opens_at(self, channel: Channel, now: float) -> float:
        """Return when a conversation's next message may be sent.

        A redraw posts nothing and has a gate of its own. A queue takes the workspace's next slot early: if it waited
        for one, each of its messages would be a little later still, and the longest queue ends last.
        """
        if not channel.to:
            return self._redraws_at(channel.waiting[0], now)
        ahead_s = self._pace.workspace_s if len(channel.waiting) > 1 else 0.0
        return max(channel.gate.opens_at(), self._gate.opens_at() - ahead_s, now)

    def _redraws_at(self, first: Claimed, now: float) -> float:
        latest = first.deadline - REDRAW_NEEDS_S
        waits = first.is_patient and now < latest and self._is_crowded()
        return min(now + REDRAW_LOOKS_S, latest) if waits else now

    async def _one(self, channel: Channel, claimed: Claimed) -> None:
        settled, slot = Settled(posted=True), RequestSlot(self, channel)  # posted, unless an outcome says otherwise
        try:
            settled = await self._settle(claimed, slot)
        except Exception as fault:  # noqa: BLE001  the round reports it; the row keeps its lease and is looked for
            self.faults.append(fault)
        if claimed.delivery.to and not settled.posted:
            channel.gate.refund()
            self._gate.refund()
            self._changed.set()
        if settled.halts:
            self.halt()
        if not settled.is_being_recorded:
            slot.ended()

    def one_answered(self, channel: Channel) -> None:
        """Note that a delivery that was begun needs no answer any more."""
        self._unanswered -= 1
        if not channel.is_busy or self._unanswered == MAX_BEGUN - 1:
            self._changed.set()
        if self.load == self._low - 1:
            self._has_room()

    def one_ended(self, channel: Channel) -> None:
        """Note that a delivery is in hand no longer."""
        self._in_hand -= 1
        if channel.waiting or not self._in_hand:
            self._changed.set()

    def _forget_idle(self) -> None:
        """Drop conversations whose gates are open again."""
        now = steady()
        idle = [
            to
            for to, each in self._channels.items()
            if max(each.gate.opens_at(), each.turn_at + self._pace.channel_s) < now and not each.waiting
        ]
        for to in idle:
            del self._channels[to]
