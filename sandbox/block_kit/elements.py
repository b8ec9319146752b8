"""The schema of texts, options and interactive elements."""

from collections.abc import Iterator
from typing import Any

from sandbox.block_kit.rules import (
    Field,
    Rule,
    anything,
    array,
    boolean,
    fault,
    integer,
    may,
    need,
    one_of,
    record,
    string,
    typed,
)


def text(most: int, least: int = 1) -> Rule:
    """A text object of either kind."""
    return typed({"plain_text": _text_record(most, least), "mrkdwn": _text_record(most, least)})


def plain(most: int, least: int = 1) -> Rule:
    """A text object that has to be plain_text."""
    return typed({"plain_text": _text_record(most, least)})


def _text_record(most: int, least: int) -> Rule:
    return record(
        {"type": need(anything), "text": need(string(most, least)), "emoji": may(boolean), "verbatim": may(boolean)}
    )


def _option(label: Rule) -> Rule:
    return record(
        {
            "text": need(label),
            "value": need(string(150)),
            "description": may(text(75)),
            "url": may(string(3000)),
        }
    )


PLAIN_OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))
OPTION_GROUP = record({"label": need(plain(75)), "options": need(array(PLAIN_OPTION, 100))})
CONFIRM = record(
    {
        "title": need(plain(100)),
        "text": need(text(300)),
        "confirm": need(plain(30)),
        "deny": need(plain(30)),
        "style": may(one_of("primary", "danger")),
    }
)
ACTION_ID = may(string(255))
PLACEHOLDER = may(plain(150))
DATE = string(10)
EPOCH = integer(1_000_000_000, 9_999_999_999)


def element(kind: str, **fields: Field) -> Rule:
    common = {"type": need(anything), "action_id": ACTION_ID, "focus_on_load": may(boolean)}
    schema = record({**common, **fields})

    def rule(value: Any, pointer: str) -> Iterator[str]:
        yield from schema(value, pointer)
        yield from _initial_choices(value, pointer)

    rule.__name__ = kind
    return rule


def _initial_choices(value: dict[str, Any], pointer: str) -> Iterator[str]:
    """Check that initial choices are among the options."""
    offered = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        offered += group.get("options") or []
    if not offered:
        return
    first = value.get("initial_option")
    if first is not None and first not in offered:
        yield fault("`initial_option` must be one of `options`", f"{pointer}/initial_option")
    for each in value.get("initial_options") or []:
        if each not in offered:
            yield fault("`initial_options` must be among `options`", f"{pointer}/initial_options")


def _select(kind: str, *, many: bool, **fields: Field) -> Rule:
    most = {"max_selected_items": may(integer(1, 1000))} if many else {}
    return element(kind, placeholder=PLACEHOLDER, confirm=may(CONFIRM), **most, **fields)


def _selects(many: bool) -> dict[str, Rule]:
    prefix, plural = ("multi_", "s") if many else ("", "")
    ids: Rule = array(string(255), 1000) if many else string(255)
    choice: Rule = array(PLAIN_OPTION, 100) if many else PLAIN_OPTION
    initial = "initial_options" if many else "initial_option"
    filters = {
        "default_to_current_conversation": may(boolean),
        "response_url_enabled": may(boolean),
        "filter": may(anything),
    }
    kinds: dict[str, dict[str, Field]] = {
        "static_select": {
            "options": may(array(PLAIN_OPTION, 100)),
            "option_groups": may(array(OPTION_GROUP, 100)),
            initial: may(choice),
        },
        "external_select": {"min_query_length": may(integer(0, 100)), initial: may(choice)},
        "users_select": {f"initial_user{plural}": may(ids)},
        "conversations_select": {f"initial_conversation{plural}": may(ids), **filters},
        "channels_select": {f"initial_channel{plural}": may(ids), "response_url_enabled": may(boolean)},
    }
    return {prefix + kind: _select(prefix + kind, many=many, **fields) for kind, fields in kinds.items()}


DISPATCH = may(record({"trigger_actions_on": need(array(one_of("on_enter_pressed", "on_character_entered"), 2))}))
BUTTON = element(
    "button",
    text=need(plain(75)),
    url=may(string(3000)),
    value=may(string(2000)),
    style=may(one_of("primary", "danger")),
    confirm=may(CONFIRM),
    accessibility_label=may(string(75)),
)
OVERFLOW = element("overflow", options=need(array(PLAIN_OPTION, 5)), confirm=may(CONFIRM))
DATEPICKER = element("datepicker", initial_date=may(DATE), placeholder=PLACEHOLDER, confirm=may(CONFIRM))
TIMEPICKER = element(
    "timepicker", initial_time=may(string(5)), placeholder=PLACEHOLDER, confirm=may(CONFIRM), timezone=may(string(255))
)
DATETIMEPICKER = element("datetimepicker", initial_date_time=may(EPOCH), confirm=may(CONFIRM))
CHECKBOXES = element(
    "checkboxes",
    options=need(array(RICH_OPTION, 10)),
    initial_options=may(array(RICH_OPTION, 10)),
    confirm=may(CONFIRM),
)
RADIO_BUTTONS = element(
    "radio_buttons", options=need(array(RICH_OPTION, 10)), initial_option=may(RICH_OPTION), confirm=may(CONFIRM)
)
IMAGE = record(
    {
        "type": need(anything),
        "image_url": may(string(3000)),
        "slack_file": may(anything),
        "alt_text": need(string(2000)),
    }
)
PLAIN_TEXT_INPUT = element(
    "plain_text_input",
    initial_value=may(string(3000, 0)),
    multiline=may(boolean),
    min_length=may(integer(0, 3000)),
    max_length=may(integer(1, 3000)),
    dispatch_action_config=DISPATCH,
    placeholder=PLACEHOLDER,
)


def _typed_input(kind: str) -> Rule:
    return element(kind, initial_value=may(string(3000)), dispatch_action_config=DISPATCH, placeholder=PLACEHOLDER)


NUMBER_INPUT = element(
    "number_input",
    is_decimal_allowed=need(boolean),
    initial_value=may(string(3000)),
    min_value=may(string(3000)),
    max_value=may(string(3000)),
    dispatch_action_config=DISPATCH,
    placeholder=PLACEHOLDER,
)
RICH_TEXT_INPUT = element(
    "rich_text_input", initial_value=may(anything), dispatch_action_config=DISPATCH, placeholder=PLACEHOLDER
)

SINGLE_SELECTS = _selects(many=False)
MULTI_SELECTS = _selects(many=True)
PICKERS = {"datepicker": DATEPICKER, "timepicker": TIMEPICKER, "datetimepicker": DATETIMEPICKER}
CHOICES = {"checkboxes": CHECKBOXES, "radio_buttons": RADIO_BUTTONS}
IN_ACTIONS = {"button": BUTTON, "overflow": OVERFLOW, **SINGLE_SELECTS, **MULTI_SELECTS, **PICKERS, **CHOICES}
IN_SECTION = {**IN_ACTIONS, "image": IMAGE}
IN_INPUT = {
    "plain_text_input": PLAIN_TEXT_INPUT,
    "email_text_input": _typed_input("email_text_input"),
    "url_text_input": _typed_input("url_text_input"),
    "number_input": NUMBER_INPUT,
    "rich_text_input": RICH_TEXT_INPUT,
    **SINGLE_SELECTS,
    **MULTI_SELECTS,
    **PICKERS,
    **CHOICES,
}
