"""The second part of the control API: faults, the record of calls, sockets, and reset."""

import os
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import saved_world
from sandbox.errors import UnknownHereError
from sandbox.faults import Fault, FaultKind
from sandbox.json_body import json_body
from sandbox.plans import settled
from sandbox.socket_mode import disconnect_all
from sandbox.story import PACE_S, start
from sandbox.story_progress import StoryProgress
from sandbox.world import World


def routes() -> list[Route]:
    return [
        Route("/healthz", _health, methods=["GET"]),
        Route("/control/faults", _faults, methods=["GET", "POST", "DELETE"]),
        Route("/control/calls", _calls, methods=["GET"]),
        Route("/control/disconnect", _disconnect, methods=["POST"]),
        Route("/control/story", _story, methods=["GET", "POST", "PATCH", "DELETE"]),
        Route("/control/world", _world, methods=["GET", "POST"]),
        Route("/control/settled", _settled, methods=["GET"]),
        Route("/control/guide", _guide, methods=["POST"]),
        Route("/control/reset", _reset, methods=["POST"]),
    ]


async def _health(request: Request) -> Response:
    world: World = request.app.state.world
    ours = {"pid": os.getpid(), "app_url": world.settings.app_url}
    return JSONResponse({"ok": True, "sockets": len(world.link.sockets()), "sandbox": ours})


async def _faults(request: Request) -> Response:
    world: World = request.app.state.world
    if request.method == "DELETE":
        world.faults.planned.clear()
    elif request.method == "POST":
        body = await json_body(request)
        known = [str(kind) for kind in FaultKind]
        if body.get("fault") not in known:
            raise UnknownHereError(f"There is no fault “{body.get('fault')}”. There are: {', '.join(known)}.")
        fault = Fault(
            str(body.get("method", "*")),
            FaultKind(body["fault"]),
            int(body.get("times", 1)),
            int(body.get("retry_after", 1)),
            str(body.get("error", "")),
            str(body.get("with_block", "")),
        )
        world.faults.planned.append(fault)
    world.feed.publish("faults")
    return JSONResponse({"ok": True, "faults": [asdict(fault) for fault in world.faults.planned]})


async def _calls(request: Request) -> Response:
    world: World = request.app.state.world
    after = request.query_params.get("after", "0")
    return JSONResponse({"calls": world.calls.listed(int(after) if after.isdigit() else 0)})


async def _disconnect(request: Request) -> Response:
    body = await json_body(request)
    sent = await disconnect_all(request.app.state.world, str(body.get("reason", "refresh_requested")))
    return JSONResponse({"ok": True, "sockets": sent})


async def _story(request: Request) -> Response:
    """POST starts a story, PATCH pauses it or changes its pace, DELETE ends it, GET returns its progress."""
    world: World = request.app.state.world
    if request.method == "POST":
        body = await json_body(request)
        start(world, str(body.get("story", "three_weeks")), float(body.get("pace_s", PACE_S)))
    elif request.method == "DELETE":
        world.progress.stop()
        world.progress.card = []
        world.feed.publish("story")
    elif request.method == "PATCH":
        _steer(world.progress, await json_body(request))
        world.feed.publish("story")
    return JSONResponse(world.progress.shown())


def _steer(progress: StoryProgress, wanted: dict[str, Any]) -> None:
    """{"pause": true}, {"pause": false}, {"step": true}, {"faster": true} or {"faster": false}."""
    if wanted.get("step"):
        progress.one_step()
    elif "pause" in wanted:
        progress.pause() if wanted["pause"] else progress.go_on()
    elif "faster" in wanted:
        progress.change_pace(bool(wanted["faster"]))


async def _world(request: Request) -> Response:
    """GET answers the whole world as JSON, POST puts such a one in the place of this one."""
    world: World = request.app.state.world
    if request.method == "POST":
        await saved_world.restore(world, await json_body(request))
        return JSONResponse({"ok": True})
    name = f"sandbox-{world.clock.now():%Y-%m-%d-%H%M}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JSONResponse(saved_world.saved(world), headers=headers)


async def _settled(request: Request) -> Response:
    """Waits until nothing is due and the app is silent; `news` is the number of the last event sent to pages."""
    world: World = request.app.state.world
    await settled(world)
    return JSONResponse({"ok": True, "news": world.feed.number})


async def _guide(request: Request) -> Response:
    """Has the guided start begin again."""
    await request.app.state.world.begin_guide()
    return JSONResponse({"ok": True})


async def _reset(request: Request) -> Response:
    await request.app.state.world.reset()
    return JSONResponse({"ok": True})
