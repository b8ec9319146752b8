"""`/promise …`: a command, text similar to a command, or a promise."""

import re
from dataclasses import replace

from bot.domain.drafts import Draft
from bot.services import Services
from handlers.making import check_length, make_from_words
from handlers.near_commands import near_command
from handlers.payloads import Call
from handlers.promise_form import open_form
from handlers.replies import Reply
from handlers.routes import routed
from handlers.unpromised import unpromised

#: The command itself, typed or pasted once more.
_COMMAND_AGAIN = re.compile(r"/promise\s+", re.IGNORECASE)


async def on_command(services: Services, call: Call) -> Reply:
    """Run the command; ask about text similar to a command, and record all other text as a promise."""
    if not call.text:
        return await open_form(services, call, Draft())
    return await answered(services, call, call.text)


async def answered(services: Services, call: Call, text: str) -> Reply:
    """Return the reply to typed text.

    Raises UnreadableError for text over the limit, before any pattern is applied.
    """
    check_length(text)
    text = _COMMAND_AGAIN.sub("", text, count=1) if text.startswith("/") else text
    for answer in (routed, unpromised, near_command):
        if reply := await answer(services, call, text):
            return reply
    return await make_from_words(services, call, text)


async def on_run(services: Services, call: Call) -> Reply:
    """Run the command of a “Did you mean …” button as the person who clicked."""
    typed = replace(call, body={**call.body, "text": call.action_value})
    reply = await answered(services, typed, call.action_value)
    return replace(reply, replaces=call.is_own_copy and reply.message is not None, public=False)


async def on_new(services: Services, call: Call) -> Reply:
    """Record the text as a promise after "No, it is a new promise"."""
    typed = replace(call, body={**call.body, "text": call.action_value})
    return await make_from_words(services, typed, call.action_value, is_meant=True)
