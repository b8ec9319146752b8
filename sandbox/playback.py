"""Advance the clock by an hour a second, with a short pause after each message of the app."""

import asyncio
from datetime import timedelta

from sandbox.plans import instant
from sandbox.world import World

_TICK_S = 0.2
_A_TICK = timedelta(minutes=12)  # of pretend time: an hour a second
_READING_S = 1.5  # how long the clock pauses after each message


def play(world: World) -> None:
    if world.playing is None or world.playing.done():
        world.playing = asyncio.get_running_loop().create_task(_play(world))
        world.feed.publish("clock", **world.clock.reading())


def pause(world: World) -> None:
    if world.playing:
        world.playing.cancel()
        world.playing = None
        world.feed.publish("clock", **world.clock.reading())


async def _play(world: World) -> None:
    while True:
        now = world.clock.now()
        ahead = [instant(each["at"]) for each in await world.planned()]
        stop = next((at + timedelta(seconds=1) for at in ahead if now < at <= now + _A_TICK), None)
        await world.clock.move_to(stop or now + _A_TICK)
        world.feed.publish("clock", **world.clock.reading())
        count_before = world.happenings.count
        await asyncio.sleep(_TICK_S)
        if world.happenings.count > count_before:
            await asyncio.sleep(_READING_S)
