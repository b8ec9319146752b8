"""The digest of a channel: when it is posted, and which promises it lists."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.acts import State
from bot.domain.figures import Week, weeks
from bot.domain.held_misses import LAST_CHANCE, NONE_HELD, Announcement, Held
from bot.domain.outcomes import Course, Outcome, Past
from bot.domain.promise import ChannelId, Promise, PromiseId, TeamId, UserId
from bot.domain.working_time import WorkingHours
from bot.language import N_

_LISTED = frozenset({State.ACTIVE, State.REPORTED, State.KEPT, State.REVOKED})


Pause = tuple[datetime, datetime]


class Cadence(StrEnum):
    DAILY = N_("daily")
    WEEKLY = N_("weekly")


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """A channel's digest: posted at a wall-clock time in the zone of the person who set it.

    `weekday` (Monday = 0) applies to a weekly digest alone; a daily one comes Monday to Friday. `covered_to` is the
    end of the last period posted, which began at `covered_from`, and so the start of the next. With `of_members` it
    lists promises of the channel's members from every public place, otherwise those made in the channel itself.
    `pauses` are those of the two periods that ended, each with its beginning and its end.
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
    held: Held = NONE_HELD
    pauses: tuple[Pause, ...] = ()

    def left_out_at(self, post_at: datetime) -> frozenset[PromiseId]:
        """Return the promises whose misses one of the last two posts left to the next one."""
        return {self.covered_from: self.held.before, self.covered_to: self.held.last}.get(post_at, frozenset())


#: Maximum number of promises per group in the post; its thread lists the rest.
IN_POST = 5


@dataclass(frozen=True, slots=True)
class DigestContent:
    """The content of one post: groups of promises, each in order of deadline, and the last eight weeks."""

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
        """Return whether a thread with details is needed: a group too long for the post, or notes."""
        groups = [getattr(self, group.value) for group in Group]
        words = (entry.note for pasts in (self.missed, self.kept) for past in pasts for entry in past.history)
        return any(len(group) > IN_POST for group in groups) or any(note.strip() for note in words)


@dataclass(frozen=True, slots=True)
class LastChance:
    """An owner's promises that the post at `post_at` will list as missed unless they act; `zone` is the digest's.

    At least one of `promises` was missed already when this was composed; others may be due before the post. The post
    left the misses of `held` to the next one.
    """

    owner_id: UserId
    channel_id: ChannelId
    zone: str
    post_at: datetime
    promises: tuple[Promise, ...]
    held: frozenset[PromiseId] = frozenset()

    def is_at_stake(self, promise: Promise) -> bool:
        """Return whether the promise would still be listed as missed."""
        is_theirs = promise.owner_id == self.owner_id and promise.state is State.ACTIVE
        return is_theirs and promise.terms.due.at <= self.post_at

    def is_missed(self, promise: Promise, now: datetime) -> bool:
        """Return whether it is at stake and its deadline has passed."""
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
    """The period of a post: after `start`, up to `end`; promises due until `coming_to` are listed as coming.

    The misses of `carried` were left to this post by the one before, and it leaves those of `held` to the next. What
    happened during `pauses` is left out.
    """

    start: datetime
    end: datetime
    coming_to: datetime
    carried: frozenset[PromiseId] = frozenset()
    held: frozenset[PromiseId] = frozenset()
    pauses: tuple[Pause, ...] = ()

    def holds(self, instant: datetime | None) -> bool:
        if instant is None or not self.start < instant <= self.end:
            return False
        return not any(begins < instant <= ends for begins, ends in self.pauses)

    def holds_miss(self, past: Past) -> bool:
        """Return whether a miss belongs to this post or to a later one, and to none before."""
        return past.promise.id in self.carried or self.holds(past.course.missed_at)


