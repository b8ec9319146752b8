"""The page: what one or two people see, side by side, and the parts of it that change."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import user_actions
from sandbox.errors import UnknownHereError
from sandbox.feed import News
from sandbox.json_body import json_body
from sandbox.places import find_channel, find_user
from sandbox.render.columns import FIRST_OF_ONE, FIRST_OF_TWO, Look, basics, column, look, who
from sandbox.render.panels import clock, guide, happened, inspector, timeline, upcoming, workflows
from sandbox.story import listed
from sandbox.story_progress import PACES
from sandbox.workspace import Channel, User
from sandbox.world import World

HERE = Path(__file__).parent
_STILL_S = 15.0
_SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src * data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none a browser sends forms with the origin "null", which is refused
    "Cache-Control": "no-store",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def routes() -> list[BaseRoute]:
    return [
        Route("/", _page, methods=["GET"]),
        Route("/client/{team:path}", _client, methods=["GET"]),
        Route("/part/{name}", _part, methods=["GET"]),
        Route("/live", _live, methods=["GET"]),
        Route("/page/say", _say, methods=["POST"]),
        Route("/page/read", _read, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def _page(request: Request) -> Response:
    world: World = request.app.state.world
    looks = _looks(world, request.query_params)
    for each in looks:
        _mark_read(world, each.viewer, each.channel)
    first = looks[0]
    context = {
        "looks": looks,
        "columns": [Markup(_drawn("parts/column.html", column(each))) for each in looks],  # noqa: S704 (our own HTML)
        "lens": first.lens,
        "place": first.lens.place(first.channel),
        "channel": first.channel,
        "app_name": world.manifest.app_name,
        "news": world.feed.number,
        "has_steps": bool(world.manifest.functions),
    }
    context |= clock(world, first.lens) | happened(world, first.lens) | _story(world)
    context |= await upcoming(world, first.lens) | await guide(world, first.lens)
    return html("page.html", context)


def _looks(world: World, query: Mapping[str, str]) -> list[Look]:
    """Return one column for one named person; two if `with` names another, or no person is named."""
    asked = dict(query)
    if "as" not in asked:
        first, second = FIRST_OF_TWO if len(world.workspace.teams) > 1 else FIRST_OF_ONE
        return [look(world, *first), look(world, *second, side="right")]
    left = look(world, asked["as"], asked.get("c", "general"), tab=asked.get("tab", ""), limit=asked.get("limit", ""))
    if "with" not in asked:
        return [left]
    more = {"tab": asked.get("dtab", ""), "limit": asked.get("dlimit", "")}
    return [left, look(world, asked["with"], asked.get("d", "dm"), side="right", **more)]


async def _client(request: Request) -> Response:
    """Slack's own client, opened at a workspace: where an app sends people back to."""
    return RedirectResponse("/", 302)


async def _part(request: Request) -> Response:
    """One part of the page, or of a column of it, as it looks now."""
    world: World = request.app.state.world
    query = request.query_params
    more = {name: query.get(name, "") for name in ("side", "tab", "limit")}
    seen = look(world, query.get("as", "alice"), query.get("c", "general"), **more)
    name = request.path_params["name"]
    match name:
        case "column":
            context = column(seen)  # it is read once it is shown, which the page says
        case "list":
            rows, earlier = seen.lens.timeline(seen.channel, seen.limit)
            context = basics(seen) | {"rows": rows, "earlier": earlier}
        case "rows":
            wanted = frozenset(query.get("ts", "").split(","))
            context = basics(seen) | {"rows": seen.lens.rows_of(seen.channel, wanted)}
        case "thread":
            ts = query.get("ts", "")
            context = basics(seen) | {"rows": seen.lens.thread(seen.channel, ts), "ts": ts}
        case "sidebar":
            context = basics(seen) | {"places": seen.lens.places()}
        case "who":
            context = basics(seen) | who(seen)
        case "home" | "modal":
            context = basics(seen)
        case _:
            context = {"lens": seen.lens} | await _shared(world, seen, name)
    return html(f"parts/{name}.html", context)


async def _shared(world: World, seen: Look, name: str) -> dict[str, Any]:
    """The parts that both sides share."""
    match name:
        case "clock":
            return clock(world, seen.lens)
        case "happened":
            return happened(world, seen.lens)
        case "upcoming":
            return await upcoming(world, seen.lens) | {"app_name": world.manifest.app_name}
        case "guide":
            return await guide(world, seen.lens)
        case "timeline":
            return await timeline(world, seen.lens)
        case "inspector":
            return inspector(world)
        case "workflows":
            return workflows(world, seen.lens)
        case "story":
            return _story(world)
    raise UnknownHereError(f"The page has no part “{name}”.")


def _story(world: World) -> dict[str, Any]:
    tellable = listed() if world.settings.planned_url else ()
    return {"telling": world.progress, "stories": tellable, "paces": PACES}


async def _live(request: Request) -> Response:
    """Server-sent events: what changed, and who can see it."""
    world: World = request.app.state.world
    return StreamingResponse(_news(world), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _news(world: World) -> AsyncIterator[str]:
    with world.feed.listen() as queue:
        yield f"retry: 500\ndata: {json.dumps({'kind': 'listening', 'number': world.feed.number})}\n\n"
        while not world.feed.closed:
            try:
                news: News | None = await asyncio.wait_for(queue.get(), _STILL_S)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if news is None:
                return
            yield f"data: {json.dumps(news.shown())}\n\n"


async def _say(request: Request) -> Response:
    """Post what was typed in the composer: a message, or a command if it begins with a slash."""
    world: World = request.app.state.world
    body = await json_body(request)
    user = find_user(world, str(body.get("user", "")))
    channel = find_channel(world, user, str(body.get("channel", "")))
    text = str(body.get("text", "")).strip()
    if not text:
        return JSONResponse({"ok": False, "error": "There is nothing to send."}, 400)
    if not text.startswith("/"):
        posted = user_actions.say(world, user, channel, text, body.get("thread_ts") or None)
        return JSONResponse({"ok": True, "ts": posted.ts})
    command, _, rest = text.partition(" ")
    if body.get("thread_ts"):
        sentence = f"{command} is not supported in threads. Sorry! Use the message's own menu there."
        return JSONResponse({"ok": False, "error": sentence}, 409)
    answer = await user_actions.type_command(world, user, channel, command, rest)
    return JSONResponse({"ok": True, "failure": answer.failure})


async def _read(request: Request) -> Response:
    world: World = request.app.state.world
    body = await json_body(request)
    user = find_user(world, str(body.get("user", "")))
    channel = find_channel(world, user, str(body.get("channel", "")))
    _mark_read(world, user, channel)
    return JSONResponse({"ok": True})


def _mark_read(world: World, user: User, channel: Channel) -> None:
    if channel.read.get(user.id, 0) != len(channel.messages):
        channel.read[user.id] = len(channel.messages)
        world.feed.publish("read", seen_by=frozenset({user.id}), channel=channel.id)


def _drawn(template: str, context: dict[str, Any]) -> str:
    return _TEMPLATES.get_template(template).render(context)


def html(template: str, context: dict[str, Any]) -> Response:
    """A page or a part of one, with the headers that keep foreign scripts out of it."""
    return HTMLResponse(_drawn(template, context), headers=_SECURITY)
