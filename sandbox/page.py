"""The page."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def routes() -> list[Route]:
    return [Route("/", _index, methods=["GET"])]


async def _index(_request: Request) -> Response:
    return PlainTextResponse("The page comes next.")
