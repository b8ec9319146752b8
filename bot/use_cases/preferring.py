"""What somebody chooses about when they are spoken to, and what that moves."""

from collections.abc import Callable

from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.ports import Clock, DeliveryId, Side, Store, Transaction
from bot.use_cases.briefing import plan_brief
from bot.use_cases.people import People
from bot.use_cases.planning import nudges_of

#: More open promises than anybody has: every one of them is planned anew.
ALL_OF_THEM = 10_000


class Preferring:
    """`wake` is called after the commit: what was planned for later may be due sooner."""

    def __init__(
        self, store: Store, people: People, clock: Clock, new_id: Callable[[], str], wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._people = people
        self._clock = clock
        self._new_id = new_id
        self._wake = wake

    async def choose(self, team_id: TeamId, person: UserId, chosen: Preferences) -> None:
        """Writes down what they chose, and plans the reminders of their open promises by it, all or nothing.

        Raises NotFoundError for somebody Slack does not know.
        """
        await self._people.of(team_id, person)

        def work(tx: Transaction) -> None:
            tx.people.choose(person, chosen)
            plan_brief(tx, person, self._clock.now(), self._new_delivery)
            for each in tx.promises.concerning(person, Side.ALL, ALL_OF_THEM):
                # Locked and read again: an act may have moved it, by the old choice, since the list was read.
                promise = tx.promises.get(each.id, for_change=True)
                if promise:
                    tx.deliveries.plan(promise.id, nudges_of(tx, promise, self._clock.now()), self._new_delivery)

        await self._store.write(team_id, work)
        self._people.forget_met(team_id, person)
        self._wake()

    def _new_delivery(self) -> DeliveryId:
        return DeliveryId(self._new_id())
