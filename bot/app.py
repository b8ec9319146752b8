"""The composition root: builds every part and connects them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot.backlog_metrics import BacklogMetrics
from bot.clock import SandboxClock, SystemClock
from bot.config import Settings
from bot.domain.limits import Limits
from bot.domain.networks import Network, networks_of
from bot.free_ports import own_address
from bot.holidays_of import Holidays
from bot.metrics import Metrics
from bot.ports import Clock
from bot.services import Outside, Services, build_services
from bot.serving import install_routes, served_by
from bot.slack import SlackMessenger
from bot.slack_posts import slack_session
from bot.slack_steps import SlackSteps
from bot.storage.encryption import WebhookSecrets
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import UNPACED, Pace
from bot.use_cases.delivery.settings import DeliverySettings
from bot.webhook_caller import WebhookCaller
from handlers.registration import register
from handlers.replies import BackgroundTasks
from handlers.stored_events import handle_with
from handlers.workspaces import Workspaces, refuse_others
from scheduler.clockwork import Clockwork
from scheduler.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a running Kept, for the process that runs it."""

    bolt: AsyncApp
    services: Services
    clockwork: Clockwork
    workspaces: Workspaces
    metrics: Metrics
    watch: BacklogMetrics
    background: BackgroundTasks
    pages: list[Route]


@contextlib.asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Parts]:
    """Build all parts, and close them again. Raises DatabaseError for a database that must not be used."""
    async with contextlib.AsyncExitStack() as stack:
        sandbox_clock = SandboxClock(settings.kept_clock_url, lambda: wake()) if settings.kept_clock_url else None
        clock: Clock = sandbox_clock or SystemClock()
        calendars = Holidays(clock)
        session = await stack.enter_async_context(slack_session())
        client = AsyncWebClient(base_url=settings.slack_api_url, session=session, retry_handlers=[])
        served = await served_by(settings, client, calendars, clock)
        store, workspaces = served.store, served.workspaces
        stack.push_async_callback(store.close)

        def wake() -> None:
            clockwork.wake()
            store.announce()

        metrics = Metrics()
        messenger = SlackMessenger(client, workspaces.token_of, clock, metrics.limited)
        sending = DeliverySettings(settings.delivery_key.hex(), pace_of(settings), metrics)
        context = Context(store, clock, wake=wake, tick_again=lambda: clockwork.wake(), limits=limits_of(settings))
        caller = await stack.enter_async_context(caller_for(settings))
        ender = SlackSteps(client, workspaces.token_of)
        outside = Outside(public_address(settings), served.installations, caller, ender)
        services = build_services(context, messenger, calendars, sending, outside)
        services.departures.left = workspaces.forget
        bolt = bolt_app(settings, client, workspaces)
        clockwork = Clockwork(
            Jobs(services, lambda: services.events.sweep(handle_with(bolt))).tick, failed=metrics.tick_failed
        )
        metrics.watch("kept_scheduler_silence_seconds", lambda: clockwork.since_success_s)
        watch = BacklogMetrics(metrics, store.backlog, clock.now)
        if sandbox_clock:
            await sandbox_clock.catch_up(session)
            following = asyncio.create_task(sandbox_clock.follow(session), name="clock")
            stack.callback(following.cancel)
        background = register(bolt, services, events=services.events)
        stack.push_async_callback(background.drain)
        pages = install_routes(settings, served, client, wake)
        yield Parts(bolt, services, clockwork, workspaces, metrics, watch, background, pages)


def public_address(settings: Settings) -> str:
    """Return Kept's public address; in the sandbox this machine's. Empty if none is set."""
    return str(settings.public_url or (own_address(settings) if settings.kept_clock_url else ""))


def bolt_app(settings: Settings, client: AsyncWebClient, workspaces: Workspaces) -> AsyncApp:
    """Build the Bolt app. The reply is the body of the ack, which follows the commit (docs/adr/0005)."""
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None

    async def authorize(team_id: str | None, enterprise_id: str | None, **_: Any) -> AuthorizeResult | None:
        # Bolt passes arguments by name; a bound method's `self` would be taken for one.
        return await workspaces.authorize(team_id, enterprise_id)

    return AsyncApp(
        # Without a name Bolt reads the source of every frame on the stack to find one; it sets that logger's level, so
        # the name is none of our loggers'.
        name="kept-bolt",
        signing_secret=secret,
        client=client,
        before_authorize=refuse_others(workspaces),
        authorize=authorize,  # type: ignore[arg-type]  # for Bolt, too, None is a workspace that is not served
        process_before_response=True,
        request_verification_enabled=secret is not None,
        # The token in an event of a workflow may expire before the step ends, so the workspace's own is used.
        attaching_function_token_enabled=False,
    )


def caller_for(settings: Settings) -> WebhookCaller:
    return WebhookCaller(networks_called(settings), secrets=WebhookSecrets(settings.encryption_keys))


def networks_called(settings: Settings) -> tuple[Network, ...]:
    """Return the inner networks that webhooks may call; in the sandbox this machine's own is among them."""
    loopback = "127.0.0.0/8" if settings.kept_clock_url else ""
    return networks_of(f"{settings.kept_webhook_networks or ''},{loopback}")


def limits_of(settings: Settings) -> Limits:
    """Return how many new promises are taken from one person and shown in one channel."""
    return Limits(settings.kept_limit_person, settings.kept_limit_channel)


def pace_of(settings: Settings) -> Pace:
    """Return Slack's rate limits; none under a movable clock, where weeks of messages can become due at one moment."""
    return UNPACED if settings.kept_clock_url else Pace()
