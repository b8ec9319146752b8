"""`/promise stats …`: one's own record, one shared with another person, a channel's figures, and who may see it."""

import re

from bot.services import Services
from bot.views.record import opened, record_message, team_message
from handlers.parties import person_meant
from handlers.payloads import Call
from handlers.replies import Reply


async def on_stats(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`stats`, `stats @who`, `stats here`, `stats open`, `stats close`."""
    scope = (words["scope"] or "").lower()
    if scope in ("open", "close"):
        choose = services.records.open if scope == "open" else services.records.close
        await choose(call.team_id, call.user_id)
        return Reply(opened(scope == "open"))
    me = await services.people.of(call.team_id, call.user_id)
    if scope == "here":
        return Reply(team_message(await services.records.of_channel(call.team_id, call.channel_id, me.zone)))
    whose = await person_meant(services, call, words["who"]) if words["who"] else call.user_id
    seen = await services.records.of(call.team_id, whose, call.user_id, me.zone, is_guest=me.is_guest)
    return Reply(record_message(seen, call.user_id))
