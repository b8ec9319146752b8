"""The bot's HTTP endpoints: Slack's requests, health and metrics."""

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.registration import SHAPE_FAULTS

log = structlog.get_logger("kept.http")

#: Slack's largest request, a view with its state, stays under 250 KB.
BODY_LIMIT = 250_000
NUMBER = re.compile("[0-9]{1,12}")

Ready = Callable[[], Awaitable[Mapping[str, str]]]
Planned = Callable[[], Awaitable[Sequence[Mapping[str, str]]]]


@dataclass(frozen=True, slots=True)
class MetricsPage:
    """The page for Prometheus, in its text format; with a `token` only for requests with that bearer token."""

    written: Callable[[], Awaitable[bytes]]
    token: str = ""

    def route(self) -> Route:
        return Route("/metrics", self._answer)

    async def _answer(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.token and not hmac.compare_digest(given.encode(), self.token.encode()):
            return PlainTextResponse("a token is needed", 401, {"WWW-Authenticate": "Bearer"})
        return Response(await self.written(), media_type=CONTENT_TYPE_LATEST)


class TooLargeError(Exception):
    """The body of a request is longer than is read."""


def web_app(
    bolt: AsyncApp | None,
    ready: Ready,
    planned: Planned | None = None,
    metrics: MetricsPage | None = None,
    more: Sequence[BaseRoute] = (),
    signing_secret: str = "",
) -> Starlette:
    """Return the routes; Slack's only with `bolt` and `signing_secret`, when requests come over HTTP."""
    verifier = SignatureVerifier(signing_secret) if bolt else None

    async def slack(request: Request) -> Response:
        assert bolt is not None  # noqa: S101  the route exists only with it
        assert verifier is not None  # noqa: S101  as above
        return await _slack(bolt, verifier, request)

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(request: Request) -> Response:
        parts = await ready()
        return JSONResponse(dict(parts), 200 if all(state == "ok" for state in parts.values()) else 503)

    async def timeline(request: Request) -> Response:
        assert planned is not None  # noqa: S101  the route exists only with it
        return JSONResponse(list(await planned()))

    routes: list[BaseRoute] = [Route("/healthz", healthz), Route("/readyz", readyz)]
    routes += [metrics.route()] if metrics else []
    routes += [Route("/slack/events", slack, methods=["POST"])] if bolt else []
    routes += [Route("/planned", timeline)] if planned else []
    return Starlette(routes=[*routes, *more])


def so_far(count: Callable[[], Awaitable[Mapping[str, Mapping[str, int]]]]) -> Route:
    """Return the page on which the sandbox's guide reads how much has happened."""

    async def answer(_request: Request) -> Response:
        return JSONResponse(dict(await count()))

    return Route("/so-far", answer)


async def _slack(bolt: AsyncApp, verifier: SignatureVerifier, request: Request) -> Response:
    """Handle one request from Slack. Nothing is parsed before the signature of the bytes is verified."""
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not (NUMBER.fullmatch(timestamp) and signature.startswith("v0=") and signature.isascii()):
        return PlainTextResponse("invalid request", 401)
    try:
        body = await read_body(request, BODY_LIMIT)
    except TooLargeError:
        return PlainTextResponse("too large", 413)
    except ClientDisconnect:
        return PlainTextResponse("", 400)
    if not _fits(verifier, body, timestamp, signature):
        log.warning("a signature does not fit: is SLACK_SIGNING_SECRET right, and this machine's clock?")
        return PlainTextResponse("invalid request", 401)
    if not _is_readable(body):
        return PlainTextResponse("malformed", 400)
    try:
        bolt_request = to_async_bolt_request(request, _shielded(body))
        bolt_request.raw_body = body.decode()  # the signature covers the bytes that were sent
        return to_starlette_response(await bolt.async_dispatch(bolt_request))
    except SHAPE_FAULTS as error:
        log.warning("malformed payload", error=type(error).__name__)
        return PlainTextResponse("malformed", 400)


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body. Raises TooLargeError as soon as it is known to be longer than `limit` bytes."""
    announced = request.headers.get("content-length", "0")
    if NUMBER.fullmatch(announced) and int(announced) > limit:
        raise TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLargeError
    return bytes(body)


def _fits(verifier: SignatureVerifier, body: bytes, timestamp: str, signature: str) -> bool:
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:  # Slack sends UTF-8
        return False


def _is_readable(body: bytes) -> bool:
    """Return whether the body holds a JSON object, by itself or in a form's `payload`, or is a form without one."""
    try:
        text = body.decode()
        if not text.startswith("{"):
            if "payload" not in text:
                return True
            payload = dict(parse_qsl(text, keep_blank_values=True)).get("payload")
            if payload is None:
                return True
            text = payload
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _shielded(body: bytes) -> bytes:
    """Return the body with "payload" escaped in a command's text.

    Bolt 1.30 looks for "payload" anywhere in a form and, finding it in typed text, reads the whole form as empty:
    "/promise @bob send the payload by Friday" would be lost.
    """
    if body.startswith((b"{", b"payload=")) or b"&payload=" in body:
        return body
    return body.replace(b"payload", b"%70ayload")
