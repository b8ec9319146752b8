"""Events: stored before they are acknowledged, then handled from the stored row."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.promise import TeamId
from bot.use_cases.events import Events, Handle
from handlers.payloads import text_at
from handlers.replies import BackgroundTasks
from handlers.threads import DONE_MARKS, RISK_MARKS

#: The context key of a request that comes from a stored row rather than from Slack.
FROM_ROW = "kept.from_row"
OK = 200
#: Events handled immediately and idempotently, so that a crash loses nothing. The first comes with app_uninstalled, in
#: any order, so a row of it would outlast the workspace.
UNKEPT = frozenset({"tokens_revoked", "team_access_revoked", "channel_shared", "channel_unshared"})


def handle_with(app: AsyncApp) -> Handle:
    """Dispatch a stored event through the app's own listeners."""

    async def handle(body: Mapping[str, Any]) -> None:
        # Not over HTTP again, so there is no signature to check: it was checked when the event arrived.
        await app.async_dispatch(AsyncBoltRequest(body=dict(body), mode="socket_mode", context={FROM_ROW: True}))

    return handle


def is_overheard(body: Mapping[str, Any]) -> bool:
    """Return whether it was not addressed to Kept: a message to others, or a reaction without a meaning for Kept."""
    event = body.get("event")
    if text_at(event, "type") == "reaction_added":
        return text_at(event, "reaction") not in DONE_MARKS | RISK_MARKS
    return text_at(event, "type") == "message" and text_at(event, "channel_type") != "im"


def without_tokens(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event without Slack's tokens in it, which no row may hold: a workflow's event carries one of its own.

    >>> without_tokens({"token": "spent", "event": {"type": "function_executed", "bot_access_token": "xwfp-1"}})
    {'event': {'type': 'function_executed'}}
    """
    event = body.get("event")
    bare = (
        {name: value for name, value in event.items() if name != "bot_access_token"}
        if isinstance(event, dict)
        else event
    )
    return {name: value for name, value in body.items() if name != "token"} | ({"event": bare} if event else {})


def keep_events(app: AsyncApp, events: Events, background: BackgroundTasks) -> None:
    """Add the middleware that stores events before the listeners run.

    Messages in channels are not stored: they are read and dropped unless their writer confirms a promise.
    """
    handle = handle_with(app)

    async def keep(
        body: dict[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        # The workspace that the app is installed in: `team_id` may be the other company's, in a channel shared with it.
        team_id, event_id = TeamId(context.team_id or ""), text_at(body, "event_id")
        is_event = text_at(body, "type") == "event_callback" and team_id and event_id
        if not is_event or context.get(FROM_ROW) or is_overheard(body) or text_at(body, "event", "type") in UNKEPT:
            await next_()
            return None
        kept = without_tokens(body)
        if await events.store(team_id, event_id, kept):
            background.start(events.handle_stored(team_id, event_id, kept, handle))
        return BoltResponse(status=OK, body="")

    app.use(keep)
