"""Slack's rates, counted: so many calls of a method in a minute, and one message a second in a channel."""

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.faults import Fault, FaultKind

#: The calls of one minute that each tier allows (docs.slack.dev, Rate limits).
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
_TIER_OF = {
    "apps.connections.open": 1,
    "conversations.list": 2,
    "users.list": 2,
    "reactions.remove": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.open": 3,
    "conversations.info": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.join": 3,
    "conversations.leave": 3,
    "dnd.info": 3,
    "reactions.add": 3,
    "reactions.get": 3,
    "team.info": 3,
    "users.conversations": 3,
    "users.lookupByEmail": 3,
}
_COMMON = 4  # the tier of every other method
_UNCOUNTED = ("chat.postMessage", "auth.test", "api.test", "oauth.v2.access")
#: What chat.postMessage allows: about one a second in a channel with a short burst, and some hundred a minute in all.
BURST, A_CHANNEL_S, ALL_A_MINUTE = 3, 1.0, 300


class Rates:
    """Counts calls in real time, whatever the sandbox's clock says; `on` False lets everything through."""

    def __init__(self, *, on: bool = False, seconds: Callable[[], float] = time.monotonic) -> None:
        self.on = on
        self._seconds = seconds
        self._called: dict[str, deque[float]] = {}

    def take(self, method: str, args: dict[str, Any]) -> Fault | None:
        """The refusal that a call meets; one that is let through is counted."""
        if not self.on:
            return None
        limits = self._limits(method, args)
        now = self._seconds()
        waits = [self._wait(key, most, span_s, now) for key, most, span_s in limits]
        if any(waits):
            return Fault(method, FaultKind.RATE_LIMITED, retry_after_s=math.ceil(max(waits)))
        for key, _, _ in limits:
            self._called[key].append(now)
        return None

    def _limits(self, method: str, args: dict[str, Any]) -> list[tuple[str, int, float]]:
        """Which counts a call is held to: their names, how many, and in how many seconds."""
        if method == "chat.postMessage":
            place = f"{method} {args.get('channel')}"
            return [(place, BURST, BURST * A_CHANNEL_S), (method, ALL_A_MINUTE, 60.0)]
        return [] if method in _UNCOUNTED else [(method, TIERS[_TIER_OF.get(method, _COMMON)], 60.0)]

    def _wait(self, key: str, most: int, span_s: float, now: float) -> float:
        called = self._called.setdefault(key, deque())
        while called and called[0] <= now - span_s:
            called.popleft()
        return called[0] + span_s - now if len(called) >= most else 0.0
