"""The clock's door: GET /clock to read or to wait, POST /clock to move; GET /planned for what is to come."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.errors import UnknownHereError
from sandbox.json_body import json_body
from sandbox.world import World

WAIT_S = 20.0
_A_MOMENT = timedelta(seconds=1)


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
    await move(world, await json_body(request))
    return JSONResponse(world.clock.reading())


async def move(world: World, wanted: dict[str, Any]) -> None:
    """Moves the clock: {"advance_s": n}, {"to": ISO}, {"next": true} or {"real": true}.

    Raises: UnknownHereError when it is none of these, or nothing is planned.
    """
    if wanted.get("real"):
        await world.clock.back_to_real_time()
    elif wanted.get("next"):
        await world.clock.move_to(await _next_planned(world) + _A_MOMENT)
    elif "to" in wanted:
        await world.clock.move_to(instant(wanted["to"]))
    elif isinstance(wanted.get("advance_s"), int | float):
        await world.clock.advance(float(wanted["advance_s"]))
    else:
        raise UnknownHereError('Say {"advance_s": seconds}, {"to": instant}, {"next": true} or {"real": true}.')
    world.feed.publish("clock", **world.clock.reading())


async def _next_planned(world: World) -> datetime:
    now = world.clock.now()
    for each in await world.planned():
        at = instant(each["at"])
        if at > now:
            return at
    raise UnknownHereError("Nothing is planned, as far as the app says.")


async def _planned(request: Request) -> Response:
    return JSONResponse(await request.app.state.world.planned())


def instant(text: Any) -> datetime:
    """The aware instant that was written. Raises: UnknownHereError when it is none."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        raise UnknownHereError(f"“{text}” is no instant: write it like 2026-11-27T17:00:00+00:00.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
