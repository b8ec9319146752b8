"""What speaks against a promise being kept in time, as reasons that can be said aloud; never a score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act, State
from bot.domain.promise import Due, Promise
from bot.domain.working_time import WorkingHours

#: So little working time is left when "no word" begins to mean something, in working days.
CLOSE_DAYS = 2
#: So many reasons make it worth a word.
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Risk:
    """The reasons; `silent_since` is None where the owner has spoken of these terms lately."""

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
    """Why a promise that is due soon may slip; None when that is not worth a word to its owner.

    `owed` is what the owner owes besides, `needs` what it stands on as far as they may see it.
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
    """Whether something it stands on is missed, called at risk, or due only when it is due itself."""
    if not needed.state.is_open:
        return needed.state is not State.KEPT
    at_risk = needed.last_word is not None and needed.last_word.act == Act.AT_RISK
    return needed.missed_at is not None or at_risk or needed.terms.due.at >= due_at


@dataclass(frozen=True, slots=True)
class NeedBy:
    """A date that is proposed, against the latest one that is of use to the requester."""

    latest: Due
    proposed: Due

    @property
    def fits(self) -> bool:
        return self.proposed.at <= self.latest.at
