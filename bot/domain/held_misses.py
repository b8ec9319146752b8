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

    def of_last_posts(self) -> "Held":
        """Return it without what is known of the next post."""
        return Held(before=self.before, last=self.last)


NONE_HELD = Held()


@dataclass(frozen=True, slots=True)
class Announcement:
    """A post, and when its last chances are sent to those who are at work then. `since` is when its period began."""

    chance_at: datetime
    post_at: datetime
    since: datetime

    def chance_for(self, owner: WorkingHours) -> datetime:
        """Return when an owner gets the last chance: in the last hour of their usual work before the post if they have
        none between `chance_at` and it.
        """
        usual = replace(owner, days_off=frozenset())
        return min(self.chance_at, usual.leaving(self.post_at, ANSWERS_WITHIN))

    def can_answer(self, owner: WorkingHours, missed: datetime) -> bool:
        """Return whether an owner is at work long enough before the post to answer the last chance for a miss.

        Holidays and absences are no working time. A last chance that is sent ahead of the others names only what was
        missed by then, in this period.
        """
        at = self.chance_for(owner)
        since = at if at == self.chance_at else max(at, self.since, missed)
        return owner.working_time(since, self.post_at) >= ANSWERS_WITHIN


def held_misses(
    at_stake: Iterable[Past], owners: Mapping[UserId, WorkingHours], post: Announcement
) -> frozenset[PromiseId]:
    """Return the promises whose misses a post leaves to the next one; `owners` are those with an account."""
    return frozenset(
        past.promise.id
        for past in at_stake
        if (hours := owners.get(past.promise.owner_id))
        and not post.can_answer(hours, missed_at(past))
        and post.post_at < missed_at(past) + HELD_AT_MOST
    )


def missed_at(past: Past) -> datetime:
    """Return when a promise was missed, or will be."""
    return past.course.missed_at if past.course.is_missed and past.course.missed_at else past.promise.terms.due.at
