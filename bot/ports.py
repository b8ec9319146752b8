"""What the house needs from outside, as Protocols: a clock, a store, a messenger.

A transaction is a plain function over a `Transaction`. It cannot await, so it cannot call Slack while it holds a lock
(docs/adr/0003-transactions-are-plain-functions.md).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType, Protocol, TypeVar

from bot.domain.deciding import Entry
from bot.domain.digests import DigestContent, DigestSetting
from bot.domain.people import Person
from bot.domain.promise import ChannelId, Promise, PromiseId, TeamId, UserId
from bot.domain.reminders import Kind, Planned

DeliveryId = NewType("DeliveryId", str)
Blocks = Sequence[Mapping[str, Any]]
T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


# ── The store ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one Slack conversation at one instant.

    `attempt` grows with each claim and is the proof of ownership when the outcome is recorded. `was_unknown` says that
    an earlier attempt may have arrived, so the conversation must be looked at before sending again. `channel_id`,
    `ts` and `shown` (a hash of what it showed) are set once it was sent.
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


class Side(StrEnum):
    """Which promises a list holds, seen from one person."""

    OWING = "owing"
    OWED = "owed"
    MISSED = "missed"
    ALL = "all"


class PromiseBook(Protocol):
    def next_number(self) -> int:
        """The workspace's next #N; a number is never used twice."""
        ...

    def add(self, promise: Promise, entry: Entry) -> None: ...

    def save(self, promise: Promise, entry: Entry) -> None:
        """Writes the promise and appends the act.

        Raises BusyError unless the stored `seq` is the one just before the promise's.
        """
        ...

    def get(self, promise_id: PromiseId, *, for_change: bool = False) -> Promise | None:
        """`for_change` locks the row until the transaction ends."""
        ...

    def numbered(self, number: int, *, for_change: bool = False) -> Promise | None: ...

    def made_from(self, origin: str) -> Promise | None:
        """The promise whose first act carries this origin (a trigger or a view): Slack's retry, or a double click."""
        ...

    def has_act_from(self, promise_id: PromiseId, origin: str) -> bool: ...

    def history(self, promise_id: PromiseId) -> tuple[Entry, ...]: ...

    def concerning(self, person: UserId, side: Side, limit: int) -> tuple[Promise, ...]:
        """Open promises of one person, the earliest deadline first; MISSED are open ones past their deadline."""
        ...

    def of_channel(self, channel_id: ChannelId, since: datetime) -> tuple[Promise, ...]:
        """Public promises made in a channel that were missed, renegotiated or closed after `since`."""
        ...


class DeliveryBook(Protocol):
    def plan(self, promise_id: PromiseId, wanted: Iterable[Planned], new_id: Callable[[], DeliveryId]) -> None:
        """Makes the pending nudges of a promise exactly `wanted`.

        What is no longer wanted is cancelled, what was cancelled and is wanted again comes back, what was sent stays
        sent. Other kinds (notices, cards, refreshes) are left alone.
        """
        ...

    def owe(self, promise_id: PromiseId | None, messages: Iterable[Planned], new_id: Callable[[], DeliveryId]) -> None:
        """Adds messages; one that is there already (same promise, kind, recipient and occasion) is left as it is.

        One that had been cancelled comes back.
        """
        ...

    def cancel(self, promise_id: PromiseId | None, kind: Kind, to: str | None = None) -> None:
        """Cancels what is still pending of a kind (to one recipient, or to all)."""
        ...

    def shown(self, promise_id: PromiseId) -> tuple[Delivery, ...]:
        """Every message of a promise that stands in Slack: what a refresh redraws."""
        ...

    def note_shown(self, delivery: Delivery, shown: str) -> None: ...

    def record_sent(self, delivery: Delivery, channel_id: ChannelId, ts: str, shown: str, at: datetime) -> bool:
        """False when this attempt no longer owns the delivery: its lease ran out and somebody else won."""
        ...

    def record_done(self, delivery: Delivery, why: str, at: datetime) -> bool:
        """Ends it unsent, for a reason that is no failure (the promise closed, or another message says it better)."""
        ...

    def record_failed(self, delivery: Delivery, error: str, at: datetime) -> bool:
        """Gives up, visibly."""
        ...

    def put_off(self, delivery: Delivery, until: datetime, error: str, *, unknown: bool, counts: bool = True) -> bool:
        """Returns it to be tried again; `counts` is false for what is no fault of the message (a limit, an outage)."""
        ...


class PersonBook(Protocol):
    def get(self, person: UserId) -> Person | None: ...

    def save(self, person: Person) -> None:
        """Writes what Slack says of somebody; working hours they chose themselves are kept."""
        ...


class DigestBook(Protocol):
    def get(self, channel_id: ChannelId) -> DigestSetting | None: ...

    def save(self, setting: DigestSetting) -> None: ...

    def remove(self, channel_id: ChannelId) -> None: ...


class Transaction(Protocol):
    """One workspace's books, all or nothing."""

    @property
    def promises(self) -> PromiseBook: ...
    @property
    def deliveries(self) -> DeliveryBook: ...
    @property
    def people(self) -> PersonBook: ...
    @property
    def digests(self) -> DigestBook: ...


class Store(Protocol):
    async def read(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T: ...

    async def write(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        """Commits what `work` did, or nothing of it when it raises."""
        ...

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Takes due deliveries of all workspaces, fairly, and commits the claim before anything is sent."""
        ...

    async def clock_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        """Promises at which the clock must look by now (deadline passed, proposal run out, report unanswered)."""
        ...

    async def planned(self, after: datetime, limit: int) -> tuple[Delivery, ...]:
        """What is still to be sent after an instant, in time order, over all workspaces."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


class Voice(Protocol):
    """Puts a delivery into words, from things as they are now."""

    def speak(self, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime) -> "Message": ...

    def digest(self, setting: DigestSetting, content: DigestContent, now: datetime) -> "Message": ...


# ── The messenger ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Message:
    """A message as views make it: `text` is a full sentence, for notifications and screen readers."""

    text: str
    blocks: Blocks = ()


@dataclass(frozen=True, slots=True)
class Sent:
    channel_id: ChannelId
    ts: str


class Fault(StrEnum):
    """Why Slack refused, by what follows from it."""

    LIMITED = "limited"
    OUTAGE = "outage"
    WORKSPACE_GONE = "workspace_gone"
    PERSON_GONE = "person_gone"
    PLACE_GONE = "place_gone"
    MESSAGE_GONE = "message_gone"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack said no, so nothing arrived."""

    fault: Fault
    error: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have arrived: a time-out, a broken connection, a 5xx."""

    error: str


Outcome = Sent | Refused | Unknown


class Messenger(Protocol):
    """Slack, as far as saying things goes. No method raises for what Slack or the network does."""

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        """Posts to a channel, or to a person's direct messages; `mark` is an opaque id kept in the metadata."""
        ...

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome: ...

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime) -> Outcome:
        """The message that carries the mark; Refused with MESSAGE_GONE when it is certainly not there."""
        ...

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        """Who that is by Slack's account; None when there is nobody of that id.

        Raises UnreachableError when Slack cannot be asked just now.
        """
        ...

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        """The id behind a handle typed as plain text, without its @."""
        ...

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        """Whether a place is seen by its members alone; in doubt it is private."""
        ...
