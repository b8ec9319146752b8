"""News for the open pages: what changed, and who may see it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_BACKLOG = 2000  # events a page may lag behind before it has to reload


@dataclass(frozen=True)
class News:
    """One change. `seen_by` None means everybody."""

    kind: str
    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    seen_by: frozenset[str] | None = None

    def shown(self) -> dict[str, Any]:
        """As a page is sent it: `seen_by` lists the people it concerns, null when that is everybody."""
        seen_by = None if self.seen_by is None else sorted(self.seen_by)
        return {"kind": self.kind, "number": self.number, "seen_by": seen_by, **self.facts}


class Feed:
    """Hands every piece of news to every listener, in order."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[News | None]] = set()
        self.closed = False
        self.number = 0
        self._watched = asyncio.Event()

    def publish(self, kind: str, *, seen_by: frozenset[str] | None = None, **facts: Any) -> None:
        self.number += 1
        news = News(kind, self.number, facts, seen_by)
        for listener in self._listeners:
            if listener.qsize() < _BACKLOG:
                listener.put_nowait(news)
            elif listener.qsize() == _BACKLOG:
                listener.put_nowait(News("reload", self.number))

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[News | None]]:
        queue: asyncio.Queue[News | None] = asyncio.Queue()
        self._listeners.add(queue)
        self._watched.set()
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    async def watched(self) -> None:
        """Waits until a page was open."""
        await self._watched.wait()

    def close(self) -> None:
        """End every stream: a listener's last item is None."""
        self.closed = True
        for listener in self._listeners:
            listener.put_nowait(None)
