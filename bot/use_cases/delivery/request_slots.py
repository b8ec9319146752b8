"""The place of one delivery among those that its workspace has in hand."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.people import is_person
from bot.use_cases.delivery.channels import Channel

if TYPE_CHECKING:
    from bot.use_cases.delivery.lanes import Lane


@dataclass(frozen=True, slots=True)
class Settled:
    """The result of a delivery: whether a message was posted, and whether the whole workspace has to stop.

    With `is_being_recorded` the delivery is in hand until its slot has `ended`.
    """

    posted: bool = False
    halts: bool = False
    is_being_recorded: bool = False


class RequestSlot:
    """The place of one delivery among the requests in flight of its workspace."""

    __slots__ = ("_channel", "_is_answered", "_lane")

    def __init__(self, lane: "Lane", channel: Channel) -> None:
        self._lane, self._channel = lane, channel
        self._is_answered = False

    @property
    def is_open(self) -> bool:
        """Return whether a request may still start."""
        return not self._lane.is_halted

    @property
    def is_held_up(self) -> bool:
        """Return whether further redraws have to wait: for one that an act asks for, or because nothing may start."""
        waiting = self._channel.waiting
        return not self.is_open or bool(waiting and not waiting[0].is_patient)

    def answered(self) -> None:
        """Give the place back: what is left is to record the message, for which no other has to wait."""
        # Whether a message to a person makes an older one shrink is seen when it is recorded, in their order.
        self._give_back(is_busy=is_person(self._channel.to))

    def ended(self) -> None:
        """Give back what `answered` did not."""
        if not self._is_answered:
            self._give_back(is_busy=False)
        elif is_person(self._channel.to):
            self._channel.is_busy = False
        self._lane.one_ended(self._channel)

    def end_with(self, last: Callable[[], Coroutine[Any, Any, None] | None]) -> None:
        """Call `last`, and end then; what it returns runs in a task first. The round reports its exceptions."""
        try:
            rest = last()
        except Exception as fault:  # noqa: BLE001  the round reports it; others were recorded with this one
            self._lane.faults.append(fault)
            rest = None
        if rest:
            self._lane.start(self._finish(rest))
        else:
            self.ended()

    async def _finish(self, rest: Coroutine[Any, Any, None]) -> None:
        try:
            await rest
        except Exception as fault:  # noqa: BLE001  the round reports it
            self._lane.faults.append(fault)
        self.ended()

    def _give_back(self, *, is_busy: bool) -> None:
        self._is_answered = True
        self._channel.is_busy = is_busy
        self._lane.one_answered(self._channel)
