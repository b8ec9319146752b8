"""What is remembered of Slack's surfaces: channels in which Kept listens, and people it has welcomed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.promise import ChannelId, UserId


@dataclass(frozen=True, slots=True)
class Listening:
    """Somebody turned listening on in a channel; without one, nothing that is said there is looked at."""

    channel_id: ChannelId
    set_by: UserId
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Welcome:
    """When somebody first saw their Home tab, and whether they want no more of the welcome on it."""

    first_at: datetime
    is_over: bool = False


class SurfaceBook(Protocol):
    def listening(self, channel_id: ChannelId) -> Listening | None: ...

    def listen(self, setting: Listening) -> None:
        """Turns it on; one that is on already stays as it is."""
        ...

    def stop_listening(self, channel_id: ChannelId) -> None: ...

    def welcome(self, person: UserId) -> Welcome | None: ...

    def note_welcome(self, person: UserId, at: datetime) -> None:
        """Notes the first time; a later one changes nothing."""
        ...

    def end_welcome(self, person: UserId) -> None: ...
