"""What time does: the fixed jobs that the clockwork runs."""

from collections.abc import Awaitable, Callable

from bot.use_cases.deliveries import Deliveries
from bot.use_cases.promises import Promises
from bot.use_cases.recurring import Recurring


class Jobs:
    """`sweep` deals with the events that a crash left behind."""

    def __init__(
        self, promises: Promises, recurring: Recurring, deliveries: Deliveries, sweep: Callable[[], Awaitable[None]]
    ) -> None:
        self._promises = promises
        self._recurring = recurring
        self._deliveries = deliveries
        self._sweep = sweep

    async def tick(self) -> None:
        """Deadlines pass first, so that what is said afterwards speaks of things as they are."""
        await self._promises.pass_time()
        await self._recurring.pass_time()
        await self._deliveries.send_due()
        await self._sweep()
