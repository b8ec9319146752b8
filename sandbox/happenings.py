"""The app's latest messages and their recipients: the line under the clock."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.teams import BOT_IDS
from sandbox.workspace import Channel, Kind, Message

_KEPT = 30  # more of them than a reader looks through


@dataclass(frozen=True)
class Happening:
    """A message of the app. `reader` is the person of a direct conversation, None in a channel."""

    channel: str
    ts: str
    reader: str | None = None


class Happenings:
    """The latest messages of the app that anybody but its one reader could miss; replies to a command are none."""

    def __init__(self) -> None:
        self._latest: deque[Happening] = deque(maxlen=_KEPT)
        self.count = 0
        self.silence: dict[str, Any] | None = None
        """The plan that a message is part of now which did not come when the clock was moved to it, empty when it is no
        longer planned; None as soon as something comes."""

    def add(self, channel: Channel, message: Message) -> Happening | None:
        if message.bot_id not in BOT_IDS or message.ephemeral_for:
            return None
        reader = channel.other(message.user) if channel.kind is Kind.DIRECT else None
        happening = Happening(channel.id, message.ts, reader)
        self._latest.append(happening)
        self.count += 1
        self.silence = None
        return happening

    def __iter__(self) -> Iterator[Happening]:
        """The newest first."""
        return reversed(self._latest)
