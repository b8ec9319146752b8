"""The Home tab's groups of open promises: how they are ordered and counted, and which of them are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.acts import State
from bot.domain.ordering import SortKey, key_of
from bot.domain.promise import Promise, PromiseId
from bot.domain.weight import Priority
from bot.domain.working_time import WorkingHours

#: Rows per group on the overview, and on a page of its own.
OVERVIEW_ROWS, PAGE_ROWS = 8, 25


class Show(StrEnum):
    """Filters of the Home tab."""

    ALL = "all"
    OWING = "owing"
    OWED = "owed"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True)
class Outline:
    """The columns of an open promise that order and count it; only promises that are drawn are read in full.

    `is_doubted`: the owner's last report under the terms in force is a risk.
    """

    id: PromiseId
    number: int
    due_at: datetime
    priority: Priority
    state: State
    is_doubted: bool

    def is_at_risk(self, now: datetime) -> bool:
        """Return whether it is overdue, or its owner reported a risk under the terms in force."""
        return self.state is State.ACTIVE and (self.is_doubted or self.due_at <= now)


Groups = Mapping[Show, Sequence[Outline]]


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a group that is drawn: of its `count` promises, `above` are drawn in a section before.

    `page` is counted from 0, out of `pages`; both are 0 on the overview.
    """

    group: Show
    drawn: Sequence[Outline]
    count: int
    above: int = 0
    page: int = 0
    pages: int = 0

    @property
    def is_cut(self) -> bool:
        """Return whether promises of the group are drawn in no section."""
        return len(self.drawn) < self.count - self.above


@dataclass(frozen=True, slots=True)
class Overview:
    """The groups, the parts of them that are drawn, and the promises drawn, by their ids."""

    groups: Groups
    sections: Sequence[Section]
    promises: Mapping[PromiseId, Promise]


def grouped(owing: Sequence[Outline], owed: Sequence[Outline], hours: WorkingHours, now: datetime) -> Groups:
    """Return the groups in the order in which they are drawn, each in the order of lists (bot.domain.ordering)."""

    def key(outline: Outline) -> SortKey:
        return key_of(outline.priority, outline.due_at, outline.number, hours)

    at_risk = [each for each in (*owing, *owed) if each.is_at_risk(now)]
    groups = {Show.AT_RISK: at_risk, Show.OWING: owing, Show.OWED: owed}
    return {group: sorted(outlines, key=key) for group, outlines in groups.items()}


def sections(groups: Groups, show: Show, page: int) -> tuple[Section, ...]:
    """Return the promises to draw: each once on the overview, else one page of a group, at most its last page.

    `page` is counted from 0.
    """
    if show is not Show.ALL:
        return (_page(groups, show, page),)
    first = {each.id for each in groups[Show.AT_RISK][:OVERVIEW_ROWS]}
    found = []
    for group, outlines in groups.items():
        listed = [each for each in outlines if group is Show.AT_RISK or each.id not in first]
        if listed:
            above = len(outlines) - len(listed)
            found.append(Section(group, listed[:OVERVIEW_ROWS], len(outlines), above))
    return tuple(found)


def _page(groups: Groups, show: Show, page: int) -> Section:
    outlines = groups[show]
    pages = max((len(outlines) + PAGE_ROWS - 1) // PAGE_ROWS, 1)
    page = min(max(page, 0), pages - 1)
    return Section(show, outlines[page * PAGE_ROWS : (page + 1) * PAGE_ROWS], len(outlines), page=page, pages=pages)
