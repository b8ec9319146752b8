"""Client-side rate limits that keep Kept below Slack's.

All times are monotonic seconds: a jump of the wall clock must not speed up or stop anything.
"""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two messages in one channel, between two in one workspace, and between two redraws.

    Slack allows about one message per second and channel, some hundred per minute and workspace, and 50 calls of
    chat.update per minute, with short bursts. The channel's interval is a little over a second, because requests sent
    in step do not arrive in step.
    """

    channel_s: float = 1.01
    workspace_s: float = 0.2
    workspace_burst: int = 3
    redraw_s: float = 1.2
    redraw_burst: int = 20


UNPACED = Pace(0, 0, 1, 0, 1)


class Gate:
    """Lets one pass every `every_s`, and a burst of `burst` after a pause."""

    __slots__ = ("_burst", "_every_s", "_full_at")

    def __init__(self, every_s: float, burst: int = 1) -> None:
        self._every_s = every_s
        self._burst = burst
        self._full_at = 0.0

    def opens_at(self) -> float:
        """Return when the next may pass."""
        return self._full_at - (self._burst - 1) * self._every_s

    def passed(self, now: float) -> None:
        self._full_at = max(self._full_at, now) + self._every_s

    def refund(self) -> None:
        """Give back the last pass, because nothing was sent."""
        self._full_at -= self._every_s


class Timetable:
    """Slots per second of one workspace: each caller gets the first second with a free slot.

    Slots of one conversation lie at least its own interval apart, so a long queue in one takes one slot in every second
    and leaves the others free.
    """

    def __init__(self, every_s: float) -> None:
        self._room = round(1 / every_s) if every_s else 0
        self._taken: dict[int, int] = {}
        self._first = 0

    def turn(self, earliest: float, now: float) -> float:
        """Reserve and return the first free slot that is not before `earliest`."""
        if not self._room:
            return earliest
        while self._first < int(now) or self._taken.get(self._first, 0) >= self._room:
            self._taken.pop(self._first, None)
            self._first = max(self._first + 1, int(now) if not self._taken else 0)
        second = max(int(earliest), self._first)
        while self._taken.get(second, 0) >= self._room:
            second += 1
        self._taken[second] = self._taken.get(second, 0) + 1
        return max(earliest, float(second))


class Redrawing:
    """Rate limit of one workspace's redraws."""

    def __init__(self, pace: Pace) -> None:
        self._gate = Gate(pace.redraw_s, pace.redraw_burst)

    async def turn(self) -> None:
        """Wait until one more message may be redrawn."""
        wait_s = self._gate.opens_at() - steady()
        self._gate.passed(steady())
        if wait_s > 0:
            await asyncio.sleep(wait_s)


def steady() -> float:
    """Return the running loop's monotonic clock, in seconds."""
    return asyncio.get_running_loop().time()
