"""The ASGI application of the sandbox, and the server that runs it."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import (
    bench_routes,
    control,
    oauth,
    page,
    replies,
    saved_world,
    socket_mode,
    time_routes,
    workflow_routes,
    workspace_routes,
)
from sandbox.api import dispatch
from sandbox.errors import UnknownHereError
from sandbox.guard import LoopbackGuard
from sandbox.story import play_when_ready
from sandbox.user_actions import NotPossibleError
from sandbox.world import World

_PARENT_LOOK_S = 0.5


class _KeepSender:
    """Leaves the server's own sender in the scope: a broken connection on demand needs it, before anybody wraps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["sandbox.send"] = send
        await self._app(scope, receive, send)


def application(world: World) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await world.open()
        if world.settings.world:
            world.spawn(saved_world.keep(world, world.settings.world))
        if world.settings.story:
            world.events.spawn(play_when_ready(world, world.settings.story))
        yield
        await world.close()

    app = Starlette(
        routes=[
            *dispatch.routes(),
            *replies.routes(),
            *socket_mode.routes(),
            *time_routes.routes(),
            *control.routes(),
            *bench_routes.routes(),
            *workspace_routes.routes(),
            *workflow_routes.routes(),
            *oauth.routes(),
            *page.routes(),
        ],
        middleware=[Middleware(LoopbackGuard)],
        exception_handlers={UnknownHereError: _unknown, NotPossibleError: _not_possible},
        lifespan=lifespan,
    )
    app.state.world = world
    return app


async def _unknown(_request: Request, error: Exception) -> Response:
    return JSONResponse({"ok": False, "error": str(error)}, 404)


async def _not_possible(_request: Request, error: Exception) -> Response:
    return JSONResponse({"ok": False, "error": str(error)}, 409)


def bound(port: int) -> list[socket.socket]:
    """Sockets on loopback at that port: IPv4, and IPv6 where the machine has it, since `localhost` may be either.

    Raises: OSError, with a sentence, when it is taken.
    """
    found = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    listeners = [_listener(family, address, port) for family, address in found]
    return [each for each in listeners if each]


def _listener(family: socket.AddressFamily, address: str, port: int) -> socket.socket | None:
    """None where the machine has no IPv6."""
    try:
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
    except OSError as fault:
        if family == socket.AF_INET6 and fault.errno != errno.EADDRINUSE:
            return None
        raise OSError(f"Port {port} is taken by another program: --port or SANDBOX_PORT chooses another.") from None
    return listener


async def serve(world: World, listeners: list[socket.socket]) -> None:
    """Serves on loopback until SIGTERM, SIGINT or the end of the parent process, then closes what is open."""
    config = uvicorn.Config(
        _KeepSender(application(world)),
        host="127.0.0.1",
        port=world.settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        ws="websockets-sansio",
    )
    server = uvicorn.Server(config)

    def stop() -> None:
        world.feed.close()
        world.events.spawn(world.clock.stop())
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    watching = loop.create_task(_outlived(world.settings.parent, stop)) if world.settings.parent else None
    await server._serve(listeners)  # the public serve() takes the signals for itself and raises them again at the end
    if watching:
        watching.cancel()


async def _outlived(parent: int, stop: Callable[[], None]) -> None:
    """Stop when that process ended, or when our own parent changed (true even while the process is a zombie)."""
    ours = os.getppid()
    while os.getppid() == ours and _runs(parent):  # noqa: ASYNC110 (the system does not notify when a parent ends)
        await asyncio.sleep(_PARENT_LOOK_S)
    stop()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
