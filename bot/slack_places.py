"""The audience of a channel, cached for minutes only: it can be shared or made private any day."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.promise import ChannelId, TeamId
from bot.ports import Audience

#: How long an audience is cached, for uses that publish nothing because of it.
BELIEVED_S = 600.0
#: Most channels cached.
MAX_PLACES = 10_000
#: Slack's flags for a channel that another workspace can read; with the last one an invitation is pending.
SHARED = ("is_ext_shared", "is_org_shared", "is_pending_ext_shared")
PRIVATE = ("is_private", "is_im", "is_mpim", "is_group")


def audience_of(channel: Mapping[str, Any]) -> Audience:
    """Return the audience in a conversations.info answer.

    >>> [audience_of(each).value for each in ({}, {"is_ext_shared": True}, {"is_private": True, "is_ext_shared": True})]
    ['colleagues', 'others_too', 'members']
    """
    if any(channel.get(name) for name in PRIVATE):
        return Audience.MEMBERS
    shared = any(channel.get(name) for name in SHARED) or bool(channel.get("pending_connected_team_ids"))
    return Audience.OTHERS_TOO if shared else Audience.COLLEAGUES


class Audiences:
    """`ask` calls conversations.info; what it raises is passed on."""

    def __init__(self, ask: Callable[[TeamId, ChannelId], Awaitable[Mapping[str, Any]]]) -> None:
        self._ask = ask
        self._known: dict[tuple[TeamId, ChannelId], tuple[Audience, float]] = {}

    async def of(self, team_id: TeamId, channel_id: ChannelId, *, just_now: bool = False) -> Audience:
        """Return the audience of a channel; `just_now` bypasses the cache."""
        known = None if just_now else self.remembered(team_id, channel_id)
        if known is None:
            known = audience_of(await self._ask(team_id, channel_id))
            if len(self._known) >= MAX_PLACES:
                self._known.clear()
            self._known[team_id, channel_id] = known, time.monotonic() + BELIEVED_S
        return known

    def remembered(self, team_id: TeamId, channel_id: ChannelId) -> Audience | None:
        """Return the cached audience of a channel; None if there is none, or it is too old."""
        known, until = self._known.get((team_id, channel_id), (None, 0.0))
        return known if time.monotonic() <= until else None

    def forget(self, team_id: TeamId, channel_id: str = "") -> None:
        """Drop a channel, or all of a workspace, from the cache."""
        for key in [each for each in self._known if each[0] == team_id and channel_id in ("", each[1])]:
            del self._known[key]
