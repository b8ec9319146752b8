"""Protocols over all workspaces: the store, its events, the renderer of messages, the metrics."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.domain.asides import Aside
from bot.domain.chains import UpstreamChange
from bot.domain.clashes import Clash
from bot.domain.digests import DigestContent, DigestSetting, LastChance
from bot.domain.habits import Absence
from bot.domain.kinds import Planned
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.domain.recurring import Series
from bot.domain.transitions import HistoryEntry
from bot.ports.agendas import Gathering
from bot.ports.books import Backlog, Stop, Transaction
from bot.ports.delivery import UNDIVIDED, Delivery, DeliveryId, Posted, Restored, Sharing
from bot.ports.installations import InstallationBook
from bot.ports.messenger import Message
from bot.ports.progress import Progress, unseen
from bot.ports.webhooks import WebhookWork
from bot.ports.workflow_steps import StepWork

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Event:
    """An event from Slack, as received; `attempt` counts how often its handling began."""

    team_id: TeamId
    id: str
    body: str
    attempt: int


#: The error of an event of which no attempt returned: the process ended, or the handler hung.
NEVER_ENDED = "never ended"


class EventBook(Protocol):
    """Events as received, until they are handled."""

    async def add(self, event: Event, now: datetime, lease: timedelta) -> bool:
        """Store an event, claimed by the caller; False if it is stored already."""
        ...

    async def claim(self, now: datetime, lease: timedelta) -> Event | None:
        """Take the event that has waited longest of those whose lease is over."""
        ...

    async def set_aside(self, now: datetime, most_tries: int) -> int:
        """End events whose last attempt was cut off; return how many."""
        ...

    async def failures(self, since: datetime) -> Mapping[str, int]:
        """Return how many events ended without being handled, by error."""
        ...

    async def end(self, event: Event, now: datetime, error: str = "") -> None: ...

    async def forget(self, received_before: datetime) -> int: ...

    async def probe(self) -> None:
        """Write a row and roll it back; raise what storing an event would raise now."""


class Store(WebhookWork, StepWork, Protocol):
    async def read(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T: ...

    async def write(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction: commit it, or roll it back if it raises; it may be run again after that."""
        ...

    async def write_once(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        """Run `work`, of which the last statement alone writes, and commit it.

        On PostgreSQL each statement is a transaction of its own: a begin and a commit would be two round trips more.
        """
        ...

    def dry_run(self) -> AbstractAsyncContextManager["Store"]:
        """Return the same store with every `write` rolled back, to warm up connections and statements at start."""
        ...

    async def workspaces(self) -> tuple[TeamId, ...]:
        """Return the workspaces that have promises, in order."""
        ...

    async def countries(self) -> tuple[str, ...]:
        """Return the holiday calendars that people of any workspace chose."""
        ...

    @property
    def events(self) -> EventBook: ...

    @property
    def has_row_security(self) -> bool:
        """Return whether the database itself restricts each transaction to its workspace."""
        ...

    def installations(self, keys: Sequence[str]) -> InstallationBook:
        """Return those encrypted with the first of these keys, read with any; ValueError for an invalid key."""
        ...

    @property
    def batch(self) -> int:
        """The most efficient number of deliveries per claim: a claim costs the same for many as for few."""
        ...

    async def claim_due(
        self, now: datetime, lease: timedelta, limit: int, sharing: Sharing = UNDIVIDED
    ) -> tuple[Delivery, ...]:
        """Claim due deliveries of all workspaces but stopped ones, and commit the claim before anything is sent."""
        ...

    async def release(self, returned: Sequence[tuple[Delivery, datetime]]) -> None:
        """Return claimed deliveries that were not sent; each becomes due at its instant."""

    async def end_turns(self) -> None:
        """Release this process's reservation of every workspace."""

    async def record_sent(
        self, posted: Sequence[Posted], at: datetime, redraw: Callable[[Posted], tuple[DeliveryId, Planned]]
    ) -> None:
        """Record posted deliveries. In the same transaction the result of `redraw` is added for each promise that has
        changed since it was rendered, and for each of which an older message to the same person shrinks.

        Deliveries whose claim has passed to another attempt are skipped.
        """

    async def stopped(self) -> tuple[Stop, ...]:
        """Return the stops in force, the oldest first."""
        ...

    async def restored(self) -> Mapping[TeamId, Restored]:
        """The workspaces whose rows were put back from a backup, each with its latest restore."""
        ...

    async def failures(self, since: datetime) -> dict[str, int]:
        """Count the deliveries that failed since an instant, by error."""
        ...

    def announce(self) -> None:
        """Notify the other processes on this database of new work; the notification may be lost."""

    async def listen(self, woken: Callable[[], None]) -> None:
        """Call `woken` on every announcement of another process, until cancelled."""

    async def clock_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        """Return promises with a clock act due: deadline passed, proposal expired, report unanswered."""
        ...

    async def agendas_due(
        self, now: datetime, limit: int, after: str = "", busy: Collection[TeamId] = ()
    ) -> tuple[tuple[TeamId, UserId], ...]:
        """Return people who are due: some of each workspace in turn, from behind `after` on, `busy` ones last."""
        ...

    async def take_turns(self, teams: Collection[TeamId], hold: timedelta) -> frozenset[TeamId]:
        """Reserve workspaces for this process for a time; return those that no other process has reserved."""
        ...

    async def agendas_set(self, limit: int) -> tuple[tuple[TeamId, UserId, datetime], ...]:
        """Return people with the time at which their agenda is due, the earliest first."""
        ...

    async def series_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        """Return the series whose next occurrence is due to be made."""
        ...

    async def planned(self, after: datetime, limit: int) -> tuple[Delivery, ...]:
        """Return pending deliveries due after an instant, in time order, over all workspaces."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def backlog(self, now: datetime) -> Backlog:
        """Count pending work at an instant, for operators."""
        ...

    async def so_far(self) -> dict[str, dict[str, int]]:
        """Count over all workspaces the `acts` by name, and the messages Slack took (`said`) by kind."""
        ...

    async def forget(self, team_id: TeamId, left_at: datetime | None = None) -> int:
        """Delete every row of a workspace that left, except an installation younger than `left_at`."""
        ...

    async def everything_of(
        self, team_id: TeamId, person: UserId, progress: Progress = unseen
    ) -> dict[str, list[dict[str, object]]]:
        """Return the data stored about a person, by table; only they may read it."""
        ...

    async def forget_person(self, team_id: TeamId, person: UserId, stand_in: UserId) -> int:
        """Delete a person's own rows, and replace their words and id elsewhere; return the number of rows."""
        ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


class Renderer(Protocol):
    """Render deliveries as messages, from the present state."""

    def render(
        self, delivery: Delivery, promise: Promise, history: Sequence[HistoryEntry], now: datetime
    ) -> Message: ...

    def shrunk(self, promise: Promise, viewer: UserId, now: datetime) -> Message:
        """Return the one-line form of a message that a newer one about the promise replaces."""
        ...

    def localised(self, message: Message, zone: str, now: datetime) -> Message:
        """Return the message with its notification's dates written out in `zone`; empty: each in its own zone."""
        ...

    def digest(self, setting: DigestSetting, content: DigestContent, now: datetime) -> Message: ...

    def digest_details(self, content: DigestContent, now: datetime) -> Message: ...

    def add_asides(self, message: Message, asides: Sequence[Aside], promise: Promise) -> Message:
        """Add content for the reader alone."""
        ...

    def recurring(self, message: Message, series: Series, delivery: Delivery) -> Message:
        """Add the rule of recurrence."""
        ...

    def series_over(self, series: Series, reader: UserId) -> Message:
        """Announce that a series has ended."""
        ...

    def chain(self, change: UpstreamChange) -> Message:
        """Announce that a promise depended on has changed."""
        ...

    def last_chance(self, chance: LastChance, now: datetime) -> Message:
        """List what a digest will report as missed unless the owner acts."""
        ...

    def clash(self, promise: Promise, found: Clash, viewer: UserId) -> Message:
        """Announce that a deadline falls on a day off."""
        ...

    def away(self, delivery: Delivery, absence: Absence) -> Message:
        """Ask whether a Slack status means an absence."""
        ...

    def gathered(self, gathering: Gathering, now: datetime) -> Message:
        """Render several rows for one person as one message; all of them, settled or not."""
        ...

    def trouble(self, delivery: Delivery, promises: Sequence[Promise], now: datetime) -> Message:
        """Explain why a person or channel cannot be reached; the delivery's occasion names it."""
        ...


class Meter:
    """Metrics for operators; this one records nothing. Text typed by people is never passed to it."""

    def acted(self, act: str) -> None: ...

    def claimed(self, count: int, took_s: float) -> None: ...

    def settled(self, kind: str, outcome: str) -> None: ...

    def was_late(self, kind: str, late: timedelta) -> None: ...

    def limited(self, method: str) -> None: ...

    def set_aside(self, events: int) -> None: ...

    def answered(self, door: str, took_s: float, *, in_time: bool) -> None:
        """Count a request from Slack by entry point; `took_s` is the time to its acknowledgement."""

    def apologised(self) -> None:
        """Count a reply that was an apology for an internal error."""
