"""The place of a promise made by another tool: a channel that its person is in, or private to its parties."""

from bot.domain.errors import NotFoundError
from bot.domain.promise import NO_PLACE, ChannelId, Origin, TeamId, UserId
from bot.services import Services


async def place_for_tool(services: Services, team_id: TeamId, person: UserId, channel: str | None) -> Origin:
    """Return the place; without a channel, one that only the parties see.

    Raises NotFoundError for a channel that the person is not in, or that Kept is not in to see it.
    """
    if not channel:
        return NO_PLACE
    place = ChannelId(channel)
    if person not in await services.messenger.members(team_id, place):
        raise NotFoundError(
            "I can’t see you in that channel. Join it and invite me, or leave the channel out.", "channel"
        )
    return Origin(place, await services.messenger.is_private(team_id, place, ""))
