"""What people choose about when they are spoken to, or an admin for everybody, and what that moves."""

from bot.domain.errors import NotAllowedError
from bot.domain.preferences import Preferences
from bot.domain.promise import Promise, TeamId, UserId
from bot.ports import DeliveryId, Messenger, Transaction
from bot.use_cases.briefing import plan_brief
from bot.use_cases.context import Context
from bot.use_cases.people import People
from bot.use_cases.replanning import plan_anew, replan

#: How many promises one transaction plans anew when an admin chooses for everybody: no writer waits for longer.
AT_ONCE = 200
ADMINS_ALONE = (
    "What goes for the whole workspace is set by its owners and admins, as Slack knows them. Your own settings are "
    "yours: `/promise settings`."
)


class Preferring:
    """`wake` is called after the commit: what was planned for later may be due sooner."""

    def __init__(self, context: Context, people: People, messenger: Messenger) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._wake = context.new_id, context.wake
        self._people = people
        self._messenger = messenger

    async def choose(self, team_id: TeamId, person: UserId, chosen: Preferences) -> None:
        """Writes down what they chose, and plans the reminders of their open promises by it, all or nothing.

        Raises NotFoundError for somebody Slack does not know.
        """
        await self._people.of(team_id, person)

        def work(tx: Transaction) -> None:
            tx.people.choose(person, chosen)
            replan(tx, person, self._clock.now(), self._new_delivery)

        await self._store.write(team_id, work)
        self._people.forget_met(team_id, person)
        self._wake()

    async def for_all(self, team_id: TeamId, by: UserId) -> Preferences:
        """What goes for everybody who chose nothing.

        Raises NotAllowedError for whoever may not change it, UnreachableError when Slack cannot be asked.
        """
        await self._check_admin(team_id, by)
        return await self._store.read(team_id, lambda tx: tx.people.for_all())

    async def choose_for_all(self, team_id: TeamId, by: UserId, chosen: Preferences) -> int:
        """Writes it down; returns how many open promises were planned anew.

        The AT_ONCE nearest deadlines move in the same transaction, the others in transactions of as many each right
        after it. Raises what `for_all` does.
        """
        await self._check_admin(team_id, by)

        def work(tx: Transaction, after: Promise | None) -> tuple[Promise, ...]:
            if after is None:
                tx.people.choose_for_all(chosen, by, self._clock.now())
            behind = (after.terms.due.at, after.number) if after else None
            batch = tx.promises.open_after(behind, AT_ONCE)
            for each in batch:
                if not (_has_chosen(tx, each.owner_id) and _has_chosen(tx, each.requester_id)):
                    plan_anew(tx, each.id, self._clock.now(), self._new_delivery, None)
            for person in {side for each in batch for side in (each.owner_id, each.requester_id)}:
                if not _has_chosen(tx, person):
                    plan_brief(tx, person, self._clock.now(), self._new_delivery)
            return batch

        moved, last = 0, None
        while True:
            batch = await self._store.write(team_id, lambda tx, last=last: work(tx, last))  # type: ignore[misc]  # bound per turn
            moved += len(batch)
            if len(batch) < AT_ONCE:
                break
            last = batch[-1]
        self._people.forget_all_met()
        self._wake()
        return moved

    async def _check_admin(self, team_id: TeamId, person: UserId) -> None:
        """Slack is asked just now: an admin of yesterday may be none today."""
        known = await self._messenger.person(team_id, person)
        if known is None or not known.is_admin:
            raise NotAllowedError(ADMINS_ALONE)

    def _new_delivery(self) -> DeliveryId:
        return DeliveryId(self._new_id())


def _has_chosen(tx: Transaction, person: UserId) -> bool:
    known = tx.people.get(person)
    return known is not None and known.has_chosen
