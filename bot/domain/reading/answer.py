"""The result of reading a deadline: an instant, or a refusal with its reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Granularity(StrEnum):
    """The precision with which the words named the time."""

    MINUTE = "minute"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Refusal(StrEnum):
    """Why no deadline was read."""

    NO_DEADLINE = "no_deadline"
    AMBIGUOUS = "ambiguous"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    RANGE = "range"
    RECURRING = "recurring"  #: it comes again, in a way that is not known for certain


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant (aware, UTC), and the zone in which it was meant."""

    at: datetime
    zone: str
    granularity: Granularity


@dataclass(frozen=True, slots=True)
class Unread:
    """A refusal, with what could have been meant and the words that were recognised."""

    refusal: Refusal
    candidates: tuple[Deadline, ...] = ()
    understood: str = ""


def candidates_of(answer: Deadline | Unread) -> tuple[Deadline, ...]:
    """Everything that an answer may mean."""
    return (answer,) if isinstance(answer, Deadline) else answer.candidates
