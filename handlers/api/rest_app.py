"""/api/v1 as an ASGI app: each request gets its answer, a problem, or an apology with a reference to the log."""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.errors import KeptError, NaiveTimeError
from bot.language import read_in
from bot.services import Services
from handlers.api.endpoints import ENDPOINTS, ApiResponse, Endpoint
from handlers.api.lazy_app import IsServed
from handlers.api.openapi import document
from handlers.api.problems import PRIVATE, Problem, answer_of, apology_to_tool, problem_of
from handlers.api.rate_limits import Buckets
from handlers.api.requests import asked_of, check_scope, holder_of, seqs_of, take_share
from handlers.languages import accepted

log = structlog.get_logger("kept.api")


def rest_app(services: Services, is_served: IsServed, buckets: Buckets | None = None) -> Starlette:
    """Return the app; `is_served` returns whether Kept still serves a workspace."""
    buckets = buckets or Buckets()
    served = document()

    async def openapi(_request: Request) -> Response:
        return JSONResponse(served, headers={"cache-control": "no-cache"})

    by_path: dict[str, list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        by_path.setdefault(endpoint.path, []).append(endpoint)
    routes = [Route("/openapi.json", openapi)]
    for path, endpoints in by_path.items():
        methods = {each.method: partial(_answer, services, is_served, buckets, each) for each in endpoints}
        routes.append(Route(path, partial(_by_method, methods), methods=_ALL))
    handlers = {HTTPException: _no_such_address}
    return Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]


_ALL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]
_Answer = Callable[[Request], Awaitable[Response]]


async def _by_method(methods: Mapping[str, _Answer], request: Request) -> Response:
    answer = methods.get("GET" if request.method == "HEAD" else request.method)
    if answer:
        return await answer(request)
    allowed = ", ".join(sorted(methods))
    problem = answer_of(Problem(405, "wrong-method", f"This address takes {allowed}."))
    problem.headers["allow"] = allowed
    return problem


async def _answer(
    services: Services, is_served: IsServed, buckets: Buckets, endpoint: Endpoint, request: Request
) -> Response:
    started, team, share = time.perf_counter(), "", {}
    read_in(accepted(request.headers.get("accept-language", "")))
    try:
        holder = await holder_of(services, is_served, request)
        team = holder.team_id
        share = dict(take_share(buckets, holder).headers())
        check_scope(endpoint, holder)
        asked = await asked_of(endpoint, holder, request)
        response = _given(endpoint, await endpoint.handle(services, asked), request)
    except Problem as problem:
        response = answer_of(problem)
    except NaiveTimeError as error:
        response = _apologised(services, endpoint, team, error)
    except KeptError as error:
        response = answer_of(problem_of(error))
    except ClientDisconnect:
        response = Response(status_code=400)
    except Exception as error:  # noqa: BLE001  the last resort: no tool may be left without an answer
        response = _apologised(services, endpoint, team, error)
    response.headers.update(share)
    took_s = time.perf_counter() - started
    log.info(
        "answered", request=f"api.{endpoint.name}", team=team, status=response.status_code, took_ms=round(took_s * 1000)
    )
    services.meter.answered("api", took_s, in_time=True)
    return response


def _given(endpoint: Endpoint, given: ApiResponse, request: Request) -> Response:
    headers = dict(PRIVATE)
    if given.location:
        headers["location"] = given.location
    if given.seq is not None:
        headers["etag"] = f'"{given.seq}"'
    known = seqs_of(request.headers.get("if-none-match")) if endpoint.method == "GET" and endpoint.has_etag else None
    if known is not None and (known == () or given.seq in known):
        return Response(status_code=304, headers=headers)
    return Response(given.value.model_dump_json(), endpoint.status, headers, "application/json")


def _apologised(services: Services, endpoint: Endpoint, team: str, error: Exception) -> Response:
    return answer_of(Problem(500, "failed", apology_to_tool(services, f"api.{endpoint.name}", team, error)))


async def _no_such_address(_request: Request, error: HTTPException) -> Response:
    return answer_of(
        Problem(404, "not-found", "There is nothing at this address. /api/v1/openapi.json lists what there is.")
    )
