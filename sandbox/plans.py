"""The app's planned messages, and waiting until those that are due were sent."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.errors import UnknownHereError
from sandbox.world import World

SETTLES_S = 4.0  # how long the app may take over what is due
A_MOMENT = timedelta(seconds=1)  # after an instant, so that what is planned for it is due
LOOK_S = 0.04  # the app counts as done when it sent nothing between two checks


async def ahead(world: World) -> list[dict[str, Any]]:
    """Return the app's planned messages after now, the next first."""
    now = world.clock.now()
    return [each for each in await planned_messages(world) if instant(each["at"]) > now]


async def planned_messages(world: World) -> list[dict[str, Any]]:
    """Return the app's planned messages, the next first, due or not."""
    return [each for each in await world.planned() if each.get("to")]


async def go_through(world: World, goal: datetime) -> None:
    """Moves the clock to an instant, stopping at everything that the app plans on the way, so that it does it in time.

    A later move of the clock ends this one.
    """
    while True:
        now = world.clock.now()
        stops = [at for at in (instant(each["at"]) for each in await world.planned()) if now < at < goal]
        await world.clock.move_to(min(min(stops) + A_MOMENT, goal) if stops else goal)
        version = world.clock.version
        if not stops:
            return
        world.feed.publish("clock", **world.clock.reading())
        await settled(world)
        if world.clock.version != version:
            return


async def settled(world: World) -> None:
    """Waits until nothing is due any more and the app is silent, or has had long enough."""
    loop = asyncio.get_running_loop()
    end = loop.time() + SETTLES_S
    seen = -1
    while loop.time() < end:
        now = world.clock.now()
        if _is_silent(world, seen):  # the request is expensive: the app evaluates every agenda
            due = any(instant(each["at"]) <= now for each in await world.planned())
            if not due and _is_silent(world, seen):
                return
        seen = world.calls.count
        await asyncio.sleep(LOOK_S + world.settings.latency_s)


def _is_silent(world: World, seen: int) -> bool:
    """Return whether the app has called nothing since `seen` calls, and waits for nothing."""
    return world.calls.count == seen and not world.calls.under_way


def instant(text: Any) -> datetime:
    """The aware instant that was written. Raises: UnknownHereError when it is none."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        raise UnknownHereError(f"“{text}” is no instant: write it like 2026-11-27T17:00:00+00:00.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
