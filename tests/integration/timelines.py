"""Promises between two people, often two zones apart, played to the end: the acts, and who is sent what and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.simulated_workspace import TEAM, ReceivedMessage, SimulatedWorkspace, simulated_workspace
from bot.domain.acts import Act, State
from bot.domain.habits import Habits
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, PromiseId, UserId
from tests.databases import migrated_file

NORA, RAVI = UserId("UNORA"), UserId("URAVI")
OWNER, REQUESTER = "owner", "requester"
NEW_YORK, KOLKATA, SYDNEY, AUCKLAND = "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Pacific/Auckland"
TEL_AVIV, BERLIN, LONDON, LOS_ANGELES, TOKYO = (
    "Asia/Jerusalem",
    "Europe/Berlin",
    "Europe/London",
    "America/Los_Angeles",
    "Asia/Tokyo",
)
MONDAY_TO_FRIDAY = Preferences()
SUNDAY_TO_THURSDAY = Preferences(frozenset({6, 0, 1, 2, 3}))
#: How long an answer to a message takes, and how far before the deadline what is done is reported.
ANSWERS_IN, REPORTS_AHEAD = timedelta(minutes=10), timedelta(minutes=20)
#: How long after its deadline a promise is looked at.
FOLLOWED = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who promises whom, when by the owner's clock, and until when."""

    name: str
    owner_zone: str
    requester_zone: str
    made: str
    due: str
    owner_week: Preferences = MONDAY_TO_FRIDAY
    requester_week: Preferences = MONDAY_TO_FRIDAY

    @property
    def made_at(self) -> datetime:
        return local(self.made, self.owner_zone)

    @property
    def due_at(self) -> datetime:
        return local(self.due, self.owner_zone)

    @property
    def people(self) -> dict[UserId, Person]:
        met = datetime(2026, 11, 1, tzinfo=UTC)
        return {
            NORA: Person(TEAM, NORA, OWNER, met, self.owner_zone, self.owner_week),
            RAVI: Person(TEAM, RAVI, REQUESTER, met, self.requester_zone, self.requester_week),
        }


