"""Asides: private context shown under a message to one reader, such as a risk, an obstacle or a clash."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.asides import Aside, LaterMoments, Obstacle, OwnerAsked, OwnerAway, checked_obstacle
from bot.domain.clashes import ClashSeen
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.kinds import Kind
from bot.domain.later import later_moments
from bot.domain.load import Load, Room
from bot.domain.occasions import OfAct
from bot.domain.people import is_person
from bot.domain.promise import Due, Promise, PromiseId, TeamId, UserId
from bot.domain.realism import Doubt
from bot.domain.risk import NeedBy, Risk, is_close, risk
from bot.domain.transitions import HistoryEntry
from bot.language import _
from bot.ports import Delivery, Transaction
from bot.use_cases.clashes import clash_aside
from bot.use_cases.context import Context
from bot.use_cases.dependencies import visible_dependencies
from bot.use_cases.people import habits_of, hours_of
from bot.use_cases.realism import doubt_of, load_of, room_for, room_of

#: How many undelivered messages are listed.
UNDELIVERED = 20
_ASKING = frozenset({Kind.CHECK_IN, Kind.ASK_AGAIN, Kind.MIDWAY})


class Asides:
    """Private notes of one party: the requester's latest useful date, the owner's risks and obstacle."""

    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock

    async def note(self, team_id: TeamId, number: int, by: UserId, latest: Due | None) -> Promise:
        """Record the requester's latest useful date, or delete it if None. The owner never sees it.

        Raises NotFoundError or NotAllowedError, each with its sentence.
        """

        def work(tx: Transaction) -> Promise:
            promise = tx.promises.numbered(number)
            if promise is None or not promise.is_visible_to(by) or not promise.state.is_open:
                raise NotFoundError(_("There is no open promise #{number} that you can see.").format(number=number))
            if not promise.is_owed_to(by):
                raise NotAllowedError(_("Only the person it is owed to can note until when it is of use."))
            tx.links.note_need_by(promise.id, latest)
            return promise

        return await self._store.write(team_id, work)

    async def obstacle(self, team_id: TeamId, promise_id: PromiseId, by: UserId) -> tuple[Promise, str]:
        """Return the promise and the obstacle that its owner noted.

        Raises what `foresee` raises.
        """
        return await self._store.read(
            team_id, lambda tx: (_owed(tx, promise_id, by), tx.links.obstacle(promise_id, by))
        )

    async def foresee(self, team_id: TeamId, promise_id: PromiseId, by: UserId, words: str) -> Promise:
        """Record what could get in the way, or delete it if `words` is empty. Only the owner sees it.

        Raises NotFoundError, NotAllowedError or UnreadableError, each with its sentence.
        """
        kept, now = checked_obstacle(words), self._clock.now()

        def work(tx: Transaction) -> Promise:
            promise = _owed(tx, promise_id, by)
            tx.links.note_obstacle(promise_id, by, kept, now)
            return promise

        return await self._store.write(team_id, work)

    async def doubt(self, promise: Promise, viewer: UserId) -> Doubt | None:
        """Return doubts about a date just agreed; None for anyone but the owner."""
        if viewer != promise.owner_id or not promise.state.is_open:
            return None
        return await self._store.read(promise.team_id, lambda tx: doubt_of(tx, promise))

    async def room(self, team_id: TeamId, owner: UserId, due: Due | None, estimate: timedelta | None) -> Room | None:
        """Return whether a person who is to be asked has room, before they are; None unless they show it."""
        now = self._clock.now()
        return await self._store.read(team_id, lambda tx: room_for(tx, owner, due, estimate, now))

    async def undelivered(self, team_id: TeamId, owner: UserId) -> tuple[Delivery, ...]:
        """Return messages about a person's open promises that could not be delivered, the newest first."""
        return await self._store.read(team_id, lambda tx: tx.deliveries.failed_for(owner, UNDELIVERED))

    async def of_promise(self, promise: Promise, viewer: UserId) -> tuple[Aside, ...]:
        """Return the asides to a promise for one of its two sides; none for anyone else."""
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
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[HistoryEntry], now: datetime
) -> tuple[Aside, ...]:
    """Return the asides of a message for its reader; none for a channel."""
    if not is_person(delivery.to):
        return ()
    found: tuple[Aside | None, ...] = ()
    if reported := _reported(delivery, history):
        reader = UserId(delivery.to)
        fit, asked = _fit_of(tx, reader, promise, reported), _asked_of(tx, promise, reported)
        found = (fit, asked, _load_of(tx, reader, promise, reported, now))
    elif delivery.to == promise.owner_id and delivery.kind in _ASKING:
        found = (risk_of(tx, promise, now), _obstacle_of(tx, delivery, promise, now))
    elif delivery.to == promise.owner_id and delivery.kind is Kind.RECEIPT and promise.seq == 1:
        found = (doubt_of(tx, promise),)
    elif delivery.to == promise.requester_id and delivery.kind is Kind.RECEIPT and promise.seq == 1:
        found = (room_of(tx, promise, now),)
    found += (_away_of(tx, delivery, promise, reported, now), _later_of(tx, delivery, promise, now))
    return tuple(each for each in (*found, _clash_seen(tx, delivery, promise, history, now)) if each)


