"""Record sent messages in groups: those that finish while a group is written go into the next."""

import asyncio
from collections.abc import Callable, Sequence

from bot.domain.kinds import Planned
from bot.ports import DeliveryId, Posted
from bot.use_cases.context import Context

#: Most messages per transaction.
GROUP = 500
#: After a group of more than FEW, so that those that are answered meanwhile are recorded together. A kill in this time
#: leaves messages to be searched for, as one between Slack's answer and the commit.
FEW, PAUSE_S = 8, 0.025


#: Called once a message is committed, or with the error for which nothing of its group was recorded.
Recorded = Callable[[Exception | None], None]


class Recorder:
    """Records posted messages."""

    def __init__(self, context: Context, redraw: Callable[[Posted], tuple[DeliveryId, Planned]]) -> None:
        self._store, self._clock = context.store, context.clock
        self._redraw = redraw
        self._waiting: list[tuple[Posted, Recorded]] = []
        self._writing: asyncio.Task[None] | None = None

    async def sent(self, posted: Posted) -> None:
        """Return once a posted message is committed. Raises what the store raises: then nothing was recorded."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def recorded(error: Exception | None) -> None:
            if error and not done.done():
                done.set_exception(error)
            elif not done.done():
                done.set_result(None)

        self.hand_over(posted, recorded)
        await done

    def hand_over(self, posted: Posted, recorded: Recorded) -> None:
        """Record a posted message without a task that waits for it."""
        self._waiting.append((posted, recorded))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="recorder")

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            error = await self._attempt([posted for posted, _ in group])
            for _, recorded in group:
                recorded(error)
            if len(group) > FEW:
                await asyncio.sleep(PAUSE_S)

    async def _attempt(self, group: Sequence[Posted]) -> Exception | None:
        try:
            await self._store.record_sent(group, self._clock.now(), self._redraw)
        except Exception as error:  # noqa: BLE001  it belongs to those who wait, each of whom gets it
            return error
        return None
