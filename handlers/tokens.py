"""`/promise settings tokens`: list, create and revoke access tokens in a modal."""

import re

from bot.domain.access_tokens import Scope, checked_name, checked_scopes
from bot.services import Services
from bot.views.tokens import OWN, WORKSPACE, token_made, token_not_shown, token_revoked, tokens_form
from handlers.field_errors import FieldErrors
from handlers.modals import View, open_modal, was_updated
from handlers.payloads import Call, Inputs
from handlers.replies import Reply

TOKENS = r"settings\s+(?:(?P<all>workspace)\s+)?tokens?"


async def on_tokens_asked(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`settings tokens`, and `settings workspace tokens` for admins."""
    return await open_modal(call, _contents(services, call, is_own=not words["all"]))


async def on_tokens_wanted(services: Services, call: Call) -> Reply:
    """Open the list of tokens over the settings modal, which stays open."""
    is_own = call.action_value != WORKSPACE
    view = await _contents(services, call, is_own=is_own)
    await call.client.views_push(trigger_id=call.trigger_id, view=view)
    return Reply()


async def on_token_form(services: Services, call: Call) -> Reply:
    """Create a token and show it, once, in place of the form; or show all errors of the form."""
    inputs, is_own = Inputs(call.body), call.callback_id == f"tokens.{OWN}"
    errors, name = FieldErrors(inputs), inputs.text("name")
    scopes = frozenset(Scope(each) for each in inputs.choices("scopes") if each in set(Scope))
    errors.caught("", lambda: checked_name(name))
    if not is_own:
        errors.caught(scopes, lambda: checked_scopes(scopes))
    if errors:
        return Reply(fields=errors.fields())
    if is_own:
        token = await services.access.make(call.team_id, call.user_id, name)
    else:
        token = await services.access.make_for_workspace(call.team_id, call.user_id, name, scopes)
    return Reply(token_not_shown(name), view=token_made(name, token))


async def on_revoke(services: Services, call: Call) -> Reply:
    """Revoke a token, and redraw the list."""
    is_own = call.callback_id != f"tokens.{WORKSPACE}"
    await services.access.revoke(call.team_id, call.user_id, call.action_value)
    view = await _contents(services, call, is_own=is_own)
    return Reply() if await was_updated(call, call.view_id, view) else Reply(token_revoked())


async def _contents(services: Services, call: Call, *, is_own: bool) -> View:
    if is_own:
        listed = await services.access.listed(call.team_id, call.user_id)
    else:
        listed = await services.access.listed_for_workspace(call.team_id, call.user_id)
    return tokens_form(listed, call.modal_context(), is_own=is_own)
