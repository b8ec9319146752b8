"""The fixed jobs that the clockwork runs."""

from collections.abc import Awaitable, Callable

from bot.services import Services


class Jobs:
    """`sweep` retries the events that a crash left unfinished."""

    def __init__(self, services: Services, sweep: Callable[[], Awaitable[None]]) -> None:
        self._services = services
        self._sweep = sweep

    async def tick(self) -> None:
        """Pass deadlines first, so that messages rendered afterwards show the current state."""
        await self._services.promises.run_due()
        await self._services.recurring.run_due()
        await self._services.agenda.run_due(self._services.deliveries.busy)
        await self._services.deliveries.send_due(more_follow=self._services.agenda.is_behind)
        await self._sweep()
        await self._services.departures.sweep()
        await self._services.retention.step()
        await self._services.webhooks.drain.start()
        await self._services.steps.drain.start()
