"""Protocol for retention: closed promises to delete, and the admins' choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Protocol

from bot.domain.outcomes import Outcome
from bot.domain.promise import PromiseId, UserId
from bot.domain.retention import PastOutcome


@dataclass(frozen=True, slots=True)
class Choice:
    """An admin's choice for the workspace, with its time."""

    name: str
    value: str
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """An admin's choice with what was in force before it; "" where the choice itself says that."""

    choice: Choice
    before: str


class RetentionBook(Protocol):
    """Closed promises of one workspace."""

    def closed_between(
        self, after: datetime, before: datetime, limit: int, *, with_words: bool = False
    ) -> tuple[tuple[PromiseId, datetime], ...]:
        """Return promises that ended between two instants, the oldest first; or those that still have words."""
        ...

    def remove(self, ids: Sequence[PromiseId]) -> None:
        """Delete promises with everything about them."""

    def remove_words(self, ids: Sequence[PromiseId]) -> None:
        """Delete the words of promises; people, times and outcomes stay."""

    def remove_messages(self, before: datetime, limit: int) -> int:
        """Delete messages about no single promise that ended before an instant; return how many, `limit` at most."""
        ...

    def count(self, person: UserId, outcome: Outcome, credit: Fraction) -> None:
        """Count the outcome of a promise that is about to be deleted."""

    def counted(self, person: UserId) -> tuple[PastOutcome, ...]:
        """Return the outcomes of a person's deleted promises."""
        ...

    def choose(self, choice_id: str, choice: Choice) -> None: ...

    def chosen(self, name: str) -> str | None:
        """Return the value that an admin chose last; None if there is none."""
        ...

    def choices(self, limit: int) -> tuple[Choice, ...]:
        """Return the admins' choices, the latest first."""
        ...
