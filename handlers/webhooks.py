"""`/promise settings webhooks`: webhooks are listed, added, tested and removed in a modal."""

import re

from bot.services import Services
from bot.views.webhooks import (
    OWN,
    WORKSPACE,
    attempts_view,
    secret_not_shown,
    webhook_added,
    webhook_removed,
    webhooks_form,
)
from handlers.modals import View, open_modal, was_updated
from handlers.payloads import Call, Inputs
from handlers.replies import Reply

WEBHOOKS = r"settings\s+(?:(?P<all>workspace)\s+)?webhooks?"


async def on_webhooks_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`settings webhooks`, and `settings workspace webhooks` for admins."""
    return await open_modal(call, _contents(services, call, is_own=not words["all"]))


async def on_webhooks_wanted(services: Services, call: Call) -> Reply:
    """Open the list of webhooks over the settings modal, which stays open."""
    view = await _contents(services, call, is_own=call.action_value != WORKSPACE)
    await call.client.views_push(trigger_id=call.trigger_id, view=view)
    return Reply()


async def on_webhooks_form(services: Services, call: Call) -> Reply:
    """Add a webhook and show its secret, once, in place of the form."""
    is_own = call.callback_id == f"webhooks.{OWN}"
    added = await services.webhooks.add(call.team_id, call.user_id, Inputs(call.body).text("url"), is_own=is_own)
    return Reply(secret_not_shown(), view=webhook_added(added))


async def on_webhook_button(services: Services, call: Call) -> Reply:
    """Test a webhook, show its last attempts, or remove it."""
    webhook_id, webhooks = call.action_value, services.webhooks
    if call.action_id == "webhooks.remove":
        await webhooks.remove(call.team_id, call.user_id, webhook_id)
        view = await _contents(services, call, is_own=call.callback_id != f"webhooks.{WORKSPACE}")
        return Reply() if await was_updated(call, call.view_id, view) else Reply(webhook_removed())
    is_test = call.action_id == "webhooks.test"
    if is_test:
        await webhooks.test(call.team_id, call.user_id, webhook_id)
    found = await webhooks.of(call.team_id, call.user_id, webhook_id)
    calls = await webhooks.attempts(call.team_id, call.user_id, webhook_id)
    await call.client.views_push(trigger_id=call.trigger_id, view=attempts_view(found, calls, is_test=is_test))
    return Reply()


async def _contents(services: Services, call: Call, *, is_own: bool) -> View:
    listed = await services.webhooks.listed(call.team_id, call.user_id, is_own=is_own)
    return webhooks_form(listed, call.modal_context(), is_own=is_own)
