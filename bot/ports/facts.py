"""Facts that are read in one statement with making a promise, or before acting on one."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.limits import NO_LIMITS, Limits
from bot.domain.load import Owed
from bot.domain.promise import Promise, UserId


@dataclass(frozen=True, slots=True)
class MakingAsked:
    """The facts to read when a promise is made: up to `at_most` deadlines of the owner from `due_since` on.

    With `made_since`, also the number of promises made since by `by`, and of public ones in `channel`, for `limits`.
    """

    owner: UserId
    due_since: datetime
    at_most: int
    by: UserId
    channel: str
    made_since: datetime | None = None
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class MakingFacts:
    """The owner's other deadlines, the number of recent promises, and the new one's number."""

    deadlines: tuple[Owed, ...] = ()
    by_person: int = 0
    in_channel: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class ActingFacts:
    """A promise, and what an act on it depends on.

    `is_repeated`: an act of the same origin is recorded. `asked` is the occasion of the requester's last question to
    the owner, `silent_at` when they were last notified of the owner's silence.
    """

    promise: Promise
    is_repeated: bool
    has_dependents: bool
    asked: str | None
    silent_at: datetime | None
