"""What was done with promises, read back in bulk; what stands on what; and a person's own notes and feeds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.outcomes import Past
from bot.domain.promise import ChannelId, Due, Promise, PromiseId, UserId
from bot.domain.recurring import Series


class RecordBook(Protocol):
    """Promises with their histories; only by its id is one in it that was undone."""

    def of_owner(self, owner: UserId, limit: int) -> tuple[Past, ...]:
        """All that somebody owes, and the last `limit` that they owed."""
        ...

    def counted_of(self, owner: UserId, limit: int, now: datetime) -> tuple[Past, ...]:
        """Return the same without what is open and not due yet: no figure counts it."""
        ...

    def closed_of(self, owner: UserId, limit: int) -> tuple[Past, ...]:
        """The last `limit` that somebody owed."""
        ...

    def of_channel(self, channel_id: ChannelId, since: datetime, due_before: datetime) -> tuple[Past, ...]:
        """Public promises made in a channel with news after `since`, and open ones due before an instant."""
        ...

    def of_members(self, members: Collection[UserId], since: datetime, due_before: datetime) -> tuple[Past, ...]:
        """The same of some people's promises in every public place."""
        ...

    def those(self, ids: Collection[PromiseId]) -> Mapping[PromiseId, Past]:
        """Promises by their ids, those undone included; an unknown one is left out."""
        ...

    def is_opened(self, person: UserId) -> bool:
        """Whether everybody may see this person's record."""
        ...

    def open(self, person: UserId, at: datetime) -> None: ...

    def close(self, person: UserId) -> None: ...


class LinkBook(Protocol):
    """What stands on what, until when something is of use at all, and what could stop it."""

    def add(self, promise_id: PromiseId, needs_id: PromiseId) -> None: ...

    def remove(self, promise_id: PromiseId, needs_id: PromiseId) -> None: ...

    def needed_by(self, promise_id: PromiseId) -> tuple[PromiseId, ...]:
        """What a promise stands on."""
        ...

    def standing_on(self, promise_id: PromiseId) -> tuple[Promise, ...]:
        """Open promises that stand on a promise, the earliest deadline first."""
        ...

    def need_by(self, promise_id: PromiseId) -> Due | None:
        """The latest useful date, as the requester noted it for themselves."""
        ...

    def note_need_by(self, promise_id: PromiseId, latest: Due | None) -> None: ...

    def obstacle(self, promise_id: PromiseId, person: UserId) -> str:
        """What this person noted as what could stop it; empty for nothing."""
        ...

    def note_obstacle(self, promise_id: PromiseId, person: UserId, words: str, at: datetime) -> None:
        """Notes it in place of what they noted before; no words forget it."""
        ...


class SeriesBook(Protocol):
    """What comes again."""

    def add(self, begun: Series) -> None: ...

    def save(self, changed: Series) -> None: ...

    def get(self, series_id: PromiseId, *, for_change: bool = False) -> Series | None:
        """`for_change` locks the row until the transaction ends."""
        ...

    def of_person(self, person: UserId, limit: int) -> tuple[Series, ...]:
        """Series of one person that go on, the next to come first."""
        ...


@dataclass(frozen=True, slots=True)
class Feed:
    """A private calendar of one person's promises; `secret_hash` is all that is kept of its address."""

    person: UserId
    secret_hash: str
    made_at: datetime


class FeedBook(Protocol):
    def get(self, person: UserId) -> Feed | None: ...

    def with_secret(self, secret_hash: str) -> Feed | None: ...

    def save(self, feed: Feed) -> None:
        """Replaces the person's earlier feed, which is void from then on."""
        ...

    def remove(self, person: UserId) -> None: ...
