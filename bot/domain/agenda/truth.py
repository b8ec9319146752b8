"""Check at rendering time whether a decided message is still true."""

from datetime import datetime

from bot.domain.acts import State
from bot.domain.agenda.nudges import DUE_NOW_LASTS
from bot.domain.agenda.unanswered import offer_occasion
from bot.domain.kinds import Kind, Phase
from bot.domain.occasions import asked_as, version_of
from bot.domain.promise import Promise


def is_still_true(kind: Kind, occasion: str, promise: Promise, now: datetime) -> bool:
    """Return whether the promise is still as when the message was decided: owed, on these terms, same side of due."""
    if promise.state is State.UNDONE:
        return False
    phase = asked_as(kind, occasion).rule.phase
    if phase is Phase.NONE:
        return True
    if kind is Kind.OFFER_OPEN:
        return promise.answerer is not None and occasion == offer_occasion(promise)
    if promise.state is not State.ACTIVE or version_of(occasion) != promise.terms.version:
        return False
    due_at = promise.terms.due.at
    if kind is Kind.DUE_NOW:
        return due_at <= now <= due_at + DUE_NOW_LASTS
    return (now >= due_at) == (phase is Phase.AFTER)
