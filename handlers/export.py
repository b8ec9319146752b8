"""`/promise export`, and the private feed addresses that it creates."""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.promise import TeamId
from bot.language import _, read_in
from bot.ports import Clock
from bot.services import Services
from bot.use_cases.exports import Exports
from bot.use_cases.own_data import OwnData
from bot.views.files import calendar_of, csv_of, feed_links
from bot.views.replies import sentence
from handlers.payloads import Call
from handlers.replies import Reply

#: No proxy may cache it, and no search engine may list it.
PRIVATE = {"cache-control": "private, no-store", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}


async def on_export(services: Services, call: Call, words: re.Match[str]) -> Reply:
    """`export` creates a new feed, `export off` closes it."""
    if words["off"]:
        await services.exports.close_feed(call.team_id, call.user_id)
        return Reply(sentence(_("Your calendar and table links no longer work. Nobody can read your promises there.")))
    return Reply(feed_links(await services.exports.open_feed(call.team_id, call.user_id)))


def mine(exports: Exports, own_data: OwnData, clock: Clock) -> Route:
    """Serve a person's own promises at their private address."""

    async def answer(request: Request) -> Response:
        team_id, kind = TeamId(request.path_params["team"]), request.path_params["kind"]
        person = await exports.owner_of(team_id, request.path_params["secret"])
        if person is None or kind not in ("csv", "ics", "json"):
            return PlainTextResponse(_("There is nothing here, or it is gone."), 404, PRIVATE)
        read_in(await exports.language_of(team_id, person))
        if kind == "ics":
            shown = calendar_of(await exports.calendar(team_id, person), clock.now())
            return Response(shown, headers=PRIVATE, media_type="text/calendar; charset=utf-8")
        if kind == "json":
            named = {"content-disposition": 'attachment; filename="kept.json"'}
            everything = await own_data.everything(team_id, person)
            return Response(everything, headers=PRIVATE | named, media_type="application/json")
        named = {"content-disposition": 'attachment; filename="promises.csv"'}
        return Response(csv_of(await exports.table(team_id, person)), headers=PRIVATE | named, media_type="text/csv")

    return Route("/mine/{team}/{secret}.{kind}", answer)
