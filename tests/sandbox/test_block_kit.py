"""Block Kit's limits are enforced with Slack's names for what is wrong."""

from typing import Any

import pytest

from sandbox.block_kit import check_message, check_metadata, check_view
from sandbox.errors import SlackError


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "x") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**changes: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain("Go"), **changes}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def modal(**changes: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **changes}


def an_input(**changes: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain("L"), "element": {"type": "plain_text_input", "action_id": "a"}, **changes}


def problems_of(blocks: list[dict[str, Any]]) -> str:
    with pytest.raises(SlackError) as refusal:
        check_message(blocks)
    assert refusal.value.name == "invalid_blocks"
    return "\n".join(refusal.value.extra["response_metadata"]["messages"])


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "must define either `text` or `fields`"),
        ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed"),
        ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
        ({"type": "headline"}, "unsupported type: headline [json-pointer:/blocks/0/type]"),
        ({"text": plain("x")}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "divider", "colour": "red"}, "invalid additional property: colour"),
        ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
        (actions(button(value="x" * 2001)), "2001 characters [json-pointer:/blocks/0/elements/0/value]"),
        (actions(button(text=plain("x" * 76))), "must be less than 76 characters"),
        (actions(button(style="loud")), "must be one of: primary, danger"),
        (actions(button(), button()), "`action_id` must be unique in its block: a"),
        (actions(*[button(action_id=str(n)) for n in range(26)]), "no more than 25 items allowed"),
        (actions(button(confirm={"title": plain("x" * 101)})), "missing required field: deny"),
        (actions({"type": "overflow", "options": [{"text": plain("x"), "value": "v"}] * 6}), "no more than 5 items"),
        (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input"),
        (actions({"type": "datetimepicker", "initial_date_time": 5}), "must be between"),
        ({"type": "data_visualization", "title": "x" * 51, "chart": {"type": "pie"}}, "less than 51 characters"),
        ({"type": "image", "image_url": "https://a.b/c.png"}, "missing required field: alt_text"),
    ],
)  # fmt: skip
def test_a_faulty_block_is_refused_with_its_place(block: dict[str, Any], problem: str) -> None:
    assert problem in problems_of([block])


def test_a_message_holds_fifty_blocks_and_no_more() -> None:
    check_message([section()] * 50)
    assert "no more than 50 items allowed [json-pointer:/blocks]" in problems_of([section()] * 51)


def test_block_ids_are_unique() -> None:
    assert "`block_id` must be unique: same" in problems_of([section() | {"block_id": "same"}] * 2)


def test_a_choice_made_at_first_is_one_of_the_options() -> None:
    option = {"text": plain("x"), "value": "v"}
    select = {"type": "static_select", "action_id": "a", "options": [option], "initial_option": option | {"value": "w"}}
    assert "`initial_option` must be one of `options`" in problems_of([actions(select)])


def test_more_than_two_charts_are_refused() -> None:
    pie = {"type": "pie", "segments": [{"label": "kept", "value": 3}]}
    charts = [{"type": "data_visualization", "title": "t", "chart": pie}] * 3
    check_message(charts[:2])
    assert "no more than 2 blocks of type data_visualization" in problems_of(charts)


def test_very_long_blocks_are_too_long_together() -> None:
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message([section("x" * 2900)] * 5)


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (modal(blocks=[section()] * 101), "no more than 100 items allowed"),
        (modal(blocks=[an_input()]), "missing required field: submit"),
        ({"title": plain("x"), "blocks": []}, "missing required field: type [json-pointer:/view]"),
        ({"type": "home", "blocks": []}, "unsupported type: home"),
    ],
)
def test_a_faulty_view_is_refused_as_invalid_arguments(view: dict[str, Any], problem: str) -> None:
    with pytest.raises(SlackError) as refusal:
        check_view(view, "modal")
    assert refusal.value.name == "invalid_arguments"
    assert problem in "\n".join(refusal.value.extra["response_metadata"]["messages"])


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=[section("x" * 3000)] * 90), "modal")


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("text", "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"id": "x" * 17_000}}, "metadata_too_large"),
    ],
)
def test_faulty_metadata_is_refused(metadata: Any, error: str) -> None:
    with pytest.raises(SlackError, match=error):
        check_metadata(metadata)
