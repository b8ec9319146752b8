"""What the house needs over all workspaces at once: the store, its events, a voice, a meter."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.domain.asides import Aside
from bot.domain.chains import Shock
from bot.domain.clashes import Clash
from bot.domain.deciding import HistoryEntry
from bot.domain.digests import Chance, DigestContent, DigestSetting
from bot.domain.habits import Absence
from bot.domain.promise import ChannelId, Promise, PromiseId, TeamId, UserId
from bot.domain.recurring import Series
from bot.ports.agendas import Gathering
from bot.ports.books import Backlog, Stop, Transaction
from bot.ports.delivery import Delivery
from bot.ports.installations import InstallationShelf
from bot.ports.messenger import Message

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A delivery that stands in Slack: where, what it shows, and the `seq` of the promise it was said of."""

    delivery: Delivery
    channel_id: ChannelId
    ts: str
    shown: str
    seq: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something Slack told us, as it came; `attempt` counts how often it was begun."""

    team_id: TeamId
    id: str
    body: str
    attempt: int


class EventShelf(Protocol):
    """Events as they came, until they are dealt with."""

    async def add(self, event: Event, now: datetime, lease: timedelta) -> bool:
        """Keeps it, begun by the caller; False when it is there already."""
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
        """Write something and take it back; raise what a recording would raise now."""


class Store(Protocol):
    async def read(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T: ...

    async def write(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        """Commits what `work` did, or nothing of it when it raises."""
        ...

    async def write_once(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        """Commit a work that writes with its last statement alone, after others that only read or take a number.

        On PostgreSQL each statement is a transaction of its own: a begin and a commit would be two round trips more.
        """
        ...

    def rehearsal(self) -> "Store":
        """Return the same store, except that nothing stays of what is written: it undoes each `write` that succeeded.

        For running at the start what the first request will need, over the same connections and compiled statements.
        """
        ...

    async def workspaces(self) -> tuple[TeamId, ...]:
        """Return the workspaces in which anything was ever promised, in order."""

    async def countries(self) -> tuple[str, ...]:
        """Return the calendars of holidays that people of any workspace chose."""
        ...

    @property
    def events(self) -> EventShelf: ...

    @property
    def has_walls(self) -> bool:
        """Whether the database holds each transaction to its workspace, too."""

    def installations(self, keys: Sequence[str]) -> InstallationShelf:
        """Return the installations, sealed with the first of these keys and opened with any.

        Raises ValueError for a key that is none.
        """
        ...

    @property
    def batch(self) -> int:
        """How many deliveries a claim takes at its best: it costs the same few milliseconds for many as for few."""
        ...

    async def claim_due(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        *,
        share: int | None = None,
        full: Collection[TeamId] = (),
        working: Collection[TeamId] = (),
        hold: timedelta | None = None,
    ) -> tuple[Delivery, ...]:
        """Takes due deliveries of all workspaces, fairly, and commits the claim before anything is sent.

        Of one workspace it takes no more than `share`. Stopped workspaces and `full` ones are passed over. With `hold`,
        a workspace of which something is taken is this process's own for that long, and those it is `working` on stay
        so: Slack's limits are a workspace's, so two processes must not spend them side by side. On SQLite there is one
        process, and nothing to hold.
        """
        ...

    async def release(self, returned: Sequence[tuple[Delivery, datetime]]) -> None:
        """Gives back claimed deliveries that were not begun, each to be tried at its instant."""
        ...

    async def let_go(self) -> None:
        """Ends this process's hold on every workspace."""
        ...

    async def record_sent(
        self, posted: Sequence[Posted], at: datetime, stale: Callable[[Transaction, Posted], None]
    ) -> None:
        """Records many at once; `stale` is called within the same transaction for each whose promise has moved
        on, and for each to a person who was told of the promise before.

        One whose attempt no longer owns the delivery is passed over.
        """
        ...

    async def stopped(self) -> tuple[Stop, ...]:
        """Every stop that stands, the oldest first."""
        ...

    async def failures(self, since: datetime) -> dict[str, int]:
        """How many deliveries were given up since an instant, by their error."""
        ...

    def announce(self) -> None:
        """Tells the other processes on this database that there is something to do; it may be lost."""
        ...

    async def listen(self, woken: Callable[[], None]) -> None:
        """Calls `woken` whenever another process announces something, until cancelled."""
        ...

    async def clock_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        """Promises at which the clock must look by now (deadline passed, proposal run out, report unanswered)."""
        ...

    async def agendas_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, UserId], ...]:
        """Whom to think of by now, in turn between workspaces."""
        ...

    async def agendas_set(self, limit: int) -> tuple[tuple[TeamId, UserId, datetime], ...]:
        """Whom to think of, and when, the earliest first."""
        ...

    async def series_due(self, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
        """Series of which the next occurrence must be made by now."""
        ...

    async def planned(self, after: datetime, limit: int) -> tuple[Delivery, ...]:
        """What is still to be sent after an instant, in time order, over all workspaces."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def backlog(self, now: datetime) -> Backlog:
        """Return what waits at an instant, for operators."""
        ...

    async def so_far(self) -> dict[str, dict[str, int]]:
        """Count over all workspaces the `acts` by name, and what was `said` by kind."""
        ...

    async def forget(self, team_id: TeamId, left_at: datetime | None = None) -> int:
        """Delete every row of a workspace that left, but an installation that is younger than that."""
        ...

    async def everything_of(self, team_id: TeamId, person: UserId) -> dict[str, list[dict[str, Any]]]:
        """Return what is stored of a person, by table; nothing of it is anybody else's to read."""

    async def forget_person(self, team_id: TeamId, person: UserId, stand_in: UserId) -> int:
        """Delete what is a person's own, and replace their words and id elsewhere; return how many rows that was."""

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


class Voice(Protocol):
    """Puts a delivery into words, from things as they are now."""

    def speak(
        self, delivery: Delivery, promise: Promise, history: Sequence[HistoryEntry], now: datetime
    ) -> Message: ...

    def shrunk(self, promise: Promise, viewer: UserId, now: datetime) -> Message:
        """What is left of a message about a promise once a newer one stands: a line with its state."""
        ...

    def localised(self, message: Message, zone: str, now: datetime) -> Message:
        """The message with the dates of its notification in words: in `zone`, or as they say themselves without one."""
        ...

    def digest(self, setting: DigestSetting, content: DigestContent, now: datetime) -> Message: ...

    def digest_details(self, content: DigestContent, now: datetime) -> Message: ...

    def add_asides(self, message: Message, asides: Sequence[Aside], promise: Promise) -> Message:
        """The message with what its reader alone hears."""
        ...

    def recurring(self, message: Message, series: Series, delivery: Delivery) -> Message:
        """The message with the rule by which its promise comes again."""
        ...

    def series_over(self, series: Series, reader: UserId) -> Message:
        """That it will not come again."""
        ...

    def chain(self, shock: Shock) -> Message:
        """That something which a promise stands on has moved."""
        ...

    def last_chance(self, chance: Chance, now: datetime) -> Message:
        """What somebody may still change before a digest tells it."""
        ...

    def clash(self, promise: Promise, found: Clash, viewer: UserId) -> Message:
        """That a deadline falls on somebody's day off."""
        ...

    def away(self, delivery: Delivery, absence: Absence) -> Message:
        """Whether a Slack status means what it says."""
        ...

    def gathered(self, gathering: Gathering, now: datetime) -> Message:
        """What several rows owe one person, as one message; all of it, settled or not."""
        ...

    def trouble(self, delivery: Delivery, promises: Sequence[Promise], now: datetime) -> Message:
        """What keeps us from speaking to somebody or in a place; the delivery's occasion says which."""
        ...


class Meter(Protocol):
    """What is counted for operators. Nothing of what people typed is ever passed to it."""

    def acted(self, act: str) -> None: ...

    def claimed(self, count: int, took_s: float) -> None: ...

    def settled(self, kind: str, outcome: str) -> None: ...

    def was_late(self, kind: str, late: timedelta) -> None: ...

    def limited(self, method: str) -> None: ...

    def set_aside(self, events: int) -> None: ...

    def answered(self, door: str, took_s: float, *, in_time: bool) -> None:
        """Count a request of Slack's by the kind of its door; `took_s` is how long its acknowledgement took."""
        ...

    def apologised(self) -> None:
        """Count an answer that had to be an apology, because of a fault of ours."""
        ...
