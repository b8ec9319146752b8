"""What one person hears beside a message, and nobody else: why it may slip, or whether a date is still of use."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.deciding import Entry
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.promise import Due, Promise, TeamId, UserId
from bot.domain.reminders import Kind
from bot.domain.risk import NeedBy, Risk, risk
from bot.ports import Clock, Delivery, Side, Store, Transaction
from bot.use_cases.linking import needs_seen
from bot.use_cases.people import hours_of

#: How many other promises are looked at.
OWED = 200
_ASKING = frozenset({Kind.CHECK_IN, Kind.ASK_AGAIN, Kind.MIDWAY})


class Asides:
    """The requester's private note of the latest useful date, and the risk that an owner sees first."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

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

    async def risk(self, promise: Promise, viewer: UserId) -> Risk | None:
        """Why it may slip, for its owner; None for anybody else, and where it is not worth a word."""
        now = self._clock.now()
        if viewer != promise.owner_id:
            return None
        return await self._store.read(promise.team_id, lambda tx: risk_of(tx, promise, now))


def aside_of(
    tx: Transaction, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime
) -> Risk | NeedBy | None:
    """What to say beside a message to its reader alone."""
    reader = UserId(delivery.to)
    if delivery.kind in _ASKING and reader == promise.owner_id:
        return risk_of(tx, promise, now)
    proposal = promise.proposal
    if delivery.kind is not Kind.NOTICE or reader != promise.requester_id or proposal is None or proposal.due is None:
        return None
    told = history[int(delivery.occasion.removeprefix("a")) - 1 :][:1]
    latest = tx.links.need_by(promise.id) if told and told[0].at == proposal.at else None
    return NeedBy(latest, proposal.due) if latest else None


def risk_of(tx: Transaction, promise: Promise, now: datetime) -> Risk | None:
    owner = promise.owner_id
    owed = tx.promises.concerning(owner, Side.OWING, OWED)
    return risk(promise, owed, needs_seen(tx, promise.id, owner), hours_of(tx, owner), now)
