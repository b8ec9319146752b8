"""The input and the results of an agenda."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.domain.acts import Act
from bot.domain.habits import Habits
from bot.domain.kinds import Kind
from bot.domain.occasions import version_of
from bot.domain.promise import Promise, PromiseId, UserId
from bot.domain.timing import Timing
from bot.domain.unlocked import unlocked_property


class MessageRecord(NamedTuple):
    """A message about a promise to one of its people, from the table `deliveries`.

    `decided_at` is None while it waits for the agenda. `taken_at` is when Slack accepted it, by itself or within
    another message; `was_dropped`: it will never be sent.
    """

    kind: Kind
    to: UserId
    occasion: str
    decided_at: datetime | None = None
    taken_at: datetime | None = None
    was_dropped: bool = False


class ActRecord(NamedTuple):
    """One act of a promise's history: number `seq`, by a person."""

    seq: int
    act: Act
    by: UserId


def is_on_record(kind: Kind) -> bool:
    """Return whether messages of a kind about a promise are among its MessageRecords."""
    return kind.is_nudge or kind in (Kind.NOTICE, Kind.CLASH)


@dataclass(frozen=True, slots=True)
class Untold:
    """A row waiting for the person's agenda; `at` is the earliest instant, `act` the subject of a notice.

    `is_answered` is set if the person answered what the act asks before the notice was sent, `voids_offer` if the act
    is a report of a delivery that ended an open offer.
    """

    id: str
    kind: Kind
    occasion: str
    at: datetime
    promise_id: PromiseId | None = None
    act: Act | None = None
    is_answered: bool = False
    voids_offer: bool = False


@dataclass(frozen=True)
class Case:
    """A promise with the calendars of both sides, the messages about it, and when its owner last acted on it."""

    promise: Promise
    owner: Habits = field(default_factory=Habits)
    requester: Habits = field(default_factory=Habits)
    messages: tuple[MessageRecord, ...] = ()
    acted_at: datetime | None = None
    is_owner_gone: bool = False

    @unlocked_property
    def timing(self) -> Timing:
        return Timing(self.promise, self.owner, self.requester)

    @property
    def awaits_answer(self) -> bool:
        """Return whether an offer of the owner's, or a hand-over, waits for another person's answer."""
        offer = self.promise.proposal
        return offer is not None and offer.by == self.promise.owner_id

    @unlocked_property
    def questions(self) -> tuple[MessageRecord, ...]:
        """Return the decided questions to the owner about the terms in force, the oldest first."""
        promise = self.promise
        found = [
            (each.decided_at, each)
            for each in self.messages
            if each.to == promise.owner_id
            and each.kind.rule.asks
            and each.decided_at
            and not each.was_dropped
            and version_of(each.occasion) == promise.terms.version
        ]
        return tuple(each for _, each in sorted(found, key=lambda one: one[0]))

    def has(self, kind: Kind, to: UserId, occasion: str | None = None) -> bool:
        """Return whether a kind was decided for a person, about these terms or for one occasion."""
        version = self.promise.terms.version
        return any(
            each.kind is kind
            and each.to == to
            and each.decided_at is not None
            and (each.occasion == occasion if occasion else version_of(each.occasion) == version)
            for each in self.messages
        )

    def last_message_to(self, person: UserId, *, news_only: bool = False) -> datetime | None:
        """Return when a message about the promise was last decided for a person."""
        times = [
            each.decided_at
            for each in self.messages
            if each.to == person and each.decided_at and not each.was_dropped
            if each.kind is Kind.NOTICE or not news_only
        ]
        return max(times, default=None)

    def is_untold(self, kind: Kind, to: UserId) -> bool:
        """Return whether a message of a kind to a person still waits for the agenda."""
        return any(each.kind is kind and each.to == to and each.decided_at is None for each in self.messages)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one person's agenda depends on, except for the present time.

    `last_at` is when a message to them was last decided, `on_its_way_at` the same for one that Slack has not accepted
    yet. `quiet_until` is the end of Slack's "do not disturb". `woken_at` is when the agenda was due.
    """

    person: UserId
    habits: Habits = field(default_factory=Habits)
    cases: tuple[Case, ...] = ()
    untold: tuple[Untold, ...] = ()
    sent_today: int = 0
    last_at: datetime | None = None
    on_its_way_at: datetime | None = None
    quiet_until: datetime | None = None
    is_gone: bool = False
    was_briefed: bool = False
    woken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a message; `row_id` is set if it waited as a row."""

    kind: Kind
    occasion: str
    promise_id: PromiseId | None = None
    row_id: str | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Send one message now: a single entry is the ordinary message, several are gathered as `lead`.

    `absorbed` are rows that the message makes superfluous, `dropped` rows that are settled and never sent.
    """

    entries: tuple[Entry, ...]
    lead: Kind | None = None
    absorbed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Send nothing before `until`; None if only an act can change that."""

    until: datetime | None = None
    dropped: tuple[str, ...] = ()


class Hold(StrEnum):
    """The reasons for which a message is delayed."""

    ON_ITS_WAY = "on_its_way"
    DO_NOT_DISTURB = "do_not_disturb"
    AWAY = "away"
    HOURS = "hours"
    LIMIT = "limit"
    COMPANY = "company"


class Candidate(NamedTuple):
    """A possible message, at `at` or later; a tuple, which is quickly made, because a decision makes twenty.

    It may join an earlier message from `earliest` on. An answer is useful until `needs_by`. `is_hourless`: it is sent
    at its instant whatever the hour; `is_exempt`: it ignores the limits that its reader set; `waits_for_company`: it
    may be delayed to be gathered; `is_blocked`: it waits for a message that is on its way. `states_terms`: it also
    mentions that their deadline falls on a day off. `joins_only`: it only joins a message that is sent anyway.
    Of several news of one promise that of the lowest `precedence` is sent (bot.domain.agenda.news.precedence).
    """

    kind: Kind
    occasion: str
    at: datetime
    promise: Promise | None = None
    row_id: str | None = None
    earliest: datetime | None = None
    needs_by: datetime | None = None
    is_hourless: bool = False
    is_exempt: bool = False
    waits_for_company: bool = False
    is_blocked: bool = False
    states_terms: bool = False
    joins_only: bool = False
    precedence: int = 1
    seq: int = 0


class Upcoming(NamedTuple):
    """A message expected at `at` as things are now, and the reason for its delay."""

    at: datetime
    candidate: Candidate
    hold: Hold | None
