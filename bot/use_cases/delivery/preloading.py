"""Batched reads for rendering: concurrent readers share one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from bot.domain.kinds import TELL_HISTORY, Kind
from bot.domain.people import is_person
from bot.domain.promise import TeamId, UserId
from bot.ports import Delivery, Store, Transaction

T = TypeVar("T")
#: Most readers per transaction.
GROUP = 100
#: Deliveries for which histories are read: of a redraw some message may tell of an act.
_WITH_HISTORY = TELL_HISTORY | {Kind.REFRESH}


class _Asked:
    """What is read for one delivery, and the pending answer."""

    def __init__(self, delivery: Delivery, work: Callable[[Transaction], Any]) -> None:
        self.delivery = delivery
        self.work = work
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class BatchedReads:
    """Runs reads in groups of one workspace each; a group starts after all its members have joined it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: dict[TeamId, list[_Asked]] = {}
        self._reading: dict[TeamId, asyncio.Task[None]] = {}

    async def of(self, delivery: Delivery, work: Callable[[Transaction], T]) -> T:
        """Run `work` and return its result; what most deliveries need is loaded together with that of others.

        Raises what `work` raises.
        """
        team_id, asked = delivery.team_id, _Asked(delivery, work)
        self._asked.setdefault(team_id, []).append(asked)
        if team_id not in self._reading:
            self._reading[team_id] = asyncio.create_task(self._read(team_id), name="reading")
        return cast("T", await asked.answer)

    async def _read(self, team_id: TeamId) -> None:
        while waiting := self._asked.pop(team_id, []):
            group, later = waiting[:GROUP], waiting[GROUP:]
            if later:
                self._asked[team_id] = later
            try:
                found = await self._store.read(team_id, partial(_together, group))
            except Exception:  # noqa: BLE001  one of them, or the database: each finds out by itself
                await asyncio.gather(*(self._alone(team_id, asked) for asked in group))
                continue
            for asked, answer in zip(group, found, strict=True):
                if not asked.answer.done():
                    asked.answer.set_result(answer)
        del self._reading[team_id]

    async def _alone(self, team_id: TeamId, asked: _Asked) -> None:
        try:
            answer = await self._store.read(team_id, asked.work)
        except Exception as error:  # noqa: BLE001  raised by its caller
            if not asked.answer.done():
                asked.answer.set_exception(error)
        else:
            if not asked.answer.done():
                asked.answer.set_result(answer)


def _together(group: Sequence[_Asked], tx: Transaction) -> list[Any]:
    _preload(tx, [asked.delivery for asked in group])
    return [asked.work(tx) for asked in group]


def _preload(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
    """Load the promises, the histories of those whose message tells of them, and the people whose calendars count."""
    with_history = {each.promise_id for each in deliveries if each.promise_id and each.kind in _WITH_HISTORY}
    if with_history:
        tx.promises.preload(tx.records.those(with_history).values())
    if others := {each.promise_id for each in deliveries if each.promise_id} - with_history:
        tx.promises.meet(others)
    people: set[UserId] = set()
    for each in deliveries:
        promise = tx.promises.get(each.promise_id) if each.promise_id and is_person(each.to) else None
        people |= {UserId(each.to), promise.owner_id, promise.requester_id} if promise else set()
    if people:
        tx.people.meet(people)
