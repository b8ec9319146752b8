"""Reading the JSON object in a request to the control API."""

import json
from typing import Any

from starlette.requests import Request

from sandbox.errors import UnknownHereError


async def json_body(request: Request) -> dict[str, Any]:
    """The object in the body, {} when there is none. Raises: UnknownHereError when it is anything else."""
    raw = await request.body()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        raise UnknownHereError("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise UnknownHereError("The body has to be a JSON object.")
    return body
