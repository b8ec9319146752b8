"""`/promise listen on|off`: whether Kept reads the messages of a channel."""

import re

from bot.domain.errors import UnreadableError
from bot.language import _
from bot.services import Services
from bot.views.replies import listening_on, sentence
from handlers.payloads import Call
from handlers.replies import Reply


async def on_listening_on(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Turn listening on in a channel, and announce it there.

    Raises UnreadableError in a private channel, and where Kept has no scope to read channels.
    """
    if await services.messenger.is_private(call.team_id, call.channel_id, call.channel_name):
        raise UnreadableError(
            _("I listen in public channels only. What is said in private stays among those who say it.")
        )
    if await services.messenger.lacks(call.team_id, "channels:history"):
        raise UnreadableError(
            _(
                "I cannot read channels here: the permission channels:history was left out when I was installed. "
                "An admin of the workspace can add it by installing me again."
            )
        )
    await services.admin_choices.check_listening(call.team_id)
    setting = await services.places.listen(call.team_id, call.channel_id, call.user_id)
    return Reply(listening_on(setting.set_by), public=True)


async def on_listening_off(services: Services, call: Call, words: re.Match[str]) -> Reply:
    await services.places.stop_listening(call.team_id, call.channel_id)
    return Reply(sentence(_("I no longer listen in this channel.")), public=True)


async def on_listening_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    setting = await services.places.listening(call.team_id, call.channel_id)
    if setting:
        return Reply(listening_on(setting.set_by))
    return Reply(
        sentence(_("I do not listen in this channel. `/promise listen on` lets me, and tells everybody here."))
    )
