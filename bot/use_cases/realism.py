"""What an owner should know about a date they promise: read when the promise is made, told to them alone."""

import time
from dataclasses import dataclass

from bot.domain.promise import Promise, TeamId, UserId
from bot.domain.realism import LAST, Doubt, Pace, doubt, pace_of, week_of
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
    """A promise just recorded, and what its owner alone should know about the date."""

    promise: Promise
    doubt: Doubt | None = None


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
    owner, hours = promise.owner_id, hours_of(tx, promise.owner_id)
    since, _ = week_of(promise.terms.due.at, hours)
    others = tx.promises.deadlines_of(owner, since, OWED, but=promise.id)
    return doubt(promise, others, pace_of(tx.records.closed_of(owner, CLOSED)), hours)
