"""The language of a request: its person's, or the one that an HTTP client accepts."""

import asyncio
from itertools import islice

import structlog

from bot.language import ENGLISH, offered, read_in
from bot.services import Services
from bot.views.markup import mentioned
from handlers.payloads import Call

#: How long a request waits for its language before it goes on in the one last known, or in English: forms open even
#: while the database does not answer.
PATIENCE_S = 0.3
#: How many people whom a text names are read together with its writer, and how much of it is searched for them.
MAX_NAMED, MAX_SEARCHED = 10, 2000
log = structlog.get_logger("kept.handlers")


async def read_as_person(services: Services, call: Call) -> None:
    """Draw the rest of this task in the language of the person who made the request.

    For events, most of which are not answered, no person is looked up: the language is known if they are cached.
    """
    read_as_met(services, call)
    if "event" in call.body or services.people.fresh(call.team_id, call.user_id):
        return
    try:
        async with asyncio.timeout(PATIENCE_S):
            named = islice(mentioned(call.text[:MAX_SEARCHED]), MAX_NAMED)
            read_in(await services.people.language_of(call.team_id, call.user_id, named))
    except Exception as fault:  # noqa: BLE001  what the handler reads next reports it
        log.info("a language was not read", team=call.team_id, error=type(fault).__name__)


def read_as_met(services: Services, call: Call) -> None:
    """Draw the rest of this task in the person's language if they are cached, else in English."""
    known = services.people.cached(call.team_id, call.user_id)
    read_in(known.language if known else ENGLISH)


def accepted(header: str) -> str:
    """Return the first language of an Accept-Language header that Kept speaks, without regard to weights.

    >>> accepted("fr;q=0.9, en-GB"), accepted("")
    ('en', 'en')
    """
    wanted = (each.strip()[:2].lower() for each in header.split(","))
    return next((code for code in wanted if code in offered()), ENGLISH)
