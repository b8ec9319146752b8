"""A webhook's address on loopback, which may fail, and records the calls that it received."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Receiver:
    """`fails` says whether the nth attempt of an id is answered with an error, and with which status."""

    url: str = ""
    fails: Callable[[str, int], int] = lambda call_id, attempt: 0
    attempts: Counter[str] = field(default_factory=Counter)
    received: asyncio.Event = field(default_factory=asyncio.Event)
    #: What was taken, in order: headers, body as it came, and the same read.
    taken: list[tuple[dict[str, str], str, dict[str, Any]]] = field(default_factory=list)

    async def on_call(self, request: web.Request) -> web.Response:
        call_id, body = request.headers.get("webhook-id", ""), await request.text()
        self.attempts[call_id] += 1
        self.received.set()
        if status := self.fails(call_id, self.attempts[call_id]):
            return web.Response(status=status, headers={"location": f"{self.url}/elsewhere"})
        self.taken.append((dict(request.headers), body, json.loads(body)))
        return web.Response(text="ok")

    @property
    def events(self) -> list[str]:
        return [sent["type"] for _, _, sent in self.taken]


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.on_call)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield found
    finally:
        await runner.cleanup()
