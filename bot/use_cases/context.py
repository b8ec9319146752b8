"""What every use case works with, put together once (bot.services)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.limits import Limits
from bot.ports import Clock, Store

NO_LIMITS = Limits()


def new_id() -> str:
    """Return an id that no other process makes: 32 hexadecimal digits."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Context:
    """Call `wake` after each commit that owes messages, so that they leave at once."""

    store: Store
    clock: Clock
    new_id: Callable[[], str] = new_id
    wake: Callable[[], None] = lambda: None
    limits: Limits = NO_LIMITS
