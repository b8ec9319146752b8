"""Block Kit's limits, with Slack's errors."""

from sandbox.block_kit.checks import check_message, check_metadata, check_view

__all__ = ["check_message", "check_metadata", "check_view"]
