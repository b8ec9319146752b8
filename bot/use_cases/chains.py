"""Chains: what stands on a promise hears what happens to it, and can ask for its own new date in time."""

from collections.abc import Callable

from bot.domain.acts import Act, State
from bot.domain.chains import Shock, is_shock, names, suggested
from bot.domain.deciding import Entry, allowed_acts, perform
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import Upstream
from bot.domain.promise import Due, Promise, PromiseId, TeamId, UserId
from bot.ports import Delivery, DeliveryId, Transaction
from bot.use_cases.context import Context
from bot.use_cases.linking import stand_on, stand_on_these
from bot.use_cases.owing import owe
from bot.use_cases.people import hours_of


class Chains:
    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def link(self, team_id: TeamId, number: int, needs: tuple[int, ...], by: UserId) -> Promise:
        """Notes that a promise stands on others; its owner alone can say so.

        Raises NotFoundError, NotAllowedError or UnreadableError, each with its sentence.
        """

        def work(tx: Transaction) -> Promise:
            promise = tx.promises.numbered(number)
            if promise is None or not promise.is_visible_to(by) or not promise.state.is_open:
                raise NotFoundError(f"There is no open promise #{number} that you can see.")
            if promise.owner_id != by:
                raise NotAllowedError("Only the person who owes it can say what it depends on.")
            stand_on(tx, promise.id, needs, by)
            return promise

        return await self._store.write(team_id, work)

    async def standing_on(
        self, team_id: TeamId, promise_id: PromiseId, viewer: UserId
    ) -> tuple[tuple[Promise, ...], int]:
        """Open promises that stand on one: those that the viewer may see, and how many others there are."""
        return names(await self._store.read(team_id, lambda tx: tx.links.standing_on(promise_id)), viewer)

    async def broken_by(self, promise: Promise, due: Due, viewer: UserId) -> tuple[tuple[Promise, ...], int]:
        """Of what stands on a promise, what is due before it would come by a later date; none for an earlier one."""
        if due.at <= promise.terms.due.at:
            return (), 0
        standing = await self._store.read(promise.team_id, lambda tx: tx.links.standing_on(promise.id))
        return names((each for each in standing if each.terms.due.at <= due.at), viewer)

    async def correct(self, team_id: TeamId, promise_id: PromiseId, needs: tuple[int, ...], by: UserId) -> None:
        """Has a promise stand on exactly these, as far as its maker may see them, while it may still be corrected.

        Raises what a correction itself would raise, and UnreadableError for what it cannot stand on.
        """
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            promise = tx.promises.get(promise_id, for_change=True)
            if promise is None:
                raise NotFoundError("There is no such promise that you can see.")
            if Act.EDIT not in allowed_acts(promise, by, now):
                perform(promise, Entry(Act.EDIT, by, now))  # raises, with the reason
            stand_on_these(tx, promise_id, needs, by)

        await self._store.write(team_id, work)

    async def shock(self, team_id: TeamId, downstream_id: PromiseId, upstream_id: PromiseId, act: Act) -> Shock | None:
        """What to tell the owner of a promise of what it stands on, as things are now."""

        return await self._store.read(team_id, lambda tx: shock_of(tx, downstream_id, upstream_id, act))


def tell_downstream(
    tx: Transaction, before: Promise, after: Promise, entry: Entry, new_id: Callable[[], DeliveryId]
) -> None:
    """Owes a word to the owner of everything that stands directly on the promise.

    Whoever did it themselves knows it; but who agreed to another date has one to ask for in their turn.
    """
    if not is_shock(before, after, entry.act):
        return
    moves = entry.act in (Act.ACCEPT_PROPOSAL, Act.PROPOSE)
    for each in tx.links.standing_on(after.id):
        if each.state in (State.ACTIVE, State.REQUESTED) and (moves or each.owner_id != entry.by):
            occasion = str(Upstream(after.id, after.seq, entry.act))
            owe(tx, each.id, [Planned(Kind.CHAIN, each.owner_id, entry.at, occasion)], new_id)


def shock_behind(tx: Transaction, delivery: Delivery) -> Shock | None:
    """What a delivery about a chain tells, from things as they are now."""
    up = Upstream.read(delivery.occasion)
    return shock_of(tx, delivery.promise_id, up.promise_id, up.act) if delivery.promise_id else None


def shock_of(tx: Transaction, downstream_id: PromiseId, upstream_id: PromiseId, act: Act) -> Shock | None:
    upstream, downstream = tx.promises.get(upstream_id), tx.promises.get(downstream_id)
    if upstream is None or downstream is None or State.UNDONE in (upstream.state, downstream.state):
        return None
    moved = act in (Act.ACCEPT_PROPOSAL, Act.PROPOSE)
    hours = hours_of(tx, downstream.owner_id)
    return Shock(upstream, downstream, act, suggested(upstream, downstream, hours) if moved else None)
