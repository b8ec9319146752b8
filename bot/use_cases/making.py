"""Create a promise: alone, as the rest of another, or as one occurrence of a series."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.domain.acts import Act, State
from bot.domain.drafts import Draft
from bot.domain.errors import BusyError, KeptError, TooManyError, UnreadableError
from bot.domain.kinds import Planned
from bot.domain.limits import WINDOW
from bot.domain.load import Days, week_bounds
from bot.domain.people import Person
from bot.domain.promise import Origin, Promise, PromiseId, TeamId, Terms, UserId, is_blank
from bot.domain.realism import DeliveryPace, doubt
from bot.domain.recurring import first_due, series_of
from bot.domain.term_errors import NO_DUE, term_errors
from bot.domain.transitions import HistoryEntry, begin
from bot.domain.working_time import WorkingHours
from bot.language import _
from bot.ports import DeliveryId, MakingAsked, Meter, Transaction
from bot.use_cases.channel_posts import card_or_receipt
from bot.use_cases.context import Context
from bot.use_cases.dependencies import add_dependencies
from bot.use_cases.outbox import notices_of, readers_of
from bot.use_cases.people import People
from bot.use_cases.realism import OWED, Made, Paces, room_of

NewDelivery = Callable[[], DeliveryId]


class Making:
    def __init__(self, context: Context, people: People, meter: Meter, paces: Paces) -> None:
        self._store, self._clock = context.store, context.clock
        self._new_id, self._new_delivery = context.new_id, context.new_delivery
        self._wake, self._limits = context.wake, context.limits
        self._people, self._meter, self._paces = people, meter, paces

    async def make(self, team_id: TeamId, by: UserId, draft: Draft, place: Origin, key: str) -> Made:
        """Create a promise, or a request when the draft asks. The same `key` twice creates one.

        Raises NotFoundError for people who cannot be a party, UnreadableError for invalid terms.
        """
        owner_id = draft.owner_id or by if draft.asks else by
        requester_id = by if draft.asks else draft.requester_id or by
        await self._people.check_needs(team_id, by, draft.needs)
        everybody = dict.fromkeys((owner_id, requester_id, *draft.watchers))
        owner, *_ = await self._people.colleagues(team_id, everybody)
        entry, blank = self._first(team_id, by, draft, place, key, owner, requester_id)
        pace = await self._paces.of(self._store, team_id, owner.id) if by == owner.id else None
        write = self._store.write if draft.needs or draft.rule else self._store.write_once
        try:
            made = await write(team_id, lambda tx: self._record_made(tx, blank, entry, draft, owner.hours, pace))
        except (BusyError, TooManyError):  # return the promise made from the same click before, limits or not
            before = await self._store.read(team_id, lambda tx: tx.promises.made_from(key))
            if before is None:
                raise
            return Made(before)
        self._meter.acted(entry.act)
        self._wake()
        if draft.asks and owner.preferences.shows_room:
            room = await self._store.read(team_id, lambda tx: room_of(tx, made.promise, entry.at))
            return replace(made, room=room)
        return made

    async def errors_of(self, team_id: TeamId, draft: Draft) -> list[KeptError]:
        """Return the errors in the people and the terms of a draft; `make` raises the first of them."""
        people = filter(None, dict.fromkeys((draft.owner_id, draft.requester_id, *draft.watchers)))
        errors = await errors_in_people(self._people, team_id, people)
        return [*errors, *term_errors(draft.what, draft.due, draft.done_when, self._clock.now())]

    def _first(
        self, team_id: TeamId, by: UserId, draft: Draft, place: Origin, key: str, owner: Person, requester_id: UserId
    ) -> tuple[HistoryEntry, Promise]:
        act, now = Act.REQUEST if draft.asks else Act.PROMISE, self._clock.now()
        due = first_due(draft.rule, now, owner.hours) if draft.rule else draft.due
        if due is None:
            over = _("It would end before the first one is due. Choose a later last day.")
            raise UnreadableError(over if draft.rule else _(NO_DUE), "due")
        terms = Terms("" if is_blank(draft.what) else draft.what.strip(), due, draft.done_when.strip())
        entry = HistoryEntry(act, by, now, what=terms.what, due=terms.due, done_when=terms.done_when, origin=key)
        entry = replace(entry, estimate=draft.weight.estimate, priority=draft.weight.priority)
        blank = Promise(
            team_id=team_id,
            id=(new := PromiseId(self._new_id())),
            number=0,
            owner_id=owner.id,
            requester_id=requester_id,
            made_by=by,
            made_at=now,
            origin=place,
            state=State.ACTIVE,
            terms=terms,
            watchers=draft.watchers,
            series_id=new if draft.rule else None,
            lead_days=draft.lead_days,
        )
        return entry, blank

    def _record_made(
        self,
        tx: Transaction,
        blank: Promise,
        entry: HistoryEntry,
        draft: Draft,
        hours: WorkingHours,
        pace: DeliveryPace | None,
    ) -> Made:
        """Write first, in one statement, as `Store.write_once` requires; what needs or recurs is written after that."""
        place = "" if blank.origin.is_private else blank.origin.channel_id
        asked = MakingAsked(
            blank.owner_id,
            min(week_bounds(blank.terms.due.at, hours)[0], entry.at),
            OWED if pace is not None else 0,
            entry.by,
            place,
            entry.at - WINDOW if self._limits.are_set else None,
            self._limits,
        )
        new = begin(blank, entry)
        facts = tx.promises.make(asked, new, entry, *_messages_of_new(new, entry, self._new_delivery))
        promise = replace(new, number=facts.number)
        add_dependencies(tx, promise.id, draft.needs, entry.by)
        if draft.rule:
            tx.series.add(series_of(promise, draft.rule))
        days = Days(hours, facts.deadlines, entry.at)
        return Made(promise, doubt(promise, pace, days) if pace else None)


async def errors_in_people(people: People, team_id: TeamId, chosen: Iterable[UserId]) -> list[KeptError]:
    """Return the errors in a choice of people; `People.colleague` raises each of them."""
    errors: list[KeptError] = []
    for user_id in chosen:
        try:
            await people.colleague(team_id, user_id)
        except KeptError as error:
            errors.append(error)
    return errors


def record_new(
    tx: Transaction, blank: Promise, entry: HistoryEntry, number: int, new_id: NewDelivery, *, quietly: bool = False
) -> Promise:
    """Insert a promise with its messages; with `quietly`, without announcements.

    Raises BusyError when one was made from the same origin before.
    """
    promise = replace(begin(blank, entry), number=number)
    tx.promises.add(promise, entry, *_messages_of_new(promise, entry, new_id, quietly=quietly))
    return promise


def _messages_of_new(
    promise: Promise, entry: HistoryEntry, new_id: NewDelivery, *, quietly: bool = False
) -> tuple[list[tuple[DeliveryId, Planned]], set[UserId]]:
    """Return the messages about a new promise, and whose agendas it wakes."""
    messages = [] if quietly else [*notices_of(None, promise, entry), *card_or_receipt(promise, entry)]
    wakes = readers_of(messages) | {promise.owner_id, promise.requester_id}
    return [(new_id(), message) for message in messages], wakes


def follow_first(tx: Transaction, first: Promise, entry: HistoryEntry) -> None:
    """Apply the undoing or correction of a series' first promise to the series."""
    if first.series_id != first.id or entry.act not in (Act.UNDO, Act.EDIT, Act.ADJUST):
        return
    series = tx.series.get(first.id, for_change=True)
    if series is None or series.ended_at:
        return
    if first.state is State.UNDONE:
        tx.series.save(series.ended(entry.by, entry.at))
    else:
        terms, weight = first.terms, first.weight
        tx.series.save(replace(series, what=terms.what, done_when=terms.done_when, weight=weight))
