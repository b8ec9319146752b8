"""When time speaks: which nudges a promise plans, to whom, and which of them still make sense.

Pure functions: the same promise, people and `now` always plan the same messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.acts import Act, State
from bot.domain.promise import CLOCK, Promise, UserId
from bot.domain.working_time import WorkingHours


class Kind(StrEnum):
    """What a delivery says."""

    CHECK_IN = "check_in"
    HEADS_UP = "heads_up"
    LAST_CALL = "last_call"
    DUE_NOW = "due_now"
    OVERDUE = "overdue"
    NOTICE = "notice"
    CARD = "card"
    REFRESH = "refresh"
    DIGEST = "digest"

    @property
    def is_nudge(self) -> bool:
        return self in NUDGES


NUDGES = frozenset({Kind.CHECK_IN, Kind.HEADS_UP, Kind.LAST_CALL, Kind.DUE_NOW, Kind.OVERDUE})
#: A warning closer to the deadline than this comes too late to act on, when the promise has room for an earlier one.
LEAST_WARNING = timedelta(minutes=5)
#: The last call comes this long before the deadline, or at three quarters of a promise shorter than four times that.
LAST_CALL_LEAD = timedelta(hours=1)
#: A last call closer than this to the check-in or to the deadline would only repeat it.
LEAST_GAP = timedelta(minutes=10)
#: "Due now" is said within this time of the deadline or not at all.
DUE_NOW_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """A message owed: `occasion` makes (promise, kind, recipient, occasion) unique, so planning twice is harmless."""

    kind: Kind
    to: str
    at: datetime
    occasion: str


def plan(promise: Promise, owner: WorkingHours, requester: WorkingHours, now: datetime) -> tuple[Planned, ...]:
    """Every nudge that the promise as it stands still owes, in time order; empty unless it is active."""
    if promise.state is not State.ACTIVE:
        return ()
    return tuple(sorted(_nudges(promise, owner, requester, now), key=lambda nudge: (nudge.at, nudge.kind)))


def _nudges(promise: Promise, owner: WorkingHours, requester: WorkingHours, now: datetime) -> Iterator[Planned]:
    due_at, occasion = promise.terms.due.at, f"v{promise.terms.version}"
    owner_id, requester_id = promise.owner_id, promise.requester_id
    if due_at > now:
        check_in_at = warning_at(due_at, owner, now)
        yield Planned(Kind.CHECK_IN, owner_id, check_in_at, occasion)
        if not promise.is_own:
            yield Planned(Kind.HEADS_UP, requester_id, warning_at(due_at, requester, now), occasion)
        last_call_at = due_at - min(LAST_CALL_LEAD, (due_at - now) / 4)
        if last_call_at - check_in_at >= LEAST_GAP and due_at - last_call_at >= LEAST_GAP:
            yield Planned(Kind.LAST_CALL, owner_id, last_call_at, occasion)
        yield Planned(Kind.DUE_NOW, owner_id, due_at, occasion)
    yield Planned(Kind.OVERDUE, owner_id, next_working_morning(max(due_at, now), owner), occasion)


def warning_at(due_at: datetime, hours: WorkingHours, now: datetime) -> datetime:
    """When somebody hears of a deadline ahead: one working day before it, or half-way when it is nearer than that.

    Half-way moves into their working hours when that leaves at least five minutes before the deadline, and never
    after it.

    >>> from datetime import UTC
    >>> monday_noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> warning_at(datetime(2026, 11, 27, 17, tzinfo=UTC), WorkingHours(), monday_noon).isoformat()
    '2026-11-26T17:00:00+00:00'
    >>> warning_at(datetime(2026, 11, 23, 12, 10, tzinfo=UTC), WorkingHours(), monday_noon).isoformat()
    '2026-11-23T12:05:00+00:00'
    """
    day_before = hours.working_day_before(due_at)
    if day_before > now:
        return day_before
    half_way = now + (due_at - now) / 2
    opening = hours.next_opening(half_way)
    return opening if opening <= due_at - LEAST_WARNING else half_way


def next_working_morning(after: datetime, hours: WorkingHours) -> datetime:
    """The next start of work on a later day than `after` falls on."""
    midnight = hours.local(after).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return hours.next_opening(midnight)


def notices(before: Promise | None, after: Promise, act: Act, by: UserId, now: datetime) -> tuple[Planned, ...]:
    """What the other side hears at once because of an act just done."""
    told: set[UserId] = {after.owner_id, after.requester_id} if by == CLOCK else {after.other(by)}
    if act is Act.MISS:
        told = {after.requester_id} - {after.owner_id}
    if act is Act.ON_TRACK:
        told = set()
    for proposal in (before.proposal if before else None, after.proposal):
        if proposal and proposal.heir:
            told |= {proposal.heir}
    if before and before.owner_id != after.owner_id:
        told |= {before.owner_id, after.requester_id}
    told |= set(after.watchers)
    return tuple(Planned(Kind.NOTICE, person, now, f"a{after.seq}") for person in sorted(told - {by}))


def still_wanted(kind: Kind, occasion: str, promise: Promise, now: datetime) -> bool:
    """Whether a nudge planned earlier still makes sense at the moment of sending."""
    if not kind.is_nudge:
        return True
    if promise.state is not State.ACTIVE or occasion != f"v{promise.terms.version}":
        return False
    due_at = promise.terms.due.at
    if kind is Kind.OVERDUE:
        return now >= due_at
    if kind is Kind.DUE_NOW:
        return now - due_at <= DUE_NOW_LASTS
    return now < due_at
