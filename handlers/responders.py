"""Responders: how each kind of request from Slack is acknowledged and answered."""

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import KeptError
from bot.language import N_, _
from bot.views.markup import plain
from bot.views.replies import refused, sentence
from bot.views.simpler import has_chart
from handlers.payloads import Call, Inputs
from handlers.replies import Reply

#: Slack waits 3 s for the ack; this leaves time for the network.
SLACKS_PATIENCE_S = 2.5
#: The reply in a command's ack stays for good, so "still working" is a last resort; Slack itself waits 3 s.
COMMANDS_PATIENCE_S = 2.0
#: A click is acknowledged without a reply: soon, so that a slow database keeps fewer requests open.
CLICKS_PATIENCE_S = 0.4
STILL_WORKING = N_("Still working on it…")
#: Form fields for the domain's `note` and `rest_due`, which some forms call differently.
ALIASES = {"note": ("reason",), "rest_due": ("rest",)}


class CommandResponder:
    """A slash command: the reply is the body of the ack, seen only by the person who typed it.

    A message with a chart is posted after the ack instead: Slack then reports when it refuses the chart, and a simpler
    form is sent.
    """

    name = "command"
    patience_s = COMMANDS_PATIENCE_S

    @property
    def waiting(self) -> Mapping[str, Any]:
        return {"text": _(STILL_WORKING), "response_type": "ephemeral"}

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        if reply.message is None or has_chart(reply.message):
            return {}
        blocks = [dict(block) for block in reply.message.blocks]
        seen_by = "in_channel" if reply.public else "ephemeral"
        return {"text": reply.message.text, "blocks": blocks, "response_type": seen_by}

    def after_ack(self, reply: Reply) -> Reply:
        if reply.message and has_chart(reply.message):
            return reply
        return Reply(home=reply.home, then=reply.then)

    def refusal(self, call: Call, error: KeptError) -> Reply:
        return Reply(refused(error, plain(call.text)))


class ClickResponder:
    """A button, a shortcut or an event: the ack is empty, and the reply follows it."""

    name = "click"
    waiting: Mapping[str, Any] = {}
    patience_s = CLICKS_PATIENCE_S

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        return {}

    def after_ack(self, reply: Reply) -> Reply:
        return reply

    def refusal(self, call: Call, error: KeptError) -> Reply:
        return Reply(sentence(str(error)))


class FormResponder:
    """A submitted modal: errors are shown at their inputs by the ack; otherwise it closes."""

    name = "form"
    waiting: Mapping[str, Any] = {}
    patience_s = SLACKS_PATIENCE_S

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        if reply.view:
            return {"response_action": "update", "view": dict(reply.view)}
        return {"response_action": "errors", "errors": dict(reply.fields)} if reply.fields else {}

    def after_ack(self, reply: Reply) -> Reply:
        return Reply() if reply.fields or reply.view else reply

    def refusal(self, call: Call, error: KeptError) -> Reply:
        """Return the error at an input, so that the form stays filled in; as a message if the form has no input."""
        inputs = Inputs(call.body)
        name = input_at_fault(error, inputs)
        return Reply(fields={name: str(error)}) if name else Reply(sentence(str(error)))


def input_at_fault(error: KeptError, inputs: Inputs) -> str | None:
    """Return the name of the input that an error is about; the first one for an error about the promise as a whole."""
    about = error.about
    holding = [name for name in inputs.names if about and about in (inputs.person(name), *inputs.people(name))]
    wanted = (about, *ALIASES.get(about, ()), *holding, *inputs.names)
    return next((name for name in wanted if name in inputs.names), None)
