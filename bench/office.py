"""Fifty made-up colleagues and the promises they make one another, with which reminders are simulated.

How people behave is an estimate, stated in docs/reminders.md; nothing here knows how reminders are planned.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bench.simulated_workspace import TEAM
from bot.domain.habits import Absence
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, UserId
from bot.domain.record import leaves_time
from bot.domain.working_time import WorkingHours

FIRST_DAY, DAYS, PEOPLE = date(2027, 3, 1), 90, 50
#: On this share of their working days a person makes a promise: two a week.
PROMISES_A_DAY = 0.4
OFFICES = (
    "Europe/Berlin",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
)
#: (share of promises, shortest, longest) in working days; the first is hours within a day.
SPANS = ((0.15, 0, 0), (0.45, 1, 4), (0.30, 5, 10), (0.10, 11, 30))
SLIPS, OWN = 0.3, 0.1
#: On this share of their days a person has do-not-disturb on for some hours, starting in the morning.
FOCUSED, FOCUS_HOURS = 0.1, (1, 3)


@dataclass(frozen=True, slots=True)
class Manner:
    """How often a person answers a message, reports trouble unasked, and reports what is done."""

    name: str
    share: float
    answers: float
    speaks_up: float
    reports: float


#: By their shares, seven of ten messages are answered, 15 % speak up and 60 % report, as in every trial so far.
MANNERS = (
    Manner("honest", 0.3, answers=0.95, speaks_up=0.4, reports=0.8),
    Manner("forgetful", 0.5, answers=0.7, speaks_up=0.06, reports=0.6),
    Manner("silent", 0.2, answers=0.325, speaks_up=0.0, reports=0.3),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """`days_off` are their holidays; `focus` holds when they are not to be disturbed, as UTC instants."""

    person: Person
    manner: Manner
    absences: tuple[Absence, ...]
    focus: tuple[tuple[datetime, datetime], ...]

    @property
    def id(self) -> UserId:
        return self.person.id

    @property
    def hours(self) -> WorkingHours:
        """Return their working hours with all their days off."""
        person = self.person
        return person.preferences.habits(person.zone, person.holidays, self.absences).hours

    def quiet_until(self, now: datetime) -> datetime | None:
        return next((end for start, end in self.focus if start <= now < end), None)


@dataclass(frozen=True, slots=True)
class Work:
    """A promise as it will be made, and how the work behind it will really go.

    `knows_at` is when the owner sees that the date cannot be kept; None when it can.
    """

    owner: UserId
    requester: UserId
    made_at: datetime
    due: Due
    done_at: datetime
    knows_at: datetime | None


def workers(chance: Random, count: int = PEOPLE, days: int = DAYS) -> tuple[Worker, ...]:
    """Everybody works nine hours from between eight and ten, with two holidays and perhaps a week away."""
    return tuple(_worker(number, chance, days) for number in range(count))


def works(people: tuple[Worker, ...], chance: Random, days: int = DAYS) -> Iterator[Work]:
    """Yield every promise of these days."""
    for worker in people:
        hours = worker.hours
        for ahead in range(days):
            day = FIRST_DAY + timedelta(days=ahead)
            if hours.works_on(day) and chance.random() < PROMISES_A_DAY:
                yield _work(worker, chance.choice(people), day, chance)


def best_possible(known: Iterable[Work], people: Mapping[UserId, Worker], questions: int) -> tuple[float, float]:
    """Return which shares of the dates that cannot be kept are raised early and missed under a perfect reminder.

    It asks in the minute in which the owner sees it, and again at intervals; every answer comes immediately.
    """
    slips = [work for work in known if work.knows_at]
    early = missed = 0.0
    for work in slips:
        manner, knows_at = people[work.owner].manner, work.knows_at or work.due.at
        silent = (1 - manner.speaks_up) * (1 - manner.answers) ** questions
        hours = people[work.requester].hours
        early += (1 - silent) * leaves_time(hours, work.made_at, knows_at, work.due.at)
        missed += silent if knows_at < work.due.at else 1
    return early / len(slips), missed / len(slips)


def _worker(number: int, chance: Random, days: int) -> Worker:
    start = chance.choice([8, 9, 9, 9, 10])
    holidays = frozenset(FIRST_DAY + timedelta(days=chance.randrange(days)) for _ in range(2))
    away = FIRST_DAY + timedelta(days=chance.randrange(days))
    absences = (Absence(away, away + timedelta(days=6)),) if chance.random() < 0.4 else ()
    preferences, zone = Preferences(start=time(start), end=time(start + 9)), chance.choice(OFFICES)
    id_ = UserId(f"U{number:02}")
    person = Person(TEAM, id_, f"person {number}", datetime(2027, 1, 1, tzinfo=UTC), zone, preferences, holidays)
    (manner,) = chance.choices(MANNERS, [each.share for each in MANNERS])
    focus = tuple(_focus(WorkingHours(zone), FIRST_DAY + timedelta(days=n), chance) for n in range(days))
    return Worker(person, manner, absences, tuple(each for each in focus if each))


def _focus(hours: WorkingHours, day: date, chance: Random) -> tuple[datetime, datetime] | None:
    if chance.random() >= FOCUSED:
        return None
    begins = hours.instant(day, time(9)) + timedelta(minutes=chance.randrange(180))
    return begins, begins + timedelta(hours=chance.uniform(*FOCUS_HOURS))


def _work(owner: Worker, requester: Worker, day: date, chance: Random) -> Work:
    hours = owner.hours
    made_at = hours.opens(day) + timedelta(minutes=chance.randrange(8 * 60))
    due_at = _due_at(made_at, hours, chance)
    span = due_at - made_at
    slips = chance.random() < SLIPS
    done_at = made_at + span * (chance.uniform(1.05, 1.8) if slips else chance.uniform(0.3, 0.98))
    knows_at = made_at + span * chance.uniform(0.3, 1) if slips else None
    whom = owner if chance.random() < OWN else requester
    return Work(
        owner.id,
        whom.id,
        made_at,
        Due(due_at, hours.zone),
        hours.next_opening(done_at) if slips else done_at,
        hours.next_opening(knows_at) if knows_at else None,
    )


def _due_at(made_at: datetime, hours: WorkingHours, chance: Random) -> datetime:
    """Some hours later on the same day; else noon, three o'clock or, mostly, the end of a working day."""
    _, shortest, longest = chance.choices(SPANS, [share for share, _, _ in SPANS])[0]
    if longest == 0:
        return made_at + timedelta(minutes=chance.randrange(60, 6 * 60))
    day, left = hours.local(made_at).date(), chance.randint(shortest, longest)
    while left:
        day += timedelta(days=1)
        left -= hours.works_on(day)
    at = chance.choice([time(12), time(15), hours.end, hours.end])
    return max(hours.instant(day, at), made_at + timedelta(hours=1)).astimezone(UTC)
