"""A rendered message with what it shows."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.promise import PromiseId
from bot.ports import Delivery, Message


@dataclass(slots=True)
class Rendered:
    """A rendered message, and the `seq` of each promise it shows: of its own, or of all its entries.

    `included` are the rows of a gathered message, `settled` those that it leaves out because they do not hold any more,
    and `broken` those that could not be drawn. `shown` is the message's fingerprint, for which it is encoded: among
    others that are drawn, because between other work that takes longer.
    """

    message: Message
    seq: int = 0
    seqs: Mapping[PromiseId, int] = field(default_factory=dict)
    included: tuple[Delivery, ...] = ()
    settled: tuple[Delivery, ...] = ()
    broken: tuple[Delivery, ...] = ()
    shown: str = field(init=False)

    def __post_init__(self) -> None:
        self.shown = fingerprint(self.message)


#: Bytes. For more than these hashlib releases the interpreter, and the event loop would wait until another thread gives
#: it back: five milliseconds for a hash that takes five microseconds.
HASHED_AT_ONCE = 2047
#: A message that is being drawn; None when there is nothing to send.
Drawing = asyncio.Future[Rendered | None]


def fingerprint(message: Message) -> str:
    """Return a short hash of a message's content: equal messages need no redraw."""
    text, blocks = message.written
    shown, digest = f"[{text}, {blocks}]".encode(), hashlib.sha256()
    for start in range(0, len(shown), HASHED_AT_ONCE):
        digest.update(shown[start : start + HASHED_AT_ONCE])
    return digest.hexdigest()[:16]
