"""The control API's part about workflows: starting one, and seeing how far each is."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.errors import UnknownHereError
from sandbox.json_body import json_body
from sandbox.places import find_user
from sandbox.workflows import offered
from sandbox.world import World


def routes() -> list[Route]:
    return [
        Route("/control/workflow", _start, methods=["POST"]),
        Route("/control/workflows", _listed, methods=["GET"]),
    ]


async def _start(request: Request) -> Response:
    """Starts a workflow of the `steps` given, or the one of the page with that `title`, with its form filled in."""
    world: World = request.app.state.world
    body = await json_body(request)
    user, title = find_user(world, str(body.get("user", "alice"))), str(body.get("title", ""))
    known: list[Any] = next((each["steps"] for each in offered() if each["title"] == title), [])
    steps = body.get("steps") or known
    form = body.get("form") or {}
    if not isinstance(form, dict) or not isinstance(steps, list) or not all(isinstance(each, dict) for each in steps):
        raise UnknownHereError("A workflow has `steps`, a list of objects, and a `form`, an object.")
    run = world.workflows.start(user, title, steps, form)
    return JSONResponse({"ok": True, "id": run.id})


async def _listed(request: Request) -> Response:
    world: World = request.app.state.world
    return JSONResponse({"runs": world.workflows.shown()})
