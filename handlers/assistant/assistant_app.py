"""/mcp: streamable HTTP without sessions. Each request has its own server, so no state outlives it."""

import time

import structlog
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.services import Services
from handlers.api.lazy_app import IsServed
from handlers.api.problems import Problem, answer_of
from handlers.api.rate_limits import BURST, Buckets
from handlers.api.requests import BODY_LIMIT, holder_of, take_share
from handlers.assistant.api_calls import ApiHere
from handlers.assistant.server import Context, assistant_server

log = structlog.get_logger("kept.assistant")

#: How many messages may come together. An assistant introduces itself and lists the tools before it calls one.
MESSAGES = 3 * BURST


def assistant_app(services: Services, is_served: IsServed, rest: ASGIApp) -> ASGIApp:
    """Return the app; its tools call `rest`, which checks the token and the rate limit again."""

    def api_of(context: Context) -> ApiHere:
        assert isinstance(context.request, Request)  # noqa: S101  every message came by one
        return ApiHere(rest, context.request.headers.get("authorization", ""))

    server, buckets = assistant_server(api_of), Buckets(burst=MESSAGES)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        started, request = time.perf_counter(), Request(scope, receive)
        try:
            holder = await holder_of(services, is_served, request)
            take_share(buckets, holder)
        except Problem as problem:
            await answer_of(problem)(scope, receive, send)
            return
        manager = StreamableHTTPSessionManager(
            server, stateless=True, json_response=True, max_request_body_size=BODY_LIMIT
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)
        took_s = time.perf_counter() - started
        log.info("answered", request="mcp", team=holder.team_id, took_ms=round(took_s * 1000))
        services.meter.answered("mcp", took_s, in_time=True)

    return app
