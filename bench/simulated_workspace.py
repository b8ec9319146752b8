"""A simulated workspace: the product's own use cases over SQLite, a clock that jumps, and a recording Messenger.

Time passes only through the scheduler's tick, people act only through the use cases, and what they know is what stands
in their messages. `make simulate` and the golden timelines of the tests run in it.
"""

import asyncio
import contextlib
import heapq
import itertools
import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.errors import KeptError
from bot.domain.kinds import Kind, Way
from bot.domain.occasions import OfAct
from bot.domain.people import Person
from bot.domain.promise import ChannelId, Due, Origin, Promise, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.ports import Fault, Message, Outcome, Refused, Sent
from bot.ports.progress import Progress, unseen
from bot.services import Services, build_services
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery import DeliverySettings
from scheduler.jobs import Jobs

TEAM, CHANNEL = TeamId("T1"), ChannelId("C1")
#: A tick follows a tick as long as something is due at that very moment; then the next is a second later, as in life.
MAX_TICKS_PER_CALL = 20
TICK = timedelta(seconds=1)
#: A folder in memory where there is one: these databases are not needed after the run.
FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a folder of its own is made in it
_KINDS = """
SELECT d.kind, d.promise_id, d.occasion FROM deliveries d WHERE d.channel_id = ? AND d.ts = ?
UNION ALL
SELECT t.kind, t.promise_id, t.occasion
FROM deliveries d JOIN deliveries t ON t.team_id = d.team_id AND t.told_in = d.id
WHERE d.channel_id = ? AND d.ts = ?
"""
_UNDER_WAY = "SELECT 1 FROM deliveries WHERE lease_until IS NOT NULL LIMIT 1"
_ACT = "SELECT act FROM acts WHERE promise_id = ? AND seq = ?"


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A promise in a message, with the kind of delivery, or for a notice the act that it reports."""

    kind: str
    promise_id: str

    @property
    def is_by_time(self) -> bool:
        """Return whether time sent it, and no colleague."""
        return not self.kind.startswith("notice ")


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One message as its reader received it."""

    at: datetime
    to: UserId
    text: str
    entries: tuple[MessageEntry, ...]
    buttons: frozenset[tuple[str, str]]

    def offers(self, act: Act) -> list[PromiseId]:
        """Return of which promises it offers an act."""
        return sorted(PromiseId(promise_id) for name, promise_id in self.buttons if name == f"act.{act.value}")


class JumpingClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def jump(self, to: datetime) -> None:
        self._now = max(self._now, to)


class SimulatedMessenger:
    """A Messenger that knows the people of the workspace, and hands over what was posted to them."""

    def __init__(self, people: Iterable[Person], quiet: Callable[[UserId], datetime | None]) -> None:
        self.people = {person.id: person for person in people}
        self.posted: list[tuple[str, str, Message]] = []
        self._quiet = quiet
        self._marks: dict[str, Sent] = {}

    async def post(self, team_id: TeamId, to: str, message: Message, mark: str = "", thread_ts: str = "") -> Outcome:
        sent = Sent(ChannelId(to), f"{len(self._marks) + 1}.0")
        self._marks |= dict.fromkeys(mark.split() or [sent.ts], sent)
        self.posted.append((to, sent.ts, message))
        return sent

    async def update(self, team_id: TeamId, channel_id: ChannelId, ts: str, message: Message) -> Outcome:
        return Sent(channel_id, ts)

    async def find(self, team_id: TeamId, to: str, mark: str, since: datetime, thread_ts: str = "") -> Outcome:
        return self._marks.get(mark) or Refused(Fault.MESSAGE_GONE, "message_not_found")

    async def works(self, team_id: TeamId) -> bool:
        return True

    async def person(self, team_id: TeamId, person: UserId) -> Person | None:
        return self.people.get(person)

    async def people_of(self, team_id: TeamId) -> Sequence[Person]:
        return ()

    async def quiet_until(self, team_id: TeamId, person: UserId) -> datetime | None:
        return self._quiet(person)

    async def person_named(self, team_id: TeamId, handle: str) -> UserId | None:
        return None

    async def is_private(self, team_id: TeamId, channel_id: ChannelId, name: str) -> bool:
        return False

    async def members(self, team_id: TeamId, channel_id: ChannelId) -> frozenset[UserId]:
        return frozenset(self.people)


Action = Callable[[], Awaitable[object]]


