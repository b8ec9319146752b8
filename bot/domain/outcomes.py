"""Compute the outcome of each promise from its history alone, so that later changes of calendars do not affect it.

Warnings are measured from Monday to Friday, 9:00 to 18:00, in the zone of the deadline (docs/record.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.acts import Act
from bot.domain.promise import Due, Promise, UserId
from bot.domain.record import leaves_time
from bot.domain.transitions import HistoryEntry
from bot.domain.unlocked import unlocked_property
from bot.domain.working_time import WorkingHours


class Outcome(StrEnum):
    ON_TIME = "on_time"
    RENEGOTIATED = "renegotiated"
    LATE = "late"
    REPAIRED = "repaired"
    MISSED = "missed"
    REVOKED_EARLY = "revoked_early"
    REVOKED_LATE = "revoked_late"
    RELEASED = "released"


#: Outcomes in which the date first agreed was not kept, so that a warning was due.
BROKEN = frozenset({Outcome.LATE, Outcome.REPAIRED, Outcome.MISSED, Outcome.REVOKED_EARLY, Outcome.REVOKED_LATE})
CHANGED = BROKEN | {Outcome.RENEGOTIATED}
#: Acts that close a promise as kept; REPORT does so for an own promise.
_KEEPING = frozenset({Act.ACCEPT_DELIVERY, Act.SETTLE, Act.REPORT})


@dataclass(frozen=True)
class Past:
    """A promise with its whole history, the oldest act first."""

    promise: Promise
    history: tuple[HistoryEntry, ...]

    @unlocked_property
    def course(self) -> "Course":
        """Return its course, computed once: a digest groups, counts and draws by it."""
        first, *rest = self.history
        due, what = first.due or self.promise.terms.due, first.what or self.promise.terms.what
        is_bound = first.act is Act.PROMISE
        # An own promise may have been handed over; until then it had no other side.
        was_own = self.promise.is_own or (is_bound and first.by == self.promise.requester_id)
        course = Course(self.promise.requester_id, was_own, what, due, due, is_bound, first.at)
        for entry in rest:
            course = _STEPS[entry.act](course, entry)
        return course


@dataclass(frozen=True, slots=True)
class Account:
    """The outcome of one promise, reached at `at`.

    `late_by` is working time past the deadline that counts. `notice` is the working time between the owner's first
    warning and its deadline: zero without a warning, None if there was nothing to warn of.
    """

    outcome: Outcome
    at: datetime
    late_by: timedelta = timedelta()
    notice: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Offer:
    """An open proposal: what it would change, whether the owner proposed first (`asked`), and whether in time."""

    due: Due | None = None
    what: str | None = None
    asked: bool = False
    early: bool = False
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a promise so far. `committed` is the deadline that counts: it moves with every agreement, except
    one that the owner proposed too late, or after it had passed.
    """

    requester_id: UserId
    is_own: bool
    what: str
    due: Due
    committed: Due
    is_bound: bool
    began_at: datetime
    offer: _Offer | None = None
    warned_at: datetime | None = None
    notices: tuple[timedelta, ...] = ()
    moved_early_at: datetime | None = None
    missed_at: datetime | None = None
    repaired_at: datetime | None = None
    reported_at: datetime | None = None
    ended: Act | None = None
    ended_at: datetime | None = None

    @property
    def is_missed(self) -> bool:
        """Return whether the deadline has passed without a delivery or new terms since."""
        return self.missed_at is not None and self.repaired_at is None and self.reported_at is None

    def account(self) -> Account | None:
        """Return the outcome; None while it is open before its deadline, and if nothing was ever owed."""
        if self.ended in _KEEPING and self.reported_at and self.ended_at:
            return self._kept(self.reported_at, self.ended_at)
        if self.ended is Act.REVOKE and self.is_bound and self.ended_at:
            return self._revoked(self.ended_at)
        if self.ended is Act.RELEASE and self.is_bound and self.ended_at:
            return Account(Outcome.RELEASED, self.ended_at)
        if self.ended is None and self.missed_at and self.is_missed:
            return Account(Outcome.MISSED, self.missed_at, notice=self.warning())
        return None

    def warning(self) -> timedelta:
        """Return the working time between the first warning and the deadline that counts."""
        return worked(self.warned_at, self.committed) if self.warned_at else timedelta()

    def _kept(self, reported_at: datetime, at: datetime) -> Account:
        if reported_at <= self.committed.at:
            if self.moved_early_at is None:
                return Account(Outcome.ON_TIME, at)
            return Account(Outcome.RENEGOTIATED, at, notice=min(self.notices))
        late_by = worked(self.committed.at, Due(reported_at, self.committed.zone))
        repaired = self.repaired_at is not None and reported_at <= self.due.at
        return Account(Outcome.REPAIRED if repaired else Outcome.LATE, at, late_by, self.warning())

    def _revoked(self, at: datetime) -> Account:
        warned_at = min(self.warned_at or at, at)
        hours = standard_hours(self.committed)
        early = leaves_time(hours, self.began_at, warned_at, self.committed.at)
        notice = worked(warned_at, self.committed)
        return Account(Outcome.REVOKED_EARLY if early else Outcome.REVOKED_LATE, at, notice=notice)


def standard_hours(due: Due) -> WorkingHours:
    """Return the calendar of the record, which is the same for all people."""
    return WorkingHours(due.zone)


def worked(start: datetime, until: Due) -> timedelta:
    return standard_hours(until).working_time(start, until.at)


