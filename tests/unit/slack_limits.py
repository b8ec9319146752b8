"""Blocks of a message and views checked for what Slack would refuse (docs.slack.dev, Block Kit reference)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.views.limits import MESSAGE_BLOCKS, MESSAGE_CHARACTERS, compact_json

VIEW_BLOCKS, VIEW_BYTES = 100, 250_000
#: Longest text per field, by the type of its parent and the field's name.
_TEXTS = {
    ("header", "text"): 150,
    ("section", "text"): 3000,
    ("button", "text"): 75,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    ("option", "text"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("mrkdwn", "text"): 3000,
    ("plain_text", "text"): 3000,
}
_STRINGS = {
    "block_id": 255,
    "action_id": 255,
    "callback_id": 255,
    "value": 2000,
    "url": 3000,
    "private_metadata": 3000,
    "initial_value": 3000,
}
_COUNTS = {("actions", "elements"): 25, ("context", "elements"): 10, ("radio_buttons", "options"): 10}


def within_limits(shown: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> list[str]:
    """Return every fault Slack would find in a message's blocks or in a view; empty if there is none."""
    if isinstance(shown, Mapping):
        return [
            *_size(shown["blocks"], VIEW_BLOCKS, len(compact_json(shown).encode()), VIEW_BYTES),
            *_faults(shown, "view"),
        ]
    return [*_size(shown, MESSAGE_BLOCKS, len(compact_json(shown)), MESSAGE_CHARACTERS), *_faults(shown, "message")]


def _size(blocks: Sequence[Mapping[str, Any]], most: int, size: int, room: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks; {most} fit"
    if size > room:
        yield f"{size} characters in all; {room} fit"
    for name, times in Counter(block.get("block_id") for block in blocks).items():
        if name and times > 1:
            yield f"block_id {name} stands there {times} times"


def _faults(shown: object, path: str, kind: str = "") -> Iterator[str]:
    if isinstance(shown, Mapping):
        kind = str(shown.get("type", kind))
        for name, value in shown.items():
            yield from _field_faults(kind, name, value, f"{path}.{name}")
            yield from _faults(value, f"{path}.{name}", name.removesuffix("s") if name == "options" else name)
    elif isinstance(shown, Sequence) and not isinstance(shown, str):
        for index, value in enumerate(shown):
            yield from _faults(value, f"{path}[{index}]", kind)


def _field_faults(kind: str, name: str, value: object, path: str) -> Iterator[str]:
    text = value.get("text") if isinstance(value, Mapping) and "text" in value else value
    most = _TEXTS.get((kind, name)) or _STRINGS.get(name)
    if most and isinstance(text, str) and len(text) > most:
        yield f"{path}: {len(text)} characters; {most} fit"
    if name == "text" and text == "":
        yield f"{path}: empty"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) > _COUNTS.get((kind, name), len(value)):
            yield f"{path}: {len(value)} elements"
        if kind in ("actions", "context", "radio_buttons") and not value:
            yield f"{path}: none"
        yield from _repeated(value, path)


def _repeated(values: Sequence[object], path: str) -> Iterator[str]:
    """Return faults for an action_id that is repeated in its block."""
    names = Counter(value["action_id"] for value in values if isinstance(value, Mapping) and "action_id" in value)
    yield from (f"{path}: action_id {name} stands there {times} times" for name, times in names.items() if times > 1)
