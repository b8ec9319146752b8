"""The composition root: the only file that knows everything, and the life of the process."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
import structlog
import uvicorn
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.clock import SandboxClock, SystemClock
from bot.config import Mode, Settings, secret_of
from bot.domain.errors import KeptError
from bot.domain.limits import Limits
from bot.holidays_of import Holidays
from bot.metrics import Metrics
from bot.ports import Clock
from bot.readiness import DatabaseCheck
from bot.rehearsal import rehearse
from bot.services import Services, build_services
from bot.serving import install_routes, served_by
from bot.slack import REQUEST_TIMEOUT, SlackMessenger
from bot.storage.engine import check_only_for
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import UNPACED, Pace
from bot.use_cases.delivery.sending import Sending
from bot.use_cases.people import People
from bot.views.timeline import HELD, WILL
from bot.watching import Watch
from handlers.answering import Errands
from handlers.export import mine
from handlers.http import MetricsPage, so_far, web_app
from handlers.protocol import GuardedProtocol
from handlers.registering import register
from handlers.socket import LineDeadError, SocketLine
from handlers.telling import handle_with
from handlers.workspaces import Served, Workspaces, meet_at_last, refuse_others, slack_answers
from scheduler.clockwork import Clockwork
from scheduler.jobs import Jobs

log = structlog.get_logger("kept")

#: A tick later than this means that nothing is being sent: /readyz says so.
LATE_TICK_S = 30.0
#: How long ending may take: a replica is gone within ten seconds of SIGTERM.
GRACE_S = 8.0
EARLIEST = datetime.fromtimestamp(0, UTC)
#: How many planned messages the sandbox's timeline is told of.
TIMELINE = 100


class QuietServer(uvicorn.Server):
    """Uvicorn in our loop: signals are ours, so that SIGTERM drains before the door closes."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(frozen=True, slots=True)
class House:
    """Everything that was put together, for whoever runs it."""

    bolt: AsyncApp
    services: Services
    clockwork: Clockwork
    workspaces: Served
    metrics: Metrics
    watch: Watch
    errands: Errands
    pages: list[Route]


@contextlib.asynccontextmanager
async def house(settings: Settings) -> AsyncIterator[House]:
    """Put the parts together and take them apart again. Raises DatabaseError for a database that must not be used."""
    async with contextlib.AsyncExitStack() as stack:
        sandbox_clock = SandboxClock(settings.kept_clock_url, lambda: wake()) if settings.kept_clock_url else None
        clock: Clock = sandbox_clock or SystemClock()
        calendars = Holidays(clock)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=REQUEST_TIMEOUT))
        client = AsyncWebClient(base_url=settings.slack_api_url, session=session, retry_handlers=[])
        served = await served_by(settings, client, calendars, clock)
        store, workspaces = served.store, served.workspaces
        stack.push_async_callback(store.close)

        def wake() -> None:
            clockwork.wake()
            store.announce()

        metrics = Metrics()
        messenger = SlackMessenger(client, workspaces.token_of, clock, metrics.limited)
        sending = Sending(settings.delivery_key.hex(), pace_of(settings), metrics)
        limits = Limits(settings.kept_limit_person, settings.kept_limit_channel)
        context = Context(store, clock, wake=wake, limits=limits)
        services = build_services(context, messenger, calendars, sending, own_address(settings), served.shelf)
        bolt = bolt_app(settings, client, workspaces)
        clockwork = Clockwork(
            Jobs(services, lambda: services.events.sweep(handle_with(bolt))).tick, failed=metrics.tick_failed
        )
        metrics.watch(
            "kept_scheduler_silence_seconds", "Since the last tick that succeeded", lambda: clockwork.since_success_s
        )
        watch = Watch(metrics, store.backlog, clock.now)
        if sandbox_clock:
            await sandbox_clock.catch_up(session)
            following = asyncio.create_task(sandbox_clock.follow(session), name="clock")
            stack.callback(following.cancel)
        errands = register(bolt, services, events=services.events)
        stack.push_async_callback(errands.drain)
        pages = install_routes(settings, served, client, wake)
        yield House(bolt, services, clockwork, workspaces, metrics, watch, errands, pages)


def own_address(settings: Settings) -> str:
    """Where Kept is reached from outside; in the sandbox from this machine. Empty where nothing says so."""
    nearby = f"http://127.0.0.1:{settings.port}" if settings.kept_clock_url else ""
    return str(settings.public_url or nearby)


def bolt_app(settings: Settings, client: AsyncWebClient, workspaces: Served) -> AsyncApp:
    """The reply rides in the ack: nothing is acknowledged before it is committed (docs/adr/0005)."""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None

    async def authorize(team_id: str | None, enterprise_id: str | None, **_: Any) -> AuthorizeResult | None:
        # Bolt passes by name whatever a function asks for; a method's `self` would be asked for, too.
        return await workspaces.authorize(team_id, enterprise_id)

    return AsyncApp(
        signing_secret=secret,
        client=client,
        before_authorize=refuse_others(workspaces),
        authorize=authorize,  # type: ignore[arg-type]  # for Bolt, too, None is a workspace that is not served
        process_before_response=True,
        request_verification_enabled=secret is not None,
    )


