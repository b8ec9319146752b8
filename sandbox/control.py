"""The control API: what a test (or the page) lets people do. Described in docs/sandbox.md."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import modals, user_actions
from sandbox.app_link import Answer
from sandbox.errors import UnknownHereError
from sandbox.json_body import json_body
from sandbox.payloads import message_json, view_json
from sandbox.places import find_channel, find_user
from sandbox.workspace import Channel, Message, User, View, visible
from sandbox.world import World


def routes() -> list[Route]:
    posts = {
        "command": _command,
        "message": _message,
        "click": _click,
        "options": _options,
        "submit": _submit,
        "close": _close,
        "shortcut": _shortcut,
        "home": _home,
    }
    gets = {"messages": _messages, "dms": _dms, "views": _views}
    return [
        *(Route(f"/control/{name}", endpoint, methods=["POST"]) for name, endpoint in posts.items()),
        *(Route(f"/control/{name}", endpoint, methods=["GET"]) for name, endpoint in gets.items()),
    ]


async def _command(request: Request) -> Response:
    world, body, user = await _asked(request)
    channel = find_channel(world, user, str(body.get("channel", "general")))
    declared = world.manifest.commands[0].name if world.manifest.commands else ""
    command = str(body.get("command") or declared)
    answer = await user_actions.type_command(world, user, channel, command, str(body.get("text", "")))
    return JSONResponse(_shown(answer))


async def _message(request: Request) -> Response:
    world, body, user = await _asked(request)
    channel = find_channel(world, user, str(body.get("channel", "general")))
    posted = user_actions.say(world, user, channel, str(body.get("text", "")), body.get("thread_ts") or None)
    return JSONResponse({"ok": True, "channel": channel.id, "ts": posted.ts})


async def _click(request: Request) -> Response:
    world, body, user = await _asked(request)
    return JSONResponse(_shown(await user_actions.click(world, user, _used(world, user, body))))


async def _options(request: Request) -> Response:
    """Return the options of a menu that the app fills: {"options": …} or {"option_groups": …}, for the text typed."""
    world, body, user = await _asked(request)
    used = _used(world, user, body | {"value": None})
    answer = await user_actions.suggestions(world, user, used, str(body.get("value") or ""))
    offered = answer.body if isinstance(answer.body, dict) else {}
    return JSONResponse({"failure": answer.failure, **offered})


def _used(world: World, user: User, body: dict[str, Any]) -> user_actions.Click:
    view, channel, message = None, None, None
    if body.get("view_id"):
        view = _view(world, user, str(body["view_id"]))
        if isinstance(body.get("state"), dict):
            modals.fill_in(view, body["state"], user)
    else:
        channel, message = shown_to(world, user, body)
    action_id, block_id = str(body.get("action_id", "")), body.get("block_id")
    return user_actions.Click(action_id, block_id, body.get("value"), channel, message, view)


async def _submit(request: Request) -> Response:
    world, body, user = await _asked(request)
    view = _view(world, user, str(body.get("view_id", "")))
    result = await modals.submit(world, user, view, body.get("state") or {})
    shown: dict[str, Any] = {
        "response_action": result.response_action,
        "errors": result.errors,
        "problem": result.problem,
        "sent": result.sent,
    }
    return JSONResponse(shown | (_shown(result.answer) if result.answer else {}))


async def _close(request: Request) -> Response:
    world, body, user = await _asked(request)
    view = _view(world, user, str(body.get("view_id", "")))
    await modals.close(world, user, view, everything=bool(body.get("everything")))
    return JSONResponse({"ok": True})


async def _shortcut(request: Request) -> Response:
    world, body, user = await _asked(request)
    channel, message = shown_to(world, user, body) if body.get("ts") else (None, None)
    answer = await user_actions.use_shortcut(world, user, str(body.get("callback_id", "")), channel, message)
    return JSONResponse(_shown(answer))


async def _home(request: Request) -> Response:
    world, body, user = await _asked(request)
    user_actions.open_home(world, user, str(body.get("tab", "home")))
    home = world.workspace.homes.get(user.id)
    return JSONResponse({"ok": True, "view": view_json(home) if home else None})


async def _messages(request: Request) -> Response:
    world, user = _looking(request)
    channel = find_channel(world, user, request.query_params.get("channel", "general"))
    return JSONResponse({"channel": channel.id, "messages": _seen(channel, user)})


async def _dms(request: Request) -> Response:
    world, user = _looking(request)
    channel = find_channel(world, user, "dm")
    return JSONResponse({"channel": channel.id, "messages": _seen(channel, user)})


async def _views(request: Request) -> Response:
    world, user = _looking(request)
    home = world.workspace.homes.get(user.id)
    stack = world.workspace.modals.get(user.id, [])
    shown = {"views": [view_json(view) for view in stack], "home": view_json(home) if home else None}
    return JSONResponse(shown)


async def _asked(request: Request) -> tuple[World, dict[str, Any], User]:
    world: World = request.app.state.world
    body = await json_body(request)
    return world, body, find_user(world, str(body.get("user", "alice")))


def _looking(request: Request) -> tuple[World, User]:
    world: World = request.app.state.world
    return world, find_user(world, request.query_params.get("user", "alice"))


def _seen(channel: Channel, user: User) -> list[dict[str, Any]]:
    messages = [message for message in channel.messages if visible(message, user.id)]
    return [
        message_json(channel, message, metadata=True) | {"is_ephemeral": message.ephemeral_for is not None}
        for message in messages
    ]


def shown_to(world: World, user: User, body: dict[str, Any]) -> tuple[Channel, Message]:
    """The message that a request names. Raises: UnknownHereError when the person cannot see it."""
    channel = find_channel(world, user, str(body.get("channel", "dm")))
    message = channel.message(str(body.get("ts", "")))
    if message is None or not visible(message, user.id):
        raise UnknownHereError(f"There is no message {body.get('ts')} there that @{user.name} can see.")
    return channel, message


def _view(world: World, user: User, view_id: str) -> View:
    view = world.workspace.view(view_id)
    if view is None or view.user != user.id:
        raise UnknownHereError(f"@{user.name} has no view {view_id} open.")
    return view


def _shown(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "ack": answer.body,
        "elapsed_ms": answer.elapsed_ms,
        "failure": answer.failure,
    }
