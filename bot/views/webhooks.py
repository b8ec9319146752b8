"""Webhooks in the settings: the list, the form for a new one, its secret as it is shown once, the last attempts."""

from collections.abc import Sequence

from bot.domain.webhooks import TEST, URL_LIMIT, CallState, Webhook, WebhookCall
from bot.ports import Message
from bot.views.blocks import (
    Block,
    actions,
    button,
    confirmation,
    context,
    flat,
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
_OWN_LEAD = "An address that is told of each act on the promises you are party to, signed with its secret."
_WORKSPACE_LEAD = "An address that is told of each act on promises made in public channels, signed with its secret."
_SURE = "The address is told nothing more, and what it is still owed is dropped."
_STATES = {
    CallState.PENDING: "is tried again",
    CallState.SENT: "taken",
    CallState.GIVEN_UP: "given up",
    CallState.PASSED_OVER: "not sent: no longer yours to see",
}
_URL_SHOWN, _SECRET_ROOM = 200, 300


def webhooks_form(webhooks: Sequence[Webhook], private: str, *, is_own: bool = True) -> Block:
    """Return the modal with every webhook and the field for a new one."""
    url = input_block("url", "Address of a new webhook", text_input(URL_LIMIT, placeholder="https://example.com/kept"))
    lead = context(_OWN_LEAD if is_own else _WORKSPACE_LEAD)
    listed = flat(*([section(one_line(each.url, _URL_SHOWN)), *actions(_buttons(each))] for each in webhooks))
    return modal(f"webhooks.{OWN if is_own else WORKSPACE}", "Webhooks", "Add", [lead, *listed, url], private)


def webhook_added(webhook: Webhook) -> Block:
    """Return the modal that shows the secret of a new webhook, once."""
    lead = section(f"{one_line(webhook.url, _URL_SHOWN)} is told from now on. Its secret:")
    care = "Copy it now, for it is shown this once. With it the receiver checks that a message is from Kept."
    return modal("webhooks.added", "New webhook", "", [lead, *verbatim(webhook.secret, _SECRET_ROOM), context(care)])


def secret_not_shown() -> Message:
    """Return what is one_line when the form was closed before its answer came."""
    return sentence(
        "The webhook was added, but the form had closed before I could show its secret. Remove it and add it again: "
        "`/promise settings webhooks`."
    )


def attempts_view(webhook: Webhook, calls: Sequence[WebhookCall], *, is_test: bool = False) -> Block:
    """Return the modal with the calls that were tried last, the latest first."""
    lead = section(f"{one_line(webhook.url, _URL_SHOWN)}")
    test = (
        [context("A test is on its way. Close this and open Last attempts to see what came of it.")] if is_test else []
    )
    lines = [context(_line(call)) for call in calls] or [context("Nothing was sent yet.")]
    return modal("webhooks.attempts", "Last attempts", "", [lead, *test, *lines])


def webhook_removed() -> Message:
    return sentence("Removed. That address is told nothing more.")


def _line(call: WebhookCall) -> str:
    tried = when(call.tried_at, "UTC") if call.tried_at else "not yet"
    came = f"HTTP {call.status}" if call.status else one_line(call.error, 60)
    again = f", {when(call.due_at, 'UTC')}" if call.state is CallState.PENDING else ""
    times = f" after {call.tries} failed attempts" if call.tries else ""
    name = "test" if call.event == TEST else call.event
    return f"{tried} · {name} · {came} · {_STATES[call.state]}{again}{times}"


def _buttons(webhook: Webhook) -> list[Block]:
    sure = confirmation("Remove this webhook?", _SURE, "Yes, remove")
    return [
        button("webhooks.test", "Send a test", webhook.id),
        button("webhooks.attempts", "Last attempts", webhook.id),
        button("webhooks.remove", "Remove", webhook.id, "danger", sure),
    ]
