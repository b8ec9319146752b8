"""Less noise: what one message says at once, what is over the daily limit, and what the morning brings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.acts import State
from bot.domain.following_up import can_wait
from bot.domain.habits import Habits
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Kind, Planned

#: What is due to one person within this time is said in one message.
TOGETHER = timedelta(hours=2)
#: What may come that much early. A follow-up may not (its silence has to last), and "due now" would not be true.
_MAY_COME_EARLY = frozenset({Kind.MIDWAY, Kind.CHECK_IN, Kind.HEADS_UP, Kind.LAST_CALL})


@dataclass(frozen=True, slots=True)
class Owed:
    """A nudge with the promise it speaks of."""

    promise: Promise
    nudge: Planned


@dataclass(frozen=True, slots=True)
class Saying:
    """What becomes of one person's waiting nudges: `said` now in one message, `held` until `held_until`."""

    said: tuple[Owed, ...] = ()
    held: tuple[Owed, ...] = ()
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A person's morning: what they owe today, what they wait for today, and what they still owe from before."""

    owes: tuple[Promise, ...] = ()
    waits_for: tuple[Promise, ...] = ()
    late: tuple[Promise, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.owes or self.waits_for or self.late)


def saying(waiting: Sequence[Owed], habits: Habits, said_today: int, now: datetime) -> Saying:
    """What to say to one person now, given the nudges that wait for them and how many messages they had today.

    Over the limit everything waits for the next morning. If something cannot wait, a message goes out anyway, and the
    rest may as well be in it.
    """
    due = [owed for owed in waiting if owed.nudge.at <= now]
    if not due:
        return Saying()
    morning = habits.next_morning(now)
    if said_today >= habits.daily_cap and all(can_wait(owed.nudge.kind, owed.promise, morning) for owed in due):
        return Saying(held=tuple(due), held_until=morning)
    early = [owed for owed in waiting if now < owed.nudge.at <= now + TOGETHER and owed.nudge.kind in _MAY_COME_EARLY]
    said = sorted([*due, *early], key=lambda owed: (owed.promise.terms.due.at, owed.promise.number, owed.nudge.kind))
    return Saying(said=tuple(said))


def today_began_at(habits: Habits, now: datetime) -> datetime:
    """The person's last midnight: the daily limit counts from here."""
    return habits.hours.instant(habits.hours.local(now).date(), time(0))


def brief(person: UserId, promises: Iterable[Promise], habits: Habits, now: datetime) -> Brief:
    """What the day holds for somebody, the earliest deadline first."""
    hours, today = habits.hours, habits.hours.local(now).date()
    active = sorted((p for p in promises if p.state is State.ACTIVE), key=lambda p: (p.terms.due.at, p.number))
    due_today = [p for p in active if p.terms.due.at > now and hours.local(p.terms.due.at).date() == today]
    return Brief(
        owes=tuple(p for p in due_today if p.owner_id == person),
        waits_for=tuple(p for p in due_today if p.requester_id == person and not p.is_own),
        late=tuple(p for p in active if p.terms.due.at <= now and p.owner_id == person),
    )
