"""The desk that the machine of the loop drives: promises are made, kept and looked up there."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.promise import CLOCK, Origin, Promise, PromiseId, Terms, UserId
from bot.domain.transitions import HistoryEntry, begin, clock_act, perform
from tests.unit.factories import blank
from tests.unit.loop_invariants import Performing


class Desk(Protocol):
    """Refusals are KeptErrors."""

    def make(self, by: UserId, draft: Draft, place: Origin, now: datetime) -> Promise: ...

    def act(self, promise_id: PromiseId, entry: HistoryEntry) -> None: ...

    def pass_time(self, now: datetime) -> int:
        """Does one act of the clock for each promise that wants one; returns how many."""
        ...

    def shown(self, promise_id: PromiseId) -> tuple[Promise, tuple[HistoryEntry, ...]]: ...

    def close(self) -> None: ...


class Drawer:
    """A Desk without storage: the domain and a list. `perform` may be a broken twin."""

    def __init__(self, perform: Performing = perform) -> None:
        self.perform = perform
        self._kept: dict[PromiseId, tuple[Promise, tuple[HistoryEntry, ...]]] = {}

    def make(self, by: UserId, draft: Draft, place: Origin, now: datetime) -> Promise:
        assert draft.due
        assert draft.owner_id
        assert draft.requester_id
        first = HistoryEntry(Act.REQUEST if draft.asks else Act.PROMISE, by, now, what=draft.what, due=draft.due)
        start = blank(
            id=PromiseId(f"P{len(self._kept)}"),
            owner_id=draft.owner_id,
            requester_id=draft.requester_id,
            watchers=draft.watchers,
            made_by=by,
            origin=place,
            terms=Terms(draft.what, draft.due),
        )
        made = begin(start, first)
        self._kept[made.id] = made, (first,)
        return made

    def act(self, promise_id: PromiseId, entry: HistoryEntry) -> None:
        promise, history = self._kept[promise_id]
        if entry.act is Act.REPORT:
            entry = replace(entry, settles_at=entry.at + timedelta(days=3))
        self._kept[promise_id] = self.perform(promise, entry), (*history, self.noted(entry))

    def noted(self, entry: HistoryEntry) -> HistoryEntry:
        return entry

    def pass_time(self, now: datetime) -> int:
        owed = [(key, clock_act(promise, now)) for key, (promise, _) in self._kept.items()]
        for promise_id, act in owed:
            if act:
                self.act(promise_id, HistoryEntry(act, CLOCK, now))
        return sum(act is not None for _, act in owed)

    def shown(self, promise_id: PromiseId) -> tuple[Promise, tuple[HistoryEntry, ...]]:
        return self._kept[promise_id]

    def close(self) -> None:
        """Nothing to let go of."""
