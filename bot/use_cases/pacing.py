"""Slack's limits, kept before Slack has to say so: how soon the next call of a kind may follow the last.

All times here are monotonic seconds: a wall clock that jumps must not hasten or stop anybody.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two messages in one channel, between two in one workspace, and between two redrawings.

    Slack allows about one message a second and channel, some hundred a minute and workspace, and 50 calls of
    chat.update a minute; `redraws_at_once` of these may follow each other immediately. The channel's second is a little
    longer than a second, because what leaves in step does not arrive in step.
    """

    channel_s: float = 1.02
    workspace_s: float = 0.2
    redraw_s: float = 1.2
    redraws_at_once: int = 20


UNPACED = Pace(0, 0, 0, 1)


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


class Redrawing:
    """One workspace's turn to redraw."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._gate = Gate(pace.redraw_s, pace.redraws_at_once)
        self._monotonic = monotonic

    async def turn(self) -> None:
        """Waits until one more message may be redrawn."""
        wait_s = self._gate.opens_at() - self._monotonic()
        self._gate.passed(self._monotonic())
        if wait_s > 0:
            await asyncio.sleep(wait_s)
