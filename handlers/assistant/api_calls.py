"""Calls of /api/v1: within this process for /mcp, over HTTP for `kept mcp`. The token decides the permissions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from starlette.types import ASGIApp, Message

#: The longest answer to wait for from a Kept elsewhere.
TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=10)
UNREACHABLE = "Kept does not answer at {address}. Whether anything was changed is not known: read before you try again."


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request. `key` is its Idempotency-Key: requests with the same key are performed once."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    key: str = ""

    @property
    def query_string(self) -> str:
        return urlencode({name: str(value) for name, value in self.query.items() if value is not None})

    def headers(self, authorization: str) -> dict[str, str]:
        """Return its header fields."""
        given = {"authorization": authorization, "content-type": "application/json"}
        return given | ({"idempotency-key": self.key} if self.key else {})


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    status: int
    value: dict[str, Any]

    @property
    def is_error(self) -> bool:
        return self.status >= 400


class Api(Protocol):
    async def call(self, call: ApiCall) -> ApiAnswer: ...


class ApiHere:
    """The API of this process, called with the authorization header of the request to /mcp."""

    def __init__(self, app: ASGIApp, authorization: str) -> None:
        self._app, self._authorization = app, authorization

    async def call(self, call: ApiCall) -> ApiAnswer:
        sent, status, parts = json.dumps(call.body or {}).encode(), 500, bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.extend(message.get("body", b""))

        fields = call.headers(self._authorization)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": call.method,
            "scheme": "http",
            "path": call.path,
            "raw_path": call.path.encode(),
            "query_string": call.query_string.encode(),
            "root_path": "",
            "headers": [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in fields.items()],
            "client": None,
            "server": None,
        }
        await self._app(scope, receive, send)
        return ApiAnswer(status, json.loads(parts))


class ApiThere:
    """The API of another Kept, over HTTP."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self._session, self._address, self._token = session, address.rstrip("/"), token

    async def call(self, call: ApiCall) -> ApiAnswer:
        url = f"{self._address}/api/v1{call.path}"
        body = None if call.body is None else json.dumps(call.body)
        headers = call.headers(f"Bearer {self._token}")
        try:
            async with self._session.request(
                call.method, f"{url}?{call.query_string}", data=body, headers=headers, allow_redirects=False
            ) as answer:
                value = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            value = None
        if not isinstance(value, dict):
            return ApiAnswer(503, {"detail": UNREACHABLE.format(address=self._address)})
        return ApiAnswer(answer.status, value)
