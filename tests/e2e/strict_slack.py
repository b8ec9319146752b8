"""A Slack on loopback that counts: what stands where, under which mark; slow, late and rude on demand."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

#: A request that comes so soon after a 429 was sent before its sender could know of it.
UNDER_WAY_S = 0.5


@dataclass
class CountingSlack:
    """`late_s` is how long a post may take to stand in the conversation after its connection broke."""

    chance: random.Random
    url: str = ""
    late_s: float = 0.0
    #: How often, of all posts: the connection breaks before, or after the message was taken.
    cuts: float = 0.0
    #: For how long a workspace is turned away with a 429 now and then; None: never. Its channels begin with its name.
    retry_after_s: int | None = None
    marks: list[str] = field(default_factory=list)
    #: Home tabs drawn, by person; when each channel's messages were posted; and who did not wait as long as required.
    homes: Counter[str] = field(default_factory=Counter)
    posted_at: dict[str, list[float]] = field(default_factory=dict)
    too_soon: int = 0
    _shut_until: dict[str, float] = field(default_factory=dict)
    histories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def doubled(self) -> int:
        return sum(times - 1 for times in Counter(self.marks).values())

    async def on_call(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        match request.match_info["method"]:
            case "conversations.open":
                return web.json_response({"ok": True, "channel": {"id": f"D{body['users']}"}})
            case "conversations.info":
                return web.json_response({"ok": True, "channel": {"id": body["channel"], "is_channel": True}})
            case "conversations.history":
                found = self.histories.get(str(body["channel"]), [])
                return web.json_response({"ok": True, "messages": found, "response_metadata": {"next_cursor": ""}})
            case "chat.postMessage":
                return self._turned_away(str(body["channel"])) or await self._post(request, body)
            case "views.publish":
                self.homes[str(body["user_id"])] += 1
                return web.json_response({"ok": True, "view": {"id": "V1"}})
            case "users.info":
                return web.json_response({"ok": True, "user": {"id": body["user"], "name": body["user"], "tz": "UTC"}})
            case _:
                return web.json_response({"ok": True, "team_id": "T1"})

    def _turned_away(self, channel: str) -> web.Response | None:
        """A 429, one post in forty; and again for a sender that comes back too early, which is counted."""
        team, now = channel.partition("-")[0], asyncio.get_running_loop().time()
        if self.retry_after_s is None:
            return None
        shut_until = self._shut_until.get(team, 0.0)
        if now < shut_until:
            self.too_soon += now > shut_until - self.retry_after_s + UNDER_WAY_S
        elif self.chance.random() < 1 / 40:
            self._shut_until[team] = now + self.retry_after_s
        else:
            self.posted_at.setdefault(channel, []).append(now)
            return None
        headers = {"Retry-After": str(self.retry_after_s)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    async def _post(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        fate = self.chance.random()
        if fate < self.cuts / 2:
            self._cut(request)
        ts = f"{len(self.marks)}.000001"
        # Taken in hand: it will stand there, even if its sender has gone.
        task = asyncio.create_task(self._stand(body, ts))
        if fate < self.cuts:
            self._cut(request)
        await asyncio.shield(task)
        return web.json_response({"ok": True, "channel": body["channel"], "ts": ts})

    async def _stand(self, body: dict[str, Any], ts: str) -> None:
        await asyncio.sleep(self.chance.uniform(0.0, self.late_s))
        if "metadata" not in body:  # an answer to one person, which is no delivery
            return
        mark = body["metadata"]["event_payload"]["id"]
        self.marks.append(mark)
        self.histories.setdefault(str(body["channel"]), []).append({"ts": ts, "metadata": body["metadata"]})

    def _cut(self, request: web.Request) -> None:
        if request.transport:
            request.transport.abort()
        raise ConnectionResetError

    async def _body(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            return dict(await request.json())
        return dict(await request.post())


@contextlib.asynccontextmanager
async def counting_slack(seed: int, **manner: float) -> AsyncIterator[CountingSlack]:
    slack, app = CountingSlack(random.Random(seed), **manner), web.Application()  # type: ignore[arg-type]  # its floats
    app.router.add_post("/api/{method}", slack.on_call)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        slack.url = f"http://{host}:{port}/api/"
        yield slack
    finally:
        await runner.cleanup()
