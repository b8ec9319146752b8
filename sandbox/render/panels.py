"""What the side panels show: the app's plans, and the record of calls."""

from typing import Any

from sandbox.api.dispatch import METHODS
from sandbox.faults import Trouble
from sandbox.render.dates import formatted
from sandbox.render.lens import Lens
from sandbox.time_routes import instant
from sandbox.world import World
from sandbox.zones import local

_SHOWN_CALLS = 150


def clock(world: World, lens: Lens) -> dict[str, Any]:
    now = world.clock.seconds()
    return {
        "reading": world.clock.reading(),
        "seconds": now,
        "now": local(lens.viewer.tz, now),
        "zones": [(user, local(user.tz, now)) for user in world.workspace.people()],
    }


def happened(world: World, lens: Lens) -> dict[str, Any]:
    """What the app said lately, the newest first: when, to whom, its words, and where it stands."""
    shown = []
    for each in world.happenings:
        channel = world.workspace.channels.get(each.channel)
        message = channel.message(each.ts) if channel else None
        if channel and message:
            reader = world.workspace.users.get(each.reader or "")
            words = Lens(world, reader or lens.viewer).summary(message)
            to = f"@{reader.name}" if reader else f"#{channel.name}"
            see = {"where": channel.id, "who": reader.name if reader else "", "ts": each.ts}
            shown.append({"when": lens.clock_time(each.ts), "to": to, "words": words, "see": see})
    return {"happenings": shown, "app_name": world.manifest.app_name}


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
