"""Promises with a history: given act by act, or walked at random as far as the loop allows."""

import contextlib
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.domain.acts import Act
from bot.domain.errors import KeptError
from bot.domain.outcomes import Past
from bot.domain.promise import CLOCK, Due, Promise, PromiseId, Terms, UserId
from bot.domain.record import is_early
from bot.domain.transitions import HistoryEntry, allowed_acts, clock_act, perform
from bot.domain.weight import Priority
from bot.domain.working_time import WorkingHours
from tests.unit.factories import ALICE, BOB, DAVE, MONDAY, promised, requested

BERLIN = "Europe/Berlin"
#: Done now and then; else hardly anything would ever come to an end of its own.
RARE = frozenset({Act.REVOKE, Act.RELEASE, Act.UNDO, Act.EDIT, Act.DECLINE, Act.WITHDRAW, Act.HAND_OVER, Act.ADJUST})
#: Done more often: it is renegotiation that is looked at.
LIVELY = frozenset({Act.PROPOSE, Act.ACCEPT_PROPOSAL})


def first_entry(promise: Promise) -> HistoryEntry:
    act = Act.PROMISE if promise.made_by == promise.owner_id else Act.REQUEST
    terms = promise.terms
    return HistoryEntry(
        act, promise.made_by, promise.made_at, what=terms.what, due=terms.due, done_when=terms.done_when
    )


def past(*entries: HistoryEntry, **changes: Any) -> Past:
    """A promise of Alice's to Bob made on Monday for Friday, and what was done with it."""
    promise = promised(**changes)
    history = [first_entry(promise)]
    for entry in entries:
        promise = perform(promise, entry)
        history.append(entry)
    return Past(promise, tuple(history))


def proposed(at: datetime, due_at: datetime, by: UserId = ALICE, *, early: bool = False, **more: Any) -> HistoryEntry:
    return HistoryEntry(Act.PROPOSE, by, at, due=Due(due_at, BERLIN), early=early, **more)


def agreed(at: datetime, by: UserId = BOB) -> HistoryEntry:
    return HistoryEntry(Act.ACCEPT_PROPOSAL, by, at)


def delivered(at: datetime, accepted_at: datetime | None = None) -> tuple[HistoryEntry, HistoryEntry]:
    return HistoryEntry(Act.REPORT, ALICE, at), HistoryEntry(
        Act.ACCEPT_DELIVERY, BOB, accepted_at or at + timedelta(hours=1)
    )


def random_past(
    random: Random, number: int, made_at: datetime = MONDAY, what: str = "send the deck", **changes: Any
) -> Past:
    """A promise with an act now and then, for some weeks."""
    owner = changes.get("owner_id", ALICE)
    is_asked = random.random() < 0.2 and changes.get("requester_id") != owner
    due = Due(made_at + timedelta(hours=random.randint(2, 400)), BERLIN)
    changes |= {"id": PromiseId(f"P{number}"), "number": number, "made_at": made_at, "terms": Terms(what, due)}
    promise = requested(**changes) if is_asked else promised(made_by=owner, **changes)
    history, now = [first_entry(promise)], made_at
    for _ in range(random.randint(0, 14)):
        now += timedelta(minutes=random.choice((2, 45, 300, 1500, 4000)))
        while act := clock_act(promise, now):
            promise, history = _done(promise, history, HistoryEntry(act, CLOCK, now))
        entry = _some_act(random, promise, now)
        if entry is None:
            break
        with contextlib.suppress(KeptError):  # a request whose date has passed
            promise, history = _done(promise, history, entry)
    return Past(promise, tuple(history))


def _done(promise: Promise, history: list[HistoryEntry], entry: HistoryEntry) -> tuple[Promise, list[HistoryEntry]]:
    return perform(promise, entry), [*history, entry]


def _some_act(random: Random, promise: Promise, now: datetime) -> HistoryEntry | None:
    people = sorted(promise.parties)
    may = [(person, act) for person in people for act in sorted(allowed_acts(promise, person, now))]
    may = [(person, act) for person, act in may if act is not Act.HAND_OVER or DAVE not in people]
    if not may:
        return None
    person, act = random.choices(may, [1 if act in RARE else 20 if act in LIVELY else 8 for _, act in may])[0]
    later = Due(max(now, promise.terms.due.at) + timedelta(hours=random.randint(1, 200)), BERLIN)
    carried: dict[Act, dict[str, Any]] = {
        Act.HAND_OVER: {"heir": DAVE},
        Act.REPORT: {"settles_at": now + timedelta(days=3)},
        Act.ADD_NOTE: {"note": "it is in the folder"},
        Act.RATE: {"rating": "met"},
        Act.EDIT: {"what": "send the slides"},
        Act.ADJUST: {"priority": Priority.URGENT},
    }
    if act in (Act.PROPOSE, Act.COUNTER):
        due = later if random.random() < 0.8 else Due(now + timedelta(hours=random.randint(1, 30)), BERLIN)
        early = person == promise.owner_id and is_early(promise, now, WorkingHours(BERLIN))
        return HistoryEntry(act, person, now, what=promise.terms.what, due=due, early=early)
    return HistoryEntry(act, person, now, **carried.get(act, {}))
