"""People who had themselves forgotten: an id that says nothing stands in place of theirs, and others' records stay."""

from bot.domain.promise import UserId

#: What such an id begins with. Slack's are capital letters and digits, so none of them does.
LEFT = "U-left-"
NAME = "somebody who left"
#: What stands in place of their words.
WORDS = f"(words of {NAME})"


def stand_in(token: str) -> UserId:
    """Return an id in place of a person's; `token` is drawn by chance, so that nothing leads back to them."""
    return UserId(f"{LEFT}{token}")


def has_left(person: str) -> bool:
    """Return whether an id stands in place of somebody's who left.

    >>> has_left(stand_in("7f3a")), has_left("U024BE7LH")
    (True, False)
    """
    return person.startswith(LEFT)
