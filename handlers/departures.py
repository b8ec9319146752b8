"""Events of a workspace that leaves: its token was revoked, or the app uninstalled."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.domain.promise import TeamId
from bot.services import Services
from handlers.payloads import at

log = structlog.get_logger("kept.handlers")
EventListener = Callable[..., Awaitable[None]]


def on_uninstalled(services: Services) -> EventListener:
    """Delete the workspace, or the whole organisation."""

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        if team_id := _installed_in(context):
            await _forget(services, team_id, _happened_at(body))

    return listener


def on_access_revoked(services: Services) -> EventListener:
    """Delete the workspaces for which an organisation revoked access."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        teams = at(body, "event", "team_ids")
        for team_id in teams if isinstance(teams, list) else ():
            if isinstance(team_id, str) and team_id:
                await _forget(services, TeamId(team_id), _happened_at(body))

    return listener


def on_tokens_revoked(services: Services) -> EventListener:
    """Pause a workspace whose bot token was revoked. Kept holds no user tokens."""

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        team_id = _installed_in(context)
        if team_id and at(body, "event", "tokens", "bot"):
            happened_at = _happened_at(body) or services.clock.now()
            if await services.departures.revoked(team_id, happened_at):
                log.info("a workspace was paused: its token was revoked", team=team_id)

    return listener


async def _forget(services: Services, team_id: TeamId, happened_at: datetime | None) -> None:
    rows = await services.departures.uninstalled(team_id, happened_at)
    services.people.forget_all_cached()
    services.messenger.forget(team_id)
    log.info("a workspace left and was forgotten", team=team_id, rows=rows)


def _installed_in(context: AsyncBoltContext) -> TeamId | None:
    """Return the workspace, or the organisation that was installed as a whole: such events name no workspace."""
    return TeamId(context.team_id or context.enterprise_id or "") or None


def _happened_at(body: Mapping[str, Any]) -> datetime | None:
    """Return the time of the event, in seconds; it may arrive an hour later."""
    seconds = at(body, "event_time")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 < seconds < 1 << 33 else None
