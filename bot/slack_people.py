"""All people of a workspace from users.list: to resolve a handle, and to know guests."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from bot.domain.promise import TeamId, UserId
from bot.profiles import is_guest, is_outsider

#: Most pages of the list, and people per page.
PAGES, PAGE_SIZE = 20, "500"
#: How long the list of guests is cached.
BELIEVED_S = 3600.0


class Roster:
    """`page` calls users.list from a cursor; what it raises is passed on."""

    def __init__(self, page: Callable[[TeamId, str], Awaitable[Mapping[str, Any]]]) -> None:
        self._page = page
        self._guests: dict[TeamId, tuple[frozenset[UserId], float]] = {}

    async def named(self, team_id: TeamId, handle: str) -> UserId | None:
        """Return the id behind a handle or display name; None if there is none."""
        wanted = handle.casefold()
        async for member in self._members(team_id):
            profile = member.get("profile") or {}
            names = {member.get("name"), profile.get("display_name"), profile.get("display_name_normalized")}
            if wanted in {name.casefold() for name in names if name}:
                return UserId(member["id"])
        return None

    async def guests(self, team_id: TeamId) -> frozenset[UserId]:
        """Return all guests."""
        known, until = self._guests.get(team_id, (frozenset[UserId](), 0.0))
        if time.monotonic() < until:
            return known
        found = frozenset([UserId(each["id"]) async for each in self._members(team_id) if is_guest(each)])
        self._guests[team_id] = found, time.monotonic() + BELIEVED_S
        return found

    async def people(self, team_id: TeamId) -> AsyncIterator[Mapping[str, Any]]:
        """Iterate over everyone with an open account in the workspace, as users of `users.list`."""
        async for member in self._members(team_id):
            yield member

    def forget(self, team_id: TeamId) -> None:
        self._guests.pop(team_id, None)

    async def _members(self, team_id: TeamId) -> AsyncIterator[Mapping[str, Any]]:
        """Iterate over everyone with an open account in the workspace, without people of other companies."""
        cursor = ""
        for _ in range(PAGES):
            page = await self._page(team_id, cursor)
            for member in page.get("members") or ():
                if not (member.get("deleted") or is_outsider(team_id, member)):
                    yield member
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
