"""Rate limit of a token: a bucket that fills steadily, in this process's memory."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

#: How many requests may come together, and how many come back a second.
BURST, A_SECOND = 60, 2.0
#: With more tokens in memory than this, full buckets are dropped: they are as new ones.
MAX_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """The rest of a bucket; `full_in_s` is the time until it is full, `wait_s` the time until the next request."""

    is_taken: bool
    burst: int
    left: int
    full_in_s: int
    wait_s: int

    def headers(self) -> Mapping[str, str]:
        """Return the fields of the IETF's draft on rate limits."""
        return {
            "ratelimit-policy": f'"token";q={self.burst};w={int(self.burst / A_SECOND)}',
            "ratelimit": f'"token";r={self.left};t={self.full_in_s}',
            "ratelimit-limit": str(self.burst),
            "ratelimit-remaining": str(self.left),
            "ratelimit-reset": str(self.full_in_s),
        }


class Buckets:
    """One bucket of `burst` requests for each name. `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float] = monotonic, burst: int = BURST) -> None:
        self._seconds, self._burst = seconds, burst
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> Allowance:
        """Take one request out of a bucket, if there is one."""
        now = self._seconds()
        level, at = self._levels.get(name, (float(self._burst), now))
        level = min(float(self._burst), level + (now - at) * A_SECOND)
        is_taken = level >= 1
        level -= is_taken
        self._levels[name] = level, now
        if len(self._levels) > MAX_BUCKETS:
            self._levels = {each: held for each, held in self._levels.items() if now - held[1] < self._burst / A_SECOND}
        wait_s = 0 if level >= 1 else math.ceil((1 - level) / A_SECOND)
        return Allowance(is_taken, self._burst, int(level), math.ceil((self._burst - level) / A_SECOND), wait_s)
