"""Fifty made-up colleagues and the work they promise one another: the town in which reminders are tried.

How people behave is guessed, and said in docs/reminders.md; nothing here knows how reminders are planned.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.domain.acts import State
from bot.domain.habits import Absence, Habits
from bot.domain.preferences import Preferences
from bot.domain.promise import ChannelId, Due, Origin, Promise, PromiseId, TeamId, Terms, UserId

FIRST_DAY, DAYS, PEOPLE = date(2027, 3, 1), 90, 50
#: Somebody makes a promise on this share of their working days: two a week.
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


@dataclass(frozen=True, slots=True)
class Worker:
    id: UserId
    habits: Habits


@dataclass(frozen=True, slots=True)
class Work:
    """A promise as it was made, and how the work behind it will really go.

    `knows_at` is when the owner sees that the date cannot be kept; None when it can.
    """

    promise: Promise
    done_at: datetime
    knows_at: datetime | None


def workers(chance: Random) -> tuple[Worker, ...]:
    """Everybody works nine hours from between eight and ten, with two holidays and perhaps a week away."""
    return tuple(_worker(f"U{number:02}", chance) for number in range(PEOPLE))


def works(people: tuple[Worker, ...], chance: Random) -> Iterator[Work]:
    """Every promise of the ninety days."""
    number = 0
    for worker in people:
        for ahead in range(DAYS):
            day = FIRST_DAY + timedelta(days=ahead)
            if worker.habits.hours.works_on(day) and chance.random() < PROMISES_A_DAY:
                number += 1
                yield _work(number, worker, chance.choice(people), day, chance)


def _worker(name: str, chance: Random) -> Worker:
    start = chance.choice([8, 9, 9, 9, 10])
    holidays = [FIRST_DAY + timedelta(days=chance.randrange(DAYS)) for _ in range(2)]
    away = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    absences = [Absence(away, away + timedelta(days=6))] if chance.random() < 0.4 else []
    preferences = Preferences(start=time(start), end=time(start + 9))
    return Worker(UserId(name), preferences.habits(chance.choice(OFFICES), holidays, absences))


def _work(number: int, owner: Worker, requester: Worker, day: date, chance: Random) -> Work:
    hours = owner.habits.hours
    made_at = hours.opens(day) + timedelta(minutes=chance.randrange(8 * 60))
    due_at = _due_at(made_at, owner, chance)
    span = due_at - made_at
    slips = chance.random() < SLIPS
    done_at = made_at + span * (chance.uniform(1.05, 1.8) if slips else chance.uniform(0.3, 0.98))
    knows_at = made_at + span * chance.uniform(0.3, 1) if slips else None
    whom = owner if chance.random() < OWN else requester
    promise = Promise(
        team_id=TeamId("T"),
        id=PromiseId(f"P{number}"),
        number=number,
        owner_id=owner.id,
        requester_id=whom.id,
        made_by=owner.id,
        made_at=made_at,
        origin=Origin(ChannelId("C")),
        state=State.ACTIVE,
        terms=Terms("what was promised", Due(due_at, hours.zone)),
    )
    done_at = hours.next_opening(done_at) if slips else done_at
    return Work(promise, done_at, hours.next_opening(knows_at) if knows_at else None)


def _due_at(made_at: datetime, owner: Worker, chance: Random) -> datetime:
    """Some hours later on the same day; else noon, three o'clock or, mostly, the end of a working day."""
    hours = owner.habits.hours
    _, shortest, longest = chance.choices(SPANS, [share for share, _, _ in SPANS])[0]
    if longest == 0:
        return made_at + timedelta(minutes=chance.randrange(60, 6 * 60))
    day, left = hours.local(made_at).date(), chance.randint(shortest, longest)
    while left:
        day += timedelta(days=1)
        left -= hours.works_on(day)
    at = chance.choice([time(12), time(15), hours.end, hours.end])
    return max(hours.instant(day, at), made_at + timedelta(hours=1)).astimezone(UTC)
