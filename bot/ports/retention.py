"""What is over, and what admins chose for their workspace."""

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
    """What an admin chose for the workspace, and when."""

    name: str
    value: str
    by: UserId
    at: datetime


class RetentionBook(Protocol):
    """What is over in one workspace."""

    def closed_between(
        self, after: datetime, before: datetime, limit: int, *, with_words: bool = False
    ) -> tuple[tuple[PromiseId, datetime], ...]:
        """Return promises that ended between two instants, the oldest first; or those that still have words."""

    def remove(self, ids: Sequence[PromiseId]) -> None:
        """Delete promises with everything about them."""

    def remove_words(self, ids: Sequence[PromiseId]) -> None:
        """Delete what was said in promises; who, when and what came of it stays."""

    def count(self, person: UserId, outcome: Outcome, credit: Fraction) -> None:
        """Count what a promise that is about to be deleted came to."""

    def counted(self, person: UserId) -> tuple[PastOutcome, ...]:
        """Return what a person's deleted promises came to."""

    def choose(self, choice_id: str, choice: Choice) -> None: ...

    def choices(self, limit: int, name: str = "") -> tuple[Choice, ...]:
        """Return what admins chose, the latest first."""