def account_of(past: Past) -> Account | None:
    """Return the outcome of a promise; None while it is open, and if nothing was owed to another person."""
    return None if past.promise.is_own else past.course.account()


def _propose(course: Course, entry: HistoryEntry) -> Course:
    asked = course.is_own or entry.by != course.requester_id
    if asked:
        course = _warn(course, entry)
    offered = replace(course, offer=_offered(course, entry, _Offer(asked=asked, early=asked and entry.early)))
    return _agree(offered, entry) if course.is_own else offered


def _counter(course: Course, entry: HistoryEntry) -> Course:
    """Apply a counter-proposal: who proposed first, and when, stays."""
    return replace(course, offer=_offered(course, entry, course.offer or _Offer()))


def _offered(course: Course, entry: HistoryEntry, talk: _Offer) -> _Offer:
    """Return the proposal with only the changed values: forms submit unchanged ones, too."""
    due = entry.due if entry.due and entry.due.at != course.due.at else None
    return replace(talk, due=due, what=entry.what if entry.what != course.what else None)


def _hand_over(course: Course, entry: HistoryEntry) -> Course:
    return replace(course, offer=_Offer(hands_over=True))


def _warn(course: Course, entry: HistoryEntry) -> Course:
    if course.warned_at or not course.is_bound or entry.at >= course.committed.at:
        return course
    return replace(course, warned_at=entry.at)


def _agree(course: Course, entry: HistoryEntry) -> Course:
    offer = course.offer or _Offer()
    if offer.hands_over:
        return replace(course, is_own=False, offer=None)
    agreed = replace(course, what=offer.what or course.what, due=offer.due or course.due, offer=None)
    if not course.is_bound:
        return replace(agreed, committed=agreed.due, is_bound=True, began_at=entry.at)
    if course.is_missed:
        return replace(agreed, repaired_at=entry.at) if offer.due else agreed
    has_slipped = course.due.at > course.committed.at
    is_later = agreed.due.at > course.committed.at
    if offer.asked and is_later and (has_slipped or not offer.early):
        return agreed
    if offer.early and (is_later or offer.what):
        agreed = replace(agreed, moved_early_at=entry.at, notices=(*course.notices, course.warning()))
    return replace(agreed, committed=agreed.due, warned_at=None) if offer.due else agreed


def _accept_request(course: Course, entry: HistoryEntry) -> Course:
    return replace(course, is_bound=True, began_at=entry.at)


def _drop(course: Course, entry: HistoryEntry) -> Course:
    return replace(course, offer=None)


def _edit(course: Course, entry: HistoryEntry) -> Course:
    due = entry.due or course.due
    return replace(course, what=entry.what or course.what, due=due, committed=due, missed_at=None, offer=None)


def _miss(course: Course, entry: HistoryEntry) -> Course:
    """Mark it missed as of its deadline, even if the clock recorded that later."""
    return _missed(course, min(course.due.at, entry.at))


def _missed(course: Course, at: datetime) -> Course:
    if course.missed_at and course.repaired_at is None:
        return course
    return replace(course, missed_at=at, repaired_at=None)


def _report(course: Course, entry: HistoryEntry) -> Course:
    late = _missed(course, course.due.at) if entry.at > course.due.at else course
    reported = replace(late, reported_at=entry.at, offer=None)
    return _end(reported, entry) if course.is_own else reported


def _reopen(course: Course, entry: HistoryEntry) -> Course:
    """Reopen it: delivered in time but rejected, it counts as missed from now on."""
    undelivered = replace(course, reported_at=None)
    return undelivered if entry.at < course.due.at else _missed(undelivered, entry.at)


def _accept(course: Course, entry: HistoryEntry) -> Course:
    """Accept the delivery; the requester may do so before the owner reports it."""
    return _end(course if course.reported_at else _report(course, entry), entry)


def _same(course: Course, _entry: HistoryEntry) -> Course:
    """Return the course unchanged, for acts that affect neither date nor end."""
    return course


def _end(course: Course, entry: HistoryEntry) -> Course:
    return replace(course, ended=entry.act, ended_at=entry.at)


_STEPS: Mapping[Act, Callable[[Course, HistoryEntry], Course]] = {
    Act.PROPOSE: _propose,
    Act.COUNTER: _counter,
    Act.HAND_OVER: _hand_over,
    Act.AT_RISK: _warn,
    Act.ACCEPT_REQUEST: _accept_request,
    Act.ACCEPT_PROPOSAL: _agree,
    Act.REJECT_PROPOSAL: _drop,
    Act.RETRACT: _drop,
    Act.EXPIRE: _drop,
    Act.EDIT: _edit,
    Act.MISS: _miss,
    Act.REPORT: _report,
    Act.REOPEN: _reopen,
    Act.UNREPORT: _reopen,
    Act.ACCEPT_DELIVERY: _accept,
    Act.SETTLE: _end,
    Act.REVOKE: _end,
    Act.RELEASE: _end,
    Act.DECLINE: _end,
    Act.WITHDRAW: _end,
    Act.UNDO: _end,
    **dict.fromkeys(
        (Act.PROMISE, Act.REQUEST, Act.ON_TRACK, Act.ADJUST, Act.OFFER_HELP, Act.ADD_NOTE, Act.RATE), _same
    ),
}


def accounts_of(pasts: Sequence[Past]) -> tuple[Account, ...]:
    return tuple(account for past in pasts if (account := account_of(past)))
