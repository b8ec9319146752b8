"""When something is due, read from the words a person wrote."""

from datetime import datetime

from bot.domain.reading.answer import Deadline, Granularity, Refusal, Unread
from bot.domain.reading.chart import Chart
from bot.domain.reading.grammar import deadlines
from bot.domain.reading.meaning import View
from bot.domain.reading.readings import readings
from bot.domain.reading.tokens import tokenize
from bot.domain.reading.words_en import ENGLISH
from bot.domain.reading.zones import month_comes_first
from bot.domain.working_time import WorkingHours

__all__ = ["Deadline", "Granularity", "Refusal", "Unread", "read_deadline"]


def read_deadline(words: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Deadline | Unread:
    """The instant that the words name, or why they name none."""
    view = view_of(now, hours, locale)
    tokens = tokenize(words, view.language)
    while tokens and tokens[-1].text in {".", "!", ",", "?"}:
        tokens.pop()
    if not 0 < len(tokens) < 30:
        return Unread(Refusal.NO_DEADLINE)
    found = readings(Chart(deadlines(), tokens, view), 0).get(len(tokens))
    return Unread(Refusal.NO_DEADLINE) if found is None else found.answer(view)


def view_of(now: datetime, hours: WorkingHours, locale: str) -> View:
    """From where the words of a locale ("en", "en-GB", "de") are read."""
    return View(now, hours, ENGLISH, month_comes_first(hours.zone))
