"""When a channel's digest is posted, and what belongs in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.acts import State
from bot.domain.figures import Week, weeks
from bot.domain.outcomes import Course, Outcome, Past, course_of
from bot.domain.promise import ChannelId, Promise, TeamId, UserId
from bot.domain.working_time import WorkingHours

#: How much work lies between the last chance and the post.
LAST_CHANCE = timedelta(hours=3)
_TOLD = frozenset({State.ACTIVE, State.REPORTED, State.KEPT, State.REVOKED})


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """A channel's digest: posted at a wall-clock time in the zone of whoever set it.

    `weekday` (Monday = 0) matters to a weekly digest alone; a daily one comes Monday to Friday. `covered_to` is the
    end of the last period posted, which began at `covered_from`, and so the start of the next. With `of_members` it
    tells what the channel's members promised in every public place, otherwise what was promised in the channel itself.
    """

    team_id: TeamId
    channel_id: ChannelId
    cadence: Cadence
    at: time
    zone: str
    set_by: UserId
    set_at: datetime
    covered_to: datetime
    weekday: int = 4
    of_members: bool = False
    paused_at: datetime | None = None
    covered_from: datetime | None = None


#: How many promises of a group stand in the post itself.
IN_POST = 5


@dataclass(frozen=True, slots=True)
class DigestContent:
    """What one post tells of a period, each group in order of deadline, and the eight weeks behind it."""

    missed: tuple[Past, ...] = ()
    repaired: tuple[Past, ...] = ()
    cancelled: tuple[Past, ...] = ()
    renegotiated: tuple[Past, ...] = ()
    kept: tuple[Past, ...] = ()
    coming: tuple[Past, ...] = ()
    weeks: tuple[Week, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, group.value) for group in Group)

    @property
    def has_details(self) -> bool:
        """Whether a thread has more to say than the post: a group too long for it, or words that people gave."""
        groups = [getattr(self, group.value) for group in Group]
        words = (entry.note for pasts in (self.missed, self.kept) for past in pasts for entry in past.history)
        return any(len(group) > IN_POST for group in groups) or any(note.strip() for note in words)


@dataclass(frozen=True, slots=True)
class Chance:
    """What one owner may still change before a post names it as missed; `zone` is that of whoever set the digest.

    At least one of `promises` was missed already when it was composed; others may be due before the post.
    """

    owner_id: UserId
    channel_id: ChannelId
    zone: str
    post_at: datetime
    promises: tuple[Promise, ...]

    def is_at_stake(self, promise: Promise) -> bool:
        """Whether nothing has been done about it since it was named."""
        is_theirs = promise.owner_id == self.owner_id and promise.state is State.ACTIVE
        return is_theirs and promise.terms.due.at <= self.post_at

    def is_missed(self, promise: Promise, now: datetime) -> bool:
        """Whether it is at stake, and its deadline has passed already."""
        return self.is_at_stake(promise) and promise.terms.due.at <= now


class Group(StrEnum):
    MISSED = "missed"
    REPAIRED = "repaired"
    CANCELLED = "cancelled"
    RENEGOTIATED = "renegotiated"
    KEPT = "kept"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Period:
    """What a post covers: after `start`, up to `end`, with what is due until `coming_to`."""

    start: datetime
    end: datetime
    coming_to: datetime

    def holds(self, instant: datetime | None) -> bool:
        return instant is not None and self.start < instant <= self.end


def next_post_at(setting: DigestSetting, after: datetime) -> datetime:
    """The first instant later than `after` at which the digest is due.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> weekly = DigestSetting(
    ...     TeamId("T"), ChannelId("C"), Cadence.WEEKLY, time(16), "Europe/Berlin", UserId("U"), noon, noon
    ... )
    >>> next_post_at(weekly, noon).isoformat()
    '2026-11-27T15:00:00+00:00'
    """
    days = frozenset({setting.weekday}) if setting.cadence is Cadence.WEEKLY else frozenset(range(5))
    calendar = WorkingHours(setting.zone, days)
    day = calendar.local(after).date()
    while not (calendar.works_on(day) and calendar.instant(day, setting.at) > after):
        day += timedelta(days=1)
    return calendar.instant(day, setting.at)


def period_of(setting: DigestSetting, end: datetime) -> Period:
    """What the post at `end` covers; what comes up is told until the next one."""
    return Period(min(setting.covered_to, end), end, next_post_at(setting, end))


def last_chance_at(setting: DigestSetting, post_at: datetime) -> datetime:
    """When those who would be told of hear it first: three hours of work before the post."""
    return WorkingHours(setting.zone).leaving(post_at, LAST_CHANCE)


def digest(pasts: Iterable[Past], period: Period, zone: str) -> DigestContent:
    """Sorts promises into what a period brought. Private promises never show, and none is told twice."""
    groups: dict[Group, list[Past]] = {group: [] for group in Group}
    public = [past for past in pasts if not past.promise.origin.is_private]
    for past in sorted(public, key=lambda past: (past.promise.terms.due.at, past.promise.number)):
        if group := group_of(past, period):
            groups[group].append(past)
    told = {group.value: tuple(found) for group, found in groups.items()}
    accounts = [account for past in public if (account := course_of(past).account())]
    return DigestContent(**told, weeks=weeks(accounts, period.end, zone))


def group_of(past: Past, period: Period) -> Group | None:
    """Where a promise stands in a digest, if anywhere.

    A cancellation or a repair outweighs its miss, and a miss all the rest.
    """
    promise, course = past.promise, course_of(past)
    is_kept = promise.state is State.KEPT
    if promise.state not in _TOLD:
        return None
    if promise.state is State.REVOKED and period.holds(promise.closed_at):
        return Group.CANCELLED if _is_cancelled_late(course) else None
    if period.holds(course.repaired_at) or (is_kept and course.missed_at and period.holds(promise.closed_at)):
        return None if promise.state is State.REVOKED else Group.REPAIRED
    if course.repaired_at is None and period.holds(course.missed_at):
        return Group.MISSED
    if is_kept:
        return Group.KEPT if period.holds(promise.closed_at) and course.missed_at is None else None
    if promise.state.is_open and period.holds(course.moved_early_at):
        return Group.RENEGOTIATED
    is_coming = period.end < promise.terms.due.at <= period.coming_to
    return Group.COMING if promise.state is State.ACTIVE and is_coming and not course.is_missed else None


def _is_cancelled_late(course: Course) -> bool:
    account = course.account()
    return account is not None and account.outcome is Outcome.REVOKED_LATE


def at_stake(pasts: Iterable[Past], period: Period) -> dict[UserId, tuple[Promise, ...]]:
    """What a post would tell as missed unless its owner does something before, by owner.

    What is due before the post is at stake as well, but it is a reason to speak to nobody who has missed nothing: the
    questions before each deadline see to that.
    """
    missed: set[UserId] = set()
    owed: dict[UserId, list[Promise]] = {}
    for past in pasts:
        course, promise = course_of(past), past.promise
        if promise.state is not State.ACTIVE or promise.origin.is_private:
            continue
        if period.holds(course.missed_at if course.is_missed else promise.terms.due.at):
            owed.setdefault(promise.owner_id, []).append(promise)
            if course.is_missed:
                missed.add(promise.owner_id)
    return {owner: tuple(promises) for owner, promises in sorted(owed.items()) if owner in missed}
