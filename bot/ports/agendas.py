"""When each person is to be thought of, what their agenda is decided from, and the messages that it speaks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.agenda import Said
from bot.domain.asides import Aside
from bot.domain.brief import Brief
from bot.domain.deciding import HistoryEntry
from bot.domain.kinds import Planned
from bot.domain.promise import Promise, PromiseId, UserId
from bot.ports.delivery import Delivery, DeliveryId


@dataclass(frozen=True, slots=True)
class AgendaState:
    """When an agenda is to be looked at; `seq` grows whenever somebody is woken or their agenda was decided."""

    wakes_at: datetime | None
    seq: int


@dataclass(frozen=True, slots=True)
class Had:
    """What somebody had: messages since their midnight, when the last was sent, what Slack has not taken yet."""

    today: int
    last_at: datetime | None
    on_its_way_at: datetime | None
    untold: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A row that a gathered message tells: its promise, how that came about, and what its reader alone is told.

    `is_older` says that a newer message about the promise stands, which has the buttons.
    """

    row: Delivery
    promise: Promise
    history: tuple[HistoryEntry, ...] = ()
    asides: tuple[Aside, ...] = ()
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class Gathering:
    """A gathered message with what it tells, and for a morning brief what the day holds."""

    message: Delivery
    told: tuple[Told, ...]
    brief: Brief | None = None

    @property
    def is_empty(self) -> bool:
        return not self.told and (self.brief is None or self.brief.is_empty)


class AgendaBook(Protocol):
    def wake(self, people: Iterable[UserId], at: datetime) -> None:
        """Have agendas looked at no later than `at`; in one statement, in the order of their ids."""
        ...

    def wake_around(self, person: UserId, at: datetime) -> None:
        """Wake a person and the other side of all their open promises: their time is another now."""
        ...

    def wake_all(self, at: datetime) -> None:
        """Wake everybody in the workspace who has an agenda."""
        ...

    def lock(self, people: Iterable[UserId]) -> None:
        """Lock agendas until the transaction ends, in the order of their ids, so that nobody waits for each other."""
        ...

    def look(self, person: UserId) -> AgendaState: ...

    def settle(self, person: UserId, seq: int, wakes_at: datetime | None) -> bool:
        """Note when to look again; False, and nothing is changed, if somebody was woken since `seq`."""
        ...

    def had(self, person: UserId, today: datetime, since: datetime) -> Had:
        """Read what somebody had, receipts left out, and what waits to be told to them.

        Messages count from `today` on; `last_at` looks back to `since`.
        """
        ...

    def said(self, person: UserId, others: Collection[PromiseId]) -> Mapping[PromiseId, tuple[Said, ...]]:
        """Read what was said of somebody's open promises and of some others, to whomever, or waits to be told."""
        ...

    def acted(self, person: UserId, others: Collection[PromiseId]) -> Mapping[PromiseId, datetime]:
        """Read when the owners of the same promises last did anything about them."""
        ...

    def insert(
        self, rows: Sequence[tuple[DeliveryId, PromiseId | None, Planned, DeliveryId | None]], at: datetime
    ) -> None:
        """Write messages that are decided: to be sent, or told in another message (the last of the four)."""
        ...

    def begin(self, row: str, at: datetime) -> None:
        """Have a row that waited to be told sent as a message of its own."""
        ...

    def tell(self, rows: Sequence[str], told_in: DeliveryId, at: datetime) -> None:
        """End rows that waited, because another message tells them."""
        ...

    def drop(self, rows: Sequence[str], at: datetime) -> None:
        """End rows that waited and are settled."""
        ...

    def told_in(self, message: DeliveryId) -> tuple[Delivery, ...]:
        """Read what a gathered message tells."""
        ...

    def leave_out(self, row: Delivery) -> None:
        """Note that a gathered message did not tell this after all: it was settled meanwhile."""
        ...

    def telling_of(self, promise_id: PromiseId) -> tuple[Delivery, ...]:
        """Read every gathered message about a promise that stands in Slack."""
        ...

    def newest_to(
        self, person: UserId, promises: Collection[PromiseId], but: DeliveryId | None = None
    ) -> Mapping[PromiseId, str]:
        """Read Slack's stamp of the last message to somebody about each promise; `but` leaves a gathered one out."""
        ...

    def was_briefed(self, person: UserId, day: str) -> bool:
        """Return whether somebody's brief of a day, as its occasion names it, was decided."""
        ...
