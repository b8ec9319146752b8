"""An instant before which nothing is said about a promise whose deadline is far off.

Most promises of a person are far off, and a decision about what to send now need not compute their moments
(bot.domain.timing). The bound is a function of the deadline's hour and of both calendars alone, so that it is computed
once for all promises with the same ones. It is no later than any moment, because each step here is one that the
moments take, at the earliest instant that it can have, and none of them moves backwards when a deadline moves forwards.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache

from bot.domain.acts import State
from bot.domain.agenda.facts import Case
from bot.domain.agenda.unanswered import SIDE_QUESTION_DAYS
from bot.domain.habits import Habits
from bot.domain.promise import UserId
from bot.domain.spans import EPOCH
from bot.domain.timing import ANSWER_TIME, FAIR_GAP, LAST_CALL_LEAD, QUICK_ANSWER
from bot.domain.working_time import WorkingHours

HOUR = timedelta(hours=1)


def far_off(cases: Iterable[Case], person: UserId, until: datetime) -> tuple[list[Case], list[tuple[datetime, Case]]]:
    """Return the cases about which a nudge may be due to a person by an instant, and the others, each with its bound,
    the earliest first.
    """
    near, later = [], []
    for case in cases:
        bound = no_nudge_before(case, person, until)
        if bound:
            later.append((bound, case))
        else:
            near.append(case)
    return near, sorted(later, key=lambda one: one[0])


def no_nudge_before(case: Case, person: UserId, until: datetime) -> datetime | None:
    """Return the bound of what is said about a promise to one of its sides if it is later than `until`, else None.

    There is none for promises with an open offer, a question to the owner or a short time left.
    """
    promise = case.promise
    if promise.state is not State.ACTIVE or promise.proposal:
        return None
    is_owner = person == promise.owner_id
    asked_at, warned_at = _bounds((promise.terms.due.at - EPOCH) // HOUR, case.owner, case.requester, promise.lead_days)
    bound = asked_at if is_owner else warned_at
    if bound is None or bound <= until or case.questions or bound <= case.timing.began_at:
        return None
    if is_owner and (half_way := case.timing.half_of_work):
        bound = min(bound, _opened(case.owner, half_way) or until)
    return bound if bound > until else None


@lru_cache(8192)
def _bounds(
    hour: int, owner: Habits, requester: Habits, lead_days: int | None
) -> tuple[datetime | None, datetime | None]:
    """Return the bounds to owner and requester for deadlines within an hour, of the questions half-way apart.

    A moment outside of message hours moves back into the hours before it, at most to their beginning.
    """
    due_at, hours = EPOCH + hour * HOUR, owner.hours
    ahead = _days_ahead(due_at, requester, lead_days)
    warned_at = _opened(requester, min(ahead, hours.leaving(due_at, ANSWER_TIME)))
    silent_at = _opened(requester, requester.hours.leaving(due_at, FAIR_GAP))
    if warned_at is None or silent_at is None:
        return None, None
    early_until = requester.hours.leaving(due_at, requester.hours.working_day)
    asked_at = min(
        _days_ahead(due_at, owner, lead_days),
        hours.leaving(warned_at, QUICK_ANSWER),
        hours.leaving(silent_at, 2 * ANSWER_TIME),
        hours.leaving(early_until, 2 * QUICK_ANSWER),
        due_at - LAST_CALL_LEAD,
        hours.leaving(due_at, SIDE_QUESTION_DAYS * hours.working_day),
        hours.opens(hours.local(due_at).date()),
    )
    opened = _opened(owner, asked_at)
    return opened and min(opened, warned_at), warned_at


def _days_ahead(due_at: datetime, habits: Habits, lead_days: int | None) -> datetime:
    """Return the beginning of the day on which a reminder is due, some working days ahead."""
    days, hours, at = lead_days or habits.lead_days, habits.hours, due_at
    for _ in range(days):
        at = hours.working_day_before(_midnight(hours, at))
    return min(at, hours.leaving(due_at, days * hours.working_day))


def _midnight(hours: WorkingHours, at: datetime) -> datetime:
    return hours.instant(hours.local(at).date(), time(0))


def _opened(habits: Habits, at: datetime) -> datetime | None:
    """Return the beginning of the message hours at an instant or the last before it; None if that is months ago."""
    return habits.spans(at).started_by(at)
