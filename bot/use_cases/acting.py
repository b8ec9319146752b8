"""Act on a promise: in two statements where only it changes, in a transaction otherwise."""

import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain.acts import Act, State
from bot.domain.agenda import heir_asked_again
from bot.domain.chains import affects_dependents
from bot.domain.errors import BusyError
from bot.domain.kinds import Kind, Planned
from bot.domain.occasions import OfAct
from bot.domain.promise import CLOCK, Promise, PromiseId, Rest, TeamId, Terms
from bot.domain.record import is_early
from bot.domain.rights import check_question, check_seq
from bot.domain.transitions import HistoryEntry, agreed_rest, clock_act, perform
from bot.domain.weight import Weight
from bot.domain.working_time import add_working_days
from bot.ports import Meter, Transaction
from bot.use_cases.chains import notify_dependents
from bot.use_cases.channel_posts import outcome_in_thread
from bot.use_cases.clashes import clash_for_who_acted
from bot.use_cases.context import Context
from bot.use_cases.delivery.recalling import clock_ids
from bot.use_cases.lookup import find, unknown_promise
from bot.use_cases.making import follow_first, record_new
from bot.use_cases.outbox import notices_of, readers_of
from bot.use_cases.people import habits_of, hours_of
from bot.use_cases.realism import Paces

#: Working days of silence after a report until the promise is closed as kept.
SETTLES_AFTER_DAYS = 3
#: How many times the later of two simultaneous acts is retried on the new state.
TRIES = 5

T = TypeVar("T")


class _NotAloneError(Exception):
    """An act changes more than its promise, which takes a transaction."""


class Acting:
    def __init__(self, context: Context, meter: Meter, paces: Paces) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._new_delivery = context.new_id, context.new_delivery
        self._meter, self._paces = meter, paces

    async def act(
        self,
        team_id: TeamId,
        ref: PromiseId | int,
        entries: Sequence[HistoryEntry],
        answered: str,
        seqs: Collection[int],
    ) -> Promise:
        """Do the part of `Promises.act` that is in the database, and return the promise.

        One act is tried in two statements without a lock (docs/adr/0013). It takes a transaction if it changes more
        than its promise, or if another person acted at the same moment.
        """

        def alone(tx: Transaction) -> Promise:
            return self._record_act(tx, ref, entries[0], answered, seqs, is_alone=True)

        def together(tx: Transaction) -> Promise:
            find(tx, ref, for_change=True)
            after = self._record_act(tx, ref, entries[0], answered, seqs)
            for entry in entries[1:]:
                after = self._record_act(tx, ref, entry, answered)
            return after

        if len(entries) == 1:
            with contextlib.suppress(BusyError, _NotAloneError):
                return await self._store.write_once(team_id, alone)
        return await self._write(team_id, together)

    async def by_clock(self, team_id: TeamId, promise_id: PromiseId) -> int:
        """Perform the act of the clock that is due on a promise; return how many were performed."""

        def work(tx: Transaction) -> int:
            promise, now = tx.promises.get(promise_id, for_change=True), self._clock.now()
            act = clock_act(promise, now) if promise else None
            if promise is None or act is None:
                return 0
            self._record_act(tx, promise_id, HistoryEntry(act, CLOCK, now))
            self._paces.forget(team_id, promise.owner_id)
            self._meter.acted(act)
            return 1

        return await self._write(team_id, work)

    async def _write(self, team_id: TeamId, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction, again if another person acted at the same moment."""
        for _ in range(TRIES - 1):
            with contextlib.suppress(BusyError):
                return await self._store.write(team_id, work)
        return await self._store.write(team_id, work)

    def _record_act(
        self,
        tx: Transaction,
        ref: PromiseId | int,
        entry: HistoryEntry,
        answered: str = "",
        seqs: Collection[int] = (),
        *,
        is_alone: bool = False,
    ) -> Promise:
        """Read first and write last; with `is_alone` in one statement each, as `Store.write_once` requires."""
        facts = tx.promises.for_act(ref, entry.origin)
        if facts is None or (entry.by != CLOCK and not facts.promise.is_visible_to(entry.by)):
            raise unknown_promise(ref)  # the same words as for a number that does not exist
        before = facts.promise
        if facts.is_repeated:
            return before
        check_seq(before, seqs)
        check_question(before, entry.act, answered)
        entry = self._settled(tx, before, entry)
        after, rest = perform(before, entry), agreed_rest(before, entry)
        goes_on = facts.has_dependents and affects_dependents(before, after, entry.act)
        is_taken = {after.owner_id, after.requester_id} != {before.owner_id, before.requester_id}
        is_more = rest or goes_on or is_taken or entry.act is Act.HAND_OVER
        if is_alone and (is_more or after.series_id == after.id):
            raise _NotAloneError
        refresh = Planned(Kind.REFRESH, "", entry.at, str(OfAct(after.seq)))
        clash = clash_for_who_acted(tx, before, after, entry)
        messages = [*notices_of(before, after, entry, facts), *clash, *_to_heir(tx, after, entry), refresh]
        if before.state.is_open and not after.state.is_open:
            messages += outcome_in_thread(after, entry)
        new_id = clock_ids(after, entry.act, messages) if entry.by == CLOCK else self._new_delivery
        wakes = readers_of(messages) | (before.parties | after.parties) - {CLOCK}
        tx.promises.save(after, entry, [(new_id(), each) for each in messages], wakes)
        follow_first(tx, after, entry)
        if goes_on:
            notify_dependents(tx, after, entry, self._new_delivery)
        if rest:
            self._record_rest(tx, after, rest, entry)
        return after

    def _record_rest(self, tx: Transaction, part: Promise, rest: Rest, entry: HistoryEntry) -> None:
        """Create the rest of a split promise, once agreed, as a promise between the same two people."""
        terms = Terms(rest.what, rest.due)
        first = HistoryEntry(
            Act.PROMISE, part.owner_id, entry.at, what=rest.what, due=rest.due, origin=f"rest:{part.id}:{part.seq}"
        )
        blank = replace(
            part,
            id=PromiseId(self._new_id()),
            made_by=part.owner_id,
            made_at=entry.at,
            terms=terms,
            state=State.ACTIVE,
            proposal=None,
            missed_at=None,
            renegotiated_at=None,
            repaired_at=None,
            raised_early=False,
            last_word=None,
            series_id=None,
            weight=Weight(priority=part.weight.priority),
        )
        record_new(tx, blank, first, tx.promises.next_number(), self._new_delivery)

    def _settled(self, tx: Transaction, promise: Promise, entry: HistoryEntry) -> HistoryEntry:
        """Return the entry with the dates that calendars give today, so that replaying the history gives the same."""
        if entry.act in (Act.PROPOSE, Act.COUNTER) and entry.by == promise.owner_id:
            return replace(entry, early=is_early(promise, entry.at, hours_of(tx, promise.requester_id)))
        if entry.act is Act.REPORT:
            hours = hours_of(tx, promise.requester_id)
            # Counted from when the other side is at work to see it: a report of Saturday is read on Monday.
            read_at = entry.at if hours.is_working(entry.at) else hours.next_opening(entry.at)
            return replace(entry, settles_at=add_working_days(read_at, SETTLES_AFTER_DAYS, hours))
        return entry


def _to_heir(tx: Transaction, after: Promise, entry: HistoryEntry) -> list[Planned]:
    """Return the later question to a colleague who is asked to take the promise over."""
    heir = after.proposal.heir if after.proposal and entry.act is Act.HAND_OVER else None
    planned = heir_asked_again(after, habits_of(tx, heir)) if heir else None
    return [planned] if planned else []
