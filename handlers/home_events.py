"""The Home tab, and Slack's events about people and channels."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.domain.promise import ChannelId, TeamId, UserId
from bot.services import Services
from bot.views.help import all_commands
from handlers.away import status_in
from handlers.home import FRONT, publish_home
from handlers.payloads import Call, text_at
from handlers.replies import Reply

EventListener = Callable[..., Awaitable[None]]


async def on_home_opened(services: Services, call: Call) -> Reply:
    if text_at(call.body, "event", "tab") == "home":
        await publish_home(services, call, text_at(call.body, "event", "view", "private_metadata") or FRONT)
    return Reply()


async def on_all_commands(services: Services, call: Call) -> Reply:
    """“All commands”, from the short help."""
    await call.client.views_open(trigger_id=call.trigger_id, view=all_commands())
    return Reply()


async def on_home_place(services: Services, call: Call) -> Reply:
    """Show another filter or page of the Home tab."""
    await publish_home(services, call, call.action_value)
    return Reply()


async def on_welcome_over(services: Services, call: Call) -> Reply:
    """“Don’t show this again”."""
    await services.places.end_welcome(call.team_id, call.user_id)
    await publish_home(services, call, call.home or FRONT)
    return Reply()


def on_person_changed(services: Services) -> EventListener:
    """Refresh a person's profile after Slack reported a change of name, zone or status, or a closed account.

    Ask about a status that means time off; the status itself is not stored.
    """

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        if context.team_id and (person := text_at(body, "event", "user", "id")):
            await services.people.refresh(TeamId(context.team_id), UserId(person))
            await services.absences.ask(TeamId(context.team_id), UserId(person), status_in(body))

    return listener


def on_place_changed(services: Services) -> EventListener:
    """Drop a channel's cached audience after it was shared with another company, or made private.

    The person who set a digest there is notified that it includes less now.
    """

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        if context.team_id:
            team_id, channel_id = TeamId(context.team_id), ChannelId(text_at(body, "event", "channel"))
            services.messenger.forget(team_id, channel_id)
            await services.digests.check_readers(team_id, channel_id)

    return listener


async def on_nothing(ack: AsyncAck) -> None:
    """Acknowledge only: Slack counts an unhandled event as a failure, and warns at an unhandled button."""
    await ack()