class SimulatedWorkspace:
    """`received` holds every message to a person so far; `react` is called with each new one."""

    def __init__(self, services: Services, clock: JumpingClock, messenger: SimulatedMessenger, books: Path) -> None:
        self.services = services
        self.clock = clock
        self.received: list[ReceivedMessage] = []
        self.react: Callable[[ReceivedMessage], None] = lambda received: None
        self._messenger = messenger
        self._books = sqlite3.connect(books)
        self._jobs = Jobs(services, _nothing)
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._order = itertools.count()

    def at(self, at: datetime, action: Action) -> None:
        """Have something happen at an instant; the past happens now."""
        heapq.heappush(self._agenda, (at, next(self._order), action))

    async def run(self, until: datetime, progress: Progress = unseen) -> None:
        """Advance the clock from one due event to the next; `progress` is called with the days passed."""
        began = self.clock.now()
        while True:
            progress((self.clock.now() - began).days, (until - began).days)
            planned = self._agenda[0][0] if self._agenda else None
            owed = await self.services.store.next_due()
            following = min((at for at in (planned, owed) if at is not None), default=until)
            if following >= until:
                self.clock.jump(until)
                return
            self.clock.jump(following)
            while self._agenda and self._agenda[0][0] <= self.clock.now():
                await heapq.heappop(self._agenda)[2]()
            await self._tick()

    async def make(self, owner: UserId, requester: UserId, what: str, due: Due) -> Promise:
        draft = Draft(what, due, requester_id=requester)
        made = await self.services.promises.make(TEAM, owner, draft, Origin(CHANNEL), f"key {next(self._order)}")
        return made.promise

    async def act(self, promise_id: PromiseId, act: Act, by: UserId, due: Due | None = None) -> bool:
        """Do an act as a person would; returns False where Kept refuses it."""
        entry = HistoryEntry(act, by, self.clock.now(), due=due, origin=f"key {next(self._order)}")
        try:
            await self.services.promises.act(TEAM, promise_id, entry)
        except KeptError:
            return False
        return True

    async def promise(self, promise_id: PromiseId) -> Promise:
        found = await self.services.store.read(TEAM, lambda tx: tx.promises.get(promise_id))
        if found is None:
            raise LookupError(promise_id)
        return found

    def close(self) -> None:
        self._books.close()

    async def _tick(self) -> None:
        for _ in range(MAX_TICKS_PER_CALL):
            await self._jobs.tick()
            # On a busy machine a round may end before its messages do.
            while self._books.execute(_UNDER_WAY).fetchone():  # noqa: ASYNC110  the database is all that can be asked
                await asyncio.sleep(0.005)
            self._hand_over()
            owed = await self.services.store.next_due()
            if owed is None or owed > self.clock.now():
                return
        self.clock.jump(self.clock.now() + TICK)

    def _hand_over(self) -> None:
        posted, self._messenger.posted = self._messenger.posted, []
        for to, ts, message in posted:
            if to in self._messenger.people:
                received = ReceivedMessage(
                    self.clock.now(), UserId(to), message.text, self._entries_sent(to, ts), _buttons(message)
                )
                self.received.append(received)
                self.react(received)

    def _entries_sent(self, to: str, ts: str) -> tuple[MessageEntry, ...]:
        """Return the entries of a message, one a promise: what speaks for the others about it is the lowest in rank."""
        rows = self._books.execute(_KINDS, (to, ts, to, ts)).fetchall()
        entry: dict[str, MessageEntry] = {}
        for kind, promise_id, occasion in sorted(rows, key=_rank):
            if Kind(kind).rule.way is not Way.GATHERED:
                entry.setdefault(
                    promise_id or "", MessageEntry(self._named(kind, promise_id, occasion), promise_id or "")
                )
        return tuple(entry.values())

    def _named(self, kind: str, promise_id: str, occasion: str) -> str:
        if kind != Kind.NOTICE:
            return kind
        (act,) = self._books.execute(_ACT, (promise_id, OfAct.read(occasion).seq)).fetchone()
        return f"notice {act}"


@contextlib.asynccontextmanager
async def simulated_workspace(
    people: Iterable[Person],
    start: datetime,
    quiet: Callable[[UserId], datetime | None] = lambda person: None,
    make: Callable[[Path], object] = lambda books: None,
) -> AsyncIterator[SimulatedWorkspace]:
    """Open a workspace at an instant, with nothing promised yet; `make` may put a migrated database there."""
    with tempfile.TemporaryDirectory(prefix="kept-workspace-", dir=FOLDER) as folder:
        books, clock, ids = Path(folder) / "kept.db", JumpingClock(start), itertools.count(1)
        messenger = SimulatedMessenger(people, quiet)
        await asyncio.to_thread(make, books)  # a migration runs a loop of its own
        store = await open_store(f"sqlite:///{books}", Holidays(clock).days_off)
        context = Context(store, clock, lambda: f"{next(ids):08}")
        services = build_services(context, messenger, Holidays(clock), DeliverySettings("workspace"))
        opened = SimulatedWorkspace(services, clock, messenger, books)
        try:
            yield opened
        finally:
            opened.close()
            await store.close()


def timeline(received: Iterable[ReceivedMessage], promise_id: str, people: dict[UserId, Person]) -> Iterator[str]:
    """Yield who was sent what about one promise and when, in the reader's local time."""
    for each in received:
        kinds = [entry.kind for entry in each.entries if entry.promise_id == promise_id]
        if kinds:
            person = people[each.to]
            local = each.at.astimezone(ZoneInfo(person.zone))
            yield f"{local:%a %d %b %H:%M} {person.name}: {', '.join(kinds)}"


def _rank(row: tuple[str, str, str]) -> tuple[int, int]:
    kind, _, occasion = row
    return Kind(kind).rule.rank, -OfAct.read(occasion).seq if kind == Kind.NOTICE else 0


async def _nothing() -> None:
    """No event waits, since none is sent."""


def _buttons(message: Message) -> frozenset[tuple[str, str]]:
    """Return every act that a message offers, with the promise that it is about."""
    found = set()
    for block in json.loads(message.written[1]):
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if not isinstance(element, dict):
                continue
            name, value = str(element.get("action_id", "")), str(element.get("value", ""))
            if name.startswith("act."):
                found.add((name, value.rpartition(":")[2]))
            for option in element.get("options", ()):  # a menu: its values name the act, or the button's own does
                act, _, promise_id = str(option.get("value", "")).rpartition(":")
                found.add((f"act.{act}" if name == "act.more" else name, promise_id))
    return frozenset(found)
