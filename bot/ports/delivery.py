"""A delivery: one message to one conversation, pending or sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from bot.domain.kinds import Kind
from bot.domain.occasions import InThread
from bot.domain.promise import ChannelId, PromiseId, TeamId

DeliveryId = NewType("DeliveryId", str)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one Slack conversation at one instant.

    `attempt` grows with each claim and proves ownership when the outcome is recorded. `was_unknown`: an earlier attempt
    may have arrived, so the conversation is searched first and nothing is sent again before `resend_at`. `planned_at`
    is the intended time, `due_at` the next attempt; `tries` counts failures caused by the message itself.
    `channel_id`, `ts` and `shown` (a hash of the content) are set once it was sent.
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
        """The ts of the thread to post in, from its occasion; empty outside of threads."""
        return InThread.ts_of(self.occasion)


@dataclass(frozen=True, slots=True)
class Posted:
    """A delivery posted to Slack: its place, what it shows, and the promise's `seq` when it was rendered.

    `seqs` are those of the promises that a gathered message shows.
    """

    delivery: Delivery
    channel_id: ChannelId
    ts: str
    shown: str
    seq: int
    seqs: Mapping[PromiseId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a claim is divided between workspaces: at most `share` deliveries of each, and none of `full` ones.

    With `hold`, each workspace with a claimed delivery is reserved for this process for that long, and those it is
    `working` on stay reserved: Slack limits the rate per workspace, so only one process may send for it. SQLite has one
    process and ignores that.
    """

    share: int | None = None
    full: Collection[TeamId] = ()
    working: Collection[TeamId] = ()
    hold: timedelta | None = None


#: A claim of whatever is due first.
UNDIVIDED = Sharing()


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace's restore from a backup: the latest instant in the backup, and when it was restored."""

    since: datetime
    at: datetime
