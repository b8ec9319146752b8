"""One workspace's books, as a transaction sees them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.deciding import HistoryEntry
from bot.domain.digests import DigestSetting
from bot.domain.kinds import Kind, Planned
from bot.domain.load import Owed
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import ChannelId, Promise, PromiseId, TeamId, UserId
from bot.ports.absences import AbsenceBook
from bot.ports.access import AccessBook
from bot.ports.agendas import AgendaBook
from bot.ports.delivery import Delivery, DeliveryId
from bot.ports.records import FeedBook, LinkBook, RecordBook, SeriesBook
from bot.ports.retention import RetentionBook
from bot.ports.surfaces import SurfaceBook


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits over all workspaces: people to be thought of, messages to be sent, and events to be handled.

    `oldest_s` is how long the most overdue person has waited, in seconds.
    """

    people_pending: int
    people_overdue: int
    oldest_s: float
    messages_overdue: int
    events_waiting: int
    paused_workspaces: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing is sent for now: to a person, to a channel, or (`subject` empty) to the whole workspace.

    `until` None means until somebody cures it.
    """

    team_id: TeamId
    subject: str
    error: str
    since: datetime
    until: datetime | None = None


class Side(StrEnum):
    """Which promises a list holds, seen from one person."""

    OWING = "owing"
    OWED = "owed"
    MISSED = "missed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class MakingAsked:
    """What to read before a promise is made: the owner's deadlines from `due_since` on, `at_most` so many.

    With `made_since`, also how many promises `by` has made since, and how many were made in public in `channel`.
    """

    owner: UserId
    due_since: datetime
    at_most: int
    by: UserId
    channel: str
    made_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MakingFacts:
    """A promise's number, when the owner's others are due, and how many were made lately."""

    number: int
    deadlines: tuple[Owed, ...]
    by_person: int = 0
    in_channel: int = 0


class PromiseBook(Protocol):
    def next_number(self) -> int:
        """The workspace's next #N; a number is never used twice."""
        ...

    def facts(self, asked: MakingAsked) -> MakingFacts:
        """Take the next number, and read what else is to be known when a promise is made: in one statement."""
        ...

    def add(
        self,
        promise: Promise,
        entry: HistoryEntry,
        messages: Sequence[tuple[DeliveryId, Planned]] = (),
        wakes: Collection[UserId] = (),
    ) -> None:
        """Write a promise just made, with the messages that are owed for it, and wake people at its instant.

        Raises BusyError when one was made from the same origin before.
        """
        ...

    def save(self, promise: Promise, entry: HistoryEntry) -> None:
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

    def history(self, promise_id: PromiseId) -> tuple[HistoryEntry, ...]: ...

    def concerning(self, person: UserId, side: Side, limit: int) -> tuple[Promise, ...]:
        """Open promises of one person, the earliest deadline first; MISSED are open ones past their deadline."""
        ...

    def deadlines_of(
        self, owner: UserId, since: datetime, limit: int, but: PromiseId | None = None
    ) -> tuple[Owed, ...]:
        """What somebody owes from `since` on, the earliest deadline first; one promise may be left out."""
        ...

    def open_after(self, after: tuple[datetime, int] | None, limit: int) -> tuple[Promise, ...]:
        """Open promises of the whole workspace by deadline and number, from behind such a pair on."""
        ...

    def clock_owes(self, until: datetime) -> bool:
        """Return whether the clock has still to do something that was due by then: a miss, a lapse, a settling."""
        ...


