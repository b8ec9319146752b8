"""Slack's limits, kept before Slack has to say so: how soon the next call of a kind may follow the last.

All times here are monotonic seconds: a wall clock that jumps must not hasten or stop anybody.
"""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two messages in one channel, between two in one workspace, and between two redrawings.

    Slack allows about one message a second and channel, some hundred a minute and workspace, and 50 calls of
    chat.update a minute; some may follow each other immediately, as its minutes allow. The channel's second is a little
    longer than a second, because what leaves in step does not arrive in step.
    """

    channel_s: float = 1.01
    workspace_s: float = 0.2
    workspace_at_once: int = 3
    redraw_s: float = 1.2
    redraws_at_once: int = 20


UNPACED = Pace(0, 0, 1, 0, 1)


class Gate:
    """Lets one through each `every_s`, and after a pause `at_once` together."""

    __slots__ = ("_at_once", "_every_s", "_full_at")

    def __init__(self, every_s: float, at_once: int = 1) -> None:
        self._every_s = every_s
        self._at_once = at_once
        self._full_at = 0.0

    def opens_at(self) -> float:
        """When the next may pass."""
        return self._full_at - (self._at_once - 1) * self._every_s

    def passed(self, now: float) -> None:
        self._full_at = max(self._full_at, now) + self._every_s

    def refund(self) -> None:
        """Whoever passed last did not go on."""
        self._full_at -= self._every_s


class Timetable:
    """A workspace's seconds, each with room for so many messages: whoever comes gets the first with room left.

    A conversation's turns lie at least its own pace apart, so a long queue in one takes a place in every second and
    leaves the rest of each to others: neither waits for the other.
    """

    def __init__(self, every_s: float) -> None:
        self._room = round(1 / every_s) if every_s else 0
        self._taken: dict[int, int] = {}
        self._first = 0

    def turn(self, earliest: float, now: float) -> float:
        """The first free turn that is not before `earliest`; it is taken now."""
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
    """One workspace's turn to redraw."""

    def __init__(self, pace: Pace) -> None:
        self._gate = Gate(pace.redraw_s, pace.redraws_at_once)

    async def turn(self) -> None:
        """Waits until one more message may be redrawn."""
        wait_s = self._gate.opens_at() - steady()
        self._gate.passed(steady())
        if wait_s > 0:
            await asyncio.sleep(wait_s)


def steady() -> float:
    """Seconds by the running loop's own clock, which only ever goes forward."""
    return asyncio.get_running_loop().time()
