"""Slack's side on loopback: the few Web API methods that handlers call, and where their answers are posted."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes import set_event


@dataclass
class SlackApi:
    """Records the calls and the messages; `refusals` names methods that answer with an error instead.

    `limits` names methods turned away with a 429, and for how many seconds. `gone` is what the place for answers says
    once it takes none any more: a status and a body. auth.test stands in no list of calls, for every start calls it.
    """

    url: str = ""
    team_id: str = "T1"
    introduced: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    gone: tuple[int, str] | None = None
    #: Whether each connection is closed without an answer.
    is_down: bool = False
    #: Types of blocks that the place for answers refuses.
    refused_blocks: set[str] = field(default_factory=set)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    #: Set unless Slack takes its time with whatever is called.
    prompt: asyncio.Event = field(default_factory=set_event)

    @property
    def response_url(self) -> str:
        return f"{self.url}/answers"

    @property
    def views(self) -> list[dict[str, Any]]:
        """Every modal opened, the oldest first."""
        return [call["view"] for method, call in self.calls if method == "views.open"]

    @property
    def homes(self) -> list[dict[str, Any]]:
        return [call["view"] for method, call in self.calls if method == "views.publish"]

    async def on_call(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await _body(request)
        if self.is_down and request.transport:
            request.transport.abort()
        if method == "auth.test":
            self.introduced.set()
        else:
            self.calls.append((method, body))
            self.called.set()
            await self.prompt.wait()
        if method in self.limits:
            wait = {"Retry-After": str(self.limits[method])}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
        if method in self.refusals:
            return web.json_response({"ok": False, "error": self.refusals[method]})
        if method == "auth.test":
            return web.json_response({"ok": True, "team_id": self.team_id, "user_id": "UBOT", "bot_id": "B1"})
        if method == "chat.getPermalink":
            address = f"https://acme.slack.com/archives/{body['channel']}/p{body['message_ts'].replace('.', '')}"
            return web.json_response({"ok": True, "permalink": address})
        if method == "conversations.open":
            return web.json_response({"ok": True, "channel": {"id": f"D{body['users']}"}})
        if method == "chat.postMessage":
            return web.json_response({"ok": True, "channel": body["channel"], "ts": f"{len(self.calls)}.1"})
        return web.json_response({"ok": True, "view": {"id": f"V{len(self.calls)}"}})

    async def on_answer(self, request: web.Request) -> web.Response:
        if self.gone:
            return web.Response(status=self.gone[0], text=self.gone[1])
        answer = await request.json()
        if self.refused_blocks & {block["type"] for block in answer["blocks"]}:
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        self.answers.append(answer)
        return web.Response(text="ok")


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    fields = dict(await request.post())
    return {name: json.loads(str(value)) if name == "view" else value for name, value in fields.items()}


@contextlib.asynccontextmanager
async def slack_api() -> AsyncIterator[SlackApi]:
    api, app = SlackApi(), web.Application()
    app.router.add_post("/api/{method}", api.on_call)
    app.router.add_post("/answers", api.on_answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        api.url = f"http://{host}:{port}"
        yield api
    finally:
        await runner.cleanup()
