"""Protocol for channels in which Kept listens, and people whom it has welcomed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.promise import ChannelId, UserId


@dataclass(frozen=True, slots=True)
class Listening:
    """Listening, turned on by a person in a channel; without it, messages in the channel are not read."""

    channel_id: ChannelId
    set_by: UserId
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Welcome:
    """When a person first opened their Home tab, and whether they dismissed the welcome on it."""

    first_at: datetime
    is_over: bool = False


class SurfaceBook(Protocol):
    def listening(self, channel_id: ChannelId) -> Listening | None: ...

    def listen(self, setting: Listening) -> None:
        """Turn listening on; no change if it is on already."""
        ...

    def stop_listening(self, channel_id: ChannelId) -> None: ...

    def welcome(self, person: UserId) -> Welcome | None: ...

    def note_welcome(self, person: UserId, at: datetime) -> None:
        """Record the first time; later calls change nothing."""
        ...

    def end_welcome(self, person: UserId) -> None: ...
