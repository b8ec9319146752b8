"""What people choose about when they are spoken to, or an admin for everybody, and what that moves."""

from functools import partial

from bot.domain.errors import NotAllowedError
from bot.domain.preferences import Preferences
from bot.domain.promise import Promise, TeamId, UserId
from bot.ports import DeliveryId, Messenger, Transaction
from bot.ports.retention import Choice
from bot.use_cases.clashing import tell_of_clash, tell_of_clashes
from bot.use_cases.context import Context
from bot.use_cases.people import People

#: How many promises one transaction looks through for clashes when an admin chooses for everybody.
AT_ONCE = 200
ADMINS_ALONE = (
    "What goes for the whole workspace is set by its owners and admins, as Slack knows them. Your own settings are "
    "yours: `/promise settings`."
)

#: What the audit says of a changed form of settings for everybody.
DEFAULTS_CHANGED = "new settings for everybody"


class Preferring:
    """`wake` is called after the commit: what was planned for later may be due sooner."""

    def __init__(self, context: Context, people: People, messenger: Messenger) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._wake = context.new_id, context.wake
        self._people = people
        self._messenger = messenger

    async def choose(self, team_id: TeamId, person: UserId, chosen: Preferences) -> None:
        """Writes down what they chose; what is said to them and around them follows it from then on.

        Raises NotFoundError for somebody Slack does not know.
        """
        await self._people.of(team_id, person)

        def work(tx: Transaction) -> None:
            tx.people.choose(person, chosen)
            tell_of_clashes(tx, person, self._clock.now(), self._new_delivery)

        await self._store.write(team_id, work)
        self._people.forget_met(team_id, person)
        self._wake()

    async def for_all(self, team_id: TeamId, by: UserId) -> Preferences:
        """What goes for everybody who chose nothing.

        Raises NotAllowedError for whoever may not change it, UnreachableError when Slack cannot be asked.
        """
        await self.check_admin(team_id, by)
        return await self._store.read(team_id, lambda tx: tx.people.for_all())

    async def choose_for_all(self, team_id: TeamId, by: UserId, chosen: Preferences) -> None:
        """Writes it down, and has everybody's agenda looked at again.

        Another country's holidays may make deadlines fall on days off: both sides are told, in transactions of AT_ONCE
        promises each right after it. Raises what `for_all` does.
        """
        await self.check_admin(team_id, by)

        def work(tx: Transaction) -> bool:
            before = tx.people.for_all()
            tx.people.choose_for_all(chosen, by, self._clock.now())
            tx.retention.choose(self._new_id(), Choice("defaults", DEFAULTS_CHANGED, by, self._clock.now()))
            tx.agendas.wake_all(self._clock.now())
            return before.country != chosen.country

        is_elsewhere = await self._store.write(team_id, work)
        last: Promise | None = None
        while is_elsewhere:
            batch = await self._store.write(team_id, partial(self._tell_of_clashes, last))
            last, is_elsewhere = (batch[-1] if batch else None), len(batch) == AT_ONCE
        self._people.forget_all_met()
        self._wake()

    def _tell_of_clashes(self, after: Promise | None, tx: Transaction) -> tuple[Promise, ...]:
        batch = tx.promises.open_after((after.terms.due.at, after.number) if after else None, AT_ONCE)
        for each in batch:
            tell_of_clash(tx, each, self._clock.now(), self._new_delivery)
        return batch

    async def check_admin(self, team_id: TeamId, person: UserId) -> None:
        """Slack is asked just now: an admin of yesterday may be none today."""
        known = await self._messenger.person(team_id, person)
        if known is None or not known.is_admin:
            raise NotAllowedError(ADMINS_ALONE)

    def _new_delivery(self) -> DeliveryId:
        return DeliveryId(self._new_id())
