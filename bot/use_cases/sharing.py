"""Work that several callers want at the same moment, done once for all of them."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Runs one work of a key at a time; who asks meanwhile gets the same result, or the same error."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}

    async def of(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what the work of a key returns. It goes on if its caller is cancelled, since others may wait."""
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(task)

    def _end(self, key: Hashable, done: "asyncio.Task[T]") -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # seen, also if each caller was cancelled
