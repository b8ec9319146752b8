"""`/promise need 12 by Thursday`: the requester's private note of the latest useful date."""

import re

from bot.domain.due_dates import Unread, read_deadline
from bot.domain.errors import UnreadableError
from bot.language import _
from bot.services import Services
from bot.views.asides import need_by_noted
from handlers.parties import as_due
from handlers.payloads import Call
from handlers.replies import Reply

NEED = r"need\s+#?(?P<number>[0-9]{1,9})\s+(?:(?P<off>off)|by\s+(?P<when>.+))"


async def on_need(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Save the date. Raises UnreadableError when it cannot be parsed."""
    latest = None
    if not words["off"]:
        me = await services.people.of(call.team_id, call.user_id)
        read = read_deadline(words["when"], services.clock.now(), me.hours, me.reading_locale)
        if isinstance(read, Unread):
            raise UnreadableError(_("Say by when at the latest, like this: `/promise need 12 by Thursday 17:00`."))
        latest = as_due(read)
    promise = await services.asides.note(call.team_id, int(words["number"]), call.user_id, latest)
    return Reply(need_by_noted(promise, latest))
