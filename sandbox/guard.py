"""Keeps web pages of other places out: a browser on this machine could otherwise be made to speak to the sandbox."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HOSTS = ("localhost", "127.0.0.1", "::1")


class LoopbackGuard:
    """Refuses requests that name another host, or come from a page of another origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _welcome(Headers(scope=scope)):
            refusal = JSONResponse({"ok": False, "error": "The sandbox answers this machine only."}, 403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _welcome(headers: Headers) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    if urlsplit(f"//{host}").hostname not in _HOSTS:
        return False
    return origin is None or urlsplit(origin).netloc == host
