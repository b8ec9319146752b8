"""Add, change and remove messages, and publish this to the pages of everyone who may see them."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.feed import Feed
from sandbox.workspace import Channel, Message, Workspace

OnMessage = Callable[[Channel, Message, str], None]


class Messages:
    """Adds, changes and removes messages. `on_message` is called with each, so that events can be sent to the app."""

    def __init__(self, workspace: Workspace, feed: Feed, seconds: Callable[[], float], on_message: OnMessage) -> None:
        self._workspace = workspace
        self._feed = feed
        self._seconds = seconds
        self._on_message = on_message

    def post(self, channel: Channel, message: Message) -> Message:
        message.ts = self._workspace.next_ts(self._seconds())
        author = self._workspace.users.get(message.user)
        message.team = author.team if author else channel.team
        message.blocks = self.labelled(message.blocks)
        channel.messages.append(message)
        if message.user in channel.members and message.ephemeral_for is None:
            channel.read[message.user] = len(channel.messages)
        self._announce(channel, message, "added")
        return message

    def change(self, channel: Channel, message: Message, **changes: Any) -> Message:
        for name, value in changes.items():
            setattr(message, name, value)
        message.blocks = self.labelled(message.blocks)
        if message.ephemeral_for is None:
            message.edited_ts = self._workspace.next_ts(self._seconds())
        self._announce(channel, message, "changed")
        return message

    def react(self, channel: Channel, message: Message, user_id: str, name: str, *, take_back: bool = False) -> bool:
        """Adds or takes back a reaction; False when there was nothing to add or to take back."""
        users = message.reactions.setdefault(name, [])
        if (user_id in users) is not take_back:
            return False
        users.remove(user_id) if take_back else users.append(user_id)
        if not users:
            del message.reactions[name]
        self._publish(channel, message, "changed")
        return True

    def remove(self, channel: Channel, message: Message) -> None:
        place = channel.messages.index(message)
        channel.messages.remove(message)
        for reader, seen in channel.read.items():
            channel.read[reader] = seen - 1 if place < seen else seen
        self._announce(channel, message, "removed")

    def labelled(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A copy in which every block and element has the id that it lacked, as Slack gives them."""
        copies = copy.deepcopy(blocks)
        for block in copies:
            block.setdefault("block_id", self._workspace.next_id("b"))
            for element in interactive(block):
                element.setdefault("action_id", self._workspace.next_id("a"))
        return copies

    def _announce(self, channel: Channel, message: Message, change: str) -> None:
        self._publish(channel, message, change)
        if message.ephemeral_for is None:
            self._on_message(channel, message, change)

    def _publish(self, channel: Channel, message: Message, change: str) -> None:
        one = message.ephemeral_for
        readers = frozenset({one}) if one else channel.readers()
        self._feed.publish(
            "message",
            seen_by=readers,
            change=change,
            channel=channel.id,
            ts=message.ts,
            thread_ts=message.thread_ts if message.is_reply else None,
        )


def interactive(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The elements of a block that a person can use."""
    found: list[dict[str, Any]] = []
    if block.get("type") == "actions":
        found += block.get("elements") or []
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict) and block[name].get("type") != "image":
            found.append(block[name])
    return found
