"""The record of a person or team: outcomes counted and scored. docs/record.md explains it and publishes the curve."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

from bot.domain.outcomes import CHANGED, Account, Outcome, Past, account_of
from bot.domain.promise import UserId
from bot.domain.retention import PastOutcome
from bot.domain.satisfaction import Trend
from bot.domain.working_time import WorkingHours

#: Minimum number of outcomes for a figure; with fewer it would be mostly chance.
MIN_OUTCOMES = 5
#: Minimum number of people behind a team's figures, so that no individual can be identified.
MIN_PEOPLE = 5
#: Minimum score of a repaired promise.
REPAIRED_AT_LEAST = Fraction(1, 2)
REVOKED_EARLY = Fraction(1, 2)
#: Number of weeks in a chart.
WEEKS = 8
_DAY = WorkingHours().working_day


class RecordAccess(StrEnum):
    """How much of another person's record a viewer may see."""

    WHOLE = "whole"
    SHARED = "shared"
    OPENED = "opened"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Record:
    """Outcomes and their scores. `notice` is the median warning time, None if there was nothing to warn of."""

    counts: Mapping[Outcome, int]
    credit: Fraction
    notice: timedelta | None
    warnings: int

    @property
    def outcomes(self) -> int:
        """The number of outcomes that count; released promises do not."""
        return sum(count for outcome, count in self.counts.items() if outcome is not Outcome.RELEASED)

    @property
    def is_hidden(self) -> bool:
        return self.outcomes < MIN_OUTCOMES

    @property
    def kept(self) -> Fraction:
        """The share of promises kept, from 0 to 1, late ones scored by `curve`; 0 without outcomes."""
        return self.credit / self.outcomes if self.outcomes else Fraction(0)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a chart, named by its Monday."""

    first_on: date
    counts: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """A person's record as one viewer may see it; `ratings` are those between the two alone."""

    owner_id: UserId
    view: RecordAccess
    record: Record
    weeks: tuple[Week, ...]
    is_opened: bool
    ratings: Trend | None = None


def record_of(accounts: Iterable[Account]) -> Record:
    ended = tuple(accounts)
    counts = Counter(account.outcome for account in ended)
    notices = [account.notice for account in ended if account.outcome in CHANGED and account.notice is not None]
    notice = timedelta(seconds=median(each.total_seconds() for each in notices)) if notices else None
    return Record(counts, sum(map(credit, ended), Fraction(0)), notice, len(notices))


def with_deleted(record: Record, deleted: Iterable[PastOutcome]) -> Record:
    """Return the record with promises that retention has deleted; their warning times are not kept."""
    past = tuple(deleted)
    counts = Counter(record.counts) + Counter({each.outcome: each.times for each in past})
    return replace(record, counts=counts, credit=record.credit + sum((each.credit for each in past), Fraction(0)))


def credit(account: Account) -> Fraction:
    """Return the score of one outcome: from 1, kept as agreed, to 0, missed."""
    match account.outcome:
        case Outcome.ON_TIME | Outcome.RENEGOTIATED:
            return Fraction(1)
        case Outcome.LATE:
            return curve(account.late_by)
        case Outcome.REPAIRED:
            return max(curve(account.late_by), REPAIRED_AT_LEAST)
        case Outcome.REVOKED_EARLY:
            return REVOKED_EARLY
        case Outcome.MISSED | Outcome.REVOKED_LATE | Outcome.RELEASED:
            return Fraction(0)


def curve(late_by: timedelta) -> Fraction:
    """Return the score of a late delivery: 1/2 after one working day, 1/6 after a week.

    >>> [str(curve(timedelta(hours=hours))) for hours in (0, 1, 9, 45)]
    ['1', '9/10', '1/2', '1/6']
    """
    return 1 / (1 + Fraction(late_by / timedelta(seconds=1)) / Fraction(_DAY / timedelta(seconds=1)))


def weeks(accounts: Iterable[Account], now: datetime, zone: str) -> tuple[Week, ...]:
    """Return the last WEEKS weeks, this one included, the oldest first."""
    this = monday(now, zone)
    firsts = [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counts: dict[date, Counter[Outcome]] = {first: Counter() for first in firsts}
    for account in accounts:
        first = monday(account.at, zone)
        if first in counts:
            counts[first][account.outcome] += 1
    return tuple(Week(first, counts[first]) for first in firsts)


def monday(instant: datetime, zone: str) -> date:
    day = instant.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def may_see(owner: UserId, viewer: UserId, shared: int, *, is_opened: bool) -> RecordAccess:
    """Return what a viewer may see: the owner everything, a requester what they share, others what was opened."""
    if owner == viewer:
        return RecordAccess.WHOLE
    if is_opened:
        return RecordAccess.OPENED
    return RecordAccess.SHARED if shared else RecordAccess.NOTHING


def visible_pasts(pasts: Sequence[Past], viewer: UserId, view: RecordAccess) -> tuple[Past, ...]:
    """Return the promises from which this viewer's figures may be computed."""
    match view:
        case RecordAccess.WHOLE:
            return tuple(pasts)
        case RecordAccess.SHARED:
            return tuple(past for past in pasts if past.promise.is_owed_to(viewer))
        case RecordAccess.OPENED:
            return tuple(past for past in pasts if past.promise.is_visible_to(viewer))
        case RecordAccess.NOTHING:
            return ()


def team_record(pasts: Iterable[Past]) -> Record | None:
    """Return the figures of a team; None with fewer than MIN_PEOPLE people that have an outcome."""
    ended = [(past.promise.owner_id, account) for past in pasts if (account := account_of(past))]
    counted = {owner for owner, account in ended if account.outcome is not Outcome.RELEASED}
    return record_of(account for _, account in ended) if len(counted) >= MIN_PEOPLE else None
