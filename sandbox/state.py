"""The values of the inputs of a view or a message, in the shapes that apps are sent."""

from typing import Any

from sandbox.messages import interactive
from sandbox.workspace import Blocks
from sandbox.zones import epoch_of_local

# For each kind of element: the key its value has in the state, and the key its first value has in the block.
_SIMPLE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}
_LISTS = {key for key, _ in _SIMPLE.values() if key.endswith("s")}
REQUIRED = "Please complete this required field."


class WrongInputError(Exception):
    """A value that the element cannot hold."""


def first_state(blocks: Blocks) -> dict[str, dict[str, Any]]:
    """Return the initial values of the inputs."""
    state: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for element in interactive(block):
            if element["type"] in _SIMPLE:
                key, first = _SIMPLE[element["type"]]
                empty: Any = [] if key in _LISTS else None
                value = {"type": element["type"], key: element.get(first, empty)}
                state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def chosen(element: dict[str, Any], value: Any, tz: str) -> dict[str, Any]:
    """The state of an element that a person gave this value.

    Options are given by their value, dates and times as text, a datetime as text in the person's zone or as an epoch.
    Raises: WrongInputError when the element cannot hold it.
    """
    kind = element["type"]
    if kind not in _SIMPLE:
        return {"type": kind}
    key = _SIMPLE[kind][0]
    if isinstance(value, dict) and key in value:
        return {"type": kind, key: value[key]}
    if key in _LISTS:
        values = value if isinstance(value, list) else [value] if value else []
        return {"type": kind, key: [_single(element, key, each, tz) for each in values]}
    return {"type": kind, key: None if value in (None, "") else _single(element, key, value, tz)}


def _single(element: dict[str, Any], key: str, value: Any, tz: str) -> Any:
    if key in ("selected_option", "selected_options"):
        return _option(element, value)
    if key == "selected_date_time" and not isinstance(value, int):
        try:
            return int(value) if str(value).isdigit() else epoch_of_local(tz, str(value))
        except ValueError:
            raise WrongInputError("Please enter a date and a time.") from None
    if key == "rich_text_value" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    return value if key == "selected_date_time" else str(value)


def _option(element: dict[str, Any], value: Any) -> Any:
    if isinstance(value, dict):
        return value
    options = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        options += group["options"]
    for option in options:
        if option["value"] == str(value):
            return {name: each for name, each in option.items() if name in ("text", "value", "description")}
    raise WrongInputError(f"“{value}” is none of the options.")


def missing(blocks: Blocks, state: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The inputs that have to be filled and are not, with what Slack's own client says beneath each."""
    errors = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            problem = _problem(element, state.get(block["block_id"], {}).get(element["action_id"], {}))
            empty = not _value(element, state.get(block["block_id"], {}).get(element["action_id"], {}))
            if empty and not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
            elif problem and not empty:
                errors[block["block_id"]] = problem
    return errors


def _value(element: dict[str, Any], state: dict[str, Any]) -> Any:
    return state.get(_SIMPLE[element["type"]][0])


def _problem(element: dict[str, Any], state: dict[str, Any]) -> str | None:
    value = _value(element, state)
    if element["type"] == "plain_text_input" and isinstance(value, str):
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    if element["type"] == "email_text_input" and "@" not in str(value):
        return "Please enter an e-mail address."
    if element["type"] == "url_text_input" and "://" not in str(value):
        return "Please enter a URL."
    if element["type"] == "number_input" and not _is_number(str(value), decimal=element["is_decimal_allowed"]):
        return "Please enter a number."
    return None


def _is_number(value: str, *, decimal: bool) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return decimal or number.is_integer()
