"""Whole messages and views against Slack's limits."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.block_kit.blocks import IN_MESSAGE, IN_VIEW
from sandbox.block_kit.elements import plain
from sandbox.block_kit.rules import Field, Rule, anything, array, boolean, fault, may, need, record, string, typed
from sandbox.errors import SlackError, refused_blocks

MAX_BLOCK_CHARACTERS = 13_200  # measured on Slack: more gives msg_blocks_too_long
MAX_VIEW_BYTES = 250_000
MAX_METADATA_BYTES = 16_000
_AT_MOST = {"table": 1, "data_visualization": 2}
_MESSAGE = array(typed(IN_MESSAGE), 50, 0)
_MODAL_BLOCKS = array(typed(IN_VIEW), 100, 0)


def check_message(blocks: Any) -> None:
    """Raises: SlackError when Slack would refuse these blocks in a message."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = [*_MESSAGE(blocks, "/blocks"), *_repeated_ids(blocks, "/blocks"), *_too_many(blocks)]
    if problems:
        raise refused_blocks("invalid_blocks", problems)
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MAX_BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, *kinds: str) -> None:
    """Raises: SlackError when Slack would refuse this view (`kinds` are the types it may have)."""
    if not isinstance(view, dict):
        raise refused_blocks("invalid_arguments", [fault("must be an object", "/view")])
    problems = list(typed({kind: _VIEWS[kind] for kind in kinds})(view, "/view"))
    if not problems:
        problems = [*_repeated_ids(view["blocks"], "/view/blocks"), *_submit(view)]
    if problems:
        raise refused_blocks("invalid_arguments", problems)
    if len(json.dumps(view, ensure_ascii=False).encode()) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")


def check_metadata(metadata: Any) -> None:
    """Raises: SlackError when Slack would refuse this message metadata."""
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > MAX_METADATA_BYTES:
        raise SlackError("metadata_too_large")


_VIEW_FIELDS: dict[str, Field] = {
    "type": need(anything),
    "blocks": need(_MODAL_BLOCKS),
    "private_metadata": may(string(3000, 0)),
    "callback_id": may(string(255, 0)),
    "external_id": may(string(255, 0)),
}
_VIEWS: dict[str, Rule] = {
    "modal": record(
        {
            **_VIEW_FIELDS,
            "title": need(plain(24)),
            "submit": may(plain(24)),
            "close": may(plain(24)),
            "clear_on_close": may(boolean),
            "notify_on_close": may(boolean),
            "submit_disabled": may(boolean),
        }
    ),
    "home": record({**_VIEW_FIELDS, "title": may(anything), "submit": may(anything), "close": may(anything)}),
}


def _repeated_ids(blocks: list[Any], pointer: str) -> Iterator[str]:
    ids = Counter(block.get("block_id") for block in blocks if isinstance(block, dict) and block.get("block_id"))
    for block_id, times in ids.items():
        if times > 1:
            yield fault(f"`block_id` must be unique: {block_id}", pointer)
    for index, block in enumerate(blocks):
        elements = block.get("elements") if isinstance(block, dict) and block.get("type") == "actions" else None
        actions = Counter(each.get("action_id") for each in elements or () if isinstance(each, dict))
        for action_id, times in actions.items():
            if action_id and times > 1:
                yield fault(f"`action_id` must be unique in its block: {action_id}", f"{pointer}/{index}/elements")


def _too_many(blocks: list[Any]) -> Iterator[str]:
    kinds = Counter(block.get("type") for block in blocks if isinstance(block, dict))
    for kind, most in _AT_MOST.items():
        if kinds[kind] > most:
            yield fault(f"no more than {most} blocks of type {kind} allowed", "/blocks")
    markdown = [block.get("text") for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"]
    if sum(len(each) for each in markdown if isinstance(each, str)) > 12_000:
        yield fault("markdown blocks must be less than 12001 characters together", "/blocks")


def _submit(view: dict[str, Any]) -> Iterator[str]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and not view.get("submit"):
        yield fault("missing required field: submit (a view with an `input` block needs it)", "/view")
