"""How realistic a date is: what the owner owes already, and how long they usually take."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.load import Days, Load, Room, load_for, week_bounds
from bot.domain.promise import Due, Promise, PromiseId, TeamId, UserId
from bot.domain.realism import LAST, DeliveryPace, Doubt, delivery_pace, doubt
from bot.ports import Store, Transaction
from bot.use_cases.people import hours_of
from bot.use_cases.single_flight import SingleFlight

#: How many open deadlines are read, and how many closed promises: more than LAST, since some were cancelled.
OWED, CLOSED = 200, 3 * LAST
#: How long a person's pace is cached: another replica may have closed a promise meanwhile.
CACHED_FOR_S = 600.0
#: How many people's paces are cached.
MAX_PACES = 10_000


@dataclass(frozen=True, slots=True)
class Made:
    """A new promise, and private advice for its maker: doubts for the owner, the other side's free time if shared."""

    promise: Promise
    doubt: Doubt | None = None
    room: Room | None = None


class Paces:
    """How long people lately took for their promises; cached."""

    def __init__(self) -> None:
        self._known: dict[tuple[TeamId, UserId], tuple[DeliveryPace, float]] = {}
        self._reading: SingleFlight[DeliveryPace] = SingleFlight()

    async def of(self, store: Store, team_id: TeamId, owner: UserId) -> DeliveryPace:
        pace, until = self._known.get((team_id, owner), (None, 0.0))
        if pace is None or time.monotonic() >= until:
            pace = await self._reading.run((team_id, owner), lambda: _pace(store, team_id, owner))
            if len(self._known) >= MAX_PACES:
                self._known.clear()
            self._known[team_id, owner] = pace, time.monotonic() + CACHED_FOR_S
        return pace

    def forget(self, team_id: TeamId, owner: UserId) -> None:
        """Drop a person's pace from the cache after an act on a promise of theirs."""
        self._known.pop((team_id, owner), None)


async def _pace(store: Store, team_id: TeamId, owner: UserId) -> DeliveryPace:
    return delivery_pace(await store.read(team_id, lambda tx: tx.records.closed_of(owner, CLOSED)))


def doubt_of(tx: Transaction, promise: Promise) -> Doubt | None:
    """Return the doubts about the date of a new promise for its owner; None if there are none."""
    days = _days(tx, promise.owner_id, promise.terms.due, promise.made_at, promise.id)
    return doubt(promise, delivery_pace(tx.records.closed_of(promise.owner_id, CLOSED)), days)


def load_of(tx: Transaction, promise: Promise, reader: UserId, now: datetime) -> Load | None:
    """Return a person's load in the week they are asked for; None for anyone not asked, and for a date that passed."""
    asked = due_if_accepted(promise, reader)
    if asked is None or asked.at <= now:
        return None
    return load_for(reader, asked, promise.weight.estimate, _days(tx, reader, asked, now, promise.id))


def room_of(tx: Transaction, promise: Promise, now: datetime) -> Room | None:
    """Return the free time of the person asked, for the person who asks; None unless they share it."""
    owner = tx.people.get(promise.owner_id)
    if promise.state is not State.REQUESTED or owner is None or not owner.preferences.shows_room:
        return None
    load = load_of(tx, promise, promise.owner_id, now)
    return load.room if load else None


def room_for(tx: Transaction, owner: UserId, due: Due | None, estimate: timedelta | None, now: datetime) -> Room | None:
    """Return whether a person has room by a date, or from now on; None unless they show it."""
    person = tx.people.get(owner)
    if person is None or not person.preferences.shows_room:
        return None
    asked = due or Due(now, person.zone)
    return load_for(owner, asked, estimate, _days(tx, owner, asked, now)).room


def due_if_accepted(promise: Promise, reader: UserId) -> Due | None:
    """Return the date by which a person would owe it if they agreed to the request; None if not asked."""
    proposal = promise.proposal
    if proposal is None:
        is_asked = promise.state is State.REQUESTED and reader == promise.owner_id
        return promise.terms.due if is_asked else None
    is_asked = proposal.to == reader and reader in (promise.owner_id, proposal.heir)
    return promise.proposed_terms().due if is_asked and promise.state.is_open else None


def _days(tx: Transaction, owner: UserId, due: Due, now: datetime, but: PromiseId | None = None) -> Days:
    hours = hours_of(tx, owner)
    since = min(week_bounds(due.at, hours)[0], now)
    return Days(hours, tx.promises.deadlines_of(owner, since, OWED, but=but), now)
