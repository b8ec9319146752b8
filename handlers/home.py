"""The Home tab: published when it is opened, and after each action in it."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.acts import Act, State
from bot.domain.errors import UnreadableError
from bot.domain.promise import Promise
from bot.language import read_in
from bot.ports import Side
from bot.services import Services
from bot.views.home import HomeContent, Show, home, place, read_place
from bot.views.phrases import fresh_word
from handlers.payloads import Call

FRONT = place(Show.ALL, 0)
#: Most promises of each side that the tab counts, sorts and pages.
MOST = 1000
#: How long the tab shows promises that were kept.
LATELY = timedelta(days=14)


async def publish_home(services: Services, call: Call, at_place: str = FRONT) -> None:
    """Publish the tab at a filter and page; at the front if the place cannot be parsed."""
    try:
        show, page = read_place(at_place)
    except UnreadableError:
        show, page = Show.ALL, 0
    team_id, me, now = call.team_id, call.user_id, services.clock.now()
    person, owing, owed, undelivered, is_new, closed = await asyncio.gather(
        services.people.of(team_id, me),
        services.promises.listed(team_id, me, Side.OWING, me, MOST),
        services.promises.listed(team_id, me, Side.OWED, me, MOST),
        services.asides.undelivered(team_id, me),
        services.places.is_welcomed(team_id, me),
        services.records.closed(team_id, me),
    )
    read_in(person.language)
    record = (await services.records.of(team_id, me, me, person.zone)).record
    owed = tuple(promise for promise in owed if not promise.is_own)  # promises to oneself are listed under one's own
    at_risk = [promise for promise in (*owing, *owed) if is_at_risk(promise, now)]
    visible_record = None if record.is_hidden else record
    kept = [promise for promise in closed if promise.state is State.KEPT and _is_lately(promise, now)]
    content = HomeContent(owing, owed, at_risk, visible_record, undelivered, kept, is_new)
    view = home(person, content, now, show, page)
    await call.client.views_publish(user_id=me, view=view)


def _is_lately(promise: Promise, now: datetime) -> bool:
    return promise.closed_at is not None and now - promise.closed_at <= LATELY


def is_at_risk(promise: Promise, now: datetime) -> bool:
    """Return whether it is overdue, or its owner reported a risk under the terms in force."""
    if promise.state is not State.ACTIVE:
        return False
    word = fresh_word(promise)
    return promise.terms.due.at <= now or (word is not None and word.act == Act.AT_RISK)
