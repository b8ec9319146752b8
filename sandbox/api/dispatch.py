"""Dispatch of the Web API: POST or GET /api/METHOD."""

import asyncio
import base64
import inspect
import json
import secrets
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.api import apps, chat, conversations, functions, install, people, reactions, views
from sandbox.api.call import Call, Method
from sandbox.errors import SlackError, refused_blocks
from sandbox.faults import Fault, FaultKind
from sandbox.teams import team_with
from sandbox.tokens import Grant
from sandbox.world import World

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **functions.METHODS,
    **install.METHODS,
    **people.METHODS,
    **reactions.METHODS,
    **views.METHODS,
}
_AFTERWARDS = (FaultKind.TIMEOUT_AFTER, FaultKind.DROP_AFTER)
_HANGS_S = 60.0
_SECRET = ("token", "client_secret", "refresh_token")


def routes() -> list[Route]:
    return [Route("/api/{method}", _called, methods=["GET", "POST"])]


async def _called(request: Request) -> Response:
    world: World = request.app.state.world
    name = request.path_params["method"]
    try:
        args = await _arguments(request)
        broken = None
    except SlackError as error:
        args, broken = {}, error
    record = world.calls.begin("from_app", name, _shown(args), _headers(request))
    await asyncio.sleep(world.settings.latency_s / 2)
    fault = world.faults.take(name, _block_types(args)) or world.rates.take(name, args)
    if fault and fault.kind not in _AFTERWARDS:
        answer = await _failed(request, fault)
    else:
        answer = _refused(broken) if broken else await _answered(world, name, args, request)
        if fault:
            answer = await _failed(request, fault)
    await asyncio.sleep(world.settings.latency_s / 2)
    shown = json.loads(bytes(answer.body)) if answer.media_type == "application/json" else bytes(answer.body).decode()
    world.calls.end(record, answer.status_code, shown, fault.kind if fault else None)
    return answer


async def _answered(world: World, name: str, args: dict[str, Any], request: Request) -> Response:
    method = METHODS.get(name)
    if method is None:
        return _refused(SlackError("unknown_method", req_method=name))
    try:
        token = _token(request, args)
        grant = _granted(world, method, token)
        scopes = grant.scopes
        call = Call(world, name, args, scopes, token, team_with(grant.team), grant.is_org)
        call.allow(method.scopes)
        result = method.handler(call)
        body = {"ok": True, **(await result if inspect.isawaitable(result) else result)}
    except SlackError as error:
        return _refused(error)
    headers = {"x-slack-req-id": secrets.token_hex(16)}
    if scopes is not None:
        headers["x-oauth-scopes"] = ",".join(sorted(scopes))
    return JSONResponse(body, headers=headers)


def _granted(world: World, method: Method, token: str) -> Grant:
    """Return what a token allows. Raises SlackError when it is missing, unknown, revoked, or of the wrong kind."""
    if method.token == "none":  # noqa: S105
        return Grant(None)
    grant = world.tokens.grant(token)
    if grant.kind != method.token:
        raise SlackError("not_allowed_token_type")
    return grant


def _refused(error: SlackError) -> Response:
    return JSONResponse(error.body(), headers={"x-slack-req-id": secrets.token_hex(16)})


async def _failed(request: Request, fault: Fault) -> Response:
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            return JSONResponse(
                {"ok": False, "error": "ratelimited"}, 429, headers={"Retry-After": str(fault.retry_after_s)}
            )
        case FaultKind.SERVER_ERROR:
            return Response("<html><body>Server Error</body></html>", 500, media_type="text/html")
        case FaultKind.TOKEN_REVOKED | FaultKind.INTERNAL_ERROR:
            return JSONResponse({"ok": False, "error": str(fault.kind)})
        case FaultKind.INVALID_BLOCKS:
            return _refused(refused_blocks("invalid_blocks", ["refused on demand [json-pointer:/blocks/0]"]))
        case FaultKind.REFUSED:
            return _refused(SlackError(fault.error or "fatal_error"))
        case FaultKind.TIMEOUT | FaultKind.TIMEOUT_AFTER:
            await _hang(request)
        case FaultKind.DROP | FaultKind.DROP_AFTER:
            # Starlette offers no way to break a connection: uvicorn's own sender knows the transport.
            request.scope["sandbox.send"].__self__.transport.abort()
    return Response(status_code=504)


def _block_types(args: dict[str, Any]) -> frozenset[str]:
    """The types of the blocks that a call carries, in a message or a view."""
    view = _unfolded(args.get("view"))
    blocks = _unfolded(args.get("blocks")) or (view.get("blocks") if isinstance(view, dict) else None)
    listed = blocks if isinstance(blocks, list) else []
    return frozenset(str(block.get("type")) for block in listed if isinstance(block, dict))


async def _hang(request: Request) -> None:
    """Says nothing until the caller gives up."""
    try:
        async with asyncio.timeout(_HANGS_S):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except (TimeoutError, ClientDisconnect):
        return


async def _arguments(request: Request) -> dict[str, Any]:
    args: dict[str, Any] = {**_client(request), **request.query_params}
    body = await request.body()
    if not body:
        return args
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            given = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        return args | given
    try:
        return args | dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise SlackError("invalid_form_data") from None


def _client(request: Request) -> dict[str, str]:
    """The client's id and secret, which the OAuth methods take as a user and a password."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_auth") from None
    return {"client_id": client_id, "client_secret": secret}


def _token(request: Request, args: dict[str, Any]) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else str(args.get("token", ""))


def _headers(request: Request) -> dict[str, str]:
    wanted = ("authorization", "content-type", "user-agent")
    return {name: request.headers[name] for name in wanted if name in request.headers}


def _shown(args: dict[str, Any]) -> dict[str, Any]:
    """The arguments with the JSON inside a form's fields unfolded, for people to read."""
    return {name: _unfolded(value) for name, value in args.items() if name not in _SECRET}


def _unfolded(value: Any) -> Any:
    if not (isinstance(value, str) and value[:1] in ("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
