"""The sandbox's adjustable clock: real time plus an offset that people move."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall_clock
from typing import Any

#: In this span of a weekday, in UTC, Alice in Berlin and the client in London are at work, winter and summer.
AT_WORK = (wall_clock(9), wall_clock(15))
#: Monday to Thursday: "by Friday 5pm", which the README begins with, means one day then; on a Friday Kept asks which.
FIRST_DAYS = range(4)
#: How long a move waits for the apps that follow the clock to ask for the next one; an app may have ended.
FOLLOWED_WITHIN_S = 1.0


def in_hours(now: datetime) -> datetime:
    """Return `now` in UTC while Alice and the client are at work, Monday to Thursday, else when they next are.

    >>> in_hours(datetime(2026, 11, 27, 10, tzinfo=UTC)).isoformat()
    '2026-11-30T09:00:00+00:00'
    """
    starts, ends = AT_WORK
    if now.weekday() in FIRST_DAYS and starts <= now.time() < ends:
        return now
    day = now.date() if now.time() < starts else now.date() + timedelta(days=1)
    while day.weekday() not in FIRST_DAYS:
        day += timedelta(days=1)
    return datetime.combine(day, starts, UTC)


class Clock:
    """The sandbox's time; wakes the tasks that wait for it to move."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s
        self.version = 0
        self._moved = asyncio.Condition()
        #: How many wait for a version above today's, so that they know today's.
        self._followers = 0
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
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._moved:
                known = self.version
                self._followers += after >= known
                self._moved.notify_all()
                try:
                    await self._moved.wait_for(lambda: self.version > after or self._stopped)
                finally:
                    self._followers -= known == self.version and after >= known

    async def stop(self) -> None:
        """Release all waiting tasks: the sandbox is about to end."""
        self._stopped = True
        async with self._moved:
            self._moved.notify_all()

    async def _set(self, offset_s: float) -> None:
        """Move, and return once all that followed know it: what is typed next must not be read at the time before."""
        async with self._moved:
            followers, self._followers = self._followers, 0
            self.offset_s = offset_s
            self.version += 1
            self._moved.notify_all()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FOLLOWED_WITHIN_S):
                    await self._moved.wait_for(lambda: self._followers >= followers or self._stopped)
