"""Mount the API and MCP apps in Kept's HTTP server. Their modules are imported with the first request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.promise import TeamId
from bot.services import Services

if TYPE_CHECKING:
    from handlers.api.rate_limits import Buckets

MISSING = "This Kept was installed without its server for assistants: install it as kept[mcp]."

IsServed = Callable[[TeamId], Awaitable[bool]]


class LazyApp:
    """An ASGI app that is built with the first request, in a thread."""

    def __init__(self, build: Callable[[], ASGIApp]) -> None:
        self._build = build
        self._app: ASGIApp | None = None
        self._building = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            async with self._building:
                self._app = self._app or await asyncio.to_thread(self._build)
        app = self._app
        assert app is not None  # noqa: S101  built above
        await app(scope, receive, send)


def tool_routes(services: Services, is_served: IsServed, buckets: "Buckets | None" = None) -> list[BaseRoute]:
    """Return /api/v1, and /mcp over it."""

    def build() -> ASGIApp:
        from handlers.api.rest_app import rest_app  # models and a document: a tenth of a second, for who uses it

        return rest_app(services, is_served, buckets)

    rest = LazyApp(build)

    def build_for_assistants() -> ASGIApp:
        try:
            from handlers.assistant.assistant_app import assistant_app  # a second, for who uses it
        except ImportError:
            from handlers.api.problems import Problem, answer_of

            return answer_of(Problem(501, "not-installed", MISSING))
        return assistant_app(services, is_served, rest)

    return [Mount("/api/v1", rest), Route("/mcp", LazyApp(build_for_assistants), methods=["POST"])]
