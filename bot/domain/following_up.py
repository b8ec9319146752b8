"""Silence and putting off: whether a check-in was answered, and how long a nudge may wait."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.deciding import Entry
from bot.domain.errors import TooLateError
from bot.domain.habits import Habits
from bot.domain.promise import Promise
from bot.domain.reminders import DUE_NOW_LASTS, Kind
from bot.domain.timing import ANSWER_TIME, FAIR_GAP, LAST_CALL_LEAD, LEAST_GAP, LEAST_WARNING, Timing
from bot.domain.working_time import WorkingHours

#: What is overdue is put off by no more than this.
OVERDUE_SNOOZE = timedelta(hours=2)


def is_unanswered(promise: Promise, history: Iterable[Entry], asked_at: datetime | None) -> bool:
    """Whether the owner has done nothing at all since they were asked; false when they never were."""
    if asked_at is None:
        return False
    return not any(entry.by == promise.owner_id and entry.at >= asked_at for entry in history)


def snoozed_until(promise: Promise, requester: WorkingHours | Habits, wait: timedelta, now: datetime) -> datetime:
    """When a nudge that was put off comes back: after `wait`, but while an answer still helps.

    That is as long as a change would count as early; then until the last call; then until five minutes before the
    deadline. Once overdue, two hours at most.

    Raises TooLateError when there is nothing left to wait for.
    """
    due_at = promise.terms.due.at
    if now >= due_at:
        return now + min(wait, OVERDUE_SNOOZE)
    timing = Timing(promise, Habits(), Habits.of(requester))
    ends = (timing.early_until(), due_at - LAST_CALL_LEAD, due_at - LEAST_WARNING)
    last = next((end for end in ends if end > now), None)
    if last is None:
        raise TooLateError(
            f"#{promise.number} is due in a few minutes, so this cannot wait. Report it, or propose another date."
        )
    return min(now + wait, last)


def comes_back_at(promise: Promise, owner: Habits, requester: Habits, now: datetime) -> datetime:
    """When a question that its owner put off is asked again: four working hours later, bounded as above.

    Raises TooLateError when there is nothing left to wait for.
    """
    until = snoozed_until(promise, requester, owner.hours.after(now, ANSWER_TIME) - now, now)
    return owner.moment(until, now + LEAST_GAP, until) if until > now + LEAST_GAP else until


def asked_again_at(promise: Promise, owner: Habits, last_asked_at: datetime | None, now: datetime) -> datetime:
    """When the owner hears a question that the requester has asked: now, or when they are at work before the deadline.

    Raises TooLateError where it would be nagging or come too late.
    """
    due_at, word = promise.terms.due.at, promise.last_word
    if promise.state is not State.ACTIVE or now >= due_at:
        raise TooLateError(f"#{promise.number} can no longer be asked about: it is due, or closed.")
    lately = owner.hours.leaving(now, ANSWER_TIME)
    if last_asked_at and last_asked_at > lately:
        raise TooLateError(
            f"They were asked about #{promise.number} in their last four working hours. A message of your own may help "
            "more; in a while, I can ask again."
        )
    if word and word.at > lately:
        raise TooLateError(
            f"They spoke of #{promise.number} in their last four working hours: `/promise show` tells it."
        )
    return owner.moment(now, now, max(now, due_at - LEAST_WARNING))


def can_wait(kind: Kind, promise: Promise, until: datetime) -> bool:
    """Whether a nudge still makes sense at `until`: for "do not disturb", and for what is over the daily limit."""
    due_at = promise.terms.due.at
    match kind:
        case Kind.LAST_CALL:
            return False
        case Kind.DUE_NOW:
            return until <= due_at + DUE_NOW_LASTS
        case Kind.OVERDUE:
            return True
        case _:
            return until + 4 * FAIR_GAP <= due_at
