"""Whole readings: one phrase, a choice of several ("Monday or Tuesday"), or a range ("between 3 and 5pm")."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading.answer import Deadline, Refusal, Unread, candidates_of
from bot.domain.reading.chart import Chart
from bot.domain.reading.kinds import WordKind
from bot.domain.reading.meaning import ClockTime, View
from bot.domain.reading.phrase import ANY_LINK, MAX_LINKS, SLOTS, Phrase, phrases
from bot.domain.reading.settle import settle

COMMA = frozenset({WordKind.COMMA})
CHOICE = frozenset({WordKind.OR, WordKind.AND, WordKind.SLASH})
RANGE = frozenset({WordKind.TO, WordKind.THROUGH, WordKind.UNTIL, WordKind.DASH})
OPENERS = frozenset({WordKind.FROM, WordKind.BETWEEN})
#: Maximum number of phrases in a choice.
MAX_CHOICES = 6
#: Numbers before "to" and an hour that may be minutes: "10 to 5pm".
MAYBE_MINUTES = (5, 10)
RANGE_STARTS = OPENERS | {WordKind.NUM, WordKind.CARD}


@dataclass(frozen=True, slots=True)
class PhraseReading:
    """The parse of a run of tokens: its last phrase, and those before it: one in a range, one or more in a choice."""

    phrase: Phrase
    others: tuple[Phrase, ...] = ()
    #: It is a range, whose end counts; its beginning may be a bare number, which says nothing.
    range: bool = False
    #: "From" or "between" stands before.
    opened: bool = False

    def answer(self, view: View) -> Deadline | Unread:
        last = settle(self.phrase, view)
        if not self.others:
            return last
        answers = [settle(each, view) for each in self.others]
        candidates = tuple(dict.fromkeys(one for each in (*answers, last) for one in candidates_of(each)))
        if not self.range:
            return Unread(Refusal.AMBIGUOUS, candidates)
        first = answers[-1]
        if first == Unread(Refusal.IMPOSSIBLE):
            return first
        if isinstance(first, Deadline):
            later = [one for one in candidates_of(last) if one.at > first.at]
            return later[0] if len(later) == 1 else Unread(Refusal.RANGE, candidates)
        return last


def readings(chart: Chart, start: int) -> Mapping[int, PhraseReading]:
    """For every place where a reading that begins at `start` can end, the simplest; none behind the last token."""
    if start >= len(chart.tokens):
        return {}
    opened = not OPENERS.isdisjoint(chart.tokens[start].means)
    if not (_may_begin(chart, start) or (opened and _may_begin(chart, start + 1))):
        return {}
    whole = phrases(chart, start)
    found = {end: PhraseReading(phrase) for end, phrase in whole.items()}
    for last, reading in _paired(chart, start, whole).items():
        found.setdefault(last, reading)
    for end, phrase in whole.items():
        if phrase.only_a_day and end < len(chart.tokens) and not RANGE_STARTS.isdisjoint(chart.tokens[end].means):
            for last, reading in _paired(chart, end, {}, phrase).items():
                found.setdefault(last, reading)
    return found


def _may_begin(chart: Chart, at: int) -> bool:
    """Return whether a piece begins at a place, or behind small words there; if not, no phrase does."""
    for place in range(at, min(at + MAX_LINKS + 1, len(chart.tokens))):
        if chart.rules_at(place, SLOTS):
            return True
        if ANY_LINK.isdisjoint(chart.sets[place]):
            return False
    return False


def _paired(
    chart: Chart, start: int, firsts: Mapping[int, Phrase], day: Phrase | None = None
) -> dict[int, PhraseReading]:
    """The readings of two phrases, on a day that may stand before both: "Thursday from 9 to 11am"."""
    found: dict[int, PhraseReading] = {}
    opened = not OPENERS.isdisjoint(chart.tokens[start].means)
    for end, first in (phrases(chart, start + 1, day) if opened else firsts).items():
        for last, reading in _joined(chart, end, first, day, opened=opened).items():
            found.setdefault(last, reading)
    for end, count in chart.find("count", start + opened):
        if _ranges(chart, end, opened=opened):
            minutes = count if not opened and WordKind.TO in chart.tokens[end].means else None
            for last, phrase in phrases(chart, end + 1, day).items():
                if phrase.clock is not None:
                    found.setdefault(last, _counted(minutes, phrase, phrase.clock, opened=opened))
    return found


def _counted(minutes: int | None, phrase: Phrase, clock: ClockTime, *, opened: bool) -> PhraseReading:
    """ "3 to 5pm" is a range; "10 to 5pm" may be ten minutes before as well."""
    if minutes in MAYBE_MINUTES:
        return PhraseReading(phrase, (replace(phrase, clock=replace(clock, minutes=clock.minutes - minutes)),))
    return PhraseReading(phrase, range=True, opened=opened)


def _joined(chart: Chart, at: int, first: Phrase, day: Phrase | None, *, opened: bool) -> dict[int, PhraseReading]:
    """The readings that a second phrase behind "or", "and", "to" makes."""
    if not _ranges(chart, at, opened=opened):
        return {} if opened else _choices(chart, at, first, day)
    return {
        end: PhraseReading(_on_day_of(first, second), (first,), range=True, opened=opened)
        for end, second in phrases(chart, at + 1, day).items()
    }


def _choices(chart: Chart, at: int, first: Phrase, day: Phrase | None) -> dict[int, PhraseReading]:
    """The readings that further phrases make, the last of them behind "or" or "and": "Monday, Tuesday or Friday".

    Of the ways to one place that of fewest phrases counts, and each place is read from once: the ways to the end of
    "on 1, on 1, on 1, …" are too many to try.
    """
    found: dict[int, PhraseReading] = {}
    ways: dict[int, tuple[Phrase, ...]] = {at: (first,)}
    waiting = deque(ways)
    while waiting:
        place = waiting.popleft()
        earlier, behind = ways[place], place + _is_any(chart, place, COMMA)
        is_last = _is_any(chart, behind, CHOICE)
        if behind + is_last == place or len(earlier) == MAX_CHOICES:
            continue
        for end, phrase in phrases(chart, behind + is_last, day).items():
            following = _on_day_of(earlier[-1], phrase)
            if is_last:
                found.setdefault(end, PhraseReading(following, _at_time_of(following, earlier)))
            if end not in ways:
                ways[end] = (*earlier, following)
                waiting.append(end)
    return found


def _is_any(chart: Chart, at: int, kinds: frozenset[WordKind]) -> bool:
    return at < len(chart.tokens) and not kinds.isdisjoint(chart.sets[at])


def _on_day_of(first: Phrase, phrase: Phrase) -> Phrase:
    """ "Friday at 4 or 5pm": a time without a day is on the day before it."""
    return phrase if phrase.day or phrase.instant else replace(phrase, day=first.day)


def _at_time_of(last: Phrase, days: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """ "Monday or Tuesday by noon": the time behind the last of several days is that of each."""
    if not last.day or last.clock is None:
        return tuple(days)
    return tuple(
        each.but(clock=last.clock, zone=last.zone)
        if each.only_a_day and each.part is None and all(stretch.single for stretch in each.day or ())
        else each
        for each in days
    )


def _ranges(chart: Chart, at: int, *, opened: bool) -> bool:
    """Return whether a word at `at` joins the two ends of a range."""
    if at >= len(chart.tokens):
        return False
    means = chart.tokens[at].means
    return not RANGE.isdisjoint(means) or (opened and WordKind.AND in means)
