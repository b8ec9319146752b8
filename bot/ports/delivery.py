"""One message owed, under way or sent, as everybody outside the tables knows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bot.domain.kinds import Kind
from bot.domain.occasions import InThread
from bot.domain.promise import ChannelId, PromiseId, TeamId

DeliveryId = NewType("DeliveryId", str)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one Slack conversation at one instant.

    `attempt` grows with each claim and is the proof of ownership when the outcome is recorded. `was_unknown` says that
    an earlier attempt may have arrived: the conversation is looked at first, and nothing is sent again before
    `resend_at`. `planned_at` is when it was meant to go, `due_at` when it is tried next; `tries` counts the failures
    that were its own. `channel_id`, `ts` and `shown` (a hash of what it showed) are set once it was sent.
    """

    team_id: TeamId
    id: DeliveryId
    kind: Kind
    promise_id: PromiseId | None
    to: str
    occasion: str
    due_at: datetime
    attempt: int = 0
    was_unknown: bool = False
    channel_id: ChannelId | None = None
    ts: str | None = None
    shown: str = ""
    planned_at: datetime | None = None
    resend_at: datetime | None = None
    tries: int = 0
    error: str = ""

    @property
    def thread_ts(self) -> str:
        """The thread in its channel that it belongs in, which its occasion names; empty outside of threads."""
        return InThread.ts_of(self.occasion)