def next_post_at(setting: DigestSetting, after: datetime) -> datetime:
    """Return the first instant later than `after` at which the digest is due.

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
    """Return the period of the post at `end`; coming promises are listed until the next post."""
    start, coming_to = min(setting.covered_to, end), next_post_at(setting, end)
    return Period(start, end, coming_to, setting.held.last, pauses=setting.pauses)


def after_post(setting: DigestSetting, end: datetime) -> DigestSetting:
    """Return the setting once the post at `end` covers its period."""
    pauses = tuple(each for each in setting.pauses if each[1] > setting.covered_to)
    return replace(setting, covered_from=setting.covered_to, covered_to=end, held=setting.held.posted(), pauses=pauses)


def resumed(setting: DigestSetting, now: datetime) -> DigestSetting:
    """Return a setting without its pause, which the next post leaves out."""
    if setting.paused_at is None:
        return setting
    return replace(setting, paused_at=None, pauses=(*setting.pauses, (setting.paused_at, now)))


def announcement(setting: DigestSetting, post_at: datetime) -> Announcement:
    """Return a post with the time of its last chances."""
    return Announcement(last_chance_at(setting, post_at), post_at, min(setting.covered_to, post_at))


def last_chance_at(setting: DigestSetting, post_at: datetime) -> datetime:
    """Return when owners get the "last chance" message: LAST_CHANCE of working time before the post."""
    return WorkingHours(setting.zone).leaving(post_at, LAST_CHANCE)


def digest(pasts: Iterable[Past], period: Period, zone: str) -> DigestContent:
    """Group the promises of a period for a post. Private promises are left out; none is listed twice."""
    groups: dict[Group, list[Past]] = {group: [] for group in Group}
    public = [past for past in pasts if not past.promise.origin.is_private]
    for past in sorted(public, key=lambda past: (past.promise.terms.due.at, past.promise.number)):
        if group := group_of(past, period):
            groups[group].append(past)
    listed = {group.value: tuple(found) for group, found in groups.items()}
    counted = (past for past in public if past.promise.id not in period.held)
    accounts = [account for past in counted if (account := past.course.account())]
    return DigestContent(**listed, weeks=weeks(accounts, period.end, zone))


def group_of(past: Past, period: Period) -> Group | None:
    """Return the group of a promise in a digest; None if it is not listed.

    A cancellation or a repair takes precedence over its miss, and a miss over everything else.
    """
    promise, course = past.promise, past.course
    is_kept = promise.state is State.KEPT
    if promise.state not in _LISTED:
        return None
    if promise.state is State.REVOKED and period.holds(promise.closed_at):
        return Group.CANCELLED if _is_cancelled_late(course) else None
    if period.holds(course.repaired_at) or (is_kept and course.missed_at and period.holds(promise.closed_at)):
        return None if promise.state is State.REVOKED else Group.REPAIRED
    if course.missed_at and course.repaired_at is None and period.holds_miss(past):
        return None if promise.id in period.held else Group.MISSED
    if is_kept:
        return Group.KEPT if period.holds(promise.closed_at) and course.missed_at is None else None
    if promise.state.is_open and period.holds(course.moved_early_at):
        return Group.RENEGOTIATED
    is_coming = period.end < promise.terms.due.at <= period.coming_to
    return Group.COMING if promise.state is State.ACTIVE and is_coming and not course.is_missed else None


def _is_cancelled_late(course: Course) -> bool:
    account = course.account()
    return account is not None and account.outcome is Outcome.REVOKED_LATE


def misses(pasts: Iterable[Past], period: Period) -> tuple[Past, ...]:
    """Return the open promises of a period that are missed, or will be by its end, and are not answered."""
    return tuple(
        past
        for past in pasts
        if past.promise.state is State.ACTIVE
        and not past.promise.origin.is_private
        and (period.holds_miss(past) if past.course.is_missed else period.holds(past.promise.terms.due.at))
    )


def at_stake(pasts: Iterable[Past], period: Period) -> dict[UserId, tuple[Promise, ...]]:
    """Return by owner the promises that a post would list as missed unless the owner acts before.

    Promises due before the post are included, but only for owners who have missed one already: check-ins cover the
    others.
    """
    missed: set[UserId] = set()
    owed: dict[UserId, list[Promise]] = {}
    for past in misses(pasts, period):
        if past.promise.id in period.held:
            continue
        owed.setdefault(past.promise.owner_id, []).append(past.promise)
        if past.course.is_missed:
            missed.add(past.promise.owner_id)
    return {owner: tuple(promises) for owner, promises in sorted(owed.items()) if owner in missed}
