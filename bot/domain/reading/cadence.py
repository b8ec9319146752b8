"""Find recurrence in a text ("every Friday") with its hour, first and last day, and rule for days off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import islice, product

from bot.domain.due_dates import Deadline, Granularity, read_deadline
from bot.domain.reading.answer import candidates_of
from bot.domain.reading.kinds import Token, WordKind
from bot.domain.reading.meaning import View
from bot.domain.reading.recurrence import (
    Beat,
    Signs,
    beats_at,
    is_filler,
    month_day_at,
    past_month,
    past_small,
    weekdays_at,
)
from bot.domain.reading.weekdays import week_start
from bot.domain.recurring import RecurrencePace
from bot.domain.working_time import WorkingHours

#: Number of words at the head and at the tail of a text in which recurrence is searched, and most spans kept.
HEAD, TAIL, MAX_SPANS = 24, 40, 4
#: Maximum number of words that name an hour, a first or a last day.
WINDOW = 8
#: Two instants in different weeks and months; words that name an hour alone read as the same hour at both.
PROBES = ((date(2026, 1, 7), time(0)), (date(2026, 2, 12), time(0, 7)))

Hour = tuple[time, str]


@dataclass(frozen=True, slots=True)
class CadenceSpan:
    """The tokens `start` to `end` that name a recurrence, with its hours (several if in doubt) and its bounds."""

    start: int
    end: int
    beats: tuple[Beat, ...]
    hours: tuple[Hour, ...] = ()
    since: date | None = None
    until: date | None = None
    day_before: bool = False
    #: The words ask for more than a rule can express.
    beyond: bool = False


@dataclass(frozen=True)
class CadenceContext:
    """The text with its tokens, and the language and time against which they are read."""

    view: View
    signs: Signs
    locale: str
    text: str
    tokens: Sequence[Token] = field(default_factory=tuple)

    def words(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def tail(self) -> int:
        """Return the index after the last token that is neither a mark nor a "please"."""
        tail = len(self.tokens)
        while tail and is_filler(self.tokens[tail - 1], self.view.language.courtesies):
            tail -= 1
        return tail


def find_cadence(context: CadenceContext) -> CadenceSpan | None:
    """Return the words that name a recurrence: at the tail of the text, at its head, or where the task resumes."""
    spans = list(islice(_all_spans(context), MAX_SPANS))
    tail = context.tail()
    at_tail = [span for span in spans if span.end >= tail]
    at_head = [span for span in spans if all(is_filler(token) for token in context.tokens[: span.start])]
    inside = [span for span in spans if span.end < len(context.tokens) and _resumes(context, span.end)]
    for found in (*at_tail, *at_head, *inside):
        if found.beats or found in at_tail or found in at_head:
            end = len(context.tokens) if found.end >= tail else found.end
            return replace(found, end=end, beyond=found.beyond or len(spans) > 1)
    # "Every other day except Friday": a deadline that is read from the rest of it would be wrong.
    return next((replace(span, beyond=True) for span in spans if _says_every(context, span)), None)


def _resumes(context: CadenceContext, at: int) -> bool:
    text = context.tokens[at].text
    is_last_verb = context.view.language.verb_last and at + 1 == context.tail() and text.endswith("n")
    return is_last_verb or text in context.view.language.resumes or text in (",", ";")


def _says_every(context: CadenceContext, span: CadenceSpan) -> bool:
    return any(token.text in context.signs.every for token in context.tokens[span.start : span.end])


def _all_spans(context: CadenceContext) -> Iterator[CadenceSpan]:
    tokens, count, behind = context.tokens, len(context.tokens), 0
    for at in sorted({*range(min(HEAD, count)), *range(max(0, count - TAIL), count)}):
        spans = beats_at(tokens, at, context.signs) if at >= behind else None
        if spans is None:
            continue
        start = at
        while (
            start
            and tokens[start - 1].means.keys() & {WordKind.ON, WordKind.BY, WordKind.AT}
            and tokens[at].text != "at"
        ):
            start -= 1
        span = _followed(CadenceSpan(start, *spans), context)
        behind = span.end
        if tokens[at].text in context.signs.adverbs and not _is_adverb(context, at, span):
            continue
        yield replace(span, beyond=_is_held(context, at, span))


def _is_adverb(context: CadenceContext, at: int, span: CadenceSpan) -> bool:
    """ "Post it daily", not "the daily", and not "daily report"."""
    before = context.tokens[at - 1].text if at else ""
    if before in context.view.language.holders or before in context.view.language.resumes - {"to", "for"}:
        return False
    if span.end >= context.tail():
        return True
    return (at == 0 and span.end > at + 1) or context.tokens[span.end].text in (",", ":")


def _is_held(context: CadenceContext, at: int, span: CadenceSpan) -> bool:
    """Return whether the words may belong to the task: "slides for every Monday", "Fridays deck"."""
    if span.start and context.tokens[span.start - 1].text in context.view.language.holders:
        return True
    is_plural = WordKind.WEEKDAYS in context.tokens[at].means and not context.signs.plural_is_adverb
    return (
        is_plural and span.start == at and span.end == at + 1 < context.tail() and not is_filler(context.tokens[at + 1])
    )


def _followed(span: CadenceSpan, context: CadenceContext) -> CadenceSpan:
    """Extend a span by the weekday, day of the month, hour, first and last day that follow it."""
    while span.end < len(context.tokens):
        longer = (
            _with_day(span, context)
            or _with_hour(span, context)
            or _with_bound(span, context)
            or _with_day_before(span, context)
        )
        if longer is None:
            break
        span = longer
    return span


def _with_day(span: CadenceSpan, context: CadenceContext) -> CadenceSpan | None:
    if not any(beat.is_open for beat in span.beats):
        return None
    tokens, at = context.tokens, past_small(context.tokens, span.end)
    if span.beats[0].pace is RecurrencePace.WEEKLY:
        end, days = weekdays_at(tokens, at)
        return (
            replace(span, end=end, beats=tuple(replace(beat, weekdays=days) for beat in span.beats)) if days else None
        )
    found = month_day_at(tokens, at)
    if found is None:
        return None
    end, days_of_month = found
    beats = tuple(replace(day, every=beat.every) for beat, day in product(span.beats, days_of_month))
    return replace(span, end=past_month(tokens, end, context.signs), beats=beats)


def _with_hour(span: CadenceSpan, context: CadenceContext) -> CadenceSpan | None:
    if span.hours or context.tokens[span.end].text in context.signs.since:
        return None
    for end in range(min(span.end + WINDOW, len(context.tokens)), span.end, -1):
        if is_filler(context.tokens[end - 1]) or _is_amount(context.tokens, span.end, end):
            continue
        if hours := _hours_alone(context.words(span.end, end), context):
            return replace(span, end=end, hours=hours)
    return None


def _is_amount(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Return whether a number counts the word after it, or is the day of a month: "10 slides", "until 1 May"."""
    if end == len(tokens):
        return False
    if WordKind.MONTH in tokens[end].means and WordKind.NUM in tokens[end - 1].means:
        return True
    is_bare = all(token.means.keys() <= {WordKind.NUM, WordKind.CARD, WordKind.COMMA} for token in tokens[start:end])
    return (
        (tokens[end].glued and not is_filler(tokens[end]))
        or tokens[end].text == ":"
        or (is_bare and not is_filler(tokens[end]))
    )


