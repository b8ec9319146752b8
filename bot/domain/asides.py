"""What stands beside a message for its reader alone."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.clashes import ClashSeen
from bot.domain.errors import UnreadableError
from bot.domain.load import Load, Room
from bot.domain.promise import NOTE_LIMIT, Due, UserId
from bot.domain.realism import Doubt
from bot.domain.risk import NeedBy, Risk


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What could stop a promise, in the words of its owner: asked when it was made, told again half-way."""

    words: str


@dataclass(frozen=True, slots=True)
class OwnerAsked:
    """When the owner of something missed was asked about it; None if they could not be asked before others are told."""

    owner: UserId
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LaterMoments:
    """The dates that an owner who is asked may want instead, offered in a menu."""

    moments: tuple[Due, ...]


Aside = Risk | NeedBy | Doubt | Load | Room | Obstacle | ClashSeen | OwnerAsked | LaterMoments


def foreseen(words: str) -> str:
    """What somebody noted, ready to be kept; empty for nothing.

    Raises UnreadableError when it is too long.
    """
    kept = words.strip()
    if len(kept) > NOTE_LIMIT:
        raise UnreadableError(f"That is {len(kept):,} characters long; {NOTE_LIMIT:,} fit. Shorten it.", "obstacle")
    return kept
