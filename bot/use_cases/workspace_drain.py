"""Process the workspaces with due work in a background task."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain.promise import TeamId
from bot.ports import Clock

#: How many workspaces one pass takes.
TEAMS_PER_PASS = 100


class WorkspaceDrain:
    """Calls `work` for each workspace that `due` returns, until nothing is due.

    It runs apart from the scheduler's tick, so that a slow receiver delays no message in Slack. `is_on` is False where
    nothing is sent.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        due: Callable[[datetime, int], Awaitable[tuple[TeamId, ...]]],
        work: Callable[[TeamId], Awaitable[int]],
        *,
        is_on: bool,
    ) -> None:
        self._name, self._clock, self._due, self._work, self._is_on = name, clock, due, work, is_on
        self._task: asyncio.Task[int] | None = None

    async def start(self) -> None:
        """Start a task if something is due and none runs. Raises what ended the last one."""
        if not self._is_on or (self._task and not self._task.done()):
            return
        if self._task:
            self._task.result()  # raises what went wrong, so that the tick fails visibly
            self._task = None
        if await self._due(self._clock.now(), 1):
            self._task = asyncio.create_task(self.run(), name=self._name)

    async def stop(self) -> None:
        """Cancel the task; claimed work is done again after its lease expires."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def run(self) -> int:
        """Work until nothing is due or a pass did nothing; return how many attempts that was."""
        done = 0
        while teams := await self._due(self._clock.now(), TEAMS_PER_PASS):
            passed = sum([await self._work(team_id) for team_id in teams])
            done += passed
            if not passed:
                break
        return done
