"""The kinds of request that Slack makes, and how each of them is answered."""

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import KeptError, NotFoundError, UnreadableError
from bot.domain.promise import NOTE_LIMIT, WHAT_LIMIT
from bot.views.replies import refused, sentence
from handlers.answering import Reply
from handlers.markup import plain
from handlers.payloads import Call, Inputs

STILL_WORKING = "Still working on it…"


class CommandDoor:
    """A slash command: the answer is the body of the ack, for the person who typed alone."""

    waiting: Mapping[str, Any] = {"text": STILL_WORKING, "response_type": "ephemeral"}

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        if reply.message is None:
            return {}
        blocks = [dict(block) for block in reply.message.blocks]
        return {"text": reply.message.text, "blocks": blocks, "response_type": "ephemeral"}

    def after_ack(self, reply: Reply) -> Reply:
        return Reply(home=reply.home)

    def refusal(self, call: Call, error: KeptError) -> Reply:
        return Reply(refused(error, plain(call.text)))


class ClickDoor:
    """A button, a shortcut or an event: the ack is empty, and the answer follows it."""

    waiting: Mapping[str, Any] = {}

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        return {}

    def after_ack(self, reply: Reply) -> Reply:
        return reply

    def refusal(self, call: Call, error: KeptError) -> Reply:
        return Reply(sentence(str(error)))


class FormDoor:
    """A modal sent in: complaints ride in the ack and stand beside their inputs; else it closes."""

    waiting: Mapping[str, Any] = {}

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        return {"response_action": "errors", "errors": dict(reply.fields)} if reply.fields else {}

    def after_ack(self, reply: Reply) -> Reply:
        return Reply() if reply.fields else reply

    def refusal(self, call: Call, error: KeptError) -> Reply:
        """Beside an input, so that nothing that was filled in is lost; as a message where there is no input."""
        inputs = Inputs(call.body)
        name = input_at_fault(error, inputs)
        return Reply(fields={name: str(error)}) if name else Reply(sentence(str(error)))


def input_at_fault(error: KeptError, inputs: Inputs) -> str | None:
    """The name of the input that an error is about: the domain names no inputs, but what it refuses is in one."""
    typed = {name: len(inputs.text(name)) for name in inputs.names}
    too_long = [name for name, length in typed.items() if length > (WHAT_LIMIT if name == "what" else NOTE_LIMIT)]
    people = [name for name in inputs.names if inputs.person(name) or inputs.people(name)]
    if too_long:
        return too_long[0]
    if isinstance(error, NotFoundError) and people:
        return people[0]
    if isinstance(error, UnreadableError):
        blank = [name for name in ("what",) if typed.get(name) == 0]
        told = [*blank, *(name for name in ("due", *people) if name in inputs.names)]
        if told:
            return told[0]
    return inputs.names[0] if inputs.names else None
