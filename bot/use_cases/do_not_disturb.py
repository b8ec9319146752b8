"""Cached answers to Slack's "do not disturb"."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.promise import TeamId, UserId
from bot.ports import Clock, Messenger

#: How long Slack's answer about a person is used.
FRESH_FOR = timedelta(minutes=5)
#: About how many people are cached.
MAX_PEOPLE = 10_000


class DoNotDisturb:
    """If Slack cannot say (a limit, an error, a missing scope), "do not disturb" is taken to be off."""

    def __init__(self, messenger: Messenger, clock: Clock) -> None:
        self._messenger = messenger
        self._clock = clock
        self._asked: dict[tuple[TeamId, UserId], tuple[datetime, asyncio.Future[datetime | None]]] = {}

    def asked(self, team_id: TeamId, person: UserId) -> "asyncio.Future[datetime | None]":
        """Return Slack's answer about a person, which others may wait for as well: it is not to be cancelled."""
        now = self._clock.now()
        known = self._asked.get((team_id, person))
        if known is None or abs(now - known[0]) >= FRESH_FOR:
            if len(self._asked) >= MAX_PEOPLE:
                self._asked.clear()
            known = now, asyncio.ensure_future(self._messenger.quiet_until(team_id, person))
            self._asked[team_id, person] = known
        return known[1]

    async def until(self, team_id: TeamId, person: UserId) -> datetime | None:
        """Return until when Slack is not to disturb a person; None if it may."""
        until = await asyncio.shield(self.asked(team_id, person))
        return until if until and until > self._clock.now() else None
