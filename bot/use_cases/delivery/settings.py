"""Settings of sending messages."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.ports import Meter
from bot.use_cases.delivery.pacing import UNPACED, Pace

#: How long a claim lasts.
LEASE = timedelta(seconds=60)
#: How long a workspace stays with this process after it claimed a delivery of it, or decided about its people.
HOLD = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """`secret` makes the ids in messages opaque to their readers; `lease` is how long a claim lasts."""

    secret: str
    pace: Pace = UNPACED
    meter: Meter = field(default_factory=Meter)
    lease: timedelta = LEASE
