"""“Do not disturb” in Slack: what can wait until it is over waits."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.following_up import can_wait
from bot.domain.people import is_person
from bot.domain.promise import TeamId, UserId
from bot.domain.reminders import Kind
from bot.ports import Delivery, Messenger
from bot.use_cases.context import Context

#: How long Slack's answer about somebody is believed: nobody is asked about more often.
FRESH_FOR = timedelta(minutes=5)
#: About how many people answers are remembered.
MOST = 10_000


class Hush:
    """Where Slack does not tell (a limit, a failure, a scope that is missing), nobody is taken to be in peace."""

    def __init__(self, context: Context, messenger: Messenger) -> None:
        self._store, self._clock = context.store, context.clock
        self._messenger = messenger
        self._asked: dict[tuple[TeamId, UserId], tuple[datetime, asyncio.Future[datetime | None]]] = {}

    async def holds(self, delivery: Delivery) -> bool:
        """Whether the delivery was put off until its person may be disturbed again."""
        promise_id, to = delivery.promise_id, UserId(delivery.to)
        may_wait = delivery.kind.is_nudge and delivery.kind is not Kind.LAST_CALL and not delivery.was_unknown
        if promise_id is None or not may_wait or not is_person(to):
            return False
        until = await self._until(delivery.team_id, to)
        if until is None or until <= self._clock.now():
            return False
        promise = await self._store.read(delivery.team_id, lambda tx: tx.promises.get(promise_id))
        if promise is None or not can_wait(delivery.kind, promise, until):
            return False
        return await self._store.write(delivery.team_id, lambda tx: tx.bundles.hold(delivery, until))

    async def _until(self, team_id: TeamId, person: UserId) -> datetime | None:
        now = self._clock.now()
        known = self._asked.get((team_id, person))
        if known is None or abs(now - known[0]) >= FRESH_FOR:
            if len(self._asked) >= MOST:
                self._asked.clear()
            known = now, asyncio.ensure_future(self._messenger.quiet_until(team_id, person))
            self._asked[team_id, person] = known
        return await asyncio.shield(known[1])
