"""Open a modal within the three seconds that a trigger_id is valid, however slow the database is."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.errors import KeptError
from bot.language import N_, _
from bot.views.forms import loading_form
from bot.views.replies import sentence
from handlers.payloads import Call, text_at
from handlers.replies import Reply

log = structlog.get_logger("kept.handlers")

NOT_FILLED = N_("Slack did not accept the form I was opening. Please close it and try again.")
#: How long the form's contents may take before a placeholder is opened instead.
SOON_S = 1.0

View = dict[str, Any]


async def open_modal(call: Call, contents: Awaitable[View]) -> Reply:
    """Open the form; if its contents are slow to load, open a placeholder and fill it in after the acknowledgement."""
    call.progress.opens_form = True
    reading = asyncio.ensure_future(contents)
    done, _running = await asyncio.wait({reading}, timeout=SOON_S)
    if done:
        await call.client.views_open(trigger_id=call.trigger_id, view=reading.result())
        return Reply()
    try:
        opened = await call.client.views_open(trigger_id=call.trigger_id, view=loading_form())
    except BaseException:
        reading.cancel()
        raise

    async def fill_in() -> Reply:
        try:
            view = await reading
        except KeptError as error:
            view = {**loading_form(), "blocks": list(sentence(str(error)).blocks)}
        return (
            Reply()
            if await was_updated(call, text_at(opened.data, "view", "id"), view)
            else Reply(sentence(_(NOT_FILLED)))
        )

    return Reply(then=fill_in)


async def was_updated(call: Call, view_id: str, view: View, as_read: str = "") -> bool:
    """Update an open form; return False if it was closed.

    With `as_read`, the hash of the form as Slack sent it, one that has changed meanwhile stays as it is.
    """
    try:
        await call.client.views_update(view_id=view_id, hash=as_read or None, view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as fault:
        log.info("a form was not redrawn", request=call.name, team=call.team_id, error=type(fault).__name__)
        return False
    return True
