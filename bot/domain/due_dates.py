"""When something is due, read from the words a person wrote."""

import re
from datetime import datetime, timedelta

from bot.domain.reading.answer import Deadline, Granularity, Refusal, Unread
from bot.domain.working_time import WorkingHours

__all__ = ["Deadline", "Granularity", "Refusal", "Unread", "read_deadline"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_deadline(words: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Deadline | Unread:
    """The instant that the words name, or why they name none."""
    m = re.fullmatch(r"(?:by )?(today|tomorrow|\w+day)(?: (\d{1,2})(?::(\d\d))?(pm)?)?", words.strip().lower())
    if not m:
        return Unread(Refusal.NO_DEADLINE)
    today = hours.local(now).date()
    if m[1] in ("today", "tomorrow"):
        day = today + timedelta(days=int(m[1] == "tomorrow"))
    elif m[1] in WEEKDAYS:
        day = today + timedelta(days=(WEEKDAYS.index(m[1]) - today.weekday()) % 7)
    else:
        return Unread(Refusal.NO_DEADLINE)
    if not m[2]:
        return Deadline(hours.closes(day), hours.zone, Granularity.DAY)
    hour = int(m[2]) + (12 if m[4] else 0)
    at = hours.opens(day) - timedelta(hours=hours.start.hour - hour) + timedelta(minutes=int(m[3] or 0))
    return Deadline(at, hours.zone, Granularity.MINUTE)
