"""Opening a modal within the three seconds that a trigger lives, however slow the books are."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from bot.domain.errors import KeptError
from bot.views.forms import loading_form
from bot.views.replies import sentence
from handlers.payloads import Call, text_at

#: How long the form's contents may take before a placeholder is opened in its stead.
SOON_S = 1.0

View = dict[str, Any]


async def open_modal(call: Call, contents: Awaitable[View]) -> None:
    """Opens the form; when its contents are slow to read, a placeholder that is filled in afterwards."""
    reading = asyncio.ensure_future(contents)
    done, _ = await asyncio.wait({reading}, timeout=SOON_S)
    if done:
        await call.client.views_open(trigger_id=call.trigger_id, view=reading.result())
        return
    try:
        opened = await call.client.views_open(trigger_id=call.trigger_id, view=loading_form())
    except BaseException:
        reading.cancel()
        raise
    try:
        view = await reading
    except KeptError as error:
        view = {**loading_form(), "blocks": list(sentence(str(error)).blocks)}
    await call.client.views_update(view_id=text_at(opened.data, "view", "id"), view=view)
