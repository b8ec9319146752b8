"""Pages of promises, for lists that go on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.acts import State
from bot.domain.promise import ChannelId, Promise, UserId
from bot.ports.sides import Side


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The filters of a page: promises of one person, or with `person` None all public ones.

    Empty filters match everything; `after` is the deadline and the number of the last promise of the previous page.
    Promises are sorted by deadline and number; undone ones are left out.
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
    def page(self, asked: PageQuery) -> tuple[Promise, ...]: ...
