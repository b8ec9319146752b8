"""Refusals as application/problem+json (RFC 9457), with the sentences that people get in Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from bot.domain.errors import (
    BusyError,
    ChangedError,
    KeptError,
    NotAllowedError,
    NotFoundError,
    TooLateError,
    TooManyError,
    UnreachableError,
    UnreadableError,
)
from bot.services import Services
from handlers.errors import reference_of

MEDIA_TYPE = "application/problem+json"
#: No proxy may cache an answer.
PRIVATE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
#: For how long to wait before trying again, in seconds.
SOON_S = 5
#: The first class that fits an error says its status and its name.
STATUSES: tuple[tuple[type[KeptError], int, str], ...] = (
    (ChangedError, 412, "changed"),
    (NotFoundError, 404, "not-found"),
    (NotAllowedError, 403, "not-allowed"),
    (TooLateError, 409, "too-late"),
    (UnreadableError, 422, "unreadable"),
    (TooManyError, 429, "too-many"),
    (BusyError, 503, "busy"),
    (UnreachableError, 503, "slack-unreachable"),
    (KeptError, 400, "refused"),
)
RETRIED = frozenset({429, 503})


@dataclass
class Problem(Exception):  # noqa: N818  the standard's own word
    """A refusal. `about` names the invalid field, if there is one."""

    status: int
    name: str
    detail: str
    about: str = ""
    wait_s: int = 0

    def body(self) -> dict[str, Any]:
        """Return the document."""
        fields = {"type": f"urn:kept:problem:{self.name}", "title": TITLES[self.name], "status": self.status}
        return {**fields, "detail": self.detail, **({"about": self.about} if self.about else {})}

    def headers(self) -> Mapping[str, str]:
        wait = {"retry-after": str(self.wait_s or SOON_S)} if self.status in RETRIED else {}
        challenge = {"www-authenticate": 'Bearer realm="Kept"'} if self.status == 401 else {}
        return {"cache-control": "no-store", **wait, **challenge}


TITLES = {
    "changed": "The promise has changed",
    "not-found": "Nothing there",
    "not-allowed": "Not allowed",
    "too-late": "Too late",
    "unreadable": "Not understood",
    "too-many": "Too many",
    "busy": "Try again",
    "slack-unreachable": "Slack cannot be reached",
    "refused": "Refused",
    "no-token": "No valid token",
    "no-scope": "Not within the token’s scopes",
    "unread": "Read it first",
    "too-large": "Too large",
    "malformed": "Malformed",
    "wrong-method": "Wrong method",
    "reused-key": "Idempotency-Key used before",
    "failed": "Something went wrong",
    "not-installed": "Not installed",
}


def answer_of(problem: Problem) -> Response:
    """Return the response for the problem."""
    return JSONResponse(problem.body(), problem.status, {**PRIVATE, **problem.headers()}, MEDIA_TYPE)


def apology_to_tool(services: Services, request: str, team_id: str, error: Exception) -> str:
    """Log a failure and return the sentence for another tool, which shows it to the person who set it up."""
    reference = reference_of(services, request, team_id, error)
    return f"Something went wrong on my side. Whoever runs Kept finds it in the log by {reference}."


def problem_of(error: KeptError) -> Problem:
    """Return the problem that represents an error of ours."""
    status, name = next((status, name) for kind, status, name in STATUSES if isinstance(error, kind))
    return Problem(status, name, str(error).replace("`/promise list`", "GET /api/v1/promises"), error.about)
