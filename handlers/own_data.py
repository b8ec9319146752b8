"""*Forget me*, from the settings, and `/promise forget @who`, for admins."""

import re

from bot.domain.promise import UserId
from bot.services import Services
from bot.views.own_data import forget_question, forgotten
from handlers.parties import person_meant
from handlers.payloads import Call
from handlers.replies import Reply


async def on_forgetting_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`forget @who`: ask for confirmation, because it cannot be undone."""
    whose = await person_meant(services, call, words["who"])
    if whose != call.user_id:
        await services.preference_changes.check_admin(call.team_id, call.user_id)
    return Reply(forget_question(whose))


async def on_forget(services: Services, call: Call) -> Reply:
    """Delete the data of the person who clicks, or of another person if an admin does."""
    whose = call.user_id if call.action_value == "me" else UserId(call.action_value)
    if whose != call.user_id:
        await services.preference_changes.check_admin(call.team_id, call.user_id)
    await services.own_data.forget(call.team_id, whose)
    return Reply(forgotten(is_own=whose == call.user_id))
