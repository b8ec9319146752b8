"""Drafts of promises and requests, before they are confirmed."""

from dataclasses import dataclass, replace

from bot.domain.promise import Due, UserId
from bot.domain.recurring import RecurrenceRule
from bot.domain.weight import UNWEIGHED, Weight


@dataclass(frozen=True, slots=True)
class Source:
    """The message that a draft was read from: its ts, and the ts of its thread."""

    ts: str
    thread_ts: str


@dataclass(frozen=True, slots=True)
class RequesterDoubt:
    """The person who may be the requester, and the task if they are: Kept asks before it records the draft.

    `others` are called the same.
    """

    person: UserId
    what: str
    others: tuple[UserId, ...] = ()

    @property
    def people(self) -> tuple[UserId, ...]:
        return (self.person, *self.others)


@dataclass(frozen=True, slots=True)
class Draft:
    """A promise not yet made. `requester_id` None: to oneself, or to the channel it is made in.

    For a request (`asks` true) `requester_id` is the asker and `owner_id` the one asked; otherwise `owner_id` is None
    and the person who confirms the draft is the owner. `needs` are the numbers of promises that this one depends on;
    `lead_days` as in Promise. With a `rule` it recurs, and `due` is the first occurrence as far as known. With a
    `doubt` it has no `requester_id` yet. One that `is_private` belongs to no channel, wherever it was typed.
    """

    what: str = ""
    due: Due | None = None
    requester_id: UserId | None = None
    owner_id: UserId | None = None
    watchers: tuple[UserId, ...] = ()
    done_when: str = ""
    asks: bool = False
    needs: tuple[int, ...] = ()
    source: Source | None = None
    rule: RecurrenceRule | None = None
    lead_days: int | None = None
    weight: Weight = UNWEIGHED
    doubt: RequesterDoubt | None = None
    is_private: bool = False

    @property
    def is_named_without_at(self) -> bool:
        """Return whether the person in doubt was named without an @, so that the task has their name in it."""
        return self.doubt is not None and self.doubt.what != self.what

    @property
    def names_no_one(self) -> bool:
        """Return whether it names no other person, nor one in doubt."""
        return self.requester_id is None and self.owner_id is None and self.doubt is None and not self.watchers

    def settled(self, person: UserId | None = None) -> "Draft":
        """Return the draft with the person in doubt, or one of several, as its requester."""
        if self.doubt is None:
            return self
        return replace(self, requester_id=person or self.doubt.person, what=self.doubt.what, doubt=None)
