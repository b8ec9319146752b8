"""Parse a new date for a promise from text."""

from datetime import datetime

from bot.domain.due_dates import Deadline, Granularity, Unread, read_deadline
from bot.domain.moving import split_reason
from bot.domain.people import Person
from bot.domain.promise import Promise
from bot.services import Services
from handlers.payloads import Call


async def moment_in(services: Services, call: Call, promise: Promise, words: str) -> tuple[Deadline | Unread, str]:
    """Return the new date of a promise and the reason; a whole day ends with its owner's working day."""
    me = await services.people.of(call.team_id, call.user_id)
    owner = await services.people.of(call.team_id, promise.owner_id)
    now = services.clock.now()
    return split_reason(words, lambda date: _read(date, now, me, owner))


def _read(words: str, now: datetime, me: Person, owner: Person) -> Deadline | Unread:
    read = read_deadline(words, now, me.hours, me.reading_locale)
    if isinstance(read, Deadline) and read.granularity is not Granularity.MINUTE:
        return read_deadline(words, now, owner.hours, me.reading_locale)
    return read
