"""Read dates in typed text: a new one for a promise, or any at all."""

import re

from bot.domain.due_dates import Deadline, Granularity, Unread, candidates_of
from bot.domain.moving import read_new_date, split_reason
from bot.domain.promise import Promise
from bot.domain.reading.weighing import in_small_letters
from bot.domain.repeating import SIGN, read_repeating
from bot.domain.wording import read_promise
from bot.services import Services
from handlers.payloads import Call

_TO = re.compile(r"(?:to|on|auf|zu)\s+", re.IGNORECASE)


async def moment_in(services: Services, call: Call, promise: Promise, words: str) -> tuple[Deadline | Unread, str]:
    """Return the new date of a promise and the reason; a whole day ends with its owner's working day."""
    me = await services.people.of(call.team_id, call.user_id)
    owner = await services.people.of(call.team_id, promise.owner_id)
    now, due_at = services.clock.now(), promise.terms.due.at

    def read(date: str) -> Deadline | Unread:
        mine = read_new_date(date, due_at, now, me.hours, me.reading_locale)
        if isinstance(mine, Deadline) and mine.granularity is not Granularity.MINUTE:
            return read_new_date(date, due_at, now, owner.hours, me.reading_locale)
        return mine

    return split_reason(words, read)


async def has_date(services: Services, call: Call, text: str) -> bool:
    """Return whether the text parses as a promise with a date."""
    me = await services.people.of(call.team_id, call.user_id)
    return bool(candidates_of(read_promise(text, services.clock.now(), me.hours, me.reading_locale).deadline))


async def recurs(services: Services, call: Call, text: str) -> bool:
    """Return whether a new date begins with a rule of recurrence: "to every Thursday"."""
    me = await services.people.of(call.team_id, call.user_id)
    rule = _TO.sub("", text.strip())
    begins = SIGN.match(in_small_letters(rule))
    return begins is not None and read_repeating(rule, services.clock.now(), me.hours, me.reading_locale) is not None
