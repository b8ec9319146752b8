"""The life of the process: bind the port, start the parts, run until stopped, and shut down."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import structlog
import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.allocation import freeze_startup_objects, keep_returning_freed_memory
from bot.app import Parts, assembled
from bot.config import Mode, Settings, secret_of
from bot.domain.errors import KeptError
from bot.domain.kinds import is_look
from bot.domain.spans import EPOCH
from bot.ports import Delivery
from bot.readiness import DatabaseCheck
from bot.storage.engine import check_only_for
from bot.supervisor import bound, keep_alive, notify
from bot.use_cases.people import People
from bot.views.timeline import HELD, WILL
from bot.warm_up import warm_up
from handlers.api.lazy_app import tool_routes
from handlers.export import mine
from handlers.http import MetricsPage, so_far, web_app
from handlers.protocol import GuardedProtocol
from handlers.socket import ConnectionDeadError, SocketConnection
from handlers.workspaces import SingleWorkspace, is_served, slack_answers, wait_for_team_id
from scheduler.clockwork import Clockwork

log = structlog.get_logger("kept")

#: If the last tick is older than this, nothing is being sent, and /readyz reports it.
LATE_TICK_S = 30.0
#: How long shutting down may take: a replica ends within ten seconds of SIGTERM.
GRACE_S = 8.0
#: Most planned messages in the sandbox's timeline.
TIMELINE = 100


class QuietServer(uvicorn.Server):
    """Uvicorn in our loop, without its signal handlers: on SIGTERM we drain before the server closes."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain and return.

    Raises ConnectionDeadError when no connection to Slack can be built any more, DatabaseError when the database cannot
    be used, AppTokenError when Slack refuses the token of Socket Mode, AddressError when HOST and PORT cannot be used.
    """
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    with contextlib.closing(bound(settings.host, settings.port)) as address:
        async with assembled(settings) as parts:
            lost = await _work(settings, parts, address, stopped)
    log.info("kept has stopped")
    for fault in lost:
        if isinstance(fault, ConnectionDeadError | KeptError):
            raise fault


async def _work(
    settings: Settings, parts: Parts, address: socket.socket, stopped: asyncio.Event
) -> list[BaseException | None]:
    """Serve requests and run the clockwork until `stopped` is set or a part fails; return how the parts ended."""
    connection = await checked_connection(settings, parts)
    parts.clockwork.start()
    await warm_up(parts.services, parts.bolt.client)
    server = QuietServer(http_config(settings, parts, connection))
    serving = asyncio.create_task(server.serve(sockets=[address]), name="http")
    background = [asyncio.create_task(parts.services.store.listen(parts.clockwork.wake), name="listening")]
    background.append(asyncio.create_task(keep_returning_freed_memory(), name="memory"))
    background.append(asyncio.create_task(keep_alive(lambda: is_ticking(parts.clockwork)), name="alive"))
    ends = [serving, asyncio.create_task(stopped.wait(), name="signal")]
    if isinstance(parts.workspaces, SingleWorkspace):
        checking = check_at_last(settings, parts.workspaces, parts.services.people)
        ends.append(asyncio.create_task(checking, name="workspace check"))
    if connection:
        ends.append(asyncio.create_task(keep_connected(connection), name="socket"))
    freeze_startup_objects()
    listening = asyncio.create_task(server.is_listening.wait(), name="listening for requests")
    await asyncio.wait([listening, serving], return_when=asyncio.FIRST_COMPLETED)
    if listening.done():
        log.info("kept is running", mode=settings.mode.value, port=address.getsockname()[1])
        notify("READY=1")
    done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    notify("STOPPING=1")
    for task in (*background, *ends[1:], listening):
        task.cancel()
    await shut_down(parts, connection, server, serving)
    return [task.exception() for task in done if task is not serving and not task.cancelled()]


async def checked_connection(settings: Settings, parts: Parts) -> SocketConnection | None:
    """Return a Socket Mode connection whose token was checked; None over HTTP. Raises AppTokenError."""
    if settings.mode is not Mode.SOCKET:
        return None
    answers = partial(slack_answers, parts.bolt.client)
    connection = SocketConnection(parts.bolt, settings, answers, built=parts.metrics.connection_built)
    parts.metrics.watch("kept_socket_up", lambda: float(connection.state == "ok"))
    await connection.check()
    return connection


def is_ticking(clockwork: Clockwork) -> bool:
    """Return whether a tick succeeded lately, so that messages are sent."""
    return clockwork.since_success_s <= LATE_TICK_S


async def check_at_last(settings: Settings, workspaces: SingleWorkspace, people: People) -> None:
    """Check the database against the token as soon as Slack says which workspace it belongs to; no token is used
    before. What was checked before the database was opened is not checked again: it takes as long as three requests.

    Then fetch the workspace's people, outside the path of the first commands.

    Returns only by raising DatabaseError, when the database is another workspace's.
    """
    team_id = await wait_for_team_id(workspaces)
    if workspaces.checked_for != team_id:
        await check_only_for(settings.database, team_id)
    await people.load_all(team_id)
    await asyncio.Event().wait()


async def keep_connected(connection: SocketConnection) -> None:
    await connection.open()
    await connection.watch()


async def shut_down(
    parts: Parts, connection: SocketConnection | None, server: QuietServer, serving: "asyncio.Task[None]"
) -> None:
    """Stop accepting and finish what was started, within GRACE_S. The next start searches for a message cut off."""
    parts.services.deliveries.stop()
    server.should_exit = True

    async def end() -> None:
        if connection:
            await connection.close()
        await parts.clockwork.stop()
        await parts.services.webhooks.drain.stop()
        await parts.services.steps.drain.stop()
        await parts.services.deliveries.drain()
        await serving

    try:
        await asyncio.wait_for(end(), GRACE_S)
    except TimeoutError:
        log.warning("not everything ended in time", within_s=GRACE_S)


def http_config(settings: Settings, parts: Parts, connection: SocketConnection | None) -> uvicorn.Config:
    store = parts.services.store
    database = DatabaseCheck(store.ping, store.events.probe)
    app: ASGIApp = web_app(
        parts.bolt if settings.mode is Mode.HTTP else None,
        ready=lambda: readiness(database, parts.clockwork, connection),
        planned=(lambda: planned(parts)) if settings.kept_clock_url else None,
        metrics=MetricsPage(parts.watch.page, secret_of(settings.kept_metrics_token)),
        signing_secret=secret_of(settings.slack_signing_secret),
        more=[
            mine(parts.services.exports, parts.services.own_data, parts.services.clock),
            *tool_routes(parts.services, partial(is_served, parts.workspaces)),
            *parts.pages,
            *sandbox_routes(settings, parts),
        ],
    )
    if settings.kept_clock_url:  # the sandbox's secrets are public, so no web page elsewhere may reach these routes
        app = TrustedHostMiddleware(app, ["127.0.0.1", "localhost", "[::1]"])
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http=GuardedProtocol,
        ws="none",  # Slack's WebSocket is a connection of ours (handlers.socket)
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


async def readiness(
    database: DatabaseCheck, clockwork: Clockwork, connection: SocketConnection | None = None
) -> dict[str, str]:
    """Return each part with its fault, or "ok"."""
    parts = {"database": await database.state(), "scheduler": "ok"}
    if not is_ticking(clockwork):
        parts["scheduler"] = f"no tick has succeeded for {clockwork.since_success_s:.0f} s"
    if connection:
        parts["socket"] = connection.state
    return parts


def sandbox_routes(settings: Settings, parts: Parts) -> list[BaseRoute]:
    """Return the routes that the sandbox's guide reads; none outside the sandbox."""
    return [so_far(parts.services.store.so_far)] if settings.kept_clock_url else []


