"""Parse a request, in order of cost: token, rate limit, parameters and body."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request

from bot.domain.access_tokens import Scope
from bot.services import Services
from bot.use_cases.access import Holder
from handlers.api.acts import origin_of
from handlers.api.endpoints import ApiRequest, Endpoint
from handlers.api.lazy_app import IsServed
from handlers.api.problems import Problem
from handlers.api.rate_limits import Allowance, Buckets
from handlers.http import TooLargeError, read_body

#: No promise needs more.
BODY_LIMIT = 64_000
KEY = re.compile(r"[!-~]{1,255}")
_BEARER = re.compile(r"Bearer +(\S{1,200})", re.IGNORECASE)
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


async def holder_of(services: Services, is_served: IsServed, request: Request) -> Holder:
    """Return the holder of the token. Raises Problem if it is missing or invalid, or Kept has left its workspace."""
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    holder = await services.access.holder_of(found[1]) if found else None
    if holder is None or not await is_served(holder.team_id):
        raise Problem(
            401, "no-token", "Send a token of Kept’s as a Bearer. `/promise settings tokens` in Slack makes one."
        )
    return holder


def take_share(buckets: Buckets, holder: Holder) -> Allowance:
    """Count one request of a token. Raises Problem above the rate limit."""
    allowance = buckets.take(f"{holder.team_id}:{holder.token_id}")
    if not allowance.is_taken:
        detail = f"That is more than I take from one token. Try again in {allowance.wait_s} s."
        raise Problem(429, "too-many", detail, wait_s=allowance.wait_s)
    return allowance


def check_scope(endpoint: Endpoint, holder: Holder) -> None:
    """Raise Problem if the token lacks the permission: a workspace's token only reads within its scopes."""
    if endpoint.is_for_all or holder.person or (endpoint.scope and endpoint.scope in holder.scopes):
        return
    needed = f"the scope {endpoint.scope}" if isinstance(endpoint.scope, Scope) else "a personal token"
    raise Problem(403, "no-scope", f"This needs {needed}.")


async def asked_of(endpoint: Endpoint, holder: Holder, request: Request) -> ApiRequest:
    """Return the validated parts of a request. Raises Problem for an invalid one."""
    path = {name: _path_part(kind, request.path_params[name], name) for name, kind in endpoint.path_types.items()}
    query = _checked(endpoint.query, lambda model: model.model_validate(_single(request)))
    seqs = seqs_of(request.headers.get("if-match")) if endpoint.has_etag else None
    body, key = None, ""
    if endpoint.body:
        raw = await _body(request)
        body = _checked(endpoint.body, lambda model: model.model_validate_json(raw))
        key = origin_of(holder.token_id, f"{endpoint.name} {_key(request)}")
    return ApiRequest(holder, path, query, body, key, seqs)


def seqs_of(header: str | None) -> tuple[int, ...] | None:
    """Return the numbers in If-Match or If-None-Match; None without the header, none for `*`, which matches everything.

    >>> seqs_of('"3", W/"4"'), seqs_of("*"), seqs_of(None)
    ((3, 4), (), None)
    """
    if header is None:
        return None
    if header.strip() == "*":
        return ()
    found = [_ETAG.fullmatch(each.strip()) for each in header.split(",")]
    # What is no ETag of ours fits no promise: none has made 0 acts.
    return tuple(int(each[1]) if each else 0 for each in found)


def _path_part(kind: Any, value: str, name: str) -> str:
    try:
        return str(TypeAdapter(kind).validate_python(value))
    except ValidationError as error:
        raise Problem(404, "not-found", "There is nothing of that name that you can see.", name) from error


def _single(request: Request) -> Mapping[str, str]:
    """Return the parameters. Raises Problem for a repeated one."""
    found = dict(request.query_params.multi_items())
    if len(found) != len(request.query_params.multi_items()):
        raise Problem(422, "unreadable", "Send each parameter once.")
    return found


def _checked(model: type[BaseModel], read: Callable[[type[BaseModel]], BaseModel]) -> BaseModel:
    try:
        return read(model)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        about = ".".join(str(step) for step in first["loc"][:3])
        status, name = (400, "malformed") if first["type"] == "json_invalid" else (422, "unreadable")
        raise Problem(status, name, f"{about or 'The body'}: {first['msg']}.", about) from None


async def _body(request: Request) -> bytes:
    """Return the body. Raises Problem as soon as it is known to be too large."""
    try:
        return await read_body(request, BODY_LIMIT)
    except TooLargeError:
        raise Problem(413, "too-large", f"A body has at most {BODY_LIMIT:,} bytes.") from None


def _key(request: Request) -> str:
    found = request.headers.get("idempotency-key")
    if found is None:
        return uuid4().hex
    if not KEY.fullmatch(found):
        raise Problem(400, "malformed", "An Idempotency-Key has 1 to 255 visible ASCII characters.", "Idempotency-Key")
    return found
