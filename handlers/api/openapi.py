"""Generate the OpenAPI document from the table of endpoints and the models."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from handlers.api.endpoints import ENDPOINTS, Endpoint
from handlers.api.problems import MEDIA_TYPE, TITLES

_REF = "#/components/schemas/{model}"
_KEY = "Send the same key again to repeat a request that may have arrived: it is done once."
_MATCH = "The ETag of the promise as you read it; acts that answer something need it."
_PROBLEMS = {
    "400": "The request cannot be read",
    "401": "The token is missing, altered or revoked",
    "403": "Not for this person, or not within the token’s scopes",
    "404": "Nothing there that you can see",
    "405": "Not with this method",
    "409": "The promise has moved on",
    "412": "The promise has changed since you read it",
    "413": "The body is too large",
    "422": "Something in it makes no sense; `about` names the field",
    "428": "Read the promise first, and send If-Match",
    "429": "Too many requests; Retry-After says for how long to wait",
    "500": "A fault of ours; `detail` has a reference for the person who runs Kept",
    "503": "Try again; Retry-After says when",
}


def document() -> dict[str, Any]:
    """Return the whole document."""
    models = sorted(set(_models()), key=lambda each: (each[0].__name__, each[1]))
    _, schemas = models_json_schema(models, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kept",
            "version": version("kept"),
            "description": "Promises between colleagues, for scripts and other tools: docs/api.md.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**schemas["$defs"], "Problem": _problem()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models() -> Iterator[tuple[type[BaseModel], Any]]:
    for endpoint in ENDPOINTS:
        yield endpoint.gives, "serialization"
        if endpoint.body:
            yield endpoint.body, "validation"


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    answer = {"application/json": {"schema": {"$ref": _REF.format(model=endpoint.gives.__name__)}}}
    responses = {
        str(endpoint.status): {"description": "Done" if endpoint.method == "POST" else "Found", "content": answer},
        **{status: {"description": words, "content": _says_no()} for status, words in _PROBLEMS.items()},
    }
    if endpoint.has_etag and endpoint.method == "GET":
        responses["304"] = {"description": "Unchanged since the ETag of If-None-Match"}
    scope = f" A workspace token needs the scope `{endpoint.scope}`." if endpoint.scope else ""
    operation = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"{endpoint.summary}.{scope}",
        "parameters": [*_path(endpoint), *_query(endpoint), *_headers(endpoint)],
        "responses": responses,
    }
    if endpoint.body:
        schema = {"$ref": _REF.format(model=endpoint.body.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _path(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    for name, kind in endpoint.path_types.items():
        yield {"name": name, "in": "path", "required": True, "schema": TypeAdapter(kind).json_schema()}


def _query(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    schema = endpoint.query.model_json_schema(ref_template=_REF)
    known = schema.get("$defs", {})
    for name, each in schema.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": False, "schema": _plain(each, known)}


def _plain(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without references and without null, which a query string cannot express."""
    if "$ref" in schema:
        return dict(known[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        kinds = [_plain(each, known) for each in schema["anyOf"] if each.get("type") != "null"]
        rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
        return {**rest, **(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})}
    return schema


def _headers(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    if endpoint.method == "POST":
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        yield {"name": "Idempotency-Key", "in": "header", "required": False, "schema": key, "description": _KEY}
    if endpoint.has_etag:
        name = "If-Match" if endpoint.method == "POST" else "If-None-Match"
        schema = {"type": "string", "pattern": r'^"[0-9]{1,9}"$'}
        yield {"name": name, "in": "header", "required": False, "schema": schema, "description": _MATCH}


def _says_no() -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}


def _problem() -> dict[str, Any]:
    return {
        "title": "Problem",
        "description": "RFC 9457. `detail` is the sentence that Slack would show.",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "enum": [f"urn:kept:problem:{name}" for name in TITLES]},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "about": {"type": "string"},
        },
    }
