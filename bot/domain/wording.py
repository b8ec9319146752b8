"""Who is promised what by when, read from one line of text."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.due_dates import Deadline, Refusal, Unread, read_deadline
from bot.domain.working_time import WorkingHours


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person wrote, taken apart.

    `people` are the leading recipients as written: `<@U123|name>` or `@name`.
    """

    what: str
    people: tuple[str, ...]
    deadline: Deadline | Unread


def read_promise(text: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Wording:
    """What is promised to whom by when."""
    people = []
    rest = text.strip()
    while m := re.match(r"(<@[^>]+>|@[\w.-]+):?\s+", rest):
        people.append(m[1])
        rest = rest[m.end() :]
    what, by, words = rest.rpartition(" by ")
    if not by:
        return Wording(rest, tuple(people), Unread(Refusal.NO_DEADLINE))
    return Wording(what, tuple(people), read_deadline(words, now, hours, locale))
