"""When time speaks: which nudges a promise plans, to whom, and which of them still make sense.

Pure functions: the same promise, people and `now` always plan the same messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.acts import Act, State
from bot.domain.habits import Habits
from bot.domain.promise import CLOCK, Promise, UserId
from bot.domain.timing import ANSWER_TIME, FAIR_GAP, Timing
from bot.domain.working_time import WorkingHours


class Kind(StrEnum):
    """What a delivery says."""

    MIDWAY = "midway"
    CHECK_IN = "check_in"
    ASK_AGAIN = "ask_again"
    HEADS_UP = "heads_up"
    NO_WORD = "no_word"
    LAST_CALL = "last_call"
    DUE_NOW = "due_now"
    OVERDUE = "overdue"
    NOTICE = "notice"
    CARD = "card"
    RECEIPT = "receipt"
    OUTCOME = "outcome"
    REFRESH = "refresh"
    DIGEST = "digest"
    DETAILS = "details"
    LAST_CHANCE = "last_chance"
    CHAIN = "chain"
    CATCH_UP = "catch_up"
    TROUBLE = "trouble"
    BUNDLE = "bundle"
    BRIEF = "brief"
    SNOOZED = "snoozed"
    ASKED = "asked"
    SERIES = "series"
    CLASH = "clash"
    AWAY = "away"

    @property
    def is_nudge(self) -> bool:
        return self in NUDGES or self in ON_DEMAND


#: What is asked only once the deadline is there.
AFTER_DEADLINE = frozenset({Kind.DUE_NOW, Kind.OVERDUE})
#: What is said only as long as the owner has not answered the check-in.
FOLLOW_UPS = frozenset({Kind.ASK_AGAIN, Kind.NO_WORD})
NUDGES = FOLLOW_UPS | {Kind.MIDWAY, Kind.CHECK_IN, Kind.HEADS_UP, Kind.LAST_CALL, Kind.DUE_NOW, Kind.OVERDUE}
#: Nudges that somebody's click brings, and no plan: what was put off, and what the requester had asked again.
ON_DEMAND = frozenset({Kind.SNOOZED, Kind.ASKED})
#: Said only as long as the owner has done nothing since they were asked, put it off, or had it asked.
WHILE_SILENT = FOLLOW_UPS | ON_DEMAND
#: What speaks of one promise, as it is when it is said.
OF_ONE = NUDGES | ON_DEMAND | {Kind.NOTICE, Kind.CARD, Kind.RECEIPT, Kind.OUTCOME}
#: One message to one person that says what several rows owe them.
GATHERED = frozenset({Kind.CATCH_UP, Kind.BUNDLE, Kind.BRIEF})
#: How the occasion of what is said in a thread begins; the thread's ts follows.
IN_THREAD = "thread:"
#: "Due now" is said within this time of the deadline or not at all.
DUE_NOW_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """A message owed: `occasion` makes (promise, kind, recipient, occasion) unique, so planning twice is harmless."""

    kind: Kind
    to: str
    at: datetime
    occasion: str


def on_demand(promise: Promise, kind: Kind, now: datetime) -> str:
    """The occasion of a nudge that a click brings: the terms it is about, what it asks, and when it was clicked."""
    return f"v{promise.terms.version}:{kind}:{now.timestamp():.6f}"


def asked_as(kind: Kind, occasion: str) -> Kind:
    """What a nudge asks: its own kind, or for one on demand the kind that its occasion names."""
    return Kind(occasion.split(":")[1]) if kind in ON_DEMAND else kind


def asked_for_at(occasion: str) -> datetime:
    """When the click came that brought a nudge on demand."""
    return datetime.fromtimestamp(float(occasion.split(":")[2]), UTC)


def plan(
    promise: Promise,
    owner: WorkingHours | Habits,
    requester: WorkingHours | Habits,
    now: datetime,
    lead_days: int | None = None,
) -> tuple[Planned, ...]:
    """Every nudge that the promise as it stands still owes, in time order; empty unless it is active.

    `lead_days` is this promise's own, in working days; without it each side's habits decide.
    """
    if promise.state is not State.ACTIVE:
        return ()
    timing = Timing(promise, Habits.of(owner), Habits.of(requester), lead_days)
    before = _before_the_deadline(timing, now) if promise.terms.due.at > now else ()
    moments = (*before, *_from_the_deadline_on(timing, now))
    messages = [Planned(kind, to, at, f"v{promise.terms.version}") for kind, to, at in moments]
    return tuple(sorted(messages, key=lambda nudge: (nudge.at, nudge.kind)))


_Moment = tuple[Kind, UserId, datetime]


def _before_the_deadline(timing: Timing, now: datetime) -> Iterator[_Moment]:
    promise, since = timing.promise, min(timing.began_at, now)
    asked_at = timing.check_in_at(since)
    last_call_at = timing.last_call_at(since, asked_at)
    word = timing.word_since(timing.owner.hours.leaving(asked_at, ANSWER_TIME))
    if word is None:
        yield Kind.CHECK_IN, promise.owner_id, asked_at if asked_at > now else timing.check_in_at(now)
        yield from _follow_ups(timing, asked_at, last_call_at, now)
    if not promise.is_own:
        told_at = timing.heads_up_at(since)
        yield Kind.HEADS_UP, promise.requester_id, told_at if told_at > now else timing.heads_up_at(now)
    if (midway_at := timing.midway_at(since, asked_at)) and midway_at > now:
        yield Kind.MIDWAY, promise.owner_id, midway_at
    if last_call_at and last_call_at > now and not timing.is_on_track(last_call_at):
        yield Kind.LAST_CALL, promise.owner_id, last_call_at


def _follow_ups(timing: Timing, asked_at: datetime, last_call_at: datetime | None, now: datetime) -> Iterator[_Moment]:
    again_at = timing.ask_again_at(asked_at)
    if again_at is None or (last_call_at and last_call_at - again_at < FAIR_GAP):
        return  # the last call asks the same
    if again_at > now:
        yield Kind.ASK_AGAIN, timing.promise.owner_id, again_at
    no_word_at = timing.no_word_at(again_at)
    if no_word_at and no_word_at > now:
        yield Kind.NO_WORD, timing.promise.requester_id, no_word_at


def _from_the_deadline_on(timing: Timing, now: datetime) -> Iterator[_Moment]:
    due_at, owner_id = timing.due_at, timing.promise.owner_id
    # The clock marks the miss at the same instant: that must not call off what is said then.
    if now < due_at + DUE_NOW_LASTS and (timing.is_due_by_day or timing.is_outside_work):
        yield Kind.DUE_NOW, owner_id, max(due_at, now)
    yield Kind.OVERDUE, owner_id, timing.owner.next_morning(max(due_at, now))


def notices(before: Promise | None, after: Promise, act: Act, by: UserId, now: datetime) -> tuple[Planned, ...]:
    """What the other side hears at once because of an act just done."""
    told: set[UserId] = {after.owner_id, after.requester_id} if by == CLOCK else {after.other(by)}
    if act is Act.MISS:
        told = {after.requester_id} - {after.owner_id}
    if act is Act.SETTLE:
        told = {after.owner_id}  # the requester was told when it was reported, and had nothing to say
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
    if promise.state is not State.ACTIVE or occasion.partition(":")[0] != f"v{promise.terms.version}":
        return False
    due_at = promise.terms.due.at
    if kind is Kind.SNOOZED and asked_as(kind, occasion) in AFTER_DEADLINE:
        return now >= due_at
    if kind is Kind.OVERDUE:
        return now >= due_at
    if kind is Kind.DUE_NOW:
        return now - due_at <= DUE_NOW_LASTS
    return now < due_at
