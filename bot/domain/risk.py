"""Reasons why a promise may not be kept in time, each explainable; there is no score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours

#: Working days before the deadline from which silence counts as a reason.
CLOSE_DAYS = 2
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


def risk(
    promise: Promise, owed: Iterable[Promise], needs: Iterable[Promise], hours: WorkingHours, now: datetime
) -> Risk | None:
    """Return the reasons why a promise that is due soon may slip; None if fewer than ENOUGH.

    `owed` are the owner's promises, `needs` those that it depends on as far as the owner may see them.
    """
    due_at = promise.terms.due.at
    left = hours.working_time(now, due_at)
    if promise.state is not State.ACTIVE or due_at <= now or left > CLOSE_DAYS * hours.working_day:
        return None
    word = promise.last_word
    began_at = promise.renegotiated_at or promise.made_at
    is_silent = word is None or word.at <= began_at or word.act in (Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL)
    long_enough = hours.working_time(began_at, now) >= hours.working_day
    due_on = hours.local(due_at).date()
    others = [each for each in owed if each.id != promise.id and each.state is State.ACTIVE]
    found = Risk(
        due_at,
        silent_since=began_at if is_silent and long_enough else None,
        same_day=sum(hours.local(each.terms.due.at).date() == due_on for each in others),
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
