"""How many promises one person makes, and one channel shows, within ten minutes: more would flood everybody else."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import TooManyError

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many within WINDOW; 0 is no limit."""

    person: int = 0
    channel: int = 0

    @property
    def are_set(self) -> bool:
        return bool(self.person or self.channel)

    def check(self, by_person: int, in_channel: int) -> None:
        """Raise TooManyError when one promise, counted already, was one too many."""
        if self.person and by_person > self.person:
            raise TooManyError(
                f"You have made {self.person} promises within ten minutes, and no more are taken. "
                "Nothing was recorded; please send it again in a few minutes."
            )
        if self.channel and in_channel > self.channel:
            raise TooManyError(
                f"This channel has shown {self.channel} new promises within ten minutes, and no more are taken. "
                "Nothing was recorded; please send it again in a few minutes, or in another channel."
            )
