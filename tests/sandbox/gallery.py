"""One of everything: a message and a form with every block and input that the sandbox draws."""

from typing import Any


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(name: str) -> dict[str, Any]:
    return {"text": plain(name.capitalize()), "value": name}


def an_input(action_id: str, kind: str, **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": f"b_{action_id}",
        "label": plain(action_id.capitalize()),
        "optional": True,
        "element": {"type": kind, "action_id": action_id, **element},
    }


CHOICES = [option("early"), option("late"), option("never")]
DAYS = ["Mon", "Tue", "Wed"]


def series(name: str, *values: int) -> dict[str, Any]:
    return {"name": name, "data": [{"label": day, "value": value} for day, value in zip(DAYS, values, strict=True)]}


SERIES = [series("kept", 3, 5, 4), series("missed", 1, 0, 2)]
AXES = {"categories": DAYS, "x_label": "Day", "y_label": "Promises"}

BUTTONS: dict[str, Any] = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "plain", "text": plain("Plain"), "value": "1"},
        {"type": "button", "action_id": "good", "style": "primary", "text": plain("Good"), "value": "2"},
        {
            "type": "button",
            "action_id": "bad",
            "style": "danger",
            "text": plain("Bad"),
            "confirm": {
                "title": plain("Really?"),
                "text": plain("It cannot be taken back."),
                "confirm": plain("Do it"),
                "deny": plain("No, go back"),
                "style": "danger",
            },
        },
        {"type": "static_select", "action_id": "pick", "placeholder": plain("Pick one"), "options": CHOICES},
        {"type": "overflow", "action_id": "more", "options": CHOICES},
        {"type": "datepicker", "action_id": "day"},
    ],
}
RICH: dict[str, Any] = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Rich ", "style": {"bold": True}},
                {"type": "user", "user_id": "U0000BOB"},
                {"type": "text", "text": " and <b>no markup</b>"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "as they said"}]},
    ],
}
MESSAGE: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Everything")},
    {
        "type": "section",
        "text": mrkdwn(
            "*bold* _italic_ ~gone~ `code` <@U0CLIENT> <#C0GENERAL> <!date^1795795200^{date_long} {time}|then>"
        ),
        "accessory": {"type": "overflow", "action_id": "aside", "options": CHOICES[:2]},
    },
    {"type": "section", "fields": [mrkdwn("*Owner*\n<@U00ALICE>"), mrkdwn("*Due*\ntomorrow")]},
    {"type": "divider"},
    RICH,
    {
        "type": "data_visualization",
        "title": "This week",
        "chart": {"type": "bar", "series": SERIES, "axis_config": AXES},
    },
    BUTTONS,
    {"type": "context", "elements": [mrkdwn("A last word, <https://example.com|with a link>")]},
]
CHARTS: list[dict[str, Any]] = [
    {
        "type": "data_visualization",
        "title": "Outcomes",
        "chart": {
            "type": "pie",
            "segments": [
                {"label": "kept", "value": 7},
                {"label": "moved", "value": 2},
                {"label": "missed", "value": 1},
            ],
        },
    },
    {"type": "data_visualization", "title": "Trend", "chart": {"type": "area", "series": SERIES, "axis_config": AXES}},
]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "everything",
    "title": plain("Every input"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        an_input("words", "plain_text_input", initial_value="first", max_length=50),
        an_input("lines", "plain_text_input", multiline=True),
        an_input("person", "users_select"),
        an_input("persons", "multi_users_select"),
        an_input("place", "conversations_select"),
        an_input("moment", "datetimepicker"),
        an_input("day", "datepicker"),
        an_input("hour", "timepicker"),
        an_input("choice", "static_select", options=CHOICES, initial_option=CHOICES[1]),
        an_input("boxes", "checkboxes", options=CHOICES),
        an_input("rating", "radio_buttons", options=CHOICES),
        an_input("amount", "number_input", is_decimal_allowed=False),
        an_input("mail", "email_text_input"),
    ],
}

SEARCH: dict[str, Any] = {
    "type": "section",
    "text": {"type": "mrkdwn", "text": "Which promise?"},
    "accessory": {
        "type": "external_select",
        "action_id": "find",
        "placeholder": {"type": "plain_text", "text": "Words of it"},
        "min_query_length": 2,
    },
}
