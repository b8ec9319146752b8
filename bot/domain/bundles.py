"""Less noise: what one message says at once, what is over the daily limit, and what the morning brings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.acts import Act, State
from bot.domain.following_up import can_wait
from bot.domain.habits import Habits
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Kind, Planned

#: What is due to one person within this time is said in one message.
TOGETHER = timedelta(hours=2)
#: What may come that much early. A follow-up may not (its silence has to last), and "due now" would not be true.
_MAY_COME_EARLY = frozenset({Kind.MIDWAY, Kind.CHECK_IN, Kind.HEADS_UP, Kind.LAST_CALL, Kind.SNOOZED})
#: What the other side hears of these needs no answer within the hour. Offers, warnings and ends are told at once.
_NEWS = frozenset({Act.PROMISE, Act.REPORT, Act.ACCEPT_DELIVERY, Act.RATE, Act.SETTLE})
#: So many messages a day come at once, whatever they say; from then on news waits this long for another to go with.
FREE, NEWS_WAITS = 2, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that waits, with the promise it speaks of; `is_news` says that it may come a little later."""

    promise: Promise
    nudge: Planned
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """What becomes of one person's waiting messages: `said` now in one, `held` until `held_until`."""

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


def is_news(kind: Kind, act: Act) -> bool:
    """Whether a message about an act may come a little later, together with others."""
    return kind is Kind.NOTICE and act in _NEWS


def saying(waiting: Sequence[Owed], habits: Habits, said_today: int, now: datetime) -> Saying:
    """What to say to one person now, given what waits for them and how many messages they had today.

    Over the limit everything waits for the next morning. If something cannot wait, a message goes out anyway, and the
    rest may as well be in it: so is news that would have waited for company.
    """
    due = [owed for owed in waiting if owed.nudge.at <= now]
    if not due:
        return Saying()
    morning = habits.next_morning(now)
    if said_today >= habits.daily_cap and all(_can_wait(owed, morning) for owed in due):
        return Saying(held=tuple(due), held_until=morning)
    until = min(_waits_until(owed, habits, said_today, now) for owed in due)
    if until > now:
        return Saying(held=tuple(due), held_until=until)
    ahead = [owed for owed in waiting if now < owed.nudge.at <= now + TOGETHER and owed.nudge.kind in _MAY_COME_EARLY]
    if not habits.is_listening(now):
        ahead = []  # what disturbs somebody at night brings no nudge of the day along
    said = sorted([*due, *ahead], key=lambda owed: (owed.promise.terms.due.at, owed.promise.number, owed.nudge.kind))
    return Saying(said=tuple(said))


def _can_wait(owed: Owed, until: datetime) -> bool:
    if not owed.is_news:
        return owed.nudge.kind.is_nudge and can_wait(owed.nudge.kind, owed.promise, until)
    return owed.promise.state is not State.ACTIVE or can_wait(Kind.NOTICE, owed.promise, until)


def _waits_until(owed: Owed, habits: Habits, said_today: int, now: datetime) -> datetime:
    """Until when something due waits for company: `now` for everything but news.

    News waits for the person's hours, too, unless its promise does not outlast that.
    """
    if not owed.is_news:
        return now
    opening = habits.next_moment(now)
    if opening > now and _can_wait(owed, opening):
        return opening
    return max(owed.nudge.at + NEWS_WAITS, now) if said_today >= FREE else now


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
