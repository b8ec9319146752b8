"""Workspaces that leave: a revoked token pauses a workspace, an uninstallation deletes it.

Slack sends both events at about the same time, in any order, late, and more than once (docs/adr/0014).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.promise import TeamId
from bot.domain.spans import EPOCH
from bot.ports import InstallationBook
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import steady
from bot.use_cases.delivery.refusals import WORKSPACE

#: How long the rows of a workspace with a revoked token are kept.
KEPT_PAUSED = timedelta(days=30)
#: How long tasks still running when a workspace left may write rows, in monotonic seconds.
STRAGGLING_S = 120.0
#: How often such rows are deleted, and how often expired pauses are looked for.
SWEEP_S, RETIRE_S = 10.0, 3600.0


class Departures:
    """`installations` is None where one workspace's own token is used: then only an uninstallation deletes anything.

    `left` is called with each workspace after it was paused or deleted, so that caches drop it.
    """

    def __init__(self, context: Context, installations: InstallationBook | None = None) -> None:
        self.left: Callable[[TeamId], None] = lambda team_id: None
        self._store, self._clock = context.store, context.clock
        self._installations = installations
        self._left: dict[TeamId, float] = {}
        self._swept_at = self._retired_at = float("-inf")

    async def uninstalled(self, team_id: TeamId, at: datetime | None = None) -> int:
        """Delete a workspace, or an organisation with its workspaces; return how many rows were deleted.

        An installation younger than `at` stays.
        """
        members = await self._installations.members(team_id) if self._installations else ()
        rows = sum([await self._forget(each, at) for each in (team_id, *members)])
        self.left(team_id)
        return rows

    async def revoked(self, team_id: TeamId, at: datetime) -> bool:
        """Pause a workspace whose token was revoked: nothing is sent, and its rows are kept for its return."""
        is_paused = self._installations is not None and await self._installations.revoke(team_id, at)
        self.left(team_id)
        return is_paused

    async def sweep(self) -> None:
        """Delete late rows of workspaces that left, and end expired pauses; do nothing if called too often."""
        now = steady()
        if now - self._swept_at >= SWEEP_S:
            self._swept_at = now
            await self.clear()
        if self._installations and now - self._retired_at >= RETIRE_S:
            self._retired_at = now
            await self.retire()

    async def clear(self) -> int:
        """Delete rows that were written for workspaces while they left; return how many."""
        rows, now = 0, steady()
        for team_id, until in list(self._left.items()):
            if now > until or (self._installations and await self._installations.find(team_id)):
                del self._left[team_id]
            else:
                rows += await self._store.forget(team_id, EPOCH)
        return rows

    async def retire(self) -> int:
        """Delete workspaces whose token was revoked too long ago, known from an event or from refused calls.

        Return how many rows were deleted.
        """
        if self._installations is None:
            return 0
        before = self._clock.now() - KEPT_PAUSED
        over = set(await self._installations.revoked(before))
        for stop in await self._store.stopped():
            is_paused = stop.subject == WORKSPACE and stop.until is None
            if is_paused and stop.since < before and await self._installations.find(stop.team_id):
                over.add(stop.team_id)
        return sum([await self.uninstalled(team_id) for team_id in sorted(over)])

    async def _forget(self, team_id: TeamId, at: datetime | None) -> int:
        rows = await self._store.forget(team_id, at)
        self._left[team_id] = steady() + STRAGGLING_S
        return rows
