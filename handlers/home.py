"""The Home tab: published when it is opened, and after each action in it."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.errors import UnreadableError
from bot.domain.overview import Show
from bot.domain.promise import Promise
from bot.language import read_in
from bot.services import Services
from bot.views.home import HomeContent, home, place, read_place
from handlers.payloads import Call

FRONT = place(Show.ALL, 0)
#: How long the tab shows promises that were kept.
LATELY = timedelta(days=14)


async def publish_home(services: Services, call: Call, at_place: str = FRONT) -> None:
    """Publish the tab at a filter and page; at the front if the place cannot be parsed."""
    try:
        show, page = read_place(at_place)
    except UnreadableError:
        show, page = Show.ALL, 0
    team_id, me, now = call.team_id, call.user_id, services.clock.now()
    person = await services.people.of(team_id, me)
    read_in(person.language)
    overview, undelivered, is_new, closed, seen = await asyncio.gather(
        services.promises.overview(person, show, page),
        services.asides.undelivered(team_id, me),
        services.places.is_welcomed(team_id, me),
        services.records.closed(team_id, me),
        services.records.of(team_id, me, me, person.zone),
    )
    visible_record = None if seen.record.is_hidden else seen.record
    kept = [promise for promise in closed if promise.state is State.KEPT and _is_lately(promise, now)]
    content = HomeContent(overview, visible_record, undelivered, kept, is_new)
    view = home(person, content, now, show, page)
    await call.client.views_publish(user_id=me, view=view)


def _is_lately(promise: Promise, now: datetime) -> bool:
    return promise.closed_at is not None and now - promise.closed_at <= LATELY
