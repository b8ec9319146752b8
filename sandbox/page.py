"""The page: one conversation as one person sees it, and the parts of it that change."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import acting
from sandbox.errors import UnknownHereError
from sandbox.feed import News
from sandbox.json_body import json_body
from sandbox.places import find_channel, find_user
from sandbox.render.lens import Lens
from sandbox.render.options import offered
from sandbox.render.panels import inspector, timeline
from sandbox.settings import BOT_USER_ID
from sandbox.workspace import Channel, Kind, User
from sandbox.world import World
from sandbox.zones import local

HERE = Path(__file__).parent
LIMIT = 200
_STILL_S = 15.0
_SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src * data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def routes() -> list[BaseRoute]:
    return [
        Route("/", _page, methods=["GET"]),
        Route("/part/{name}", _part, methods=["GET"]),
        Route("/live", _live, methods=["GET"]),
        Route("/page/say", _say, methods=["POST"]),
        Route("/page/read", _read, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def _page(request: Request) -> Response:
    world, lens, channel = _scene(request)
    channel.read[lens.viewer.id] = len(channel.messages)
    return html("page.html", await _everything(request, world, lens, channel))


async def _part(request: Request) -> Response:
    world, lens, channel = _scene(request)
    name = request.path_params["name"]
    if name not in ("list", "thread", "sidebar", "home", "modal", "clock", "timeline", "inspector", "story"):
        raise UnknownHereError(f"The page has no part “{name}”.")
    return html(f"parts/{name}.html", await _everything(request, world, lens, channel, part=name))


async def _everything(
    request: Request, world: World, lens: Lens, channel: Channel, part: str | None = None
) -> dict[str, Any]:
    """What the templates may ask for; for a part, only what it needs."""
    query = request.query_params
    context: dict[str, Any] = {"lens": lens, "channel": channel, "current": channel, "place": lens.place(channel)}
    context |= {"shortcuts": world.manifest.shortcuts, "limit": _limit(request)}
    context["offered"] = lambda element: offered(element, world.workspace, lens.viewer, channel)
    context |= {"telling": world.telling, "can_tell": world.settings.planned_url is not None}
    stack = world.workspace.modals.get(lens.viewer.id, [])
    context |= {"home": world.workspace.homes.get(lens.viewer.id), "view": stack[-1] if stack else None}
    if part in (None, "sidebar"):
        context["places"] = lens.places()
    if part in (None, "list"):
        rows, earlier = lens.timeline(channel, _limit(request))
        context |= {"rows": rows, "earlier": earlier}
    if part == "thread":
        context |= {"rows": lens.thread(channel, query.get("ts", "")), "ts": query.get("ts", "")}
    if part in (None, "clock"):
        context |= _time(world, lens)
    if part == "timeline":
        context |= await timeline(world, lens)
    if part == "inspector":
        context |= inspector(world)
    return context | (_shell(request, world, lens, channel) if part is None else {})


def _shell(request: Request, world: World, lens: Lens, channel: Channel) -> dict[str, Any]:
    app = channel.kind is Kind.DIRECT and BOT_USER_ID in channel.members
    has_tabs = app and world.manifest.home_tab
    command = world.manifest.commands[0].name if world.manifest.commands else "/promise"
    friend = "client" if lens.viewer.name != "client" else "alice"
    return {
        "app_name": world.manifest.app_name,
        "people": world.workspace.people(),
        "channel_for": lambda user: _same_place(world, user, channel).id,
        "has_tabs": has_tabs,
        "tab": "home" if has_tabs and request.query_params.get("tab") == "home" else "messages",
        "hint": f"{command} @{friend} send the deck by Friday 5pm",
        "directory": lens.directory().replace("<", "\\u003c"),
    }


def _time(world: World, lens: Lens) -> dict[str, Any]:
    now = world.clock.seconds()
    return {
        "reading": world.clock.reading(),
        "seconds": now,
        "now": local(lens.viewer.tz, now),
        "zones": [(user, local(user.tz, now)) for user in world.workspace.people()],
    }


async def _live(request: Request) -> Response:
    """Server-sent events: what changed that this person may see."""
    world: World = request.app.state.world
    viewer = find_user(world, request.query_params.get("as", "alice"))
    return StreamingResponse(
        _news(world, viewer), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _news(world: World, viewer: User) -> AsyncIterator[str]:
    with world.feed.listen() as queue:
        yield "retry: 500\n\n"
        while not world.feed.closed:
            try:
                news: News | None = await asyncio.wait_for(queue.get(), _STILL_S)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if news is None:
                return
            if news.visible_to(viewer.id):
                yield f"data: {json.dumps({'kind': news.kind, **news.facts})}\n\n"


async def _say(request: Request) -> Response:
    """What was typed in the composer: a message, or a command when it begins with a slash."""
    world: World = request.app.state.world
    body = await json_body(request)
    user = find_user(world, str(body.get("user", "")))
    channel = find_channel(world, user, str(body.get("channel", "")))
    text = str(body.get("text", "")).strip()
    if not text:
        return JSONResponse({"ok": False, "error": "There is nothing to send."}, 400)
    if not text.startswith("/"):
        said = acting.say(world, user, channel, text, body.get("thread_ts") or None)
        return JSONResponse({"ok": True, "ts": said.ts})
    command, _, rest = text.partition(" ")
    if body.get("thread_ts"):
        sentence = f"{command} is not supported in threads. Sorry! Use the message's own menu there."
        return JSONResponse({"ok": False, "error": sentence}, 409)
    answer = await acting.type_command(world, user, channel, command, rest)
    return JSONResponse({"ok": True, "failure": answer.failure})


async def _read(request: Request) -> Response:
    world: World = request.app.state.world
    body = await json_body(request)
    user = find_user(world, str(body.get("user", "")))
    channel = find_channel(world, user, str(body.get("channel", "")))
    channel.read[user.id] = len(channel.messages)
    world.feed.publish("read", seen_by=frozenset({user.id}), channel=channel.id)
    return JSONResponse({"ok": True})


def _scene(request: Request) -> tuple[World, Lens, Channel]:
    world: World = request.app.state.world
    viewer = find_user(world, request.query_params.get("as", "alice"))
    if viewer.is_bot or viewer.deleted:
        raise UnknownHereError(f"Nobody can act as @{viewer.name}.")
    return world, Lens(world, viewer), find_channel(world, viewer, request.query_params.get("c", "general"))


def _same_place(world: World, user: User, channel: Channel) -> Channel:
    """Where another person looks when one changes over to them: the same place, their own with the app, or #general."""
    if channel.kind is Kind.DIRECT and BOT_USER_ID in channel.members:
        return find_channel(world, user, BOT_USER_ID)
    return channel if user.id in channel.members else find_channel(world, user, "general")


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "")
    return int(given) if given.isdigit() and int(given) else LIMIT


def html(template: str, context: dict[str, Any]) -> Response:
    """A page or a part of one, with the headers that keep foreign scripts out of it."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(context), headers=_SECURITY)
