"""Pages of promises, for lists that go on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.acts import State
from bot.domain.promise import ChannelId, Promise, UserId
from bot.ports.sides import Side


@dataclass(frozen=True, slots=True)
class PageAsked:
    """What a page holds: promises of one person, or with `person` None all that were made in public.

    Each filter that is set leaves out what it does not name; `after` is the deadline and the number of the last promise
    of the page before. Promises come by deadline and number, and those undone never.
    """

    person: UserId | None
    limit: int
    side: Side = Side.ALL
    states: frozenset[State] = frozenset()
    after: tuple[datetime, int] | None = None
    channel: ChannelId | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    words: str = ""


class PageBook(Protocol):
    def page(self, asked: PageAsked) -> tuple[Promise, ...]: ...
