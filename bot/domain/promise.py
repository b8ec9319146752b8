"""A promise with its terms and open proposal."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from bot.domain.acts import State
from bot.domain.weight import UNWEIGHED, Weight

TeamId = NewType("TeamId", str)
UserId = NewType("UserId", str)
ChannelId = NewType("ChannelId", str)
PromiseId = NewType("PromiseId", str)

#: The actor of acts by the clock.
CLOCK = UserId("")
#: Time after its making in which a promise may be undone or corrected without negotiation.
UNDO_WITHIN = timedelta(minutes=5)
#: Time after its closing in which the requester may rate the delivery.
RATE_WITHIN = timedelta(days=14)
#: The ratings of a delivery.
RATINGS = ("met", "exceeded", "not_needed")
#: The longest `what`, in characters: one Slack section with room for the rest of a card.
WHAT_LIMIT = 600
#: The longest note, reason or definition of done, in characters.
NOTE_LIMIT = 1000


def is_blank(words: str) -> bool:
    """Return whether nothing of the text can be seen: spaces, and characters without a shape.

    >>> is_blank(" \u200b\n"), is_blank("🎉")
    (True, False)
    """
    return not any(letter.isprintable() and not letter.isspace() for letter in words)


@dataclass(frozen=True, slots=True)
class Due:
    """The instant agreed (UTC) and the zone in which the person meant it."""

    at: datetime
    zone: str

    @property
    def local(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Terms:
    """The work owed and its deadline; `version` grows by one with each change that binds."""

    what: str
    due: Due
    done_when: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """An offered change: only what would change is set.

    `heir` is set on a hand-over alone, and is then the one who answers. `raised_early` follows the record's rule
    (bot.domain.record.is_early).
    """

    by: UserId
    to: UserId
    at: datetime
    what: str | None = None
    due: Due | None = None
    reason: str = ""
    heir: UserId | None = None
    raised_early: bool = False
    rest: "Rest | None" = None
    done_when: str | None = None

    @property
    def lapses_at(self) -> datetime | None:
        """The first date it offers; after it the proposal cannot be accepted any more."""
        return min((due.at for due in (self.due, self.rest and self.rest.due) if due), default=None)


@dataclass(frozen=True, slots=True)
class Rest:
    """The part left for later when only a part is offered now; a promise of its own once accepted."""

    what: str
    due: Due


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a promise was made. A private place is a direct message or a private channel."""

    channel_id: ChannelId
    is_private: bool = False
    permalink: str = ""
    thread_ts: str = ""


#: Outside any conversation: only the parties see such a promise.
NO_PLACE = Origin(ChannelId(""), is_private=True)


@dataclass(frozen=True, slots=True)
class Word:
    """The owner's last declaration about a promise."""

    act: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """The aggregate. `seq` counts the acts of its history and guards against two writers.

    `series_id` is set on a recurring promise (bot.domain.recurring): the id of its first occurrence. `lead_days`
    overrides, in working days, how far ahead both sides are reminded; None leaves it to their settings. `repaired_at`
    is when another date was agreed after a miss; a further miss clears it.
    """

    team_id: TeamId
    id: PromiseId
    number: int
    owner_id: UserId
    requester_id: UserId
    made_by: UserId
    made_at: datetime
    origin: Origin
    state: State
    terms: Terms
    watchers: tuple[UserId, ...] = ()
    proposal: Proposal | None = None
    reported_at: datetime | None = None
    settles_at: datetime | None = None
    missed_at: datetime | None = None
    closed_at: datetime | None = None
    renegotiated_at: datetime | None = None
    repaired_at: datetime | None = None
    raised_early: bool = False
    last_word: Word | None = None
    rating: str = ""
    seq: int = 0
    series_id: PromiseId | None = None
    lead_days: int | None = None
    weight: Weight = UNWEIGHED

    @property
    def is_own(self) -> bool:
        """Return whether it was promised to oneself or to a channel, not to another person."""
        return self.owner_id == self.requester_id

    @property
    def parties(self) -> frozenset[UserId]:
        heir = {self.proposal.heir} if self.proposal and self.proposal.heir else set()
        return frozenset({self.owner_id, self.requester_id, *self.watchers, *heir})

    @property
    def answerer(self) -> UserId | None:
        """Return who is to answer an open proposal or a request; None without either."""
        if self.proposal:
            return self.proposal.to
        return self.owner_id if self.state is State.REQUESTED else None

    def is_owed_to(self, person: UserId) -> bool:
        """Return whether another person owes it to this one."""
        return self.requester_id == person and not self.is_own

    def is_proposed_to(self, person: UserId) -> bool:
        """Return whether an open proposal waits for this person's answer."""
        return self.proposal is not None and self.proposal.to == person

    def other(self, person: UserId) -> UserId:
        return self.requester_id if person == self.owner_id else self.owner_id

    def is_visible_to(self, person: UserId) -> bool:
        return not self.origin.is_private or person in self.parties

    def proposed_terms(self) -> Terms:
        """Return the terms if the open proposal were accepted; the terms in force if there is none."""
        if self.proposal is None:
            return self.terms
        return replace(
            self.terms,
            what=self.proposal.what or self.terms.what,
            due=self.proposal.due or self.terms.due,
            done_when=self.terms.done_when if self.proposal.done_when is None else self.proposal.done_when,
            version=self.terms.version + 1,
        )

    def next_clock_at(self) -> datetime | None:
        """Return when the next act by the clock is due, if any."""
        moments = [
            self.terms.due.at if self.state is State.ACTIVE and self.missed_at is None else None,
            self.settles_at if self.state is State.REPORTED else None,
            self.proposal.lapses_at if self.proposal else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)
