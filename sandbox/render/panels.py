"""What the side panels show: the app's plans, and the record of calls."""

from typing import Any

from sandbox.api.dispatch import METHODS
from sandbox.faults import Trouble
from sandbox.render.dates import formatted
from sandbox.render.lens import Lens
from sandbox.time_routes import instant
from sandbox.world import World

_SHOWN_CALLS = 150


async def timeline(world: World, lens: Lens) -> dict[str, Any]:
    """The plans that lie ahead, in the viewer's zone."""
    now_s = world.clock.seconds()
    shown = []
    for each in await world.planned():
        at = instant(each["at"]).timestamp()
        if at > now_s:
            when = formatted(int(at), "{date_short_pretty} {time}", lens.viewer.tz, now_s)
            what = {"type": "plain_text", "text": str(each.get("what", ""))}
            shown.append({**each, "shown": when, "what": what, "to": _named(world, each.get("to"))})
    return {"planned": shown, "asked": world.settings.planned_url is not None}


def inspector(world: World) -> dict[str, Any]:
    return {
        "calls": world.calls.listed()[-_SHOWN_CALLS:][::-1],
        "faults": world.faults.planned,
        "methods": sorted(METHODS),
        "troubles": [str(trouble) for trouble in Trouble],
    }


def _named(world: World, to: Any) -> str:
    """A person's handle or a place's name instead of its id."""
    user = world.workspace.users.get(str(to))
    channel = world.workspace.channels.get(str(to))
    if user:
        return f"@{user.name}"
    return f"#{channel.name}" if channel and channel.name else str(to or "")