async def planned(parts: Parts) -> list[dict[str, str]]:
    """Return pending messages for the sandbox's timeline: deliveries, and messages that agendas will decide.

    Agenda wake-ups, and looks for those who get a last chance, are listed without a recipient: if the clock leapt over
    one, Kept would take it for a downtime.
    """
    services = parts.services
    rows = await services.store.planned(EPOCH, TIMELINE)
    found = [planned_row(row) for row in rows]
    for team_id, person, wakes_at in await services.store.agendas_set(TIMELINE):
        found.append((wakes_at, "look", "", "", "", ""))
        for at, each, hold in await services.agenda.ahead(team_id, person):
            about = f"#{each.promise.number} {each.promise.terms.what}" if each.promise else ""
            found.append((at, each.kind.value, person, about, WILL[each.kind], HELD[hold] if hold else ""))
    found.sort()
    names = ("at", "kind", "to", "about", "why", "held")
    return [dict(zip(names, (each[0].isoformat(), *each[1:]), strict=True)) for each in found[:TIMELINE]]


def planned_row(row: Delivery) -> tuple[datetime, str, str, str, str, str]:
    """Return a delivery as a line of the timeline: when, kind, recipient, promise, why, and what holds it up."""
    if is_look(row.kind, row.to):
        return row.due_at, "look", "", "", "", ""
    return row.due_at, row.kind.value, row.to, "", WILL[row.kind], ""