class DeliveryBook(Protocol):
    def owe(self, promise_id: PromiseId | None, messages: Iterable[Planned], new_id: Callable[[], DeliveryId]) -> None:
        """Adds messages; one that is there already (same promise, kind, recipient and occasion) is left as it is.

        One that had been cancelled comes back. What its reader's agenda decides about waits to be told; wake them, too.
        """
        ...

    def cancel(self, promise_id: PromiseId | None, kind: Kind, to: str | None = None) -> None:
        """Cancel what was not sent yet of a kind (to one recipient, or to all), for its agenda to say or on its way."""
        ...

    def shown(self, promise_id: PromiseId) -> tuple[Delivery, ...]:
        """Every message of a promise that stands in Slack: what a refresh redraws."""
        ...

    def standing_at(self, channel_id: ChannelId, ts: str) -> Delivery | None:
        """What a message of ours is about, by where it stands in Slack."""
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

    def put_off(
        self,
        delivery: Delivery,
        until: datetime,
        error: str,
        *,
        unknown: bool,
        counts: bool = True,
        resend_at: datetime | None = None,
    ) -> bool:
        """Returns it to be tried again; `counts` is false for what is no fault of the message (a limit, an outage).

        `resend_at` is set for what may have arrived: before then it is only looked for.
        """
        ...

    def find(self, delivery_id: DeliveryId) -> Delivery | None: ...

    def latest(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        """The newest message of a kind about a promise to somebody, sent or still to be sent."""
        ...

    def coming(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        """The one of a kind about a promise that is still to be said to somebody."""
        ...

    def failed_for(self, owner: UserId, limit: int) -> tuple[Delivery, ...]:
        """What Slack would not take about the open promises that somebody owes, the newest first: for their Home tab.

        That is what was given up, and what waits until an admin mends how Kept is set up.
        """
        ...


class PersonBook(Protocol):
    def get(self, person: UserId) -> Person | None:
        """Somebody with what they or their workspace chose; their days off hold their holidays and absences."""
        ...

    def save(self, person: Person) -> None:
        """Writes what Slack says of somebody; working hours they chose themselves are kept."""
        ...

    def choose(self, person: UserId, chosen: Preferences) -> None:
        """Writes what somebody we know chose in their settings."""
        ...

    def for_all(self) -> Preferences:
        """What goes for everybody who chose nothing."""
        ...

    def choose_for_all(self, chosen: Preferences, by: UserId, at: datetime) -> None: ...


class DigestBook(Protocol):
    def get(self, channel_id: ChannelId) -> DigestSetting | None: ...

    def save(self, setting: DigestSetting) -> None: ...

    def remove(self, channel_id: ChannelId) -> None: ...

    def name_in(self, delivery_id: DeliveryId, promise_ids: Iterable[PromiseId]) -> None:
        """Notes which promises a last chance names; named twice, they count once."""
        ...

    def named_in(self, delivery_id: DeliveryId) -> tuple[PromiseId, ...]: ...

    def chances_naming(self, promise_id: PromiseId) -> tuple[Delivery, ...]:
        """Every last chance that stands in Slack and names a promise: what a refresh redraws, too."""
        ...


class StopBook(Protocol):
    def get(self, subject: str) -> Stop | None: ...

    def set(self, stop: Stop) -> None:
        """Writes or renews a stop; `since` of one that stands already is kept."""
        ...

    def lift(self, subject: str) -> None: ...


class Transaction(Protocol):
    """One workspace's books, all or nothing."""

    @property
    def promises(self) -> PromiseBook: ...
    @property
    def deliveries(self) -> DeliveryBook: ...
    @property
    def agendas(self) -> AgendaBook: ...
    @property
    def people(self) -> PersonBook: ...
    @property
    def digests(self) -> DigestBook: ...
    @property
    def stops(self) -> StopBook: ...
    @property
    def records(self) -> RecordBook: ...
    @property
    def retention(self) -> RetentionBook: ...

    @property
    def links(self) -> LinkBook: ...
    @property
    def feeds(self) -> FeedBook: ...
    @property
    def absences(self) -> AbsenceBook: ...
    @property
    def surfaces(self) -> SurfaceBook: ...
    @property
    def series(self) -> SeriesBook: ...
    @property
    def access(self) -> AccessBook: ...
