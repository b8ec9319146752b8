"""Protocols for promises with histories in bulk, dependencies, series, private notes and calendar feeds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, Due, Promise, PromiseId, UserId
from bot.domain.recurring import Series


class RecordBook(Protocol):
    """Promises with their histories; undone ones are returned only by `those`."""

    def of_owner(self, owner: UserId, limit: int) -> tuple[Past, ...]:
        """Return a person's open promises, and the last `limit` closed ones."""
        ...

    def counted_of(self, owner: UserId, limit: int, now: datetime) -> tuple[Past, ...]:
        """Return the same without open promises that are not due yet, which no figure counts."""
        ...

    def closed_of(self, owner: UserId, limit: int) -> tuple[Past, ...]:
        """Return a person's last `limit` closed promises."""
        ...

    def of_channel(self, channel_id: ChannelId, since: datetime, due_before: datetime) -> tuple[Past, ...]:
        """Return public promises made in a channel with an act after `since`, and open ones due before an instant."""
        ...

    def of_members(self, members: Collection[UserId], since: datetime, due_before: datetime) -> tuple[Past, ...]:
        """Return the same for some people's promises in every public channel."""
        ...

    def those(self, ids: Collection[PromiseId]) -> Mapping[PromiseId, Past]:
        """Return promises by their ids, including undone ones; unknown ids are left out."""
        ...

    def is_opened(self, person: UserId) -> bool:
        """Return whether everyone may see this person's record."""
        ...

    def open(self, person: UserId, at: datetime) -> None: ...

    def close(self, person: UserId) -> None: ...


class LinkBook(Protocol):
    """Dependencies between promises, latest useful dates, obstacles, and deadlines on the same day."""

    def prefetch(self, promises: Collection[Promise]) -> None:
        """Read what an owner is warned of under questions about promises, together for all of them.

        `dependencies_of`, `obstacle` and `due_around` answer from memory for the rest of the transaction.
        """
        ...

    def due_around(self, promise: Promise) -> tuple[datetime, ...]:
        """Return the deadlines of its owner's other active promises that are no more than SAME_DAY from its own."""
        ...

    def add(self, promise_id: PromiseId, needs_id: PromiseId) -> None: ...

    def remove(self, promise_id: PromiseId, needs_id: PromiseId) -> None: ...

    def dependencies_of(self, promise_id: PromiseId) -> tuple[PromiseId, ...]:
        """Return the promises that a promise depends on."""
        ...

    def dependents_of(self, promise_id: PromiseId) -> tuple[Promise, ...]:
        """Return open promises that depend on a promise, the earliest deadline first."""
        ...

    def need_by(self, promise_id: PromiseId) -> Due | None:
        """Return the latest useful date, from the requester's private note."""
        ...

    def note_need_by(self, promise_id: PromiseId, latest: Due | None) -> None: ...

    def obstacle(self, promise_id: PromiseId, person: UserId) -> str:
        """Return a person's note about what could stop the promise; empty if none."""
        ...

    def note_obstacle(self, promise_id: PromiseId, person: UserId, words: str, at: datetime) -> None:
        """Replace a person's note; empty words delete it."""
        ...


class SeriesBook(Protocol):
    """Recurring promises."""

    def add(self, begun: Series) -> None: ...

    def save(self, changed: Series) -> None: ...

    def get(self, series_id: PromiseId, *, for_change: bool = False) -> Series | None:
        """`for_change` locks the row until the transaction ends."""
        ...

    def of_person(self, person: UserId, limit: int) -> tuple[Series, ...]:
        """Return a person's series that have not ended, the next occurrence first."""
        ...


@dataclass(frozen=True, slots=True)
class Feed:
    """A private calendar of one person's promises; only a hash of its secret address is stored."""

    person: UserId
    secret_hash: str
    made_at: datetime


class FeedBook(Protocol):
    def get(self, person: UserId) -> Feed | None: ...

    def with_secret(self, secret_hash: str) -> Feed | None: ...

    def save(self, feed: Feed) -> None:
        """Replace the person's feed; the previous address stops working."""
        ...

    def remove(self, person: UserId) -> None: ...
