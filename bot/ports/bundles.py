"""What is said to one person at once: which messages wait for them, and which message told which others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.asides import Aside
from bot.domain.bundles import Brief
from bot.domain.deciding import Entry
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.reminders import Kind
from bot.ports.delivery import Delivery, DeliveryId


@dataclass(frozen=True, slots=True)
class Told:
    """A row that a gathered message tells: its promise, how that came about, what its reader alone hears beside it."""

    row: Delivery
    promise: Promise
    history: tuple[Entry, ...] = ()
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """A gathered message with what it tells, and for a morning brief what the day holds."""

    message: Delivery
    told: tuple[Told, ...]
    brief: Brief | None = None

    @property
    def is_empty(self) -> bool:
        return not self.told and (self.brief is None or self.brief.is_empty)


class BundleBook(Protocol):
    def waiting(
        self, person: UserId, in_hand: Collection[DeliveryId] = (), *, for_change: bool = False
    ) -> tuple[Delivery, ...]:
        """Gathered messages that are still to be said to somebody, and that cannot stand in Slack yet.

        Those that a process has claimed are left out, but for the caller's own that it has not begun (`in_hand`).
        `for_change` locks them until the transaction ends: nobody says them before it is known what they tell.
        """
        ...

    def owed(self, person: UserId, planned_before: datetime) -> tuple[Delivery, ...]:
        """What waits for somebody and no process has claimed, the oldest first.

        That is nudges about promises still open that were planned for before an instant, and notices that were held.
        """
        ...

    def said_since(self, person: UserId, since: datetime) -> int:
        """How many messages somebody has had since an instant; receipts of what they did themselves do not count."""
        ...

    def tell(self, row: Delivery, told_in: DeliveryId, at: datetime) -> bool:
        """Ends a message unsent because another one tells it; False when `row` is no longer this attempt's."""
        ...

    def told_in(self, message: DeliveryId) -> tuple[Delivery, ...]:
        """What a gathered message tells."""
        ...

    def leave_out(self, row: Delivery) -> None:
        """Notes that a gathered message did not tell this after all: it was settled meanwhile."""
        ...

    def telling_of(self, promise_id: PromiseId) -> tuple[Delivery, ...]:
        """Every gathered message about a promise that stands in Slack."""
        ...

    def hold(self, row: Delivery, until: datetime) -> bool:
        """Returns it to be said later, a nudge as if that had been planned: nothing is late about it then.

        A notice keeps the instant of what it tells.
        """
        ...

    def asked_at(self, promise_id: PromiseId, occasion: str) -> datetime | None:
        """When the owner was asked, in a check-in of its own or in a gathered message; None when they never were."""
        ...

    def find(self, delivery_id: DeliveryId) -> Delivery | None: ...

    def latest(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        """The newest message of a kind about a promise to somebody, sent or still to be sent."""
        ...

    def coming(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        """The one of a kind about a promise that is still to be sent to somebody."""
        ...

    def was_briefed(self, person: UserId, day: str) -> bool:
        """Whether somebody's brief of a day, as its occasion names it, was sent or had nothing to say."""
        ...
