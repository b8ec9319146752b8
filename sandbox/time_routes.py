"""Routes of the clock: GET /clock to read or to wait, POST /clock to move; GET /planned for what is to come."""

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import playback
from sandbox.errors import UnknownHereError
from sandbox.json_body import json_body
from sandbox.plans import A_MOMENT, ahead, go_through, instant, planned_messages, settled
from sandbox.world import World

WAIT_S = 20.0


def routes() -> list[Route]:
    return [
        Route("/clock", _read, methods=["GET"]),
        Route("/clock", _move, methods=["POST"]),
        Route("/planned", _planned, methods=["GET"]),
    ]


async def _read(request: Request) -> Response:
    world: World = request.app.state.world
    after = request.query_params.get("after")
    if after is not None and after.lstrip("-").isdigit():
        await world.clock.wait_moved(int(after), WAIT_S)
    return JSONResponse(world.clock.reading())


async def _move(request: Request) -> Response:
    world: World = request.app.state.world
    wanted = await json_body(request)
    playback.pause(world)
    if wanted.get("play"):
        playback.play(world)
    elif wanted.get("play") is None:
        await move(world, wanted)
    return JSONResponse(world.clock.reading())


async def move(world: World, wanted: dict[str, Any]) -> None:
    """Moves the clock: {"advance_s": n}, {"to": ISO}, {"next": true} or {"real": true}; any of it ends playing.

    With {"through": true} it stops at what is planned on the way instead of leaping over it.

    Raises: UnknownHereError when it is none of these, or nothing is planned.
    """
    if wanted.get("real"):
        await world.clock.back_to_real_time()
    elif wanted.get("next"):
        await _go_on(world)
    elif goal := _goal(world, wanted):
        await (go_through(world, goal) if wanted.get("through") else world.clock.move_to(goal))
    else:
        raise UnknownHereError('Say {"advance_s": seconds}, {"to": instant}, {"next": true} or {"real": true}.')
    world.feed.publish("clock", **world.clock.reading())


def _goal(world: World, wanted: dict[str, Any]) -> datetime | None:
    if "to" in wanted:
        return instant(wanted["to"])
    if isinstance(wanted.get("advance_s"), int | float):
        return world.clock.now() + timedelta(seconds=float(wanted["advance_s"]))
    return None


async def _go_on(world: World) -> None:
    """Moves to the next message that the app plans; if it is not sent, the page shows why."""
    upcoming = await ahead(world)
    if not upcoming:
        raise UnknownHereError("Nothing is planned, as far as the app says.")
    count_before = world.happenings.count
    await go_through(world, instant(upcoming[0]["at"]) + A_MOMENT)
    world.events.spawn(_explain_silence(world, upcoming[0], count_before))


async def _explain_silence(world: World, expected: dict[str, Any], count_before: int) -> None:
    await settled(world)
    if world.happenings.count > count_before:
        return
    later = [each for each in await ahead(world) if _same(each, expected)]
    world.happenings.silence = later[0] if later else {}
    world.feed.publish("happened")


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("kind", "to", "about"))


async def _planned(request: Request) -> Response:
    return JSONResponse(await planned_messages(request.app.state.world))
