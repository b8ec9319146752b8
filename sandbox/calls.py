"""The record of all requests between the app and the sandbox."""

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.feed import Feed

_KEPT = 1000  # the record forgets what is older than this many calls


@dataclass
class Call:
    """One request and its answer. `direction` is "from_app" (the Web API) or "to_app"; `at` is real time."""

    id: int
    direction: str
    name: str
    at: str
    request: Any
    headers: dict[str, str] = field(default_factory=dict)
    transport: str = "http"
    status: int | None = None
    answer: Any = None
    error: str | None = None
    elapsed_ms: float | None = None


class Calls:
    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self.count = 0
        self._started: dict[int, float] = {}

    def begin(self, direction: str, name: str, request: Any, headers: dict[str, str], transport: str = "http") -> Call:
        self.count += 1
        call = Call(self.count, direction, name, datetime.now(UTC).isoformat(), request, headers, transport)
        self._calls.append(call)
        self._started[call.id] = time.monotonic()
        return call

    @property
    def under_way(self) -> int:
        """Return the number of calls that are not answered yet."""
        return len(self._started)

    def end(self, call: Call, status: int | None, answer: Any, error: str | None = None) -> None:
        call.status, call.answer, call.error = status, answer, error
        call.elapsed_ms = round((time.monotonic() - self._started.pop(call.id, time.monotonic())) * 1000, 1)
        self._feed.publish("call", id=call.id, to_app=call.direction == "to_app")

    def listed(self, after: int = 0) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls if call.id > after]

    def clear(self) -> None:
        self._calls.clear()
        self._started.clear()
