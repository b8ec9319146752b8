"""Recurring promises: create each occurrence when the one before is due, and end a series."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from bot.domain.acts import Act, State
from bot.domain.errors import UnreadableError
from bot.domain.kinds import Kind, Planned
from bot.domain.promise import CLOCK, Due, Promise, PromiseId, TeamId, Terms, UserId
from bot.domain.recurring import Series, next_due
from bot.domain.transitions import HistoryEntry
from bot.language import _
from bot.ports import Meter, Transaction
from bot.use_cases.context import Context
from bot.use_cases.lookup import find, unknown_promise
from bot.use_cases.making import record_new
from bot.use_cases.outbox import owe
from bot.use_cases.people import habits_of
from bot.use_cases.promises import BATCH

#: How many series a list holds.
SHOWN = 50
#: The occasion of the message that a series has ended.
ENDED = "ended"


class Recurring:
    def __init__(self, context: Context, meter: Meter | None = None) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._new_delivery, self._wake = context.new_id, context.new_delivery, context.wake
        self._meter = meter or Meter()

    async def run_due(self) -> int:
        """Create the occurrences that are due; return how many.

        Those missed during a downtime are skipped: only the next one is created.
        """
        due = await self._store.series_due(self._clock.now(), BATCH)
        made = sum(
            [await self._store.write(team_id, partial(self._create_next, team_id, each)) for team_id, each in due]
        )
        for _each in range(made):
            self._meter.acted(Act.PROMISE)
        return made

    async def of_person(self, team_id: TeamId, person: UserId) -> tuple[Series, ...]:
        """Return the series a person takes part in, the next to recur first."""
        return await self._store.read(team_id, lambda tx: tx.series.of_person(person, SHOWN))

    async def end(self, team_id: TeamId, ref: PromiseId | int, by: UserId) -> Series:
        """End the series of any of its occurrences; promises already made stay.

        Raises NotFoundError, NotAllowedError, TooLateError or UnreadableError, each with its sentence.
        """

        def work(tx: Transaction) -> Series:
            promise = find(tx, ref)
            if not promise.is_visible_to(by):
                raise unknown_promise(ref)
            series = tx.series.get(promise.series_id, for_change=True) if promise.series_id else None
            if series is None:
                raise UnreadableError(
                    _(
                        "#{number} does not repeat. `/promise list recurring` shows what does; `/promise cancel "
                        "{number}` or `release {number}` ends a single one."
                    ).format(number=promise.number)
                )
            ended = series.ended(by, self._clock.now())
            self._record_end(tx, ended, [person for person in ended.parties if person != by])
            return ended

        ended = await self._store.write(team_id, work)
        self._wake()
        return ended

    def _create_next(self, team_id: TeamId, series_id: PromiseId, tx: Transaction) -> int:
        series, now = tx.series.get(series_id, for_change=True), self._clock.now()
        if series is None or series.wakes_at is None or series.wakes_at > now:
            return 0  # another process created it, or the series was ended meanwhile
        gone = set(_gone(tx, series))
        due = next_due(series, now, habits_of(tx, series.owner_id).hours, owner_is_gone=bool(gone))
        if due is None:
            self._record_end(tx, series.ended(CLOCK, now), [each for each in series.parties if each not in gone])
            return 0
        first = tx.promises.get(series.id)
        if first is None or first.state is State.UNDONE:
            tx.series.save(series.ended(CLOCK, now))
            return 0
        promise = tx.promises.made_from(self._key(series, due)) or self._record_next(tx, series, first, due)
        tx.series.save(replace(series, number=promise.number, wakes_at=due.at))
        return 1

    def _record_next(self, tx: Transaction, series: Series, first: Promise, due: Due) -> Promise:
        """Create the occurrence for `due`; the due time is part of its key, so repeating this creates it once."""
        terms, now = Terms(series.what, due, series.done_when), self._clock.now()
        blank = Promise(
            team_id=first.team_id,
            id=PromiseId(self._new_id()),
            number=0,
            owner_id=series.owner_id,
            requester_id=series.requester_id,
            made_by=series.owner_id,
            made_at=now,
            origin=series.origin,
            state=State.ACTIVE,
            terms=terms,
            watchers=series.watchers,
            series_id=series.id,
            lead_days=first.lead_days,
        )
        key = self._key(series, due)
        entry = HistoryEntry(
            Act.PROMISE, series.owner_id, now, what=terms.what, due=due, done_when=terms.done_when, origin=key
        )
        entry = replace(entry, estimate=series.weight.estimate, priority=series.weight.priority)
        return record_new(tx, blank, entry, tx.promises.next_number(), self._new_delivery, quietly=True)

    def _key(self, series: Series, due: Due) -> str:
        return f"series:{series.id}:{int(due.at.timestamp())}"

    def _record_end(self, tx: Transaction, ended: Series, recipients: list[UserId]) -> None:
        tx.series.save(ended)
        now = self._clock.now()
        messages = [Planned(Kind.SERIES, person, now, ENDED) for person in recipients]
        # so that the first card no longer offers to end the series
        refresh = Planned(Kind.REFRESH, "", now, "series ended")
        owe(tx, ended.id, [*messages, refresh], self._new_delivery)


def _gone(tx: Transaction, series: Series) -> Iterator[UserId]:
    """Yield those of the two parties whose account is closed."""
    for person in series.parties:
        known = tx.people.get(person)
        if known and known.is_gone:
            yield person
