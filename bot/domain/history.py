"""The history of a promise: each act with its values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.promise import Due, Rest, UserId
from bot.domain.weight import Priority


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act in the history; the entries suffice to replay the promise.

    `early` and `settles_at` depend on calendars, which change, so they are decided once and stored here. `estimate` and
    `priority` are set if the act changes them (bot.domain.weight).
    """

    act: Act
    by: UserId
    at: datetime
    note: str = ""
    what: str | None = None
    due: Due | None = None
    done_when: str | None = None
    rating: str = ""
    heir: UserId | None = None
    rest: Rest | None = None
    early: bool = False
    settles_at: datetime | None = None
    origin: str = ""
    estimate: timedelta | None = None
    priority: Priority | None = None
