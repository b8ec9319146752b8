"""Deduplicate concurrent calls: callers with the same key share one result."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from bot.language import current

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs one call per key at a time; callers that arrive meanwhile get the same result or error.

    Readers of different languages do not share one, because an error is a sentence in its first caller's language.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}

    async def run(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the result of a key's call, which continues if one caller is cancelled, since others may wait."""
        key = current(), key
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(task)

    def _end(self, key: Hashable, done: "asyncio.Task[T]") -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # seen, also if each caller was cancelled
