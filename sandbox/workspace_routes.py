"""The control API's part about who and what is there: people, channels, conversations, reactions."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import user_actions
from sandbox.control import shown_to
from sandbox.errors import UnknownHereError
from sandbox.json_body import json_body
from sandbox.payloads import channel_json, user_json
from sandbox.places import find_user
from sandbox.plans import instant
from sandbox.seed import add_teammate
from sandbox.settings import TEAM_ID
from sandbox.workspace import Channel, Kind, Message, User
from sandbox.world import World
from sandbox.zones import known_zone

_GUESTS = ("", "multi", "single")


def routes() -> list[Route]:
    return [
        Route("/control/person", _person, methods=["POST"]),
        Route("/control/channel", _channel, methods=["POST"]),
        Route("/control/conversation", _conversation, methods=["POST"]),
        Route("/control/reaction", _reaction, methods=["POST"]),
    ]


async def _person(request: Request) -> Response:
    """Change a zone, a status, do-not-disturb hours (two epochs) or rights, deactivate a person, or add one.

    The app receives user_change, except for do-not-disturb hours, for which Slack sends none either.
    """
    world: World = request.app.state.world
    body = await json_body(request)
    name = str(body.get("user", "alice"))
    if body.get("real_name") and world.workspace.user_named(name) is None:
        return JSONResponse({"ok": True, "user": user_json(_newcomer(world, name, body), world.clock.seconds())})
    user = find_user(world, name)
    if "tz" in body:
        user.tz = known_zone(str(body["tz"]))
    if "dnd" in body:
        user.dnd = (int(body["dnd"][0]), int(body["dnd"][1])) if body["dnd"] else None
    if "status" in body:
        user.status = _status(body["status"] or {})
    if "guest" in body:
        user.guest = _guest(body["guest"])
    user.is_admin = bool(body.get("admin", user.is_admin))
    user.deleted = bool(body.get("deleted", user.deleted))
    shown = user_json(user, world.clock.seconds())
    if set(body) - {"user", "dnd"}:
        team = world.workspace.team_of(user)
        world.events.notify("user_change", {"type": "user_change", "user": shown}, None, team)
    world.feed.publish("reload")
    return JSONResponse({"ok": True, "user": shown})


def _newcomer(world: World, name: str, body: dict[str, Any]) -> User:
    """Add a member, a guest, or with a `team` a person of another company, to the named `channels`."""
    user = User(
        str(body.get("id") or world.workspace.next_id("U")),
        name.removeprefix("@").lower(),
        str(body["real_name"]),
        known_zone(str(body.get("tz", "Europe/Berlin"))),
        title=str(body.get("title", "")),
        guest=_guest(body.get("guest", "")),
        team=str(body.get("team", TEAM_ID)),
    )
    team = world.workspace.team_of(user)
    is_foreign = user.team != team.id
    if user.guest or is_foreign:
        world.workspace.users[user.id] = user
    else:
        add_teammate(world.workspace, user, world.clock.seconds())
    for place in body.get("channels", ()):
        channel = _found(world, str(place))
        channel.members.add(user.id)
        if is_foreign:
            channel.shared_with.add(user.team)
        world.events.joined(channel, user)
    if user.guest:
        world.workspace.open_direct(user.id, team.bot_user_id, world.clock.seconds())
    event = user_json(user, world.clock.seconds())
    if not is_foreign:
        world.events.notify("team_join", {"type": "team_join", "user": event}, None, team)
    world.feed.publish("reload")
    return user


def _guest(given: Any) -> str:
    if given not in _GUESTS:
        raise UnknownHereError(f"A guest is “multi” or “single”, not “{given}”.")
    return str(given)


def _status(given: dict[str, Any]) -> tuple[str, str, int]:
    """Its text, its emoji, and until when it stands: an instant, an epoch, or 0 for as long as it is not changed."""
    until = given.get("until") or 0
    expires = until if isinstance(until, int) else int(instant(until).timestamp())
    return str(given.get("text", "")), str(given.get("emoji", "")), expires


async def _channel(request: Request) -> Response:
    """Makes a channel, or changes one: its name, its members, its privacy, what other companies are in it."""
    world: World = request.app.state.world
    body = await json_body(request)
    user = find_user(world, str(body.get("user", "alice")))
    name = str(body.get("channel", ""))
    channel = world.workspace.channel_named(name, user.team) or _made(world, user, name, body)
    for member in body.get("members", ()):
        person = find_user(world, str(member))
        if person.id not in channel.members:
            channel.members.add(person.id)
            world.events.joined(channel, person)
    _renamed(world, channel, str(body.get("name", channel.name)))
    if "private" in body:
        _private(world, user, channel, private=bool(body["private"]))
    if "archived" in body:
        _archived(world, user, channel, archived=bool(body["archived"]))
    _shared(world, channel, body)
    world.feed.publish("reload")
    return JSONResponse({"ok": True, "channel": channel_json(channel, user)})


def _made(world: World, user: User, name: str, body: dict[str, Any]) -> Channel:
    if not name:
        raise UnknownHereError("Name the channel.")
    kind = Kind.PRIVATE if body.pop("private", False) else Kind.PUBLIC
    channel = Channel(
        world.workspace.next_id("C"),
        name.removeprefix("#").lower(),
        kind,
        {user.id},
        created=int(world.clock.seconds()),
        purpose=str(body.get("purpose", "")),
        team=user.team,
    )
    world.workspace.channels[channel.id] = channel
    if kind is Kind.PUBLIC:
        made = {"id": channel.id, "name": channel.name, "created": channel.created, "creator": user.id}
        world.events.notify("channel_created", {"type": "channel_created", "channel": made}, channel)
    return channel


def _renamed(world: World, channel: Channel, name: str) -> None:
    if name != channel.name:
        channel.name = name
        event = {"type": "channel_rename", "channel": {"id": channel.id, "name": name, "created": channel.created}}
        world.events.notify("channel_rename", event, channel)


def _private(world: World, user: User, channel: Channel, *, private: bool) -> None:
    """Rename a channel: Slack keeps the id, and posts a message with a subtype for it."""
    kind = Kind.PRIVATE if private else Kind.PUBLIC
    if channel.kind is kind:
        return
    channel.kind = kind
    subtype = "channel_convert_to_private" if private else "channel_convert_to_public"
    words = "made this channel " + ("private" if private else "public")
    world.messages.post(channel, Message("", user.id, f"<@{user.id}> {words}", subtype=subtype))


def _archived(world: World, user: User, channel: Channel, *, archived: bool) -> None:
    if channel.archived is archived:
        return
    channel.archived = archived
    name = ("channel" if channel.kind is Kind.PUBLIC else "group") + ("_archive" if archived else "_unarchive")
    world.events.notify(name, {"type": name, "channel": channel.id, "user": user.id}, channel)


def _shared(world: World, channel: Channel, body: dict[str, Any]) -> None:
    if "shared_with" in body:
        teams = {str(team) for team in body["shared_with"]}
        for team in teams - channel.shared_with:
            event = {"type": "channel_shared", "connected_team_id": team, "channel": channel.id}
            world.events.notify("channel_shared", event, channel)
        for team in channel.shared_with - teams:
            event = {"type": "channel_unshared", "previously_connected_team_id": team, "channel": channel.id}
            world.events.notify("channel_unshared", event | {"is_ext_shared": bool(teams)}, channel)
        channel.shared_with = teams
    if "pending_with" in body:
        channel.pending_with = {str(team) for team in body["pending_with"]}


async def _conversation(request: Request) -> Response:
    """Opens the direct conversation of two or more people; the app is one of them when it is named."""
    world: World = request.app.state.world
    body = await json_body(request)
    people = {find_user(world, str(each)).id for each in [body.get("user", "alice"), *body.get("users", ())]}
    if len(people) < 2:
        raise UnknownHereError("A conversation needs two people.")
    if len(people) == 2:
        one, other = people
        channel = world.workspace.open_direct(one, other, world.clock.seconds())
    else:
        channel = world.workspace.open_group(people, world.clock.seconds())
    world.feed.publish("places", seen_by=frozenset(people))
    return JSONResponse({"ok": True, "channel": channel.id})


async def _reaction(request: Request) -> Response:
    """Answers a message with an emoji; once more takes it back."""
    world: World = request.app.state.world
    body = await json_body(request)
    user = find_user(world, str(body.get("user", "alice")))
    channel, message = shown_to(world, user, body)
    user_actions.react(world, user, channel, message, str(body.get("name", "")).strip(":"))
    return JSONResponse({"ok": True, "reactions": message.reactions})


def _found(world: World, name: str) -> Channel:
    channel = world.workspace.channel_named(name)
    if channel is None:
        raise UnknownHereError(f"There is no channel “{name}”.")
    return channel
