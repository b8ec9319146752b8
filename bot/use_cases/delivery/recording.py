"""Record sent messages in groups: those that finish while a group is written go into the next."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from bot.domain.kinds import Planned
from bot.ports import Delivery, DeliveryId, Posted
from bot.use_cases.context import Context
from bot.use_cases.delivery.request_slots import RequestSlot

#: Most messages per transaction.
GROUP = 500
#: After a group of more than FEW, so that those that are answered meanwhile are recorded together. A kill in this time
#: leaves messages to be searched for, as one between Slack's answer and the commit.
FEW, PAUSE_S = 8, 0.025


#: Called once a message is committed, or with the error for which nothing of its group was recorded. What it returns is
#: the rest of the delivery.
Recorded = Callable[[Delivery, Exception | None], Coroutine[Any, Any, None] | None]


class Recorder:
    """Records posted messages."""

    def __init__(
        self, context: Context, redraw: Callable[[Posted], tuple[DeliveryId, Planned]], recorded: Recorded
    ) -> None:
        self._store, self._clock = context.store, context.clock
        self._redraw, self._recorded = redraw, recorded
        self._waiting: list[tuple[Posted, RequestSlot]] = []
        self._writing: asyncio.Task[None] | None = None

    def record(self, posted: Posted, slot: RequestSlot) -> None:
        """Record a posted message, and end its slot then; no task waits for it."""
        self._waiting.append((posted, slot))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="recorder")

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            error = await self._attempt([posted for posted, _ in group])
            for posted, slot in group:
                slot.end_with(partial(self._recorded, posted.delivery, error))
            if len(group) > FEW:
                await asyncio.sleep(PAUSE_S)

    async def _attempt(self, group: Sequence[Posted]) -> Exception | None:
        try:
            await self._store.record_sent(group, self._clock.now(), self._redraw)
        except Exception as error:  # noqa: BLE001  each delivery of the group gets it
            return error
        return None
