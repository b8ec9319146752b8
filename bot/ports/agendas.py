"""Per-person agendas: when each is due, the facts it is decided from, and the messages that it sends."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.agenda import ActRecord, MessageRecord
from bot.domain.asides import Aside
from bot.domain.brief import Brief
from bot.domain.kinds import Planned
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports.delivery import Delivery, DeliveryId


@dataclass(frozen=True, slots=True)
class AgendaState:
    """When an agenda is due; `seq` grows with every wake-up and every decision, as an optimistic lock."""

    wakes_at: datetime | None
    seq: int


@dataclass(frozen=True, slots=True)
class RecentMessages:
    """Messages to a person: the number since their midnight, when the last was sent, and what is not sent yet."""

    today: int
    last_at: datetime | None
    on_its_way_at: datetime | None
    untold: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class IncludedRow:
    """A row included in a gathered message: its promise with history, and content for the reader alone.

    `is_older`: a newer message about the promise exists, which has the buttons.
    """

    row: Delivery
    promise: Promise
    history: tuple[HistoryEntry, ...] = ()
    asides: tuple[Aside, ...] = ()
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class Gathering:
    """A gathered message with the rows that it includes, and for a morning brief the day's promises."""

    message: Delivery
    included: tuple[IncludedRow, ...]
    brief: Brief | None = None

    @property
    def is_empty(self) -> bool:
        return not self.included and (self.brief is None or self.brief.is_empty)


class AgendaBook(Protocol):
    def wake(self, due: Mapping[UserId, datetime]) -> None:
        """Make each agenda due no later than its instant; in one statement, in the order of their ids."""
        ...

    def wake_around(self, person: UserId, at: datetime) -> None:
        """Wake a person and the other side of all their open promises, after a change of calendar or settings."""
        ...

    def wake_all(self, at: datetime) -> None:
        """Wake all agendas of the workspace."""
        ...

    def lock(self, people: Iterable[UserId]) -> Mapping[UserId, int]:
        """Lock agendas until the transaction ends, in the order of their ids to prevent deadlocks.

        Return the `seq` of each.
        """
        ...

    def recall(self, row: DeliveryId, at: datetime) -> None:
        """Record that a row was sent at an instant, by the Kept whose record was lost."""
        ...

    def look(self, people: Collection[UserId]) -> Mapping[UserId, AgendaState]: ...

    def settle(self, settled: Sequence[tuple[UserId, int, datetime | None]]) -> None:
        """Set when each agenda is due next, unless it was woken since the given `seq`."""
        ...

    def recent_messages(self, people: Mapping[UserId, tuple[datetime, datetime]]) -> Mapping[UserId, RecentMessages]:
        """Return the messages to each person, without receipts, and the rows not delivered to them yet.

        Messages count from the first of the two instants on; `last_at` looks back to the second.
        """
        ...

    def messages_about(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, tuple[MessageRecord, ...]]:
        """Return the messages, sent or waiting, about promises, to any recipient."""
        ...

    def prefetch_messages(self, promises: Collection[PromiseId]) -> None:
        """Let `messages_about` of these promises answer from memory for the rest of the transaction."""
        ...

    def acted(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, datetime]:
        """Return when the owners of promises last acted on them."""
        ...

    def acts_of(self, notices: Collection[Delivery]) -> Mapping[PromiseId, Sequence[ActRecord]]:
        """Return the acts that waiting notices are about, and later answers of their readers, by promise.

        Acts between them may be included; a promise's acts are in their order.
        """
        ...

    def insert(
        self, rows: Sequence[tuple[DeliveryId, PromiseId | None, Planned, DeliveryId | None]], at: datetime
    ) -> None:
        """Insert decided messages: to be sent, or included in another message (the last of the four)."""
        ...

    def begin(self, rows: Sequence[str], at: datetime) -> None:
        """Make waiting rows due as messages of their own."""
        ...

    def include(self, rows: Sequence[tuple[str, DeliveryId]], at: datetime) -> None:
        """Close waiting rows, each included in another message."""
        ...

    def drop(self, rows: Sequence[str], at: datetime) -> None:
        """Close waiting rows that need no message any more."""
        ...

    def included_in(self, message: DeliveryId) -> tuple[Delivery, ...]:
        """Return the rows that a gathered message includes."""
        ...

    def prefetch_included(self, messages: Collection[DeliveryId]) -> Sequence[Delivery]:
        """Read and return the rows that gathered messages include.

        `included_in` answers from memory for the rest of the transaction.
        """
        ...

    def leave_out(self, row: Delivery) -> None:
        """Remove a row from its gathered message: it was settled meanwhile."""
        ...

    def give_up(self, rows: Iterable[Delivery], error: str, at: datetime) -> None:
        """Remove rows from their gathered message and mark them as failed: they could not be rendered."""
        ...

    def gathered_about(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, Collection[Delivery]]:
        """Return for each promise every gathered message in Slack that includes it."""
        ...

    def newest_to(self, person: UserId, promises: Collection[PromiseId]) -> Mapping[PromiseId, str]:
        """Return Slack's ts of the last message to a person about each promise."""
        ...

    def was_briefed(self, person: UserId, day: str) -> bool:
        """Return whether a person's morning brief of a day (its occasion) was decided."""
        ...
