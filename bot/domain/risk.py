"""Reasons why a promise may not be kept in time, each explainable; there is no score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours

#: Working days before the deadline from which silence counts as a reason.
CLOSE_DAYS = 2
#: The deadlines of one day are no further apart: a day has 25 hours when summer time ends.
SAME_DAY = timedelta(hours=25)
#: Minimum number of reasons for a warning.
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Risk:
    """The reasons; `silent_since` is None if the owner has answered about these terms lately."""

    due_at: datetime
    silent_since: datetime | None = None
    same_day: int = 0
    moves: int = 0
    shaky: tuple[int, ...] = ()

    @property
    def reasons(self) -> int:
        return sum(map(bool, (self.silent_since, self.same_day, self.moves, self.shaky)))


def is_close(promise: Promise, hours: WorkingHours, now: datetime) -> bool:
    """Return whether a promise is due so soon that reasons why it may slip matter to its owner, who has the `hours`."""
    due_at = promise.terms.due.at
    if promise.state is not State.ACTIVE or due_at <= now:
        return False
    return hours.working_time(now, due_at) <= CLOSE_DAYS * hours.working_day


def risk(
    promise: Promise, others: Iterable[datetime], needs: Iterable[Promise], hours: WorkingHours, now: datetime
) -> Risk | None:
    """Return the reasons why a promise that is due soon may slip; None if fewer than ENOUGH.

    `others` are the deadlines of the owner's other active promises that are no more than SAME_DAY from its own, `needs`
    the promises that it depends on as far as the owner may see them.
    """
    if not is_close(promise, hours, now):
        return None
    due_at, word = promise.terms.due.at, promise.last_word
    began_at = promise.renegotiated_at or promise.made_at
    is_silent = word is None or word.at <= began_at or word.act in (Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL)
    long_enough = hours.working_time(began_at, now) >= hours.working_day
    due_on = hours.local(due_at).date()
    found = Risk(
        due_at,
        silent_since=began_at if is_silent and long_enough else None,
        same_day=sum(hours.local(each).date() == due_on for each in others),
        moves=promise.terms.version - 1,
        shaky=tuple(sorted(each.number for each in needs if _is_shaky(each, due_at))),
    )
    return found if found.reasons >= ENOUGH else None


def _is_shaky(needed: Promise, due_at: datetime) -> bool:
    """Return whether a promise depended on is missed, at risk, or not due before `due_at`."""
    if not needed.state.is_open:
        return needed.state is not State.KEPT
    at_risk = needed.last_word is not None and needed.last_word.act == Act.AT_RISK
    return needed.missed_at is not None or at_risk or needed.terms.due.at >= due_at


@dataclass(frozen=True, slots=True)
class NeedBy:
    """A proposed date, and the latest date that is useful to the requester."""

    latest: Due
    proposed: Due

    @property
    def fits(self) -> bool:
        return self.proposed.at <= self.latest.at
