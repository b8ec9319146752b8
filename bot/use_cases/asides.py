"""What one person hears beside a message, and nobody else: why it may slip, what they said could stop it, and more."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.asides import Aside, LaterMoments, Obstacle, OwnerAsked, foreseen
from bot.domain.clashes import ClashSeen
from bot.domain.deciding import Entry
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.kinds import Kind
from bot.domain.later import later_moments
from bot.domain.load import Load
from bot.domain.occasions import OfAct
from bot.domain.promise import Due, Promise, PromiseId, TeamId, UserId
from bot.domain.realism import Doubt
from bot.domain.risk import NeedBy, Risk, risk
from bot.ports import Delivery, Side, Transaction
from bot.use_cases.clashing import clash_beside
from bot.use_cases.context import Context
from bot.use_cases.linking import needs_seen
from bot.use_cases.people import hours_of
from bot.use_cases.realism import doubt_of, load_of, room_of

#: How many other promises are looked at.
OWED = 200
#: How many messages that reached nobody are told.
UNDELIVERED = 20
_ASKING = frozenset({Kind.CHECK_IN, Kind.ASK_AGAIN, Kind.MIDWAY})


class Asides:
    """What only one of the two knows: the requester's latest useful date, the owner's risks and what could stop it."""

    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def note(self, team_id: TeamId, number: int, by: UserId, latest: Due | None) -> Promise:
        """Notes it, or with None forgets it; the owner never hears of it.

        Raises NotFoundError or NotAllowedError, each with its sentence.
        """

        def work(tx: Transaction) -> Promise:
            promise = tx.promises.numbered(number)
            if promise is None or not promise.is_visible_to(by) or not promise.state.is_open:
                raise NotFoundError(f"There is no open promise #{number} that you can see.")
            if promise.requester_id != by or promise.is_own:
                raise NotAllowedError("Only the person it is owed to can note until when it is of use.")
            tx.links.note_need_by(promise.id, latest)
            return promise

        return await self._store.write(team_id, work)

    async def obstacle(self, team_id: TeamId, promise_id: PromiseId, by: UserId) -> tuple[Promise, str]:
        """The promise, and what its owner noted as what could stop it.

        Raises what `foresee` raises.
        """
        return await self._store.read(
            team_id, lambda tx: (_owed(tx, promise_id, by), tx.links.obstacle(promise_id, by))
        )

    async def foresee(self, team_id: TeamId, promise_id: PromiseId, by: UserId, words: str) -> Promise:
        """Notes what could stop it, or with no words forgets it; nobody but its owner ever hears of it.

        Raises NotFoundError, NotAllowedError or UnreadableError, each with its sentence.
        """
        kept, now = foreseen(words), self._clock.now()

        def work(tx: Transaction) -> Promise:
            promise = _owed(tx, promise_id, by)
            tx.links.note_obstacle(promise_id, by, kept, now)
            return promise

        return await self._store.write(team_id, work)

    async def doubt(self, promise: Promise, viewer: UserId) -> Doubt | None:
        """Second thoughts about a date just agreed to; None for anybody but its owner."""
        if viewer != promise.owner_id or not promise.state.is_open:
            return None
        return await self._store.read(promise.team_id, lambda tx: doubt_of(tx, promise))

    async def undelivered(self, team_id: TeamId, owner: UserId) -> tuple[Delivery, ...]:
        """What was given up about the open promises that somebody owes, the newest first."""
        return await self._store.read(team_id, lambda tx: tx.deliveries.failed_for(owner, UNDELIVERED))

    async def beside(self, promise: Promise, viewer: UserId) -> tuple[Aside, ...]:
        """What to say beside a promise to one of its two sides; nothing to anybody else."""
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[Aside, ...]:
            if viewer == promise.owner_id and promise.state.is_open:
                words = tx.links.obstacle(promise.id, viewer)
                load = load_of(tx, promise, viewer, now)
                found: tuple[Aside | None, ...] = (risk_of(tx, promise, now), load, Obstacle(words) if words else None)
            elif viewer == promise.requester_id and promise.state.is_open:
                latest = tx.links.need_by(promise.id)
                found = (NeedBy(latest, promise.proposed_terms().due) if latest else None,)
            else:
                found = ()
            return tuple(each for each in found if each)

        return await self._store.read(promise.team_id, work)


def asides_of(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime
) -> tuple[Aside, ...]:
    """What to say beside a message to its reader alone."""
    found: tuple[Aside | None, ...] = (
        _fit_of(tx, delivery, promise, history),
        _asked_of(tx, delivery, promise, history),
        _load_of(tx, delivery, promise, history, now),
    )
    if delivery.to == promise.owner_id and delivery.kind in _ASKING:
        found = (risk_of(tx, promise, now), _obstacle_of(tx, delivery, promise, now))
    elif delivery.to == promise.owner_id and delivery.kind is Kind.RECEIPT and promise.seq == 1:
        found = (doubt_of(tx, promise),)
    elif delivery.to == promise.requester_id and delivery.kind is Kind.RECEIPT and promise.seq == 1:
        found = (room_of(tx, promise, now),)
    later = _later_of(tx, delivery, promise, now)
    return tuple(each for each in (*found, later, _clash_seen(tx, delivery, promise, history, now)) if each)


def _load_of(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime
) -> Load | None:
    """Beside what asks somebody to owe it: what they owe that week already, and the first day with room."""
    if delivery.kind is not Kind.NOTICE:
        return None
    told = history[OfAct.read(delivery.occasion).seq - 1 :][:1]
    asked_at = promise.proposal.at if promise.proposal else promise.made_at
    return load_of(tx, promise, UserId(delivery.to), now) if told and told[0].at == asked_at else None


def _later_of(tx: Transaction, delivery: Delivery, promise: Promise, now: datetime) -> LaterMoments | None:
    """Beside a question to the owner: the next dates at which both sides work."""
    is_asked = delivery.kind.rule.asks and delivery.to == promise.owner_id
    if not is_asked or promise.state is not State.ACTIVE or promise.proposal:
        return None
    owner, requester = hours_of(tx, promise.owner_id), hours_of(tx, promise.requester_id)
    moments = later_moments(promise.terms.due, now, owner, requester)
    return LaterMoments(moments) if moments else None


def _clash_seen(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime
) -> ClashSeen | None:
    """Beside what tells of the terms: that their deadline falls on somebody's day off."""
    found = clash_beside(tx, delivery, promise, history, now)
    return ClashSeen(found, UserId(delivery.to)) if found else None