def _with_bound(span: CadenceSpan, context: CadenceContext) -> CadenceSpan | None:
    """ "Starting next week", "until the end of March"."""
    at = span.end + (context.tokens[span.end].text in (",", "("))
    if at >= len(context.tokens):
        return None
    is_since, is_until = context.tokens[at].text in context.signs.since, context.tokens[at].text in context.signs.until
    if not (is_since and span.since is None) and not (is_until and span.until is None):
        return None
    most = min(at + 1 + WINDOW, len(context.tokens))
    if is_since:  # "from 1 April until 1 May" names two days
        most = next((n for n in range(at + 1, most) if context.tokens[n].text in context.signs.until), most)
    for end in range(most, at + 1, -1):
        read = read_deadline(context.words(at + 1, end), context.view.now, context.view.hours, context.locale)
        if isinstance(read, Deadline) and read.granularity is not Granularity.MINUTE:
            day = context.view.hours.local(read.at).date()
            if is_until:
                return replace(span, end=end, until=day)
            return replace(span, end=end, since=_first_of(day, read.granularity, context.view))
    return None


def trailing_bound(span: CadenceSpan, context: CadenceContext) -> tuple[int, CadenceSpan] | None:
    """Find a last or first day at the end of other words; "from" and "bis" are too ambiguous there."""
    for at in range(max(0, len(context.tokens) - WINDOW - 2), len(context.tokens)):
        token = context.tokens[at]
        if token.text in context.signs.since | context.signs.until and not token.means.keys() & {
            WordKind.FROM,
            WordKind.BY,
            WordKind.OF,
        }:
            found = _with_bound(replace(span, end=at), context)
            if found and found.end >= context.tail():
                return at, found
    return None


def _first_of(last: date, granularity: Granularity, view: View) -> date:
    """Return the first day of a named period: "from next week on" is from its Monday."""
    match granularity:
        case Granularity.WEEK:
            return week_start(view, last)
        case Granularity.MONTH:
            return last.replace(day=1)
        case _:
            return last


def _with_day_before(span: CadenceSpan, context: CadenceContext) -> CadenceSpan | None:
    if span.day_before:
        return None
    at = span.end + (context.tokens[span.end].text in (",", "("))
    for words in context.signs.day_before:
        for end in range(at + 1, min(at + WINDOW, len(context.tokens)) + 1):
            if context.words(at, end).lower() == words:
                end += end < len(context.tokens) and context.tokens[end].text == ")"
                return replace(span, end=end, day_before=True)
    return None


def _hours_alone(words: str, context: CadenceContext) -> tuple[Hour, ...]:
    """Return the hour that the words name, both if morning or evening is open; none if they name a day as well."""
    first, second = (_probed(words, day, at, context) for day, at in PROBES)
    return first if first == second else ()


def _probed(words: str, day: date, at: time, context: CadenceContext) -> tuple[Hour, ...]:
    hours = replace(context.view.hours, days_off=frozenset())
    return hours_on(day, candidates_of(read_deadline(words, hours.instant(day, at), hours, context.locale)))


def hours_on(day: date, read: Sequence[Deadline]) -> tuple[Hour, ...]:
    local = [WorkingHours(each.zone).local(each.at) for each in read]
    if any(each.date() != day for each in local):
        return ()
    return tuple((each.time(), deadline.zone) for each, deadline in zip(local, read, strict=True))
