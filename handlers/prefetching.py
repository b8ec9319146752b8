"""Fetch people and channels from Slack concurrently, before they are needed one by one."""

import asyncio
from collections.abc import Iterable

from bot.domain.promise import UserId
from bot.services import Services
from handlers.payloads import Call

#: Most people fetched concurrently; others are fetched when needed.
MAX_CONCURRENT = 10


async def prefetch(services: Services, call: Call, people: Iterable[UserId | None] = ()) -> None:
    """Load the caller, the people named and the channel into the cache, in the time of one request to Slack.

    Errors are raised later, where the value is needed.
    """
    named = list(dict.fromkeys(person for person in (call.user_id, *people) if person))[:MAX_CONCURRENT]
    asked = [services.people.of(call.team_id, each) for each in named if not services.people.fresh(call.team_id, each)]
    if not asked:  # the channel alone takes no longer where it is needed
        return
    if call.channel_id:
        place = services.messenger.is_private(call.team_id, call.channel_id, call.channel_name)
        await asyncio.gather(place, *asked, return_exceptions=True)
    else:
        await asyncio.gather(*asked, return_exceptions=True)
