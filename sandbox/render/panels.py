"""The side panels: the app's plans, and the record of calls."""

from typing import Any

from sandbox.api.dispatch import METHODS
from sandbox.faults import FaultKind
from sandbox.guide import shown, ticked
from sandbox.plans import ahead, instant
from sandbox.render.lens import Lens
from sandbox.teams import team_with
from sandbox.workflows import MESSAGE, At, offered
from sandbox.workspace import Channel, Message
from sandbox.world import World
from sandbox.zones import local

_SHOWN_CALLS, _SHOWN_RUNS = 150, 20


def clock(world: World, lens: Lens) -> dict[str, Any]:
    now = world.clock.seconds()
    return {
        "playing": world.playing is not None,
        "reading": world.clock.reading(),
        "seconds": now,
        "now": local(lens.viewer.tz, now),
        "zones": [(user, local(user.tz, now)) for user in world.workspace.people(lens.team.id)],
    }


def happened(world: World, lens: Lens) -> dict[str, Any]:
    """Return the app's latest messages, newest first: time, recipient, words and place."""
    listed = []
    for each in world.happenings:
        channel = world.workspace.channels.get(each.channel)
        message = channel.message(each.ts) if channel else None
        if channel and message:
            reader = world.workspace.users.get(each.reader or "")
            words = Lens(world, reader or lens.viewer).summary(message)
            to = f"@{reader.name}" if reader else _place(world, channel, message)
            see = {"where": channel.id, "who": reader.name if reader else "", "ts": each.ts}
            listed.append({"when": lens.clock_time(each.ts), "to": to, "words": words, "see": see})
    return {"happenings": listed, "app_name": world.manifest.app_name, "nothing": _silence(world, lens)}


def _place(world: World, channel: Channel, message: Message) -> str:
    """A channel, with the workspace whose app wrote there, where there are two."""
    of_team = f" of {team_with(message.team).name}" if len(world.workspace.teams) > 1 else ""
    return f"#{channel.name}{of_team}"


def _silence(world: World, lens: Lens) -> dict[str, Any]:
    """Return why nothing came when the clock was moved to a message: it is planned for later, or no longer planned."""
    plan = world.happenings.silence
    if plan is None:
        return {}
    at = lens.clock_time(world.clock.seconds())
    return (_plan(world, lens, plan) if plan else {}) | {"at": at}


async def upcoming(world: World, lens: Lens) -> dict[str, Any]:
    """Return the next message, in the app's own words, for the line under the clock."""
    plans = await ahead(world) if world.settings.planned_url else []
    return {"next": _plan(world, lens, plans[0]) if plans else None, "asked": world.settings.planned_url is not None}


def _plan(world: World, lens: Lens, each: dict[str, Any]) -> dict[str, Any]:
    """A plan as people read it: when, what the app will do to whom, about which matter."""
    when = _when(instant(each["at"]).timestamp(), lens, world.clock.seconds())
    to = _named(world, each.get("to"))
    why = str(each.get("why") or "")
    does = why.replace("{to}", to) if "{to}" in why else f"writes to {to}{': ' if why else ''}{why}"
    if each.get("number") and not each.get("about"):
        each = each | {"about": f"#{each['number']}"}
    about = {"type": "plain_text", "text": str(each.get("about") or each.get("what") or "")}
    held = str(each.get("held") or "").replace("{to}", to)
    return {"at": each["at"], "when": when, "to": to, "does": does, "about": about, "held": held}


def _when(at_s: float, lens: Lens, now_s: float) -> str:
    day = local(lens.viewer.tz, at_s)
    same_day = day.date() == local(lens.viewer.tz, now_s).date()
    return f"{day:%H:%M}" if same_day else f"{day:%a %-d %b, %H:%M}"


async def timeline(world: World, lens: Lens) -> dict[str, Any]:
    """The plans that lie ahead, in the viewer's zone."""
    plans = [_plan(world, lens, each) for each in await ahead(world)]
    return {"planned": plans, "asked": world.settings.planned_url is not None, "app_name": world.manifest.app_name}


async def guide(world: World, lens: Lens) -> dict[str, Any]:
    """The guided start, each step ticked by what the app has counted since it began; none without such an app."""
    if not world.settings.progress_url:
        return {"guide": None}
    ticks = ticked(world.guide, await world.so_far(), world.guide_from)
    return {"guide": shown(world.guide, ticks, local(lens.viewer.tz, world.clock.seconds()))}


def inspector(world: World) -> dict[str, Any]:
    return {
        "calls": world.calls.listed()[-_SHOWN_CALLS:][::-1],
        "faults": world.faults.planned,
        "methods": sorted(METHODS),
        "fault_kinds": [str(kind) for kind in FaultKind],
    }


#: How far a step is, for people to read.
_HOW_FAR = {At.AHEAD: "next", At.RUNNING: "waits", At.DONE: "done", At.FAILED: "stopped"}


def workflows(world: World, lens: Lens) -> dict[str, Any]:
    """The workflows that can be run here, and how far each run is, the latest first."""
    functions = world.manifest.functions
    possible = [each for each in offered() if {step["step"] for step in each["steps"]} <= {MESSAGE, *functions}]
    return {
        "offered": possible,
        "runs": world.workflows.runs[::-1][:_SHOWN_RUNS],
        "people": world.workspace.people(lens.team.id),
        "names": {name: each.title for name, each in functions.items()},
        "words": _HOW_FAR,
    }


def _named(world: World, to: Any) -> str:
    """A person's handle or a place's name instead of its id."""
    user = world.workspace.users.get(str(to))
    channel = world.workspace.channels.get(str(to))
    if user:
        return f"@{user.name}"
    return f"#{channel.name}" if channel and channel.name else str(to or "")
