"""Retention of closed promises in a workspace, and the figures that remain."""

import re
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from bot.domain.errors import UnreadableError
from bot.domain.outcomes import Outcome
from bot.language import _

#: Replacement of words that retention deleted.
WORDS = "(words deleted for their age)"
#: The shortest and the longest time an admin may choose, in days.
SHORTEST, LONGEST = 30, 3650
_DAYS = r"\s+(?P<{name}>[0-9]{{1,4}})(?:\s+days)?"
_CHOICE = re.compile(
    "promises" + _DAYS.format(name="promises") + r"[\s,]+words" + _DAYS.format(name="words"), re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after its end for which a promise is kept, and the words in it."""

    promises_days: int = 400
    words_days: int = 90

    @property
    def promises(self) -> timedelta:
        return timedelta(days=self.promises_days)

    @property
    def words(self) -> timedelta:
        return timedelta(days=self.words_days)

    def written(self) -> str:
        return f"promises {self.promises_days} words {self.words_days}"


def read_retention(text: str) -> Retention:
    """Parse an admin's retention setting.

    Raises UnreadableError for anything else, and for times that are too short or too long.

    >>> read_retention("promises 400 words 90")
    Retention(promises_days=400, words_days=90)
    """
    found = _CHOICE.fullmatch(text.strip())
    if not found:
        raise UnreadableError(
            _("Write it like `settings retention promises 400 words 90`, in days after a promise ended.")
        )
    chosen = Retention(int(found["promises"]), int(found["words"]))
    if not SHORTEST <= chosen.words_days <= chosen.promises_days <= LONGEST:
        raise UnreadableError(
            _("Words are kept for {shortest} days or more, and no longer than promises: {longest} at most.").format(
                shortest=SHORTEST, longest=LONGEST
            )
        )
    return chosen


@dataclass(frozen=True, slots=True)
class PastOutcome:
    """The number of a person's deleted promises with an outcome, and their total score."""

    outcome: Outcome
    times: int
    credit: Fraction
