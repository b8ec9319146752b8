"""Ids that replace the ids of people whose data was deleted, so that others' records stay intact."""

from bot.domain.promise import UserId
from bot.language import N_

#: The prefix of such an id. Slack's ids are capital letters and digits, so none begins with it.
LEFT = "U-left-"
NAME = N_("somebody who left")
#: Replacement of their words.
WORDS = f"(words of {NAME})"


def stand_in(token: str) -> UserId:
    """Return the replacement of a person's id; `token` is random, so that it cannot be traced back."""
    return UserId(f"{LEFT}{token}")


def has_left(person: str) -> bool:
    """Return whether an id is such a replacement.

    >>> has_left(stand_in("7f3a")), has_left("U024BE7LH")
    (True, False)
    """
    return person.startswith(LEFT)
