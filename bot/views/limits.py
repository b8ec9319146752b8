"""Slack's limits on a message (docs.slack.dev, Block Kit reference); tests/unit/slack_limits.py has them all."""

import json

MESSAGE_BLOCKS = 50
#: Slack answered `msg_blocks_too_long` at about 13,200 characters of JSON.
MESSAGE_CHARACTERS = 13_000


def compact_json(shown: object) -> str:
    """Return the JSON as sent to Slack, which counts its characters and not those of the text alone."""
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
