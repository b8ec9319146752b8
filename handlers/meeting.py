"""Learning from Slack who and where, all at the same time, before the answers are wanted one by one."""

import asyncio
from collections.abc import Iterable

from bot.domain.promise import UserId
from bot.services import Services
from handlers.payloads import Call

#: Of so many people Slack is asked at the same time; of any others when their turn comes.
AT_ONCE = 10


async def meet(doors: Services, call: Call, people: Iterable[UserId | None] = ()) -> None:
    """Bring whoever asks, the people named and the place to mind, for the time of one question to Slack.

    What Slack refuses to tell is raised where it is wanted.
    """
    named = list(dict.fromkeys(person for person in (call.user_id, *people) if person))[:AT_ONCE]
    asked = [doors.people.of(call.team_id, each) for each in named if not doors.people.in_mind(call.team_id, each)]
    if not asked:  # the place alone costs the same where it is wanted
        return
    if call.channel_id:
        place = doors.messenger.is_private(call.team_id, call.channel_id, call.channel_name)
        await asyncio.gather(place, *asked, return_exceptions=True)
    else:
        await asyncio.gather(*asked, return_exceptions=True)
