"""Create promises and act on them: one method per action, one transaction each."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.act_errors import act_errors
from bot.domain.acts import Act, State
from bot.domain.drafts import Draft
from bot.domain.errors import KeptError, NotAllowedError, TooLateError
from bot.domain.kinds import Kind, Planned
from bot.domain.overview import Overview, Show, grouped, sections
from bot.domain.people import Person
from bot.domain.promise import ChannelId, Origin, Promise, PromiseId, TeamId, UserId
from bot.domain.recurring import Series
from bot.domain.rights import check_question
from bot.domain.transitions import HistoryEntry, allowed_acts, perform
from bot.ports import Meter, Side, Transaction
from bot.use_cases.acting import Acting
from bot.use_cases.context import Context
from bot.use_cases.dependencies import visible_dependencies
from bot.use_cases.lookup import find, unknown_promise
from bot.use_cases.making import Making, errors_in_people
from bot.use_cases.people import People
from bot.use_cases.realism import Made, Paces

#: How many promises one pass of the clock processes, and how many a list shows.
BATCH = 200
#: Most promises of each side that the Home tab counts, sorts and pages.
MAX_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class PromiseDetails:
    """A promise with its history (oldest first), its series, and the dependencies that the viewer may see."""

    promise: Promise
    history: tuple[HistoryEntry, ...]
    needs: tuple[Promise, ...] = ()
    series: Series | None = None


class Promises:
    def __init__(self, context: Context, people: People, meter: Meter | None = None) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_delivery, self._wake = context.new_delivery, context.wake
        self._people = people
        self._meter = meter or Meter()
        self._paces = Paces()
        self._making = Making(context, people, self._meter, self._paces)
        self._acting = Acting(context, self._meter, self._paces)

    async def make(self, team_id: TeamId, by: UserId, draft: Draft, place: Origin, key: str) -> Made:
        """Do what `Making.make` does."""
        return await self._making.make(team_id, by, draft, place, key)

    async def errors_of(self, team_id: TeamId, draft: Draft) -> list[KeptError]:
        """Do what `Making.errors_of` does."""
        return await self._making.errors_of(team_id, draft)

    async def act(
        self,
        team_id: TeamId,
        ref: PromiseId | int,
        *entries: HistoryEntry,
        answered: str = "",
        seqs: Collection[int] = (),
    ) -> Promise:
        """Perform the acts of one click or form on a promise given by id or number, in order: all of them, or none.

        The same `HistoryEntry.origin` twice performs an act once. `answered` is the question (bot.domain.rights) on the
        actor's screen, if known. With `seqs`, the promise must be at one of them.

        Raises NotFoundError, NotAllowedError, TooLateError or UnreadableError, each with its sentence, and ChangedError
        for a promise that is at none of `seqs`.
        """
        for heir in (entry.heir for entry in entries if entry.heir):
            await self._people.colleague(team_id, heir)

        try:
            after = await self._acting.act(team_id, ref, entries, answered, seqs)
        except (NotAllowedError, TooLateError):
            await self.check_seen(team_id, ref, entries[-1].by)
            raise
        self._paces.forget(team_id, after.owner_id)
        for entry in entries:
            self._meter.acted(entry.act)
        self._wake()
        return after

    async def errors_of_acts(self, team_id: TeamId, ref: PromiseId, *entries: HistoryEntry) -> list[KeptError]:
        """Return the errors in the values of acts; `act` raises the first of them.

        Raises what `offered` raises if this person may not do them now.
        """
        errors: list[KeptError] = []
        for entry in entries:
            promise = await self.offered(team_id, ref, entry.act, entry.by)
            errors += await errors_in_people(self._people, team_id, [entry.heir] if entry.heir else [])
            errors += act_errors(promise, entry)
        return errors

    async def show(self, team_id: TeamId, ref: PromiseId | int, viewer: UserId) -> PromiseDetails:
        """Return a promise with its history.

        Raises NotFoundError when there is none, or none that this person may see.
        """

        def work(tx: Transaction) -> PromiseDetails:
            promise = find(tx, ref)
            if not promise.is_visible_to(viewer) or promise.state is State.UNDONE:
                raise unknown_promise(ref)
            series = tx.series.get(promise.series_id) if promise.series_id else None
            return PromiseDetails(
                promise, tx.promises.history(promise.id), visible_dependencies(tx, promise.id, viewer), series
            )

        shown = await self._store.read(team_id, work)
        seen = await self._people.seen(team_id, viewer, (shown.promise, *shown.needs))
        if shown.promise not in seen:
            raise unknown_promise(ref)
        return replace(shown, needs=tuple(each for each in shown.needs if each in seen))

    async def check_seen(self, team_id: TeamId, ref: PromiseId | int, viewer: UserId) -> None:
        """Check that a person may see a promise, whatever they may do to it.

        Raises NotFoundError with the text for a promise that does not exist.
        """
        promise = await self._store.read(team_id, lambda tx: find(tx, ref))
        if not await self._people.seen(team_id, viewer, (promise,)):
            raise unknown_promise(ref)

    async def in_message(
        self, team_id: TeamId, channel_id: ChannelId, ts: str, *, is_card: bool = False
    ) -> tuple[Promise, ...]:
        """Return the promises in a message of Kept, found by channel and timestamp; with `is_card`, a card's only."""

        def work(tx: Transaction) -> tuple[Promise, ...]:
            delivery = tx.deliveries.standing_at(channel_id, ts)
            if delivery is None or (is_card and delivery.kind is not Kind.CARD):
                return ()
            rows = [delivery] if delivery.promise_id else tx.agendas.included_in(delivery.id)
            ids = dict.fromkeys(row.promise_id for row in rows if row.promise_id)
            found = [tx.promises.get(promise_id) for promise_id in ids]
            return tuple(promise for promise in found if promise)

        return await self._store.read(team_id, work)

    async def listed(
        self, team_id: TeamId, person: UserId, side: Side, viewer: UserId, limit: int = BATCH
    ) -> tuple[Promise, ...]:
        """Return a person's open promises that the viewer may see, the earliest deadline first."""
        found = await self._store.read(team_id, lambda tx: tx.promises.concerning(person, side, limit))
        return await self._people.seen(team_id, viewer, found)

    async def overview(self, person: Person, show: Show, page: int) -> Overview:
        """Return a person's open promises for the Home tab, in full those that are drawn of the group and page.

        Only promises that the person owes or is owed are read, which they may see.
        """
        now = self._clock.now()

        def work(tx: Transaction) -> Overview:
            owing, owed = tx.promises.outlines(person.id, MAX_COUNTED)
            groups = grouped(owing, owed, person.hours, now)
            drawn = sections(groups, show, page)
            ids = {each.id for section in drawn for each in section.drawn}
            return Overview(groups, drawn, tx.promises.those(ids))

        return await self._store.read(person.team_id, work)

    async def offered(self, team_id: TeamId, ref: PromiseId, act: Act, person: UserId, answered: str = "") -> Promise:
        """Return the promise if this person may perform the act now.

        Raises what the act itself would raise: NotFoundError, NotAllowedError or TooLateError.
        """
        promise, now = await self._store.read(team_id, lambda tx: find(tx, ref)), self._clock.now()
        if act not in allowed_acts(promise, person, now):
            await self.check_seen(team_id, ref, person)
            perform(promise, HistoryEntry(act, person, now))  # raises, with the reason
        check_question(promise, act, answered)
        return promise

    async def redraw(self, team_id: TeamId, ref: PromiseId, occasion: str) -> None:
        """Redraw every posted message of a promise, after a person was shown an outdated one."""
        refresh = Planned(Kind.REFRESH, "", self._clock.now(), occasion)
        await self._store.write(team_id, lambda tx: tx.deliveries.owe(ref, [refresh], self._new_delivery))
        self._wake()

    async def run_due(self) -> int:
        """Perform the clock's acts: mark misses, expire proposals, settle reports. Return how many."""
        due = await self._store.clock_due(self._clock.now(), BATCH)
        done = 0
        for team_id, promise_id in due:
            done += await self._acting.by_clock(team_id, promise_id)
        return done