def _obstacle_of(tx: Transaction, delivery: Delivery, promise: Promise, now: datetime) -> Obstacle | None:
    """What its owner foresaw, half-way; before the deadline where the time was too short to be asked half-way."""
    if promise.state is not State.ACTIVE or promise.terms.due.at <= now or delivery.kind is Kind.ASK_AGAIN:
        return None
    words = tx.links.obstacle(promise.id, promise.owner_id)
    was_told = delivery.kind is not Kind.MIDWAY and any(
        row.kind is Kind.MIDWAY and row.to == delivery.to for row in tx.deliveries.shown(promise.id)
    )
    return Obstacle(words) if words and not was_told else None


def _asked_of(tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry]) -> OwnerAsked | None:
    """Return whether the owner of a miss that others are told of was asked about it first."""
    if delivery.kind is not Kind.NOTICE or promise.state is not State.ACTIVE or promise.missed_at is None:
        return None
    told = history[OfAct.read(delivery.occasion).seq - 1 :][:1]
    if not told or told[0].act is not Act.MISS:
        return None
    rows = [tx.deliveries.latest(promise.id, kind, promise.owner_id) for kind in (Kind.DUE_NOW, Kind.OVERDUE)]
    return OwnerAsked(promise.owner_id, max((row.planned_at or row.due_at for row in rows if row), default=None))


def _fit_of(tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry]) -> NeedBy | None:
    reader, proposal = UserId(delivery.to), promise.proposal
    if delivery.kind is not Kind.NOTICE or reader != promise.requester_id or proposal is None or proposal.due is None:
        return None
    told = history[OfAct.read(delivery.occasion).seq - 1 :][:1]
    latest = tx.links.need_by(promise.id) if told and told[0].at == proposal.at else None
    return NeedBy(latest, proposal.due) if latest else None


def _owed(tx: Transaction, promise_id: PromiseId, by: UserId) -> Promise:
    promise = tx.promises.get(promise_id)
    if promise is None or not promise.is_visible_to(by) or not promise.state.is_open:
        raise NotFoundError("That promise is no longer open.")
    if promise.owner_id != by:
        raise NotAllowedError("Only the person who owes it can note what could stop it.")
    return promise


def risk_of(tx: Transaction, promise: Promise, now: datetime) -> Risk | None:
    owner = promise.owner_id
    owed = tx.promises.concerning(owner, Side.OWING, OWED)
    return risk(promise, owed, needs_seen(tx, promise.id, owner), hours_of(tx, owner), now)
