"""Promises that stand on promises: what a moved date breaks, and what to ask for downstream."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.acts import Act, State
from bot.domain.promise import Due, Promise, UserId
from bot.domain.working_time import HORIZON, WorkingHours

_NEEDS = re.compile(r"\bneeds\s+(#\d{1,9}(?:\s*(?:(?:,|and|&)\s*)?#\d{1,9})*)", re.IGNORECASE)
#: What stands between a task and what it needs.
_BETWEEN = " \t\n,;"
#: What travels down a chain.
TRAVELS = frozenset({Act.AT_RISK, Act.MISS, Act.ACCEPT_PROPOSAL, Act.PROPOSE, Act.REVOKE, Act.RELEASE})


@dataclass(frozen=True, slots=True)
class Shock:
    """What happened upstream, to be told to whoever owes `downstream`."""

    upstream: Promise
    downstream: Promise
    act: Act
    suggested: Due | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether the one told may not know of what moved: then they hear only that something did."""
        return not self.upstream.is_visible_to(self.downstream.owner_id)


def split_needs(text: str) -> tuple[str, tuple[int, ...]]:
    """A sentence without what it says that it needs, and the numbers of that.

    >>> split_needs("send the deck needs #12, #15 by Friday")
    ('send the deck by Friday', (12, 15))
    """
    found = _NEEDS.search(text)
    if found is None:
        return text, ()
    numbers = tuple(int(number) for number in re.findall(r"\d+", found[1]))
    return (text[: found.start()].rstrip(_BETWEEN) + text[found.end() :]).strip(), numbers


def is_shock(before: Promise, after: Promise, act: Act) -> bool:
    """Whether those who stand on it should hear of an act: at risk, missed, moved later, or gone."""
    if act in (Act.AT_RISK, Act.MISS, Act.REVOKE):
        return True
    if act is Act.RELEASE:
        return after.missed_at is None
    return act in TRAVELS and after.terms.due.at > before.terms.due.at


def suggested(upstream: Promise, downstream: Promise, hours: WorkingHours) -> Due | None:
    """The date to ask for downstream: a working day after what it stands on.

    None while it fits as it is, when nothing will come any more, and where the date itself would tell a secret.
    """
    due, moved_to = downstream.terms.due, upstream.terms.due.at
    is_coming = upstream.state in (State.ACTIVE, State.REQUESTED) and moved_to >= due.at
    if not is_coming or not upstream.is_visible_to(downstream.owner_id):
        return None
    days = (hours.local(moved_to).date() + timedelta(days=ahead) for ahead in range(1, HORIZON.days))
    day = next((day for day in days if hours.works_on(day)), None)
    return Due(hours.instant(day, due.local.time()), due.zone) if day else None


def names(promises: Iterable[Promise], viewer: UserId) -> tuple[tuple[Promise, ...], int]:
    """Those that a person may hear of, and how many others there are."""
    told = tuple(promises)
    seen = tuple(each for each in told if each.is_visible_to(viewer))
    return seen, len(told) - len(seen)
