"""Deadlines on a day off of either side, with the nearest alternative dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.acts import State
from bot.domain.habits import Habits
from bot.domain.promise import Due, Promise, UserId
from bot.domain.timing import FAIR_GAP
from bot.domain.working_time import HORIZON, WorkingHours

ONE_DAY = timedelta(days=1)


class Reason(StrEnum):
    ABSENCE = "absence"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Off:
    """A person's days off around a deadline, both ends included, in their own zone."""

    who: UserId
    reason: Reason
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Clash:
    """The people who are off, and the nearest days before and after on which both work, at the same hour.

    `earlier` is None if no such day is left.
    """

    off: tuple[Off, ...]
    earlier: Due | None
    later: Due | None


@dataclass(frozen=True, slots=True)
class ClashSeen:
    """A clash as one of the two sides reads it."""

    clash: Clash
    reader: UserId


def clash(promise: Promise, owner: Habits, requester: Habits, now: datetime) -> Clash | None:
    """Return the clash if a future deadline falls on a day off of either side. The deadline itself stays."""
    if promise.state not in (State.ACTIVE, State.REQUESTED) or promise.terms.due.at <= now:
        return None
    sides = {promise.owner_id: owner, promise.requester_id: requester}
    off = tuple(filter(None, (_off(who, habits, promise.terms.due.at) for who, habits in sides.items())))
    if not off:
        return None
    calendars = [habits.hours for habits in sides.values()]
    earlier = next(_common_days(promise.terms.due, calendars, -ONE_DAY), None)
    later = next(_common_days(promise.terms.due, calendars, ONE_DAY), None)
    return Clash(off, earlier if earlier and earlier.at > now + FAIR_GAP else None, later)


def _off(who: UserId, habits: Habits, due_at: datetime) -> Off | None:
    day, days_off = habits.hours.local(due_at).date(), habits.hours.days_off
    if day not in days_off:
        return None
    for absence in habits.absences:
        if absence.covers(day):
            return Off(who, Reason.ABSENCE, absence.first_on, absence.last_on)
    first = last = day
    while first - ONE_DAY in days_off:
        first -= ONE_DAY
    while last + ONE_DAY in days_off:
        last += ONE_DAY
    return Off(who, Reason.HOLIDAY, first, last)


def _common_days(due: Due, calendars: list[WorkingHours], step: timedelta) -> Iterator[Due]:
    """Yield the same wall-clock time on days on which all work, nearest first."""
    meant, day = WorkingHours(due.zone), due.local.date()
    for _ in range(HORIZON.days):
        day += step
        at = meant.instant(day, due.local.time())
        if all(hours.works_on(hours.local(at).date()) for hours in calendars):
            yield Due(at, due.zone)
