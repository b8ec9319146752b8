"""Webhooks in the settings: the list, the form for a new one, its secret, shown once, and the last attempts."""

from collections.abc import Sequence

from bot.domain.webhooks import TEST, URL_LIMIT, CallState, Webhook, WebhookCall
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import (
    Block,
    actions,
    button,
    confirmation,
    context,
    input_block,
    modal,
    section,
    text_input,
    verbatim,
)
from bot.views.replies import sentence
from bot.views.words import one_line, when

#: Whose webhooks a modal shows, behind `webhooks.` in its callback_id.
OWN, WORKSPACE = "own", "workspace"
_OWN_LEAD = N_("An address that receives each act on the promises you are party to, signed with its secret.")
_WORKSPACE_LEAD = N_("An address that receives each act on promises made in public channels, signed with its secret.")
_SURE = N_("Nothing more is sent to the address, and what still waits to be sent is dropped.")
_STATES = {
    CallState.PENDING: N_("is tried again"),
    CallState.SENT: N_("taken"),
    CallState.GIVEN_UP: N_("given up"),
    CallState.PASSED_OVER: N_("not sent: no longer yours to see"),
}
_URL_SHOWN, _SECRET_ROOM = 200, 300


def webhooks_form(webhooks: Sequence[Webhook], private: str, *, is_own: bool = True) -> Block:
    """Return the modal with every webhook and the field for a new one."""
    url = input_block(
        "url", _("Address of a new webhook"), text_input(URL_LIMIT, placeholder="https://example.com/kept")
    )
    lead = context(_(_OWN_LEAD if is_own else _WORKSPACE_LEAD))
    listed = [
        block for each in webhooks for block in (section(one_line(each.url, _URL_SHOWN)), *actions(_buttons(each)))
    ]
    return modal(f"webhooks.{OWN if is_own else WORKSPACE}", _("Webhooks"), _("Add"), [lead, *listed, url], private)


def webhook_added(webhook: Webhook) -> Block:
    """Return the modal that shows the secret of a new webhook, once."""
    lead = section(
        _("{address} receives acts from now on. Its secret:").format(address=one_line(webhook.url, _URL_SHOWN))
    )
    care = _("Copy it now: it is shown only once. With it the receiver checks that a message is from Kept.")
    return modal("webhooks.added", _("New webhook"), "", [lead, *verbatim(webhook.secret, _SECRET_ROOM), context(care)])


def secret_not_shown() -> Message:
    """Return the message if the form was closed before its answer came."""
    return sentence(
        _(
            "The webhook was added, but the form had closed before I could show its secret. "
            "Remove it and add it again: `/promise settings webhooks`."
        )
    )


def attempts_view(webhook: Webhook, calls: Sequence[WebhookCall], *, is_test: bool = False) -> Block:
    """Return the modal with the last attempted calls, the latest first."""
    lead = section(f"{one_line(webhook.url, _URL_SHOWN)}")
    test = (
        [context(_("A test is on its way. Close this and open Last attempts to see what came of it."))]
        if is_test
        else []
    )
    lines = [context(_line(call)) for call in calls] or [context(_("Nothing was sent yet."))]
    return modal("webhooks.attempts", _("Last attempts"), "", [lead, *test, *lines])


def webhook_removed() -> Message:
    return sentence(_("Removed. Nothing more is sent to that address."))


def _line(call: WebhookCall) -> str:
    tried = when(call.tried_at, "UTC") if call.tried_at else _("not yet")
    came = f"HTTP {call.status}" if call.status else one_line(call.error, 60)
    again = f", {when(call.due_at, 'UTC')}" if call.state is CallState.PENDING else ""
    times = _(" after {count} failed attempts").format(count=call.tries) if call.tries else ""
    name = _("test") if call.event == TEST else call.event
    return f"{tried} · {name} · {came} · {_(_STATES[call.state])}{again}{times}"


def _buttons(webhook: Webhook) -> list[Block]:
    sure = confirmation(_("Remove this webhook?"), _(_SURE), _("Yes, remove"))
    return [
        button("webhooks.test", _("Send a test"), webhook.id),
        button("webhooks.attempts", _("Last attempts"), webhook.id),
        button("webhooks.remove", _("Remove"), webhook.id, "danger", sure),
    ]
