"""Another tool with a person's token, at the bot's own HTTP."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import uvicorn

from bot.domain.access_tokens import Scope
from bot.domain.promise import UserId
from tests.integration.front import Answer, Front, request
from tests.integration.test_settings_of_time import make_admin
from tests.unit.factories import ALICE, FRIDAY, TEAM

DUE = FRIDAY.isoformat()


@dataclass(frozen=True)
class Tool:
    front: Front
    token: str

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.send("GET", path, b"", headers)

    async def post(self, path: str, body: Any, **headers: str) -> Answer:
        return await self.send("POST", path, json.dumps(body).encode(), headers)

    async def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request; headers have _ for -."""
        given = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await request(self.front.app, method, f"/api/v1{path}", body, given)

    async def act(self, number: int, act: str, seq: int | None = None, **more: Any) -> Answer:
        matched = {} if seq is None else {"if_match": f'"{seq}"'}
        return await self.post(f"/promises/{number}/acts", {"act": act, **more}, **matched)


async def tool_of(front: Front, person: UserId = ALICE) -> Tool:
    return Tool(front, await front.services.access.make(TEAM, person, "a script"))


async def tool_of_workspace(front: Front, *scopes: Scope) -> Tool:
    make_admin(front, ALICE)
    token = await front.services.access.make_for_workspace(TEAM, ALICE, "a report", frozenset(scopes))
    make_admin(front, ALICE, is_admin=False)
    return Tool(front, token)


@contextlib.asynccontextmanager
async def listening(front: Front) -> AsyncIterator[str]:
    """The front's HTTP on a port of loopback, for tools that speak through a socket; yields its address."""
    with socket.socket() as address:
        address.bind(("127.0.0.1", 0))
        address.listen()  # who connects before the server has started waits for it
        server = uvicorn.Server(uvicorn.Config(front.app, lifespan="off", log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[address]))
        try:
            yield f"http://127.0.0.1:{address.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
