"""Batched reads for rendering: concurrent readers share one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from bot.domain.kinds import NEEDS_HISTORY, Kind, Way
from bot.domain.people import is_person
from bot.domain.promise import TeamId, UserId
from bot.ports import Delivery, Transaction
from bot.use_cases.asides import prefetch_asides
from bot.use_cases.delivery.pacing import steady

T = TypeVar("T")
R = TypeVar("R")
#: Most readers per transaction; of gathered messages, which take longer to draw one after the other, fewer go together.
GROUP, GATHERED_GROUP = 100, 10
#: How long messages are drawn before requests get a turn.
SLICE_S = 0.005
#: Deliveries for which histories are read: of a redraw some message may tell of an act.
_WITH_HISTORY = NEEDS_HISTORY | {Kind.REFRESH}


class _Asked:
    """A read for one delivery, the step that turns its result into an answer, and the pending answer."""

    def __init__(self, delivery: Delivery, work: Callable[[Transaction], Any], then: Callable[[Any], Any]) -> None:
        self.delivery = delivery
        self.work = work
        self._then = then
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def found(self, value: Any) -> None:
        """Answer with the result of `then` for the value that was read."""
        if self.answer.done():
            return
        try:
            self.answer.set_result(self._then(value))
        except Exception as error:  # noqa: BLE001  raised by its caller
            self.answer.set_exception(error)

    def failed(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class BatchedReads:
    """Runs reads in groups of one workspace each; a group starts after all its members have joined it.

    `run` runs one piece of work in a transaction of a workspace: `Store.read`.
    """

    def __init__(
        self, run: Callable[[TeamId, Callable[[Transaction], Any]], Awaitable[Any]], group: int = GROUP
    ) -> None:
        self._run, self._group = run, group
        self._asked: dict[TeamId, list[_Asked]] = {}
        self._reading: dict[TeamId, asyncio.Task[None]] = {}
        #: One workspace's messages are drawn at a time: those of many would take their slices without a turn between.
        self._drawing = asyncio.Lock()

    def of(self, delivery: Delivery, work: Callable[[Transaction], T], then: Callable[[T], R]) -> "asyncio.Future[R]":
        """Begin to run `work`, and return what `then` makes of its result; what most need is loaded together.

        `then` is called for one after the other of those who are read together, which takes half the time that it
        takes between other work. Raises what `work` and `then` raise.
        """
        team_id, asked = delivery.team_id, _Asked(delivery, work, then)
        self._asked.setdefault(team_id, []).append(asked)
        if team_id not in self._reading:
            self._reading[team_id] = asyncio.create_task(self._read(team_id), name="reading")
        return asked.answer

    async def _read(self, team_id: TeamId) -> None:
        while waiting := self._asked.pop(team_id, []):
            group, later = waiting[: self._group], waiting[self._group :]
            if later:
                self._asked[team_id] = later
            try:
                found = await self._run(team_id, partial(_together, group))
            except Exception:  # noqa: BLE001  one of them, or the database: each finds out by itself
                await asyncio.gather(*(self._alone(team_id, asked) for asked in group))
                continue
            async with self._drawing:
                await _draw(group, found)
        del self._reading[team_id]

    async def _alone(self, team_id: TeamId, asked: _Asked) -> None:
        try:
            answer = await self._run(team_id, asked.work)
        except Exception as error:  # noqa: BLE001  raised by its caller
            asked.failed(error)
        else:
            asked.found(answer)


async def _draw(group: Sequence[_Asked], found: Sequence[Any]) -> None:
    began = steady()
    for asked, value in zip(group, found, strict=True):
        asked.found(value)
        if steady() - began > SLICE_S:
            await asyncio.sleep(0)
            began = steady()


def _together(group: Sequence[_Asked], tx: Transaction) -> list[Any]:
    preload(tx, [asked.delivery for asked in group])
    return [asked.work(tx) for asked in group]


def preload(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
    """Load what most messages are drawn from: the rows that gathered ones include, the promises, the histories of
    those whose message tells of an act, the people whose calendars count, and what is noted beside a question.
    """
    gathered = [each.id for each in deliveries if each.kind.rule.way is Way.GATHERED]
    rows = [*deliveries, *(tx.agendas.prefetch_included(gathered) if gathered else ())]
    with_history = {each.promise_id for each in rows if each.promise_id and each.kind in _WITH_HISTORY}
    if with_history:
        tx.promises.preload(tx.records.those(with_history).values())
    if others := {each.promise_id for each in rows if each.promise_id} - with_history:
        tx.promises.prefetch(others)
    to_people = [each for each in rows if is_person(each.to)]
    about = [tx.promises.get(each.promise_id) for each in to_people if each.promise_id]
    sides = {side for promise in about if promise for side in (promise.owner_id, promise.requester_id)}
    if people := sides | {UserId(each.to) for each in to_people}:
        tx.people.prefetch(people)
    found = ((each, tx.promises.get(each.promise_id)) for each in to_people if each.promise_id)
    prefetch_asides(tx, [(each, promise) for each, promise in found if promise])
