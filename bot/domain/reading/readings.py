"""Whole readings: one phrase, a choice of two ("Monday or Tuesday"), or a range ("between 3 and 5pm")."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.reading.answer import Deadline, Refusal, Unread
from bot.domain.reading.chart import Chart
from bot.domain.reading.kinds import Kind
from bot.domain.reading.meaning import View
from bot.domain.reading.phrase import Phrase, phrases
from bot.domain.reading.settle import settle

CHOICE = frozenset({Kind.OR, Kind.AND, Kind.SLASH})
RANGE = frozenset({Kind.TO, Kind.UNTIL, Kind.DASH})
OPENERS = frozenset({Kind.FROM, Kind.BETWEEN})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run of tokens says: its last phrase, and the one before it if there are two."""

    phrase: Phrase
    other: Phrase | None = None
    #: The two are the ends of a range, of which the last counts.
    range: bool = False

    def answer(self, view: View) -> Deadline | Unread:
        last = settle(self.phrase, view)
        if self.other is None:
            return last
        first = settle(self.other, view)
        candidates = tuple(dict.fromkeys((*_options(first), *_options(last))))
        if not self.range:
            return Unread(Refusal.AMBIGUOUS, candidates)
        if isinstance(first, Deadline):
            later = [one for one in _options(last) if one.at > first.at]
            return later[0] if len(later) == 1 else Unread(Refusal.RANGE, candidates)
        return last


def readings(chart: Chart, start: int) -> Mapping[int, Reading]:
    """For every place where a reading that begins at `start` can end, the simplest."""
    tokens = chart.tokens
    found: dict[int, Reading] = {}
    opened = start < len(tokens) and not OPENERS.isdisjoint(tokens[start].means)
    first = phrases(chart, start + opened)
    if not opened:
        found = {end: Reading(phrase) for end, phrase in first.items()}
    for end, phrase in first.items():
        for last, reading in _joined(chart, end, phrase, opened).items():
            found.setdefault(last, reading)
    for end, _ in chart.find("count", start + opened):
        if end < len(tokens) and not (RANGE | ({Kind.AND} if opened else set())).isdisjoint(tokens[end].means):
            for last, phrase in phrases(chart, end + 1).items():
                if phrase.clock is not None:
                    found.setdefault(last, Reading(phrase))
    return found


def _joined(chart: Chart, at: int, first: Phrase, opened: bool) -> dict[int, Reading]:
    """The readings that a second phrase behind "or", "and", "to" makes."""
    if at >= len(chart.tokens):
        return {}
    means = chart.tokens[at].means.keys()
    ranged = bool(means & RANGE) or (opened and Kind.AND in means)
    if not ranged and (opened or not means & CHOICE):
        return {}
    return {
        end: Reading(second if second.day or second.instant else replace(second, day=first.day), first, range=ranged)
        for end, second in phrases(chart, at + 1).items()
    }


def _options(answer: Deadline | Unread) -> tuple[Deadline, ...]:
    return (answer,) if isinstance(answer, Deadline) else answer.candidates
