"""The morning brief: a person's promises of the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import State
from bot.domain.habits import Habits
from bot.domain.ordering import in_order
from bot.domain.promise import Promise, UserId


@dataclass(frozen=True, slots=True)
class Brief:
    """Promises that a person owes today, waits for today, and owes since before."""

    owes: tuple[Promise, ...] = ()
    waits_for: tuple[Promise, ...] = ()
    late: tuple[Promise, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.owes or self.waits_for or self.late)


def brief(person: UserId, promises: Iterable[Promise], habits: Habits, now: datetime) -> Brief:
    """Return a person's promises of the day, the most urgent first."""
    hours, today = habits.hours, habits.hours.local(now).date()
    active = in_order((p for p in promises if p.state is State.ACTIVE), hours)
    due_today = [p for p in active if p.terms.due.at > now and hours.local(p.terms.due.at).date() == today]
    return Brief(
        owes=tuple(p for p in due_today if p.owner_id == person),
        waits_for=tuple(p for p in due_today if p.is_owed_to(person)),
        late=tuple(p for p in active if p.terms.due.at <= now and p.owner_id == person),
    )
