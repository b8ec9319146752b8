"""Read a deadline from words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.reading.answer import Deadline, Granularity, Refusal, Unread, candidates_of
from bot.domain.reading.chart import Chart
from bot.domain.reading.grammar import deadlines
from bot.domain.reading.kinds import Token
from bot.domain.reading.lexicon import has_words_of
from bot.domain.reading.meaning import View
from bot.domain.reading.phrase import Phrase
from bot.domain.reading.readings import readings
from bot.domain.reading.settle import settle
from bot.domain.reading.slips import with_slips
from bot.domain.reading.tokens import tokenize
from bot.domain.reading.words_de import GERMAN
from bot.domain.reading.words_en import ENGLISH
from bot.domain.reading.zones import month_comes_first
from bot.domain.working_time import WorkingHours, aware

LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN)}
#: Locales that define the order of 3/4 regardless of the zone.
DAY_FIRST = {"en-us": False, "en-gb": True, "en-ie": True, "en-au": True, "en-nz": True, "en-in": True, "en-za": True}
#: Maximum number of tokens, and of characters, in a deadline.
LONGEST = 30
LONGEST_WORDS = 300
ENDINGS = frozenset(".!,?;")

__all__ = ["Deadline", "Granularity", "Refusal", "Unread", "candidates_of", "read_deadline"]


def read_deadline(words: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Deadline | Unread:
    """Return the instant that the words name, in the locale's language or else in another, or a refusal."""
    if len(words) > LONGEST_WORDS:
        return Unread(Refusal.NO_DEADLINE)
    view = view_of(now, hours, locale)
    tokens = tokenize(words, view.language)
    if not 0 < len(tokens) <= LONGEST:
        return Unread(Refusal.NO_DEADLINE)
    answer = _read(tokens, view)
    for there in views_elsewhere(words, view):
        if answer == Unread(Refusal.NO_DEADLINE):
            answer = _read(tokenize(words, there.language), there)
    if answer == Unread(Refusal.NO_DEADLINE) and (guessed := with_slips(tokens, view.language, announced=True)):
        likely = _read(guessed, view)
        answer = Unread(Refusal.AMBIGUOUS, candidates) if (candidates := candidates_of(likely)) else answer
    return replace(answer, understood=words.strip()) if isinstance(answer, Unread) else answer


def _read(tokens: list[Token], view: View) -> Deadline | Unread:
    """Read all of the tokens as one deadline, with or without the marks at their end ("16.10.", "Friday!")."""
    chart = Chart(deadlines(), tokens, view)
    found, end = readings(chart, 0), len(tokens)
    while end and end not in found and tokens[end - 1].text[0] in ENDINGS:
        end -= 1
    return found[end].answer(view) if end in found else _alone(chart, end)


def _alone(chart: Chart, end: int) -> Deadline | Unread:
    """Read a text that is a deadline only on its own: "1730"; "2 hours" is refused as ambiguous (it may be effort)."""
    for name in ("military", "length"):
        value = dict(chart.find(name, 0)).get(end)
        if value is not None:
            military = name == "military"
            answer = settle(Phrase(clock=value) if military else Phrase(shift=value), chart.view)
            if military or isinstance(answer, Unread):
                return answer
            return Unread(Refusal.AMBIGUOUS, (answer,))
    return Unread(Refusal.NO_DEADLINE)


def view_of(now: datetime, hours: WorkingHours, locale: str) -> View:
    """Return the context for reading a locale ("en", "en-GB", "de"); unknown languages are read as English."""
    language = LANGUAGES.get(locale[:2].lower(), ENGLISH)
    day_first = DAY_FIRST.get(locale.replace("_", "-").lower(), language.day_first)
    month_first = month_comes_first(hours.zone) if day_first is None else not day_first
    return View(aware(now), hours, language, month_first)


def views_elsewhere(words: str, view: View) -> Iterator[View]:
    """Yield the context for reading the words in each other language of which they have a word that this one lacks."""
    for code, language in LANGUAGES.items():
        if language is not view.language and has_words_of(words, language, view.language):
            yield view_of(view.now, view.hours, code)


def is_length(words: str, now: datetime, hours: WorkingHours, locale: str) -> bool:
    """Return whether words are a length of time alone: "two days"."""
    charts = charts_of(words, view_of(now, hours, locale))
    return any(len(chart.tokens) in dict(chart.find("length", 0)) for chart in charts)


def names_only_a_time(words: str, now: datetime, hours: WorkingHours, locale: str) -> bool:
    """Return whether words are a time or a part of the day without a day: "6pm", "noon", "the evening"."""
    for chart in charts_of(words, view_of(now, hours, locale)):
        found = readings(chart, 0).get(len(chart.tokens))
        if found and not found.others:
            phrase = found.phrase
            names_a_day = phrase.day or phrase.instant or phrase.shift
            return not names_a_day and (phrase.clock is not None or phrase.part is not None)
    return False


def charts_of(words: str, view: View) -> Iterator[Chart]:
    """Yield a chart of the words in the view's language, and in each other that they may be written in."""
    for each in (view, *views_elsewhere(words, view)):
        yield Chart(deadlines(), tokenize(words, each.language), each)
