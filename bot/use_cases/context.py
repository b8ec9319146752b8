"""Dependencies that every use case needs, built once in bot.services."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.limits import NO_LIMITS, Limits
from bot.ports import Clock, DeliveryId, Store

#: How many ids are made per batch: reading random bytes releases the GIL, and the writing thread is slow to get it
#: back.
IDS_PER_BATCH = 256
#: Of the 32 hexadecimal digits of an id, those that are the milliseconds since 1970, as in UUIDv7.
TIMES_DIGITS = 12
_random: list[str] = []


def new_id() -> str:
    """Return a unique id: 32 hexadecimal digits, of which the first are the time and the other 80 bits random.

    Ids in the order of time are written to the same pages: a promise changes half as many pages of the database.
    """
    while True:
        try:
            return f"{time.time_ns() // 1_000_000:0{TIMES_DIGITS}x}{_random.pop()}"
        except IndexError:
            size = 32 - TIMES_DIGITS
            digits = os.urandom(size // 2 * IDS_PER_BATCH).hex()
            _random.extend(digits[start : start + size] for start in range(0, len(digits), size))


@dataclass(frozen=True, slots=True)
class Context:
    """Shared dependencies. Call `wake` after each commit that adds deliveries, so that they are sent immediately.

    `tick_again` runs the jobs again when they end, in this process alone.
    """

    store: Store
    clock: Clock
    new_id: Callable[[], str] = new_id
    wake: Callable[[], None] = lambda: None
    tick_again: Callable[[], None] = lambda: None
    limits: Limits = NO_LIMITS

    def new_delivery(self) -> DeliveryId:
        return DeliveryId(self.new_id())
