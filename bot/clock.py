"""The source of `now`: the system clock, or the sandbox's movable clock."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

log = structlog.get_logger("kept.clock")

#: How long one long-poll request to the sandbox's clock may stay open.
LONG_POLL = aiohttp.ClientTimeout(total=40)
#: How long to wait before the next request when the sandbox does not answer.
PAUSE_S = 0.5


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SandboxClock:
    """Follows the clock at `url` by long polling; `moved` is called after each change."""

    def __init__(self, url: str, moved: Callable[[], None]) -> None:
        self._url = url
        self._moved = moved
        self._offset = timedelta()
        self._version = -1

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def catch_up(self, session: aiohttp.ClientSession) -> None:
        """Read the clock once. Raises aiohttp.ClientError or TimeoutError when it does not answer."""
        query = {"after": str(self._version)} if self._version >= 0 else {}
        async with session.get(self._url, params=query, timeout=LONG_POLL) as answer:
            answer.raise_for_status()
            state = await answer.json()
        if state["version"] != self._version:
            self._version, self._offset = state["version"], timedelta(seconds=state["offset_s"])
            self._moved()

    async def follow(self, session: aiohttp.ClientSession) -> None:
        """Follow the clock until cancelled; while it does not answer, time runs on with the last offset."""
        while True:
            try:
                await self.catch_up(session)
            except (aiohttp.ClientError, TimeoutError) as silence:
                log.debug("the sandbox's clock does not answer", error=type(silence).__name__)
                await asyncio.sleep(PAUSE_S)