def prefetch_asides(tx: Transaction, shown: Iterable[tuple[Delivery, Promise]]) -> None:
    """Read what the asides of messages about promises need, together for all of them."""
    asked, missed = list[Promise](), set[PromiseId]()
    for delivery, promise in shown:
        if delivery.to == promise.owner_id and delivery.kind in _ASKING:
            asked.append(promise)
        elif delivery.kind is Kind.NOTICE and promise.state is State.ACTIVE and promise.missed_at:
            missed.add(promise.id)
    if asked:
        tx.links.prefetch(asked)
    if missed:
        tx.agendas.prefetch_messages(missed)


def _reported(delivery: Delivery, history: Sequence[HistoryEntry]) -> HistoryEntry | None:
    """Return the act that a notice reports; None for any other message."""
    if delivery.kind is not Kind.NOTICE:
        return None
    seq = OfAct.read(delivery.occasion).seq
    return history[seq - 1] if seq <= len(history) else None


def _load_of(tx: Transaction, reader: UserId, promise: Promise, reported: HistoryEntry, now: datetime) -> Load | None:
    """Return a person's load in the week they are asked for, with the first free day."""
    asked_at = promise.proposal.at if promise.proposal else promise.made_at
    return load_of(tx, promise, reader, now) if reported.at == asked_at else None


def _away_of(
    tx: Transaction, delivery: Delivery, promise: Promise, reported: HistoryEntry | None, now: datetime
) -> OwnerAway | None:
    """Return the owner's absence for a requester who is warned of the deadline, or notified of silence or a miss."""
    is_ahead = delivery.kind in (Kind.HEADS_UP, Kind.NO_WORD) and now < promise.terms.due.at
    is_late = reported is not None and reported.act is Act.MISS and reported.at == promise.missed_at
    if not (is_ahead or is_late) or promise.state is not State.ACTIVE or not promise.is_owed_to(UserId(delivery.to)):
        return None
    last = max((each.last_on for each in habits_of(tx, promise.owner_id).absences_at(now)), default=None)
    return OwnerAway(promise.owner_id, last) if last else None


def _later_of(tx: Transaction, delivery: Delivery, promise: Promise, now: datetime) -> LaterMoments | None:
    """Return the next dates at which both sides work, for a question to the owner."""
    is_asked = delivery.kind.rule.asks and delivery.to == promise.owner_id
    if not is_asked or promise.state is not State.ACTIVE or promise.proposal:
        return None
    owner, requester = hours_of(tx, promise.owner_id), hours_of(tx, promise.requester_id)
    moments = later_moments(promise.terms.due, now, owner, requester)
    return LaterMoments(moments) if moments else None


def _clash_seen(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[HistoryEntry], now: datetime
) -> ClashSeen | None:
    """Return the clash of the deadline with a day off, for messages that state the terms."""
    found = clash_aside(tx, delivery, promise, history, now)
    return ClashSeen(found, UserId(delivery.to)) if found else None


def _obstacle_of(tx: Transaction, delivery: Delivery, promise: Promise, now: datetime) -> Obstacle | None:
    """Return the owner's noted obstacle at the midway check, or at the check-in if there was no midway check."""
    if promise.state is not State.ACTIVE or promise.terms.due.at <= now or delivery.kind is Kind.ASK_AGAIN:
        return None
    words = tx.links.obstacle(promise.id, promise.owner_id)
    was_shown = (
        bool(words)
        and delivery.kind is not Kind.MIDWAY
        and any(row.kind is Kind.MIDWAY and row.to == delivery.to for row in tx.deliveries.shown(promise.id))
    )
    return Obstacle(words) if words and not was_shown else None


def _asked_of(tx: Transaction, promise: Promise, reported: HistoryEntry) -> OwnerAsked | None:
    """Return whether the owner was asked about a miss before others are notified of it."""
    if reported.act is not Act.MISS or promise.state is not State.ACTIVE or promise.missed_at is None:
        return None
    asked = [
        each.decided_at
        for each in tx.agendas.messages_about([promise.id]).get(promise.id, ())
        if each.kind in (Kind.DUE_NOW, Kind.OVERDUE) and each.to == promise.owner_id
    ]
    return OwnerAsked(promise.owner_id, max(filter(None, asked), default=None))


def _fit_of(tx: Transaction, reader: UserId, promise: Promise, reported: HistoryEntry) -> NeedBy | None:
    """Return whether a proposed date fits the latest one that the requester noted."""
    proposal = promise.proposal
    if reader != promise.requester_id or proposal is None or proposal.due is None or reported.at != proposal.at:
        return None
    latest = tx.links.need_by(promise.id)
    return NeedBy(latest, proposal.due) if latest else None


def _owed(tx: Transaction, promise_id: PromiseId, by: UserId) -> Promise:
    promise = tx.promises.get(promise_id)
    if promise is None or not promise.is_visible_to(by) or not promise.state.is_open:
        raise NotFoundError(_("That promise is no longer open."))
    if promise.owner_id != by:
        raise NotAllowedError(_("Only the person who owes it can note what could stop it."))
    return promise


def risk_of(tx: Transaction, promise: Promise, now: datetime) -> Risk | None:
    """Return the reasons why a promise may slip; nothing is read about one that is not due soon."""
    hours = hours_of(tx, promise.owner_id)
    if not is_close(promise, hours, now):
        return None
    needs = visible_dependencies(tx, promise.id, promise.owner_id)
    return risk(promise, tx.links.due_around(promise), needs, hours, now)
