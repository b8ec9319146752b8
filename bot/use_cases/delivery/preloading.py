"""Batched reads for rendering: concurrent readers share one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from bot.domain.promise import PromiseId, TeamId
from bot.ports import Store, Transaction

T = TypeVar("T")
#: Most readers per transaction.
GROUP = 100


class _Asked:
    """One reader's question about a promise, and its pending answer."""

    def __init__(self, about: PromiseId, work: Callable[[Transaction], Any]) -> None:
        self.about = about
        self.work = work
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class BatchedReads:
    """Runs reads in groups of one workspace each; a group starts after all its members have joined it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: dict[TeamId, list[_Asked]] = {}
        self._reading: dict[TeamId, asyncio.Task[None]] = {}

    async def of(self, team_id: TeamId, about: PromiseId, work: Callable[[Transaction], T]) -> T:
        """Run `work` and return its result; the promise `about` and its history are loaded together with others.

        Raises what `work` raises.
        """
        asked = _Asked(about, work)
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
    tx.promises.preload(tx.records.those({asked.about for asked in group}).values())
    return [asked.work(tx) for asked in group]
