"""Dependencies that every use case needs, built once in bot.services."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.limits import Limits
from bot.ports import Clock, Store

NO_LIMITS = Limits()


#: How many ids are made per batch: reading random bytes releases the GIL, and the writing thread is slow to get it
#: back.
IDS_PER_BATCH = 256
_ids: list[str] = []


def new_id() -> str:
    """Return a unique id: 32 hexadecimal digits."""
    while True:
        try:
            return _ids.pop()
        except IndexError:
            digits = os.urandom(16 * IDS_PER_BATCH).hex()
            _ids.extend(digits[start : start + 32] for start in range(0, len(digits), 32))


@dataclass(frozen=True, slots=True)
class Context:
    """Shared dependencies. Call `wake` after each commit that adds deliveries, so that they are sent immediately."""

    store: Store
    clock: Clock
    new_id: Callable[[], str] = new_id
    wake: Callable[[], None] = lambda: None
    limits: Limits = NO_LIMITS