async def serve(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT: then it stops taking, finishes what is in flight, and returns.

    Raises LineDeadError when no line to Slack can be built any more, DatabaseError when the database cannot be used,
    AppTokenError when Slack refuses the token of Socket Mode.
    """
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with house(settings) as parts:
        line = None
        if settings.mode is Mode.SOCKET:
            line = SocketLine(
                parts.bolt, settings, partial(slack_answers, parts.bolt.client), built=parts.metrics.line_built
            )
            parts.metrics.watch("kept_socket_up", "Whether the line to Slack lives", lambda: float(line.state == "ok"))
            await line.check()
        parts.clockwork.start()
        await rehearse(parts.services, parts.bolt.client)
        server = QuietServer(http_config(settings, parts, line))
        serving = asyncio.create_task(server.serve(), name="http")
        background = [asyncio.create_task(parts.services.store.listen(parts.clockwork.wake), name="listening")]
        ends = [serving, asyncio.create_task(stopped.wait(), name="signal")]
        if isinstance(parts.workspaces, Workspaces):
            checking = check_at_last(settings, parts.workspaces, parts.services.people)
            ends.append(asyncio.create_task(checking, name="introduction"))
        if line:
            ends.append(asyncio.create_task(keep_line(line), name="socket"))
        gc.freeze()  # what was made so far stays: walking it again would stall the loop for 80 ms each time
        log.info("kept is running", mode=settings.mode.value, port=settings.port)
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in (*background, *ends[1:]):
            task.cancel()
        await wind_down(parts, line, server, serving)
        lost = [task.exception() for task in done if task is not serving and not task.cancelled()]
    log.info("kept has stopped")
    for fault in lost:
        if isinstance(fault, LineDeadError | KeptError):
            raise fault


async def check_at_last(settings: Settings, workspaces: Workspaces, people: People) -> None:
    """Hold the database against the token as soon as Slack says whose it is; until then no token is used.

    Then learn who is in the workspace, off the path of the first commands.

    Returns only by raising DatabaseError, when the database is another workspace's.
    """
    team_id = await meet_at_last(workspaces)
    await check_only_for(settings.database, team_id)
    await people.learn(team_id)
    await asyncio.Event().wait()


async def keep_line(line: SocketLine) -> None:
    await line.open()
    await line.watch()


async def wind_down(parts: House, line: SocketLine | None, server: QuietServer, serving: "asyncio.Task[None]") -> None:
    """Takes nothing new and ends what was begun, within GRACE_S; what is cut off is looked for at the next start."""
    parts.services.deliveries.stop()
    server.should_exit = True

    async def end() -> None:
        if line:
            await line.close()
        await parts.clockwork.stop()
        await parts.services.deliveries.drain()
        await serving

    try:
        await asyncio.wait_for(end(), GRACE_S)
    except TimeoutError:
        log.warning("not everything ended in time", within_s=GRACE_S)


def http_config(settings: Settings, parts: House, line: SocketLine | None) -> uvicorn.Config:
    store = parts.services.store
    database = DatabaseCheck(store.ping, store.events.probe)
    app: ASGIApp = web_app(
        parts.bolt if settings.mode is Mode.HTTP else None,
        ready=lambda: readiness(database, parts.clockwork, line),
        planned=(lambda: planned(parts)) if settings.kept_clock_url else None,
        metrics=MetricsPage(parts.watch.page, secret_of(settings.kept_metrics_token)),
        signing_secret=secret_of(settings.slack_signing_secret),
        more=[mine(parts.services.exports, parts.services.clock), *parts.pages, *sandbox_routes(settings, parts)],
    )
    if settings.kept_clock_url:  # the sandbox's secrets are known to all, so no web page elsewhere may reach them
        app = TrustedHostMiddleware(app, ["127.0.0.1", "localhost"])
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http=GuardedProtocol,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


def pace_of(settings: Settings) -> Pace:
    """Slack's pace; none under a clock that leaps, where weeks of messages fall due in a moment of real time."""
    return UNPACED if settings.kept_clock_url else Pace()


async def readiness(database: DatabaseCheck, clockwork: Clockwork, line: SocketLine | None = None) -> dict[str, str]:
    """Return each part with its fault, or "ok"."""
    told = {"database": await database.state(), "scheduler": "ok"}
    if clockwork.since_success_s > LATE_TICK_S:
        told["scheduler"] = f"no tick has succeeded for {clockwork.since_success_s:.0f} s"
    if line:
        told["socket"] = line.state
    return told


def sandbox_routes(settings: Settings, parts: House) -> list[Route]:
    """Return what the sandbox's guide asks; nothing outside of the sandbox."""
    return [so_far(parts.services.store.so_far)] if settings.kept_clock_url else []


async def planned(parts: House) -> list[dict[str, str]]:
    """Return what is still to be said, for the sandbox's timeline: what leaves already, and what agendas will say."""
    services = parts.services
    rows = await services.store.planned(EARLIEST, TIMELINE)
    found = [(row.due_at, row.kind, row.to, "", "") for row in rows]
    for team_id, person in await services.store.agendas_set(TIMELINE):
        for at, each, hold in await services.agenda.ahead(team_id, person):
            about = f"#{each.promise.number} {each.promise.terms.what}" if each.promise else ""
            found.append((at, each.kind, person, about, HELD[hold] if hold else ""))
    found.sort()
    return [
        {"at": at.isoformat(), "kind": kind.value, "to": to, "about": about, "why": WILL[kind], "held": held}
        for at, kind, to, about, held in found[:TIMELINE]
    ]
