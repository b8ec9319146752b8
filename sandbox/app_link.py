"""Requests from the sandbox to the app: over a connected socket, else over signed HTTP."""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.calls import Call, Calls
from sandbox.settings import Settings
from sandbox.signing import signed_headers

FORM = "application/x-www-form-urlencoded"
_ACCEPTS_ANSWER = {"slash_commands": True, "interactive": True, "events_api": False}

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Answer:
    """The app's answer. `failure` is Slack's name for an error, None without one."""

    status: int | None
    body: Any
    elapsed_ms: float
    failure: str | None = None
    headers: Mapping[str, str] | None = None

    @property
    def ok(self) -> bool:
        return self.failure is None


class AppLink:
    """Delivers commands, interactions and events, and waits `settings.answer_within_s` for the answer."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        self._settings = settings
        self._calls = calls
        self._session: aiohttp.ClientSession | None = None
        self._sockets: dict[str, Send] = {}
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._settings.answer_within_s))

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def ask(self, url: str) -> Any:
        """The JSON that the app's own page at that URL answers.

        Raises: aiohttp.ClientError, TimeoutError or ValueError when it answers none.
        """
        assert self._session is not None, "the link is not open"  # noqa: S101 (a fault of ours, not of the app)
        async with self._session.get(url) as response:
            return await response.json(content_type=None)

    def attach(self, socket_id: str, send: Send) -> int:
        """Register a connected socket; return how many there are now."""
        self._sockets[socket_id] = send
        return len(self._sockets)

    def detach(self, socket_id: str) -> None:
        self._sockets.pop(socket_id, None)

    def sockets(self) -> list[Send]:
        return list(self._sockets.values())

    def acknowledge(self, envelope_id: str, payload: Any) -> None:
        waiting = self._waiting.get(envelope_id)
        if waiting and not waiting.done():
            waiting.set_result(payload)

    async def deliver(
        self, kind: str, name: str, payload: dict[str, Any], retry: tuple[int, str] | None = None
    ) -> Answer:
        """Sends one payload. `kind` is Socket Mode's word for it; `retry` counts and explains a repeated event."""
        await asyncio.sleep(self._settings.latency_s / 2)
        answer = await self._sent(kind, name, payload, retry)
        await asyncio.sleep(self._settings.latency_s / 2)
        return answer

    async def _sent(self, kind: str, name: str, payload: dict[str, Any], retry: tuple[int, str] | None) -> Answer:
        if self._sockets:
            return await self._over_socket(kind, name, payload, retry)
        return await self._over_http(kind, name, payload, retry)

    async def _over_http(self, kind: str, name: str, payload: dict[str, Any], retry: tuple[int, str] | None) -> Answer:
        content_type, body = _encoded(kind, payload)
        headers = signed_headers(self._settings.credentials.signing_secret, str(int(time.time())), body, content_type)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        call = self._calls.begin("to_app", name, payload, headers)
        started = time.monotonic()
        assert self._session is not None, "the link is not open"  # noqa: S101 (a fault of ours, not of the app)
        try:
            async with self._session.post(self._settings.app_url, data=body, headers=headers) as response:
                answer = _decoded(await response.text(errors="replace"))
                failure = None if response.status == 200 else "dispatch_failed"
                return self._ended(call, started, response.status, answer, failure, dict(response.headers))
        except TimeoutError:
            return self._ended(call, started, None, None, "operation_timeout")
        except aiohttp.ClientError:
            return self._ended(call, started, None, None, "dispatch_failed")

    async def _over_socket(
        self, kind: str, name: str, payload: dict[str, Any], retry: tuple[int, str] | None
    ) -> Answer:
        envelope_id = secrets.token_hex(16)
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": _ACCEPTS_ANSWER[kind],
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        call = self._calls.begin("to_app", name, payload, {}, transport="socket")
        started = time.monotonic()
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        send = secrets.choice(list(self._sockets.values()))
        try:
            await send(envelope)
            answer = await asyncio.wait_for(waiting, self._settings.answer_within_s)
            return self._ended(call, started, 200, answer if answer is not None else "", None)
        except TimeoutError:
            return self._ended(call, started, None, None, "operation_timeout")
        except (OSError, RuntimeError):
            return self._ended(call, started, None, None, "dispatch_failed")
        finally:
            del self._waiting[envelope_id]

    def _ended(
        self,
        call: Call,
        started: float,
        status: int | None,
        body: Any,
        failure: str | None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self._calls.end(call, status, body, failure)
        return Answer(status, body, round((time.monotonic() - started) * 1000, 1), failure, headers)


def _encoded(kind: str, payload: dict[str, Any]) -> tuple[str, bytes]:
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return FORM, urlencode(fields).encode()


def _decoded(body: str) -> Any:
    """The body as JSON when it is an object, else as it stands."""
    try:
        value = json.loads(body)
    except ValueError:
        return body
    return value if isinstance(value, dict) else body
