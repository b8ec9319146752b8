"""Additions to a message that only its reader sees."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.clashes import ClashSeen
from bot.domain.errors import UnreadableError
from bot.domain.load import Load, Room
from bot.domain.promise import NOTE_LIMIT, Due, UserId
from bot.domain.realism import Doubt
from bot.domain.risk import NeedBy, Risk
from bot.language import _


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The owner's note of what could stop a promise: asked when it is made, shown again half-way."""

    words: str


@dataclass(frozen=True, slots=True)
class OwnerAsked:
    """When the owner was asked about a missed promise; None if that was not possible before others are notified."""

    owner: UserId
    at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnerAway:
    """The last day of the owner's absence, for the requester; its reason is shown to the owner alone."""

    owner: UserId
    last_on: date


@dataclass(frozen=True, slots=True)
class LaterMoments:
    """Later dates offered to an owner in a menu."""

    moments: tuple[Due, ...]


Aside = Risk | NeedBy | Doubt | Load | Room | Obstacle | ClashSeen | OwnerAsked | OwnerAway | LaterMoments


def checked_obstacle(words: str) -> str:
    """Return the note as it is stored; empty if there is none.

    Raises UnreadableError if it is too long.
    """
    kept = words.strip()
    if len(kept) > NOTE_LIMIT:
        raise UnreadableError(
            _("That is {count:,} characters long; {note_limit:,} fit. Shorten it.").format(
                count=len(kept), note_limit=NOTE_LIMIT
            ),
            "obstacle",
        )
    return kept
