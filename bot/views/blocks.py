"""Block Kit as plain dicts: small builders."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from bot.domain.promise import UserId
from bot.language import _
from bot.ports import Message
from bot.views.limits import compact_json
from bot.views.words import clean, cut

Block = dict[str, Any]
SECTION_LIMIT, HEADER_LIMIT, TITLE_LIMIT, BUTTON_LIMIT = 3000, 150, 24, 75


def mrkdwn(text: str) -> Block:
    """Return our own markup around typed text, which is escaped already. `verbatim` keeps Slack from adding links."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def text_object(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def text_message(text: str, *more: Block) -> Message:
    """Return a message that begins with its own text, with more blocks below."""
    return Message(text, [section(text), *more])


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text]}


def header(text: str) -> Block:
    return {"type": "header", "text": text_object(cut(text, HEADER_LIMIT))}


def divider() -> Block:
    return {"type": "divider"}


def verbatim(text: str, room: int) -> Iterator[Block]:
    """Return typed text to read and copy, as rich_text, in which nothing becomes a mention or a link.

    It is cut to `room` characters as sent to Slack.
    """
    shown = cut(clean(text), room)
    while len(compact_json(shown)) > room:
        shown = cut(shown, len(shown) - max(len(compact_json(shown)) - room, 2) // 2)
    for start in range(0, len(shown), SECTION_LIMIT):
        piece = {"type": "text", "text": shown[start : start + SECTION_LIMIT]}
        yield {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [piece]}]}


def actions(buttons: Iterable[Block]) -> list[Block]:
    """Return one row of buttons; no block if there are none, because Slack refuses an empty row."""
    elements = list(buttons)
    return [{"type": "actions", "elements": elements}] if elements else []


def button(action_id: str, text: str, value: str = "", style: str = "", confirm: Block | None = None) -> Block:
    block: Block = {"type": "button", "action_id": action_id, "text": text_object(cut(text, BUTTON_LIMIT))}
    extras = {"value": value, "style": style, "confirm": confirm}
    return block | {name: extra for name, extra in extras.items() if extra}


def overflow(action_id: str, options: Iterable[tuple[str, str]]) -> Block:
    """Return a ⋯ menu of (value, label)."""
    return {"type": "overflow", "action_id": action_id, "options": _options(options)}


def select(action_id: str, placeholder: str, options: Iterable[tuple[str, str]]) -> Block:
    """Return a select menu of (value, label)."""
    held = text_object(placeholder)
    return {"type": "static_select", "action_id": action_id, "placeholder": held, "options": _options(options)}


def _options(options: Iterable[tuple[str, str]]) -> list[Block]:
    return [{"value": value, "text": text_object(cut(label, BUTTON_LIMIT))} for value, label in options]


def confirmation(title: str, text: str, yes: str) -> Block:
    return {
        "title": text_object(title),
        "text": text_object(text),
        "confirm": text_object(yes),
        "deny": text_object(_("No, go back")),
        "style": "danger",
    }


def text_input(limit: int, initial: str = "", placeholder: str = "", *, multiline: bool = False) -> Block:
    """Return a text field; its initial text is never cut below what Slack can hold."""
    held = min(max(limit, len(initial)), SECTION_LIMIT)
    element: Block = {"type": "plain_text_input", "max_length": held, "multiline": multiline}
    extras = {"initial_value": initial[:held], "placeholder": text_object(placeholder) if placeholder else None}
    return element | {name: extra for name, extra in extras.items() if extra}


def moment_input(initial: datetime | None) -> Block:
    element: Block = {"type": "datetimepicker"}
    return {**element, "initial_date_time": int(initial.timestamp())} if initial else element


def person_input(initial: UserId | None = None) -> Block:
    element: Block = {"type": "users_select", "placeholder": text_object(_("Choose a colleague"))}
    return {**element, "initial_user": initial} if initial else element


def people_input(initial: Sequence[UserId] = ()) -> Block:
    element: Block = {"type": "multi_users_select", "placeholder": text_object(_("Nobody else"))}
    return {**element, "initial_users": list(initial)} if initial else element


def choice_input(options: Iterable[tuple[str, str]]) -> Block:
    """Return radio buttons of (value, label)."""
    return {"type": "radio_buttons", "options": _options(options)}


def select_input(options: Iterable[tuple[str, str]], initial: str) -> Block:
    """Return a select menu of (value, label) with one of them chosen."""
    choices = _options(options)
    chosen = next(choice for choice in choices if choice["value"] == initial)
    return {"type": "static_select", "options": choices, "initial_option": chosen}


def boxes_input(options: Iterable[tuple[str, str]], checked: Iterable[str]) -> Block:
    """Return checkboxes of (value, label)."""
    choices, on = _options(options), set(checked)
    element: Block = {"type": "checkboxes", "options": choices}
    initial = [choice for choice in choices if choice["value"] in on]
    return {**element, "initial_options": initial} if initial else element


def clock_input(initial: time | None) -> Block:
    element: Block = {"type": "timepicker"}
    return {**element, "initial_time": f"{initial:%H:%M}"} if initial else element


def number_input(initial: int | None, most: int) -> Block:
    """Return a field for a whole number from 1 on."""
    element: Block = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": str(most)}
    return {**element, "initial_value": str(initial)} if initial else element


def input_block(name: str, label: str, element: Block, hint: str = "", *, optional: bool = False) -> Block:
    """Return one field; `name` is both its block_id and its action_id."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": text_object(label),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": text_object(hint)} if hint else block


def dispatches_change(block: Block) -> Block:
    """Return the field so that Slack reports each choice while the form is open."""
    return {**block, "dispatch_action": True}


def modal(callback_id: str, title: str, submit: str, blocks: list[Block], private: str = "") -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": text_object(cut(title, TITLE_LIMIT)),
        "close": text_object(_("Close")),
        "private_metadata": private,
        "blocks": blocks,
    }
    return {**view, "submit": text_object(submit)} if submit else view
