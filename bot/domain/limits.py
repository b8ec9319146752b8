"""Rate limits for new promises, per person and per channel."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import TooManyError
from bot.language import _

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """Maximum number of new promises within WINDOW; 0 is no limit."""

    person: int = 0
    channel: int = 0

    @property
    def are_set(self) -> bool:
        return bool(self.person or self.channel)

    def check(self, by_person: int, in_channel: int) -> None:
        """Raise TooManyError if so many promises within WINDOW reach a limit, so that no other may be made."""
        if self.person and by_person >= self.person:
            raise TooManyError(
                _(
                    "You have made {person} promises within ten minutes, and I can’t take more just now. Nothing was "
                    "recorded; please send it again in a few minutes."
                ).format(person=self.person)
            )
        if self.channel and in_channel >= self.channel:
            raise TooManyError(
                _(
                    "This channel has had {channel} new promises within ten minutes, and I can’t take more just now. "
                    "Nothing was recorded; please send it again in a few minutes, or in another channel."
                ).format(channel=self.channel)
            )


NO_LIMITS = Limits()
