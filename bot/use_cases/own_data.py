"""Export or deletion of one person's data."""

import json
import secrets
from datetime import datetime
from typing import Any

from bot.domain.errors import NotFoundError
from bot.domain.leavers import has_left, stand_in
from bot.domain.promise import TeamId, UserId
from bot.language import N_, _
from bot.ports import Messenger
from bot.ports.progress import Progress, unseen
from bot.use_cases.closed_accounts import notify_other_sides
from bot.use_cases.context import Context
from bot.use_cases.people import People

UNKNOWN = N_("Nothing of {person} is stored in workspace {team}.")


class OwnData:
    """`people` and `messenger` are the caches to clear when a person is deleted; both are optional."""

    def __init__(self, context: Context, people: People | None = None, messenger: Messenger | None = None) -> None:
        self._context = context
        self._people, self._messenger = people, messenger

    async def everything(self, team_id: TeamId, person: UserId, progress: Progress = unseen) -> str:
        """Return everything stored about a person as JSON: promises they owe, are owed and watch, and settings.

        Raises NotFoundError when nothing is stored.
        """
        found = await self._context.store.everything_of(team_id, person, progress)
        if not found:
            raise NotFoundError(_(UNKNOWN).format(person=person, team=team_id))
        return json.dumps(found, default=_written, ensure_ascii=False, indent=1) + "\n"

    async def forget(self, team_id: TeamId, person: UserId) -> int:
        """Delete a person; return how many rows changed. The other side of each open promise is notified.

        Raises NotFoundError when nothing is stored about them.
        """
        context, gone = self._context, stand_in(secrets.token_hex(8))
        if has_left(person) or not await context.store.everything_of(team_id, person):
            raise NotFoundError(_(UNKNOWN).format(person=person, team=team_id))
        rows = await context.store.forget_person(team_id, person, gone)
        if self._people and self._messenger:
            self._people.forget_all_cached()
            self._messenger.forget(team_id)
        now = context.clock.now()
        await context.store.write(team_id, lambda tx: notify_other_sides(tx, gone, now, context.new_delivery))
        context.wake()
        return rows


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
