"""Dependencies between promises: which acts affect dependents, and the date to propose for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.acts import Act, State
from bot.domain.promise import Due, Promise, UserId
from bot.domain.working_time import HORIZON, WorkingHours

_NEEDS = re.compile(r"\bneeds\s+(#\d{1,9}(?:\s*(?:(?:,|and|&)\s*)?#\d{1,9})*)", re.IGNORECASE)
#: Characters to strip between a task and its "needs #…".
_BETWEEN = " \t\n,;"
#: Acts that may move a deadline.
MOVES = frozenset({Act.ACCEPT_PROPOSAL, Act.PROPOSE})


@dataclass(frozen=True, slots=True)
class UpstreamChange:
    """An act on `upstream` that the owner of the dependent promise `downstream` is notified of."""

    upstream: Promise
    downstream: Promise
    act: Act
    suggested: Due | None = None

    @property
    def is_hidden(self) -> bool:
        """Return whether the owner of `downstream` may not see `upstream`; the notice then names no details."""
        return not self.upstream.is_visible_to(self.downstream.owner_id)


def split_needs(text: str) -> tuple[str, tuple[int, ...]]:
    """Split "needs #…" off a sentence; return the rest and the numbers of the promises it depends on.

    >>> split_needs("send the deck needs #12, #15 by Friday")
    ('send the deck by Friday', (12, 15))
    """
    found = _NEEDS.search(text)
    if found is None:
        return text, ()
    numbers = tuple(int(number) for number in re.findall(r"\d+", found[1]))
    return (text[: found.start()].rstrip(_BETWEEN) + text[found.end() :]).strip(), numbers


def affects_dependents(before: Promise, after: Promise, act: Act) -> bool:
    """Return whether to notify the owners of dependent promises: at risk, missed, moved later, or cancelled."""
    if act in (Act.AT_RISK, Act.MISS, Act.REVOKE):
        return True
    if act is Act.RELEASE:
        return after.missed_at is None
    return act in MOVES and after.terms.due.at > before.terms.due.at


def suggested(upstream: Promise, downstream: Promise, hours: WorkingHours) -> Due | None:
    """Return the date to propose for the dependent promise: one working day after the one it depends on.

    None while the present date still fits, if the upstream promise has ended, and if the downstream owner may not
    see it, since the date would reveal it.
    """
    due, moved_to = downstream.terms.due, upstream.terms.due.at
    is_coming = upstream.state in (State.ACTIVE, State.REQUESTED) and moved_to >= due.at
    if not is_coming or not upstream.is_visible_to(downstream.owner_id):
        return None
    days = (hours.local(moved_to).date() + timedelta(days=ahead) for ahead in range(1, HORIZON.days))
    day = next((day for day in days if hours.works_on(day)), None)
    return Due(hours.instant(day, due.local.time()), due.zone) if day else None


def visible_and_hidden(promises: Iterable[Promise], viewer: UserId) -> tuple[tuple[Promise, ...], int]:
    """Return the promises that the viewer may see, and the number of the others."""
    listed = tuple(promises)
    seen = tuple(each for each in listed if each.is_visible_to(viewer))
    return seen, len(listed) - len(seen)
