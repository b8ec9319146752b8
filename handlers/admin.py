"""An admin's typed commands: retention, listening, and the audit."""

import re

from bot.services import Services
from bot.views.admin import audit_list, digests_text, listening_text, retention_text
from handlers.payloads import Call
from handlers.replies import Reply

RETENTION = r"settings\s+retention(?:\s+(?P<rest>.+))?"
LISTENING = r"settings\s+listening\s+(?P<value>on|off)"
DIGESTS = r"settings\s+digests(?:\s+(?P<rest>.+))?"
AUDIT = r"settings\s+audit"


async def on_retention(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Show the retention, or set it if the command has arguments (admins only)."""
    if words["rest"]:
        return Reply(
            retention_text(await services.admin_choices.choose_retention(call.team_id, call.user_id, words["rest"]))
        )
    return Reply(retention_text(await services.admin_choices.retention(call.team_id)))


async def on_listening(services: Services, call: Call, words: re.Match[str]) -> Reply:
    is_allowed = words["value"].lower() == "on"
    await services.admin_choices.allow_listening(call.team_id, call.user_id, is_allowed=is_allowed)
    return Reply(listening_text(is_allowed=is_allowed))


async def on_digests(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """Show in which channels digests may be posted, or choose them if the command names some (admins only)."""
    if words["rest"]:
        chosen, ended = await services.admin_choices.choose_digest_channels(call.team_id, call.user_id, words["rest"])
        return Reply(digests_text(chosen, ended))
    return Reply(digests_text(await services.admin_choices.digest_channels(call.team_id)))


async def on_audit(services: Services, call: Call, words: re.Match[str]) -> Reply:
    return Reply(audit_list(await services.admin_choices.audit(call.team_id, call.user_id)))
