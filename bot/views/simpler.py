"""Simpler forms of a message, for a workspace that refuses its blocks."""

from collections.abc import Iterator

from bot.language import N_, _
from bot.ports import Message

CHART = "data_visualization"
#: Slack's limit for the text of a changed message, which is the stricter one, less the line about the buttons.
TEXT_LIMIT = 3800
NO_BUTTONS = N_("Slack did not accept the buttons of this message. `/promise list` shows your promises with theirs.")


def has_chart(message: Message) -> bool:
    return any(block.get("type") == CHART for block in message.blocks)


def forms_of(message: Message) -> Iterator[Message]:
    """Yield the message as it is, then without its charts (whose figures are also text), then as text only."""
    yield message
    without = tuple(block for block in message.blocks if block.get("type") != CHART)
    if without and len(without) < len(message.blocks):
        yield Message(message.text, without)
    text = _cut(message.text)
    if any(block.get("type") == "actions" or "accessory" in block for block in message.blocks):
        text = f"{text}\n{_(NO_BUTTONS)}"
    if message.blocks or text != message.text:
        yield Message(text)


def _cut(text: str) -> str:
    """Return at most TEXT_LIMIT characters of escaped text, without cutting an entity or a mention."""
    if len(text) <= TEXT_LIMIT:
        return text
    kept = text[: TEXT_LIMIT - 1]
    for opens, closes in (("<", ">"), ("&", ";")):
        if kept.rfind(opens) > kept.rfind(closes):
            kept = kept[: kept.rfind(opens)]
    return f"{kept}…"
