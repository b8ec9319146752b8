"""When a channel's digest is posted, and what belongs in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.acts import State
from bot.domain.promise import ChannelId, Promise, TeamId, UserId
from bot.domain.working_time import WorkingHours


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """A channel's digest: posted at a wall-clock time in the zone of whoever set it.

    `weekday` (Monday = 0) matters to a weekly digest alone; a daily one comes Monday to Friday. `covered_to` is the
    end of the last period posted, and so the start of the next. With `of_members` it tells what the channel's members
    promised in every public place; otherwise what was promised in the channel itself.
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


_OWED_OR_DELIVERED = frozenset({State.ACTIVE, State.REPORTED, State.KEPT})


@dataclass(frozen=True, slots=True)
class DigestContent:
    """What one post tells, each group oldest first."""

    missed: tuple[Promise, ...] = ()
    renegotiated: tuple[Promise, ...] = ()
    kept: tuple[Promise, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.missed or self.renegotiated or self.kept)


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


def digest(promises: Iterable[Promise], start: datetime, end: datetime) -> DigestContent:
    """Sorts a channel's promises into what happened after `start` and up to `end`.

    Private promises never show. A promise stands in one group alone: a miss is told even when it was delivered late
    since, and one that was renegotiated early and then kept is named as kept.
    """

    def falls(instant: datetime | None) -> bool:
        return instant is not None and start < instant <= end

    public = sorted((p for p in promises if not p.origin.is_private), key=lambda p: p.terms.due.at)
    missed = tuple(p for p in public if p.state in _OWED_OR_DELIVERED and falls(p.missed_at))
    kept = tuple(p for p in public if p.state is State.KEPT and falls(p.closed_at) and p not in missed)
    moved = tuple(
        p for p in public if p.state.is_open and p.raised_early and falls(p.renegotiated_at) and p not in missed
    )
    return DigestContent(missed, moved, kept)
