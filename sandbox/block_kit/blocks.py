"""The schema of blocks, and of the charts that Slack draws."""

from collections.abc import Iterator
from typing import Any

from sandbox.block_kit.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION, plain, text
from sandbox.block_kit.rules import (
    Field,
    Rule,
    anything,
    array,
    boolean,
    both,
    fault,
    may,
    need,
    number,
    one_of,
    record,
    string,
    typed,
)


def _block(**fields: Field) -> Rule:
    return record({"type": need(anything), "block_id": may(string(255)), **fields})


def _text_or_fields(value: Any, pointer: str) -> Iterator[str]:
    if not value.get("text") and not value.get("fields"):
        yield fault("must define either `text` or `fields`", pointer)


def _positive(value: Any, pointer: str) -> Iterator[str]:
    yield from number(value, pointer)
    if isinstance(value, int | float) and value <= 0:
        yield fault("must be more than 0", pointer)


_SERIES = record(
    {
        "name": need(string(20)),
        "data": need(array(record({"label": need(string(20)), "value": need(number)}), 20)),
    }
)
_AXES = record({"categories": need(array(string(20), 20)), "x_label": may(string(50)), "y_label": may(string(50))})
_LINES = record({"type": need(anything), "series": need(array(_SERIES, 6)), "axis_config": need(_AXES)})
_PIE = record(
    {
        "type": need(anything),
        "segments": need(array(record({"label": need(string(20)), "value": need(_positive)}), 6)),
    }
)
CHART = typed({"pie": _PIE, "bar": _LINES, "line": _LINES, "area": _LINES})
_CELL = typed({"raw_text": record({"type": need(anything), "text": need(string(3000, 0))}), "rich_text": anything})

_RICH_PART = typed(
    {
        "rich_text_section": anything,
        "rich_text_list": anything,
        "rich_text_preformatted": anything,
        "rich_text_quote": anything,
    }
)

SHARED: dict[str, Rule] = {
    "section": both(
        _block(
            text=may(text(3000)),
            fields=may(array(text(2000), 10)),
            accessory=may(typed(IN_SECTION)),
            expand=may(boolean),
        ),
        _text_or_fields,
    ),
    "header": _block(text=need(plain(150)), level=may(anything)),
    "divider": _block(),
    "context": _block(
        elements=need(array(typed({"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)}), 10))
    ),
    "actions": _block(elements=need(array(typed(IN_ACTIONS), 25))),
    "image": _block(
        image_url=may(string(3000)), slack_file=may(anything), alt_text=need(string(2000)), title=may(plain(2000))
    ),
    "rich_text": _block(elements=need(array(_RICH_PART, 1000))),
    "input": _block(
        label=need(plain(2000)),
        element=need(typed(IN_INPUT)),
        hint=may(plain(2000)),
        optional=may(boolean),
        dispatch_action=may(boolean),
    ),
    "video": _block(
        video_url=need(string(3000)),
        thumbnail_url=need(string(3000)),
        alt_text=need(string(2000)),
        title=need(plain(200)),
        **{
            name: may(anything)
            for name in ("author_name", "description", "provider_name", "provider_icon_url", "title_url")
        },
    ),
}
IN_MESSAGE: dict[str, Rule] = {
    **SHARED,
    "markdown": _block(text=need(string(12_000))),
    "table": _block(rows=need(array(array(_CELL, 20), 100)), column_settings=may(array(anything, 20))),
    "data_visualization": _block(title=need(string(50)), chart=need(CHART)),
    "file": _block(external_id=need(string(255)), source=need(one_of("remote"))),
}
IN_VIEW: dict[str, Rule] = dict(SHARED)
