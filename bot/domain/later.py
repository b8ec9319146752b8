"""Later dates to offer an owner: days on which both sides work, at the agreed hour."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from bot.domain.promise import Due
from bot.domain.working_time import WorkingHours

#: Number of dates offered, and of days searched.
MOMENTS, DAYS = 3, 60


def later_moments(due: Due, now: datetime, owner: WorkingHours, requester: WorkingHours) -> tuple[Due, ...]:
    """Return up to three instants after a deadline and after now, in order: the next two days, then the next week.

    Each is a working day of both, at the deadline's hour where the owner works then, else at the end of their day;
    in the owner's zone.

    >>> from datetime import UTC
    >>> friday = Due(datetime(2026, 11, 27, 16, tzinfo=UTC), "UTC")
    >>> hours = WorkingHours("UTC")
    >>> [f"{each.local:%a %d %H:%M}" for each in later_moments(friday, friday.at, hours, hours)]
    ['Mon 30 16:00', 'Tue 01 16:00', 'Mon 07 16:00']
    """
    after = max(due.at, now)
    clock = owner.local(due.at).time()
    moments = (_instant(day, clock, owner) for day in _days(owner.local(after).date(), owner, requester))
    return tuple(Due(moment, owner.zone) for moment in moments if moment > after)


@lru_cache(256)  # many questions are asked in the same morning
def _days(first: date, owner: WorkingHours, requester: WorkingHours) -> tuple[date, ...]:
    """Return the next two days after `first` on which both work, and the first of the week after them."""
    days = _shared_days(first, owner, requester)
    chosen = tuple(islice(days, MOMENTS - 1))
    if not chosen:
        return ()
    monday = chosen[-1] + timedelta(days=7 - chosen[-1].weekday())
    return *chosen, *islice((day for day in days if day >= monday), 1)


def _shared_days(first: date, owner: WorkingHours, requester: WorkingHours) -> Iterator[date]:
    for ahead in range(1, DAYS):
        day = first + timedelta(days=ahead)
        if owner.works_on(day) and requester.works_on(day):
            yield day


def _instant(day: date, clock: time, owner: WorkingHours) -> datetime:
    return owner.instant(day, clock) if owner.start <= clock <= owner.end else owner.closes(day)
