"""Misses that a digest leaves to the next one, because the owner was not at work after the last chance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.outcomes import Past
from bot.domain.promise import PromiseId, UserId
from bot.domain.working_time import WorkingHours

#: Working time between the "last chance" message and the post.
LAST_CHANCE = timedelta(hours=3)
#: How much of it an owner needs to answer.
ANSWERS_WITHIN = timedelta(hours=1)
#: A miss is named after this time, even if its owner has not been at work since.
HELD_AT_MOST = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Held:
    """The promises whose misses a digest left out: of the post before the last one, of the last one, and of the next.

    `next` is known from the last chances on.
    """

    before: frozenset[PromiseId] = frozenset()
    last: frozenset[PromiseId] = frozenset()
    next: frozenset[PromiseId] = frozenset()

    def posted(self) -> "Held":
        """Return it after another post."""
        return Held(before=self.last, last=self.next)


NONE_HELD = Held()


def can_answer(owner: WorkingHours, chance_at: datetime, post_at: datetime) -> bool:
    """Return whether an owner is at work long enough before a post to answer its last chance.

    Holidays and absences are no working time. In a usual week everybody can answer: the time before the post reaches
    back to the last LAST_CHANCE of the owner's usual hours, say to the day before for somebody with that day off.
    """
    usual = replace(owner, days_off=frozenset())
    since = min(chance_at, usual.leaving(post_at, LAST_CHANCE))
    return owner.working_time(since, post_at) >= ANSWERS_WITHIN


def held_misses(
    at_stake: Iterable[Past], owners: Mapping[UserId, WorkingHours], chance_at: datetime, post_at: datetime
) -> frozenset[PromiseId]:
    """Return the promises whose misses a post leaves to the next one; `owners` are those with an account."""
    absent = {owner for owner, hours in owners.items() if not can_answer(hours, chance_at, post_at)}
    return frozenset(
        past.promise.id
        for past in at_stake
        if past.promise.owner_id in absent and post_at < missed_at(past) + HELD_AT_MOST
    )


def missed_at(past: Past) -> datetime:
    """Return when a promise was missed, or will be."""
    return past.course.missed_at if past.course.is_missed and past.course.missed_at else past.promise.terms.due.at
