"""What time does: the fixed jobs that the clockwork runs."""

from collections.abc import Awaitable, Callable

from bot.services import Services


class Jobs:
    """`sweep` deals with the events that a crash left behind."""

    def __init__(self, services: Services, sweep: Callable[[], Awaitable[None]]) -> None:
        self._services = services
        self._sweep = sweep

    async def tick(self) -> None:
        """Deadlines pass first, so that what is said afterwards speaks of things as they are."""
        await self._services.promises.pass_time()
        await self._services.recurring.pass_time()
        await self._services.agenda.run_due()
        await self._services.deliveries.send_due()
        await self._sweep()
        await self._services.leaving.sweep()
        await self._services.retaining.step()
