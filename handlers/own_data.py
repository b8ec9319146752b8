"""*Forget me*, from the settings, and `/promise forget @who`, for admins."""

import re

from bot.domain.promise import UserId
from bot.services import Services
from bot.views.own_data import forget_question, forgotten
from handlers.answering import Reply
from handlers.payloads import Call
from handlers.who import person_meant


async def on_forgetting_asked(doors: Services, call: Call, words: re.Match[str]) -> Reply:
    """`forget @who`: ask for confirmation, because it cannot be undone."""
    whose = await person_meant(doors, call, words["who"])
    if whose != call.user_id:
        await doors.preferring.check_admin(call.team_id, call.user_id)
    return Reply(forget_question(whose))


async def on_forget(doors: Services, call: Call) -> Reply:
    """Delete the data of the person who clicks, or of another person if an admin does."""
    whose = call.user_id if call.action_value == "me" else UserId(call.action_value)
    if whose != call.user_id:
        await doors.preferring.check_admin(call.team_id, call.user_id)
    await doors.own_data.forget(call.team_id, whose)
    return Reply(forgotten(is_own=whose == call.user_id))
