"""Protocols for the tables of one workspace ("books") within a transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.digests import DigestSetting
from bot.domain.kinds import Kind, Planned
from bot.domain.load import Owed
from bot.domain.outcomes import Past
from bot.domain.overview import Outline
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import ChannelId, Promise, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.ports.absences import AbsenceBook
from bot.ports.agendas import AgendaBook
from bot.ports.delivery import Delivery, DeliveryId
from bot.ports.facts import ActingFacts, MakingAsked, MakingFacts
from bot.ports.records import FeedBook, LinkBook, RecordBook, SeriesBook
from bot.ports.retention import RetentionBook
from bot.ports.sides import Side as Side
from bot.ports.surfaces import SurfaceBook
from bot.ports.tools import ToolBooks


@dataclass(frozen=True, slots=True)
class Backlog:
    """Pending work over all workspaces: people whose agenda is due, messages to send, and events to handle.

    `oldest_s` is how long the most overdue agenda has waited, in seconds.
    """

    people_pending: int
    people_overdue: int
    oldest_s: float
    messages_overdue: int
    events_waiting: int
    paused_workspaces: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Why sending is suspended: to a person, to a channel, or (`subject` empty) to the whole workspace.

    `until` None: until the cause is remedied.
    """

    team_id: TeamId
    subject: str
    error: str
    since: datetime
    until: datetime | None = None


#: New messages with their ids.
Messages = Sequence[tuple[DeliveryId, Planned]]


class PromiseBook(Protocol):
    def next_number(self) -> int:
        """Return the workspace's next #N; a number is never used twice."""
        ...

    def make(
        self, asked: MakingAsked, promise: Promise, entry: HistoryEntry, messages: Messages, wakes: Collection[UserId]
    ) -> MakingFacts:
        """Insert a new promise as `add` does, with the next number; return what was read. Raises TooManyError."""
        ...

    def add(
        self, promise: Promise, entry: HistoryEntry, messages: Messages = (), wakes: Collection[UserId] = ()
    ) -> None:
        """Insert a new promise with its number and messages, and wake people's agendas at its instant.

        Raises BusyError if one was made from the same origin before.
        """
        ...

    def for_act(self, ref: PromiseId | int, origin: str) -> ActingFacts | None:
        """Return the promise with that id or number and the facts for an act in one statement; caches both sides."""
        ...

    def save(
        self, promise: Promise, entry: HistoryEntry, messages: Messages = (), wakes: Collection[UserId] = ()
    ) -> None:
        """Update the promise and append the act, in one statement.

        Its messages are inserted as by DeliveryBook.owe, redrawing that is not done yet is cancelled, and people's
        agendas are woken at the act's instant.

        Raises BusyError unless the stored `seq` is the promise's minus one.
        """
        ...

    def get(self, promise_id: PromiseId, *, for_change: bool = False) -> Promise | None:
        """`for_change` locks the row until the transaction ends."""
        ...

    def numbered(self, number: int, *, for_change: bool = False) -> Promise | None: ...

    def made_from(self, origin: str) -> Promise | None:
        """Return the promise made from an origin (trigger or view id), to recognise retries and double clicks."""
        ...

    def those(self, ids: Collection[PromiseId]) -> Mapping[PromiseId, Promise]: ...

    def history(self, promise_id: PromiseId) -> tuple[HistoryEntry, ...]: ...

    def prefetch(self, ids: Collection[PromiseId]) -> None:
        """Read promises together, so that `get` answers from memory for the rest of the transaction."""
        ...

    def preload(self, pasts: Iterable[Past]) -> None:
        """Let `get` and `history` of these promises answer from memory for the rest of the transaction."""
        ...

    def concerning(self, person: UserId, side: Side, limit: int) -> tuple[Promise, ...]:
        """Return a person's open promises, the earliest deadline first; MISSED: those past their deadline."""
        ...

    def outlines(self, person: UserId, limit: int) -> tuple[Sequence[Outline], Sequence[Outline]]:
        """Return the outlines of the open promises that a person owes, and of those that others owe them."""
        ...

    def concerning_each(self, people: Collection[UserId], limit: int) -> Mapping[UserId, tuple[Promise, ...]]:
        """Return the open promises of each person, as `concerning` does for both sides."""
        ...

    def deadlines_of(
        self, owner: UserId, since: datetime, limit: int, but: PromiseId | None = None
    ) -> tuple[Owed, ...]:
        """Return a person's deadlines from `since` on, the earliest first, except for the promise `but`."""
        ...

    def open_after(self, after: tuple[datetime, int] | None, limit: int) -> tuple[Promise, ...]:
        """Return open promises of the workspace by (deadline, number), after such a pair: keyset pagination."""
        ...

    def has_clock_act_by(self, until: datetime) -> bool:
        """Return whether a clock act (miss, expire, settle) due by then is outstanding."""
        ...


