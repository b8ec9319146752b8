"""Chains: promises that depend on another one; their owners are notified and can ask for a new date in time."""

from collections.abc import Callable

from bot.domain.acts import Act, State
from bot.domain.chains import MOVES, UpstreamChange, suggested, visible_and_hidden
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import Upstream
from bot.domain.promise import Due, Promise, PromiseId, TeamId, UserId
from bot.domain.transitions import HistoryEntry, allowed_acts, perform
from bot.language import _
from bot.ports import Delivery, DeliveryId, Transaction
from bot.use_cases.context import Context
from bot.use_cases.dependencies import add_dependencies, replace_dependencies
from bot.use_cases.outbox import owe
from bot.use_cases.people import hours_of


class Chains:
    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def link(self, team_id: TeamId, number: int, needs: tuple[int, ...], by: UserId) -> Promise:
        """Record that a promise depends on others. Only its owner may.

        Raises NotFoundError, NotAllowedError or UnreadableError, each with its sentence.
        """

        def work(tx: Transaction) -> Promise:
            promise = tx.promises.numbered(number)
            if promise is None or not promise.is_visible_to(by) or not promise.state.is_open:
                raise NotFoundError(_("There is no open promise #{number} that you can see.").format(number=number))
            if promise.owner_id != by:
                raise NotAllowedError(_("Only the person who owes it can say what it depends on."))
            add_dependencies(tx, promise.id, needs, by)
            return promise

        return await self._store.write(team_id, work)

    async def dependents_of(
        self, team_id: TeamId, promise_id: PromiseId, viewer: UserId
    ) -> tuple[tuple[Promise, ...], int]:
        """Return the open promises that depend on one: those the viewer may see, and the number of others."""
        return visible_and_hidden(
            await self._store.read(team_id, lambda tx: tx.links.dependents_of(promise_id)), viewer
        )

    async def broken_by(self, promise: Promise, due: Due, viewer: UserId) -> tuple[tuple[Promise, ...], int]:
        """Return the dependent promises that a later date would break; none for an earlier date."""
        if due.at <= promise.terms.due.at:
            return (), 0
        dependents = await self._store.read(promise.team_id, lambda tx: tx.links.dependents_of(promise.id))
        return visible_and_hidden((each for each in dependents if each.terms.due.at <= due.at), viewer)

    async def correct(self, team_id: TeamId, promise_id: PromiseId, needs: tuple[int, ...], by: UserId) -> None:
        """Replace the dependencies of a promise that may still be edited, as far as its maker may see them.

        Raises what the edit itself would raise, and UnreadableError for an impossible dependency.
        """
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            promise = tx.promises.get(promise_id, for_change=True)
            if promise is None:
                raise NotFoundError(_("There is no such promise that you can see."))
            if Act.EDIT not in allowed_acts(promise, by, now):
                perform(promise, HistoryEntry(Act.EDIT, by, now))  # raises, with the reason
            replace_dependencies(tx, promise_id, needs, by)

        await self._store.write(team_id, work)

    async def change(
        self, team_id: TeamId, downstream_id: PromiseId, upstream_id: PromiseId, act: Act
    ) -> UpstreamChange | None:
        """Return the current change in a dependency that the owner of a promise should know; None if none."""
        return await self._store.read(team_id, lambda tx: upstream_change_of(tx, downstream_id, upstream_id, act))


def notify_dependents(tx: Transaction, after: Promise, entry: HistoryEntry, new_id: Callable[[], DeliveryId]) -> None:
    """Add a message to the owner of every promise that depends directly on this one.

    The person who acted gets none, unless they agreed to another date and must renegotiate their own promise.
    """
    moves = entry.act in MOVES
    for each in tx.links.dependents_of(after.id):
        if each.state in (State.ACTIVE, State.REQUESTED) and (moves or each.owner_id != entry.by):
            occasion = str(Upstream(after.id, after.seq, entry.act))
            owe(tx, each.id, [Planned(Kind.CHAIN, each.owner_id, entry.at, occasion)], new_id)


def change_of_delivery(tx: Transaction, delivery: Delivery) -> UpstreamChange | None:
    """Return the change in a dependency that a delivery reports, from current facts; None if obsolete."""
    up = Upstream.read(delivery.occasion)
    return upstream_change_of(tx, delivery.promise_id, up.promise_id, up.act) if delivery.promise_id else None


def upstream_change_of(
    tx: Transaction, downstream_id: PromiseId, upstream_id: PromiseId, act: Act
) -> UpstreamChange | None:
    upstream, downstream = tx.promises.get(upstream_id), tx.promises.get(downstream_id)
    if upstream is None or downstream is None or State.UNDONE in (upstream.state, downstream.state):
        return None
    hours = hours_of(tx, downstream.owner_id)
    return UpstreamChange(upstream, downstream, act, suggested(upstream, downstream, hours) if act in MOVES else None)
