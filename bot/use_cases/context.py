"""What every use case works with, put together once (bot.services)."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.limits import Limits
from bot.ports import Clock, Store

NO_LIMITS = Limits()


#: How many ids are made at once: asking the system for random bytes lets go of the interpreter, and a thread that
#: writes is slow to give it back.
IDS_AT_ONCE = 256
_ids: list[str] = []


def new_id() -> str:
    """Return an id that no other process makes: 32 hexadecimal digits."""
    while True:
        try:
            return _ids.pop()
        except IndexError:
            digits = os.urandom(16 * IDS_AT_ONCE).hex()
            _ids.extend(digits[start : start + 32] for start in range(0, len(digits), 32))


@dataclass(frozen=True, slots=True)
class Context:
    """Call `wake` after each commit that owes messages, so that they leave at once."""

    store: Store
    clock: Clock
    new_id: Callable[[], str] = new_id
    wake: Callable[[], None] = lambda: None
    limits: Limits = NO_LIMITS
