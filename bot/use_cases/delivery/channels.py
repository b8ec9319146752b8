"""The queue of one conversation, and of the redraws of one workspace."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from bot.domain.occasions import OfMessage
from bot.domain.people import is_person
from bot.ports import Delivery, DeliveryId
from bot.use_cases.delivery.pacing import Gate, Pace
from bot.use_cases.delivery.rendered import Drawing

#: Messages that start within this time are drawn together. It is less than the time after which they are drawn again.
AHEAD_S = 1.0
#: Most redraws of one workspace in hand: Slack takes no more before their lease ends. When the others are due again.
MAX_REDRAWS, REDRAW_AGAIN = 50, timedelta(seconds=30)
#: Most redraws after messages that are done together.
TOGETHER = 10


@dataclass(slots=True)
class Claimed:
    """A delivery in hand. It must not be started after `deadline`, when its lease is about to expire.

    `drawn_at` is when it was to be drawn ahead, and `drawing` its message then, if its kind can be drawn ahead. Both
    times are monotonic seconds. `others` are further redraws, which are done with this one.
    """

    delivery: Delivery
    deadline: float
    drawing: Drawing | None = None
    drawn_at: float | None = None
    others: tuple[Delivery, ...] = ()

    @property
    def is_patient(self) -> bool:
        """Return whether it is a redraw because of a newer message."""
        return not self.delivery.to and OfMessage.is_of(self.delivery.occasion)

    @property
    def rank(self) -> tuple[bool, datetime]:
        """Return the order of redraws: those that follow an act first, and by when they were first asked for."""
        return self.is_patient, self.delivery.planned_at or self.delivery.due_at


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
        """Add a delivery behind the others; redraws in the order of their `rank`."""
        last = len(self.waiting) if self.to else bisect_right(self.waiting, claimed.rank, key=lambda each: each.rank)
        self.waiting.insert(last, claimed)

    def pop(self) -> Claimed:
        """Take out the next delivery; with a redraw after a message some of those that were claimed with it."""
        first = self.waiting.popleft()
        while first.is_patient and self.waiting and len(first.others) < TOGETHER - 1:
            following = self.waiting[0]
            if not following.is_patient or following.deadline != first.deadline:
                break
            first.others += (self.waiting.popleft().delivery,)
        return first

    def one_too_many(self) -> Claimed | None:
        """Take out the last redraw if there are too many: acts may ask for more than Slack takes, for hours.

        In the order of `rank` it is the one asked for last, so that none is given back each time it is claimed.
        """
        return self.waiting.pop() if len(self.waiting) > MAX_REDRAWS else None

    def soon(self, pace: Pace, now: float) -> Iterable[Claimed]:
        """Return the messages that start within AHEAD_S if nothing else holds them up.

        Of messages to a person it is the first alone: what the next one says depends on the record of this one.
        """
        if not self.to or self.gate.opens_at() - now > AHEAD_S:
            return ()
        if pace.channel_s or is_person(self.to):
            return () if self.is_busy else islice(self.waiting, 1)
        return self.waiting


def to_draw_ahead(channels: Iterable[Channel], pace: Pace, now: float) -> Iterator[Claimed]:
    """Yield the messages of a workspace that start within AHEAD_S and are not drawn yet."""
    most = round(AHEAD_S / pace.workspace_s) if pace.workspace_s else None
    for claimed in islice((each for channel in channels for each in channel.soon(pace, now)), most):
        if claimed.drawn_at is None:
            yield claimed
