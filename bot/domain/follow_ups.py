"""Times of follow-up questions: when one comes back after "Not now", and when "Ask again" reaches the owner."""

from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.errors import TooLateError
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.occasions import asked_as
from bot.domain.promise import Promise
from bot.domain.timing import ANSWER_TIME, LAST_CALL_LEAD, MIN_GAP, MIN_WARNING, Timing
from bot.language import _

#: The longest snooze of an overdue promise.
OVERDUE_SNOOZE = timedelta(hours=2)


def comes_back_at(promise: Promise, owner: Habits, requester: Habits, now: datetime) -> datetime:
    """Return when a question that its owner put off is asked again: four working hours later, while an answer helps.

    That is as long as a change would count as early; then until the last call; then until five minutes before the
    deadline. Once overdue, two hours at most.

    Raises TooLateError if there is no time left to wait.
    """
    until = snoozed_until(promise, requester, owner.hours.after(now, ANSWER_TIME) - now, now)
    return owner.moment(until, now + MIN_GAP, until) if until > now + MIN_GAP else until


def snoozed_until(promise: Promise, requester: Habits, wait: timedelta, now: datetime) -> datetime:
    """Return the end of `wait`, or of the time in which an answer still helps.

    Raises TooLateError if there is no time left to wait.
    """
    due_at = promise.terms.due.at
    if now >= due_at:
        return now + min(wait, OVERDUE_SNOOZE)
    timing = Timing(promise, Habits(), requester)
    ends = (timing.early_until, due_at - LAST_CALL_LEAD, due_at - MIN_WARNING)
    last = next((end for end in ends if end > now), None)
    if last is None:
        raise TooLateError(
            _("#{number} is due in a few minutes, so this cannot wait. Report it, or propose another date.").format(
                number=promise.number
            )
        )
    return min(now + wait, last)


def asked_again_at(promise: Promise, owner: Habits, last_asked_at: datetime | None, now: datetime) -> datetime:
    """Return when the owner is asked in the requester's name: now, or when they are at work.

    Raises TooLateError where it would be nagging, or there is nothing left to ask about.
    """
    if promise.state is not State.ACTIVE:
        raise TooLateError(
            _("#{number} can no longer be asked about: nothing is owed at this point.").format(number=promise.number)
        )
    lately, word = owner.hours.leaving(now, ANSWER_TIME), promise.last_word
    if last_asked_at and last_asked_at > lately:
        raise TooLateError(
            _(
                "They were asked about #{number} in their last four working hours. A message of your own may "
                "help more; in a while, I can ask again."
            ).format(number=promise.number)
        )
    if word and word.at > lately:
        raise TooLateError(
            _("They gave news of #{number} in their last four working hours: `/promise show` has it.").format(
                number=promise.number
            )
        )
    due_at = promise.terms.due.at
    return owner.next_moment(now) if now >= due_at else owner.moment(now, now, max(now, due_at - MIN_WARNING))


def question_about(promise: Promise, now: datetime, asked: Kind = Kind.CHECK_IN, occasion: str = "") -> Kind:
    """Return the kind of a question that comes back, before or after the deadline."""
    if now >= promise.terms.due.at:
        return Kind.OVERDUE
    is_call = occasion and asked_as(asked, occasion) in (Kind.LAST_CALL, Kind.CALL_AGAIN)
    return Kind.LAST_CALL if is_call else Kind.CHECK_IN