def local(wall: str, zone: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


SCENARIOS = (
    Scenario("New York to Kolkata, Friday 17:00", NEW_YORK, KOLKATA, "2026-11-23T10:00", "2026-11-27T17:00"),
    Scenario("Kolkata to New York, tomorrow noon", KOLKATA, NEW_YORK, "2026-11-23T17:00", "2026-11-24T12:00"),
    Scenario("Sydney to Auckland, Thursday 10:00", SYDNEY, AUCKLAND, "2026-11-24T09:30", "2026-11-26T10:00"),
    Scenario(
        "Tel Aviv to Berlin, Sunday noon",
        TEL_AVIV,
        BERLIN,
        "2026-11-18T11:00",
        "2026-11-22T12:00",
        owner_week=SUNDAY_TO_THURSDAY,
    ),
    Scenario(
        "Berlin to Tel Aviv, Friday 16:00",
        BERLIN,
        TEL_AVIV,
        "2026-11-24T10:00",
        "2026-11-27T16:00",
        requester_week=SUNDAY_TO_THURSDAY,
    ),
    Scenario("Los Angeles to London, the same day", LOS_ANGELES, LONDON, "2026-11-24T14:00", "2026-11-24T17:00"),
    Scenario("Thirty minutes", NEW_YORK, NEW_YORK, "2026-11-25T11:00", "2026-11-25T11:30"),
    Scenario("Two and a half hours", NEW_YORK, NEW_YORK, "2026-11-25T10:00", "2026-11-25T12:30"),
    Scenario("Friday 15:00 to Monday 9:00", NEW_YORK, NEW_YORK, "2026-11-20T15:00", "2026-11-23T09:00"),
    Scenario("Berlin to Tokyo, eighteen days, due at 3:00", BERLIN, TOKYO, "2026-11-02T10:00", "2026-11-20T03:00"),
    Scenario("End of day today, to Sydney", NEW_YORK, SYDNEY, "2026-11-24T10:00", "2026-11-24T18:00"),
)


@dataclass(frozen=True, slots=True)
class Done:
    """An act and its time; `due_at` is the proposed date."""

    at: datetime
    by: UserId
    act: Act
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario as it went with one kind of owner."""

    scenario: Scenario
    owner: str
    promise_id: PromiseId
    received: tuple[ReceivedMessage, ...]
    done: tuple[Done, ...]

    def habits(self, person: UserId) -> Habits:
        return self.scenario.people[person].habits

    def entries_to(self, person: UserId) -> list[tuple[ReceivedMessage, str]]:
        """Return every word about the promise to one person, with its kind."""
        return [(each, entry.kind) for each in self.received if each.to == person for entry in each.entries]

    def due_at(self, at: datetime) -> datetime:
        """Return the deadline in force at an instant, from what was agreed by then."""
        found, offered = self.scenario.due_at, self.scenario.due_at
        for done in self.done:
            if done.at <= at:
                offered = done.due_at or offered
                found = offered if done.act is Act.ACCEPT_PROPOSAL else found
        return found

    def lines(self) -> list[str]:
        """Return what happened in order, each by the clock of whom it concerns."""
        entry = [
            (each.at, 1, each.to, " + ".join(entry.kind.replace("_", " ") for entry in each.entries))
            for each in self.received
        ]
        done = [(each.at, 0, each.by, f"– {each.act.value.replace('_', ' ')}") for each in self.done]
        return [self._line(*each) for each in sorted(entry + done)]

    def _line(self, at: datetime, order: int, person: UserId, words: str) -> str:
        person_id = self.scenario.people[person]
        when = f"{at.astimezone(ZoneInfo(person_id.zone)):%a %d %b %H:%M}"
        return f"  {when}  {person_id.name:9}  {words}"


class Actor:
    """Plays one kind of owner, and a requester who answers what they are asked."""

    def __init__(self, scenario: Scenario, opened: SimulatedWorkspace) -> None:
        self.done: list[Done] = []
        self.says_on_track = False
        self.promise_id = PromiseId("")
        self.scenario, self._workspace = scenario, opened

    async def make(self) -> None:
        due = Due(self.scenario.due_at, self.scenario.owner_zone)
        promise = await self._workspace.make(NORA, RAVI, "send the deck", due)
        self.promise_id = promise.id
        self.done.append(Done(self._workspace.clock.now(), NORA, Act.PROMISE))

    async def act(self, act: Act, by: UserId, due_at: datetime | None = None) -> None:
        due = Due(due_at, self.scenario.owner_zone) if due_at else None
        if await self._workspace.act(self.promise_id, act, by, due):
            self.done.append(Done(self._workspace.clock.now(), by, act, due_at))

    def later(self, at: datetime, act: Act, by: UserId, due_at: datetime | None = None) -> None:
        self._workspace.at(at, lambda: self.act(act, by, due_at))

    def habits(self, person: UserId) -> Habits:
        return self.scenario.people[person].habits

    def read(self, received: ReceivedMessage) -> None:
        """The owner may answer a question; the requester accepts in their working time what is offered or delivered."""
        if received.to == NORA and self.says_on_track and received.offers(Act.ON_TRACK):
            self.later(received.at + min(ANSWERS_IN, (self.scenario.due_at - received.at) / 4), Act.ON_TRACK, NORA)
        if received.to == RAVI:
            at = self.habits(RAVI).hours.after(received.at, 3 * ANSWERS_IN)
            for act in (Act.ACCEPT_PROPOSAL, Act.ACCEPT_DELIVERY):
                if received.offers(act):
                    self.later(at, act, RAVI)


def silent(actor: Actor) -> None:
    """Nothing is ever done."""


def good(actor: Actor) -> None:
    """Says “on track” to every question that offers it, and reports shortly before the deadline."""
    due_at = actor.scenario.due_at
    ahead = min(REPORTS_AHEAD, (due_at - actor.scenario.made_at) / 6)
    actor.later(due_at - ahead, Act.REPORT, NORA)
    actor.says_on_track = True


def renegotiates(actor: Actor) -> None:
    """Asks for two more working days a working day ahead, or half-way where it is shorter, and keeps that date."""
    scenario, hours = actor.scenario, actor.habits(NORA).hours
    at = hours.leaving(scenario.due_at, hours.working_day)
    if at <= scenario.made_at:
        at = hours.after(scenario.made_at, hours.working_time(scenario.made_at, scenario.due_at) / 2)
    new_due = hours.after(scenario.due_at, 2 * hours.working_day)
    actor.later(at, Act.PROPOSE, NORA, new_due)
    actor.later(new_due - REPORTS_AHEAD, Act.REPORT, NORA)


OWNERS: dict[str, Callable[[Actor], None]] = {"silent": silent, "good": good, "renegotiates": renegotiates}


async def play(scenario: Scenario, owner: str) -> Story:
    """Run one scenario with one kind of owner to its end."""
    start = scenario.made_at - timedelta(hours=1)
    people = scenario.people
    async with simulated_workspace(people.values(), start, make=migrated_file) as opened:
        actor = Actor(scenario, opened)
        for person in people.values():
            await opened.services.preference_changes.choose(TEAM, person.id, person.preferences)
        opened.react = actor.read
        OWNERS[owner](actor)
        opened.at(scenario.made_at, actor.make)
        await opened.run(scenario.due_at + FOLLOWED)
        promise = await opened.promise(actor.promise_id)
        assert (owner == "silent") == (promise.state is State.ACTIVE), promise.state
        received = [
            replace(each, entries=tuple(t for t in each.entries if t.promise_id == promise.id))
            for each in opened.received
        ]
        return Story(scenario, owner, actor.promise_id, tuple(received), tuple(actor.done))


def page(scenario: Scenario, stories: list[Story]) -> str:
    """Return the golden file of a scenario: its stories, one after the other."""
    due = " = ".join(f"{scenario.due_at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} {zone}" for zone in zones(scenario))
    made = " = ".join(
        f"{scenario.made_at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} {zone}" for zone in zones(scenario)
    )
    entry = ["\n".join([f"{story.owner} owner", *story.lines()]) for story in stories]
    return "\n\n".join([f"{scenario.name}\nmade {made}\ndue  {due}", *entry]) + "\n"


def zones(scenario: Scenario) -> list[str]:
    return list(dict.fromkeys([scenario.owner_zone, scenario.requester_zone]))
