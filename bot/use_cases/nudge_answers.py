"""Answers to a nudge: “Not now” snoozes it, “Ask again” asks the owner once more."""

from datetime import datetime

from bot.domain.acts import State
from bot.domain.errors import NotAllowedError, NotFoundError, TooLateError
from bot.domain.follow_ups import asked_again_at, comes_back_at, question_about
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OnDemand, version_of
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.language import _
from bot.ports import Delivery, DeliveryId, Transaction
from bot.use_cases.context import Context
from bot.use_cases.outbox import owe
from bot.use_cases.people import habits_of

Moved = tuple[Promise, datetime]


class NudgeAnswers:
    """Every method returns the promise and the time of the message that it adds."""

    def __init__(self, context: Context) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_delivery, self._wake = context.new_delivery, context.wake

    async def snooze(self, team_id: TeamId, nudge: DeliveryId, by: UserId) -> Moved:
        """Snooze a nudge while an answer still helps. Snoozed twice, it comes back once.

        Raises NotFoundError for anyone but its reader, TooLateError when no time is left.
        """

        def work(tx: Transaction) -> Moved:
            row = tx.deliveries.find(nudge)
            if row is None or row.promise_id is None or row.to != by or not row.kind.is_nudge:
                raise NotFoundError(_("That reminder was somebody else’s, or is no longer there."))
            promise = tx.promises.get(row.promise_id, for_change=True)
            if promise is None or not _is_asked(promise, row):
                raise TooLateError(_("There is nothing left to put off here: the promise has moved on."))
            if before := tx.deliveries.coming(promise.id, Kind.SNOOZED, by):
                return promise, before.due_at
            now = self._clock.now()
            at = comes_back_at(promise, habits_of(tx, by), habits_of(tx, promise.requester_id), now)
            asks = question_about(promise, now, row.kind, row.occasion)
            again = Planned(Kind.SNOOZED, by, at, str(OnDemand(promise.terms.version, asks, now)))
            owe(tx, promise.id, [again], self._new_delivery, promise.parties, now)
            return promise, at

        return await self._store.write(team_id, work)

    async def ask_again(self, team_id: TeamId, promise_id: PromiseId, by: UserId) -> Moved:
        """Ask the owner in the requester's name, at most once in four of the owner's working hours.

        Raises NotFoundError, NotAllowedError for anyone but the requester, or TooLateError.
        """

        def work(tx: Transaction) -> Moved:
            promise = tx.promises.get(promise_id, for_change=True)
            if promise is None or not promise.is_visible_to(by):
                raise NotFoundError(_("There is no such promise that you can see."))
            if not promise.is_owed_to(by):
                raise NotAllowedError(_("Only the person it is owed to can have its owner asked."))
            last, now = tx.deliveries.latest(promise.id, Kind.ASKED, promise.owner_id), self._clock.now()
            at = asked_again_at(promise, habits_of(tx, promise.owner_id), last.due_at if last else None, now)
            occasion = OnDemand(promise.terms.version, question_about(promise, now), now)
            question = Planned(Kind.ASKED, promise.owner_id, at, str(occasion))
            owe(tx, promise.id, [question], self._new_delivery, promise.parties, now)
            return promise, at

        moved = await self._store.write(team_id, work)
        self._wake()
        return moved


def _is_asked(promise: Promise, row: Delivery) -> bool:
    is_theirs = promise.owner_id == row.to and promise.state is State.ACTIVE
    return is_theirs and version_of(row.occasion) == promise.terms.version
