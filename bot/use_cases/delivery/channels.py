"""The queue of one conversation, and of the redraws of one workspace."""

from collections import deque
from dataclasses import dataclass, field

from bot.domain.occasions import OfMessage
from bot.ports import Delivery, DeliveryId
from bot.use_cases.delivery.pacing import Gate


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in hand. It must not be started after `deadline` (monotonic seconds), when its lease is about to
    expire.
    """

    delivery: Delivery
    deadline: float

    @property
    def is_patient(self) -> bool:
        """Return whether it is a redraw because of a newer message."""
        return not self.delivery.to and OfMessage.is_of(self.delivery.occasion)


@dataclass
class Channel:
    """The queue of one conversation."""

    to: str
    gate: Gate
    waiting: deque[Claimed] = field(default_factory=deque)
    is_busy: bool = False
    #: The last slot given away, and the deliveries that have one: they are accepted when they are claimed again.
    turn_at: float = float("-inf")
    turns: set[DeliveryId] = field(default_factory=set)

    def add(self, claimed: Claimed) -> None:
        """Add a delivery behind the others; a redraw that follows an act comes before those that no act asks for."""
        last = len(self.waiting)
        if not self.to and not claimed.is_patient:
            last -= sum(each.is_patient for each in self.waiting)
        self.waiting.insert(last, claimed)
