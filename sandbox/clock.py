"""The sandbox's adjustable clock: real time plus an offset that people move."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall_clock
from typing import Any

#: In this span of a weekday, in UTC, Alice in Berlin and the client in London are at work, winter and summer.
AT_WORK = (wall_clock(9), wall_clock(15))


def in_hours(now: datetime) -> datetime:
    """`now` in UTC while Alice and the client are at work, else when they next are.

    >>> in_hours(datetime(2026, 11, 27, 20, tzinfo=UTC)).isoformat()
    '2026-11-30T09:00:00+00:00'
    """
    starts, ends = AT_WORK
    if now.weekday() < 5 and starts <= now.time() < ends:
        return now
    day = now.date() if now.time() < starts else now.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, starts, UTC)


class Clock:
    """The sandbox's time; wakes the tasks that wait for it to move."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s
        self.version = 0
        self._moved = asyncio.Condition()
        self._stopped = False

    def begin_at(self, instant: datetime) -> None:
        """Goes on from an instant, before anybody waits."""
        self.offset_s = instant.timestamp() - time.time()

    def seconds(self) -> float:
        return time.time() + self.offset_s

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def reading(self) -> dict[str, Any]:
        return {"now": self.now().isoformat(), "offset_s": self.offset_s, "version": self.version}

    async def move_to(self, instant: datetime) -> None:
        await self._set(instant.timestamp() - time.time())

    async def back_to_real_time(self) -> None:
        await self._set(0.0)

    async def wait_moved(self, after: int, timeout_s: float) -> None:
        """Returns as soon as the version is above `after`, or when the time is up."""
        try:
            async with asyncio.timeout(timeout_s), self._moved:
                await self._moved.wait_for(lambda: self.version > after or self._stopped)
        except TimeoutError:
            return

    async def stop(self) -> None:
        """Release all waiting tasks: the sandbox is about to end."""
        self._stopped = True
        async with self._moved:
            self._moved.notify_all()

    async def _set(self, offset_s: float) -> None:
        async with self._moved:
            self.offset_s = offset_s
            self.version += 1
            self._moved.notify_all()
