"""What an owner should know about a date, and who asks them about their room: read with what they owe already."""

import time
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import State
from bot.domain.load import Days, Load, Room, load_for, week_of
from bot.domain.promise import Due, Promise, TeamId, UserId
from bot.domain.realism import LAST, Doubt, Pace, doubt, pace_of
from bot.ports import Transaction
from bot.use_cases.people import hours_of

#: How many deadlines are looked at, and how many closed promises: some were cancelled.
OWED, CLOSED = 200, 3 * LAST
#: How long the books are not asked again how long somebody takes: another replica may have closed a promise meanwhile.
IN_MIND_S = 600.0
#: How many people's paces are remembered.
MOST_PACES = 10_000


@dataclass(frozen=True, slots=True)
class Made:
    """A promise just recorded, and what its maker alone should know: as its owner about the date, as the person who
    asks about the other's room, if they show it.
    """

    promise: Promise
    doubt: Doubt | None = None
    room: Room | None = None


class Paces:
    """How long people lately took for what they promised, from memory where it was read a short while ago."""

    def __init__(self) -> None:
        self._known: dict[tuple[TeamId, UserId], tuple[Pace, float]] = {}

    def of(self, tx: Transaction, team_id: TeamId, owner: UserId) -> Pace:
        pace, until = self._known.get((team_id, owner), (None, 0.0))
        if pace is None or time.monotonic() >= until:
            pace = pace_of(tx.records.closed_of(owner, CLOSED))
            if len(self._known) >= MOST_PACES:
                self._known.clear()
            self._known[team_id, owner] = pace, time.monotonic() + IN_MIND_S
        return pace

    def forget(self, team_id: TeamId, owner: UserId) -> None:
        """Somebody's promise was acted on: their pace may be another."""
        self._known.pop((team_id, owner), None)


def doubt_of(tx: Transaction, promise: Promise) -> Doubt | None:
    """What its owner should know; for a date that has just been promised."""
    days = _days(tx, promise, promise.owner_id, promise.terms.due, promise.made_at)
    return doubt(promise, pace_of(tx.records.closed_of(promise.owner_id, CLOSED)), days)


def load_of(tx: Transaction, promise: Promise, reader: UserId, now: datetime) -> Load | None:
    """Return what somebody owes already in the week for which they are asked; None for somebody who is not asked."""
    asked = asked_of(promise, reader)
    if asked is None:
        return None
    return load_for(reader, asked, promise.weight.estimate, _days(tx, promise, reader, asked, now))


def room_of(tx: Transaction, promise: Promise, now: datetime) -> Room | None:
    """Return whether the person who is asked has room, for the person who asks; None unless they show it."""
    owner = tx.people.get(promise.owner_id)
    if promise.state is not State.REQUESTED or owner is None or not owner.preferences.shows_room:
        return None
    load = load_of(tx, promise, promise.owner_id, now)
    return load.room if load else None


def asked_of(promise: Promise, reader: UserId) -> Due | None:
    """Return the date by which somebody would owe it, if they agreed to what they are asked; None if they are not."""
    proposal = promise.proposal
    if proposal is None:
        is_asked = promise.state is State.REQUESTED and reader == promise.owner_id
        return promise.terms.due if is_asked else None
    is_asked = proposal.to == reader and reader in (promise.owner_id, proposal.heir)
    return promise.proposed_terms().due if is_asked and promise.state.is_open else None


def _days(tx: Transaction, promise: Promise, owner: UserId, due: Due, now: datetime) -> Days:
    hours = hours_of(tx, owner)
    since = min(week_of(due.at, hours)[0], now)
    return Days(hours, tx.promises.deadlines_of(owner, since, OWED, but=promise.id), now)
