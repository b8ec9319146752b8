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


class Recorder:
    """Records posted messages; each caller returns once its own is committed."""

    def __init__(self, context: Context, redraw: Callable[[Posted], tuple[DeliveryId, Planned]]) -> None:
        self._store, self._clock = context.store, context.clock
        self._redraw = redraw
        self._waiting: list[tuple[Posted, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def sent(self, posted: Posted) -> None:
        """Record a posted message. Raises what the store raises: then nothing of the group was recorded."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((posted, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="recorder")
        await done

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            error = await self._attempt([posted for posted, _ in group])
            for _, done in group:
                if done.done():
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)
            if len(group) > FEW:
                await asyncio.sleep(PAUSE_S)

    async def _attempt(self, group: Sequence[Posted]) -> Exception | None:
        try:
            await self._store.record_sent(group, self._clock.now(), self._redraw)
        except Exception as error:  # noqa: BLE001  it belongs to those who wait, each of whom gets it
            return error
        return None
