"""Turn the result of a call to Slack, an answer, a refusal or a lost connection, into one outcome."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from math import ceil
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.errors import UnreachableError
from bot.language import N_, ngettext
from bot.ports import Fault, Message, Outcome, Refused, Unknown
from bot.slack_errors import FAULTS, UNCLEAR
from bot.views.simpler import forms_of

log = structlog.get_logger("kept.slack")

OK, TOO_MANY, SERVER_FAULT = 200, 429, 500
NO_ANSWER_NOW = N_("Slack could not be asked just now, so nothing was recorded.")
LIMITED_NOW = N_("Slack limits how often I may ask it, so nothing was recorded.")


class LimitedError(Exception):
    """A method is rate-limited for a workspace for `wait`."""

    def __init__(self, method: str, wait: timedelta) -> None:
        super().__init__(method)
        self.method = method
        self.wait = wait


async def outcome_of(call: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Run a call and return its outcome."""
    try:
        return await call()
    except LimitedError as limit:
        return Refused(Fault.LIMITED, "ratelimited", limit.wait, limit.method)
    except SlackApiError as refusal:
        return _refusal(refusal)
    except (aiohttp.ClientConnectorError, UnreachableError):
        return Refused(Fault.OUTAGE, "no_connection")  # never connected, so nothing can have arrived
    except TimeoutError:
        return Unknown("no_answer_in_time")
    except (aiohttp.ClientError, ConnectionError):
        return Unknown("connection_broken")


async def first_taken(message: Message, say: Callable[[Message], Awaitable[Outcome]]) -> Outcome:
    """Post the message in the first of its forms that Slack accepts; return the outcome of that form."""
    outcome: Outcome = Unknown("unsaid")
    for form in forms_of(message):
        outcome = await outcome_of(partial(say, form))
        if not (isinstance(outcome, Refused) and outcome.fault is Fault.FORM):
            break
        log.warning("slack refused how a message was built", error=outcome.error, blocks=len(form.blocks))
    return outcome


def wait_of(refusal: SlackApiError) -> timedelta | None:
    """Return the Retry-After of a 429; None for any other refusal."""
    if _status(refusal) != TOO_MANY and FAULTS.get(error_name(refusal)) is not Fault.LIMITED:
        return None
    headers = {name.lower(): value for name, value in getattr(refusal.response, "headers", {}).items()}
    header = headers.get("retry-after") or "1"
    return timedelta(seconds=float(header) if header.replace(".", "", 1).isdigit() else 1.0)


def again_in(wait: timedelta) -> str:
    """Return when to try again, as a sentence.

    >>> again_in(timedelta(seconds=29.2)), again_in(timedelta(seconds=90))
    ('Please try again in 30 seconds.', 'Please try again in 2 minutes.')
    """
    seconds = max(1, ceil(wait.total_seconds()))
    if seconds <= 60:
        return ngettext("Please try again in {count} second.", "Please try again in {count} seconds.", seconds)
    return ngettext("Please try again in {count} minute.", "Please try again in {count} minutes.", ceil(seconds / 60))


def is_unclear(refusal: SlackApiError) -> bool:
    """Return whether the failure is Slack's own: the call may have succeeded all the same, or may succeed later."""
    return _status(refusal) >= SERVER_FAULT or error_name(refusal) in UNCLEAR


def _status(refusal: SlackApiError) -> int:
    return int(getattr(refusal.response, "status_code", OK))


def _refusal(refusal: SlackApiError) -> Outcome:
    error = error_name(refusal)
    if is_unclear(refusal):
        return Unknown(error, was_answered=_status(refusal) < SERVER_FAULT)
    return Refused(FAULTS.get(error, Fault.OTHER), error)


def error_name(refusal: SlackApiError) -> str:
    response: Any = refusal.response
    data = response.data if hasattr(response, "data") else response
    return str(data.get("error") or "unreadable_answer") if isinstance(data, Mapping) else "unreadable_answer"