class DeliveryBook(Protocol):
    def owe(self, promise_id: PromiseId | None, messages: Iterable[Planned], new_id: Callable[[], DeliveryId]) -> None:
        """Insert messages; an existing one (same promise, kind, recipient and occasion) is left unchanged.

        A cancelled one is restored. Messages that the reader's agenda decides about wait for it; wake the reader, too.
        """
        ...

    def cancel(self, promise_id: PromiseId | None, kind: Kind, to: str | None = None) -> None:
        """Cancel the messages of a kind that are not sent yet, to one recipient or to all."""
        ...

    def shown(self, *promises: PromiseId) -> tuple[Delivery, ...]:
        """Return the messages of promises in Slack, which a refresh redraws."""
        ...

    def standing_at(self, channel_id: ChannelId, ts: str) -> Delivery | None:
        """Return the delivery of a message in Slack."""
        ...

    def note_shown(self, delivery: Delivery, shown: str) -> None: ...

    def record_sent(self, delivery: Delivery, channel_id: ChannelId, ts: str, shown: str, at: datetime) -> bool:
        """Record success; False if the lease expired and another attempt has claimed the delivery."""
        ...

    def record_done(self, delivery: Delivery, why: str, at: datetime) -> bool:
        """End it unsent without failure (the promise closed, or another message replaces it)."""
        ...

    def record_failed(self, delivery: Delivery, error: str, at: datetime) -> bool:
        """Give up on it; operators and the owner's Home tab show it."""
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
        """Schedule another attempt; `counts` is false if the message is not at fault (rate limit, outage).

        `resend_at` is set if it may have arrived: before then Kept only searches for it.
        """
        ...

    def find(self, delivery_id: DeliveryId) -> Delivery | None: ...

    def latest(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        """Return the newest message of a kind about a promise to a person, sent or pending."""
        ...

    def coming(self, promise_id: PromiseId, kind: Kind, to: UserId) -> Delivery | None:
        """Return the pending message of a kind about a promise to a person."""
        ...

    def failed_for(self, owner: UserId, limit: int) -> tuple[Delivery, ...]:
        """Return failed messages about a person's open promises for their Home tab, the newest first.

        These are given up, or waiting until an admin corrects the set-up.
        """
        ...


class PersonBook(Protocol):
    def get(self, person: UserId) -> Person | None:
        """Return a person with their or their workspace's preferences; days off include holidays and absences."""
        ...

    def prefetch(self, people: Collection[UserId]) -> None:
        """Read people together, so that `get` answers from memory for the rest of the transaction."""
        ...

    def save(self, person: Person) -> None:
        """Store a person's data from Slack; working hours that they chose are kept."""

    def choose(self, person: UserId, chosen: Preferences) -> None:
        """Store a known person's settings."""

    def names(self, most: int) -> Mapping[UserId, str]:
        """Return the names of up to `most` people, without bots and deactivated accounts."""
        ...

    def for_all(self) -> Preferences:
        """Return the defaults for people without settings."""
        ...

    def choose_for_all(self, chosen: Preferences, by: UserId, at: datetime) -> None: ...


class DigestBook(Protocol):
    def get(self, channel_id: ChannelId) -> DigestSetting | None: ...

    def save(self, setting: DigestSetting) -> None: ...

    def remove(self, channel_id: ChannelId) -> None: ...

    def channels(self) -> tuple[ChannelId, ...]:
        """Returns the channels that have a digest."""
        ...

    def name_in(self, delivery_id: DeliveryId, promise_ids: Iterable[PromiseId]) -> None:
        """Record which promises a "last chance" message lists; idempotent."""
        ...

    def named_in(self, delivery_id: DeliveryId) -> tuple[PromiseId, ...]: ...

    def chances_naming(self, promises: Collection[PromiseId]) -> Mapping[PromiseId, Sequence[Delivery]]:
        """Return for each promise the "last chance" messages in Slack that list it, which a refresh redraws, too."""
        ...


class StopBook(Protocol):
    def get(self, subject: str) -> Stop | None: ...

    def set(self, stop: Stop) -> None:
        """Insert or renew a stop; an existing one keeps its `since`."""
        ...

    def lift(self, subject: str) -> None: ...


class Transaction(ToolBooks, Protocol):
    """The tables of one workspace in one transaction."""

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
