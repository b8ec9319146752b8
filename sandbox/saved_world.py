"""A world as a file: kept between starts, and attached to bug reports. Open forms are not included."""

import asyncio
import contextlib
import json
import os
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sandbox.errors import UnknownHereError
from sandbox.teams import FIRST, team_with
from sandbox.workspace import Channel, Kind, Message, User, View, Workspace
from sandbox.world import World

FORMAT = 1
_LOOK_S = 1.0  # how often a world that changed is written
_SETS = ("members", "shared_with", "pending_with")
_PAIRS = ("dnd", "status")
T = TypeVar("T")


class NoWorldError(Exception):
    """A file that holds no world, or one of another format."""


def saved(world: World) -> dict[str, Any]:
    """The world as plain values: its people, places and messages, home tabs and time."""
    workspace = world.workspace
    return {
        "sandbox_world": FORMAT,
        "now": world.clock.now().isoformat(),
        "last_ts": list(workspace.last_ts),
        "users": [asdict(user) for user in workspace.users.values()],
        "channels": [_channel(channel) for channel in workspace.channels.values()],
        "homes": [asdict(view) for view in workspace.homes.values()],
        "guide_from": dict(world.guide_from),
        "teams": [team.id for team in workspace.teams],
        "installed": workspace.installed,
        "tokens": world.tokens.saved(),
        "workflows": world.workflows.saved(),
    }


async def restore(world: World, given: dict[str, Any]) -> None:
    """Puts a saved world in the place of this one. Raises: UnknownHereError, and changes nothing, when it is none."""
    try:
        workspace, now = _read(given)
    except NoWorldError as error:
        raise UnknownHereError(str(error)) from None
    await world.reset()
    _put(world, workspace, given)
    await world.clock.move_to(now)
    world.feed.publish("reload")


def restore_at_start(world: World, path: Path) -> None:
    """Raises: NoWorldError when the file holds no world."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        workspace, now = _read(given)
    except (ValueError, NoWorldError):
        raise NoWorldError(f"{path} holds no world of the sandbox: move it away, and a new one is made.") from None
    _put(world, workspace, given)
    world.clock.begin_at(now)


async def keep(world: World, path: Path) -> None:
    """Writes the world to the file whenever it has changed, and a last time at the end."""
    written = -1
    try:
        while True:
            if world.feed.number != written:
                written = world.feed.number
                write(world, path)
            await asyncio.sleep(_LOOK_S)
    finally:
        with contextlib.suppress(OSError):
            write(world, path)


def write(world: World, path: Path) -> None:
    """Replaces the file as a whole, readable by its owner alone."""
    new_file = path.with_suffix(".new")
    with open(new_file, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(saved(world), file, ensure_ascii=False)
    new_file.replace(path)


def _channel(channel: Channel) -> dict[str, Any]:
    shown = asdict(channel)
    return shown | {name: sorted(shown[name]) for name in _SETS} | {"kind": channel.kind.value}


def _read(given: Any) -> tuple[Workspace, datetime]:
    if not isinstance(given, dict) or given.get("sandbox_world") != FORMAT:
        raise NoWorldError("That is no world of the sandbox, or one of another version.")
    try:
        users = [_made(User, each | {name: _pair(each.get(name)) for name in _PAIRS}) for each in given["users"]]
        channels = [_place(each) for each in given["channels"]]
        homes = [_made(View, each) for each in given["homes"]]
        workspace = Workspace(
            {user.id: user for user in users},
            {channel.id: channel for channel in channels},
            homes={view.user: view for view in homes},
            last_ts=(int(given["last_ts"][0]), int(given["last_ts"][1])),
            teams=tuple(map(team_with, given.get("teams", (FIRST.id,)))),
            installed={str(team): bool(is_org) for team, is_org in given.get("installed", {FIRST.id: False}).items()},
        )
        return workspace, datetime.fromisoformat(given["now"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise NoWorldError(f"That world is broken: {error}.") from None


def _place(each: dict[str, Any]) -> Channel:
    sets = {name: set(each.get(name, ())) for name in _SETS}
    messages = [_made(Message, message) for message in each["messages"]]
    return _made(Channel, each | sets | {"kind": Kind(each["kind"]), "messages": messages})


def _made(kind: type[T], values: dict[str, Any]) -> T:
    """An object of its saved values; what this version does not know is left out."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # each kind is a dataclass
    return kind(**{name: value for name, value in values.items() if name in known})


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _put(world: World, workspace: Workspace, given: dict[str, Any]) -> None:
    world.workspace.users, world.workspace.channels = workspace.users, workspace.channels
    world.workspace.homes, world.workspace.last_ts = workspace.homes, workspace.last_ts
    world.workspace.teams, world.workspace.installed = workspace.teams, workspace.installed
    if "tokens" in given:
        world.tokens.restore(given["tokens"])
    world.workflows.restore(given.get("workflows") or [])
    world.guide_from = given.get("guide_from") or {}
