"""Where in a sentence the deadline stands: which words are it, and which belong to the task."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from bot.domain.reading.answer import Deadline, Refusal, Unread
from bot.domain.reading.chart import Chart
from bot.domain.reading.grammar import deadlines
from bot.domain.reading.kinds import Digits, Kind, Token
from bot.domain.reading.meaning import CLOSING, OPENING, View
from bot.domain.reading.phrase import PREFIXES, Phrase
from bot.domain.reading.readings import Reading, readings

#: What masked text is shown as: a thing that is no word.
MASK = "\ufffc"
#: Deadlines are looked for at both ends of a sentence, and behind the last of the words that announce one.
HEAD, TAIL, ANNOUNCED = 24, 40, 8
LINKS = PREFIXES | {Kind.ON, Kind.AT, Kind.IN, Kind.OVER, Kind.THE, Kind.COMMA, Kind.OPEN, Kind.CLOSE, Kind.AGREED, Kind.DASH}
#: Any of these makes a run of words a date without further signs.
TELLING = frozenset(
    {
        Kind.DAYWORD,
        Kind.TONIGHT,
        Kind.WEEKDAY,
        Kind.MERIDIEM,
        Kind.AP,
        Kind.OCLOCK,
        Kind.NOON,
        Kind.MIDNIGHT,
        Kind.EOX,
        Kind.COMING,
        Kind.END,
        Kind.COLON,
        Kind.SAMETIME,
        Kind.AGO,
        Kind.PREAGO,
    }
)
#: A length is a deadline only with one of these ("in 3 days").
COUNTED_FROM = frozenset({Kind.IN, Kind.WITHIN, Kind.LATER, Kind.FROM, Kind.AFTER, Kind.PLUS, Kind.REL, Kind.BEFORE, Kind.AGO})
#: Any of these right behind a deadline means that it goes on in a way that was not understood.
GOING_ON = frozenset(
    {
        Kind.NUM,
        Kind.ORD,
        Kind.CARD,
        Kind.TENS,
        Kind.DAYWORD,
        Kind.WEEKDAY,
        Kind.WEEKDAYS,
        Kind.MONTH,
        Kind.MERIDIEM,
        Kind.OCLOCK,
        Kind.NOON,
        Kind.MIDNIGHT,
        Kind.PART,
        Kind.UNITS,
        Kind.UNIT,
        Kind.REL,
        Kind.COMING,
        Kind.TONIGHT,
        Kind.AGO,
    }
)
PUNCTUATION = frozenset(",.;:!?)]…")
OPENING = frozenset(",;:([\"'“‘")
#: Behind a number they make it an amount.
MEASURES = frozenset("%€$£¥°×")


class Sign(IntEnum):
    """How surely a run of words is the deadline of the sentence, and not a part of the task."""

    NONE = 0
    HELD = 1
    TELLING = 2
    ANNOUNCED = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens that reads as a time."""

    start: int
    end: int
    reading: Reading
    sign: Sign
    #: It is a bare number, month or the like, which another kind of thing can be too.
    thin: bool
    at_head: bool
    at_tail: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The deadline of a sentence, and the characters in which it was said (none: no deadline)."""

    answer: Deadline | Unread
    places: tuple[tuple[int, int], ...] = ()


def find_deadline(tokens: Sequence[Token], view: View) -> Found:
    """The deadline of a sentence; in doubt a refusal that says what was read."""
    spans = list(_spans(tokens, view))
    announced = [span for span in spans if span.sign is Sign.ANNOUNCED]
    announced = [span for span in announced if not span.thin] or announced
    if announced and announced[0].thin and not view.language.changes.isdisjoint(token.text for token in tokens[:3]):
        announced = []
    ends = [span for span in spans if span.sign is Sign.TELLING and (span.at_head or span.at_tail)]
    chosen = announced + [span for span in ends if not announced or not span.thin]
    if not chosen:
        chosen = [span for span in spans if span.sign is Sign.TELLING and not span.thin and _resumes(tokens, span, view)]
    if len(chosen) == 2 and (both := _day_and_time(*chosen)):
        return Found(both.answer(view), tuple(_place(tokens, span) for span in chosen))
    if chosen:
        return _one_of(chosen, tokens, view)
    held = [span for span in spans if span.sign is Sign.HELD and span.at_tail]
    if held:
        return Found(Unread(Refusal.AMBIGUOUS, _candidates(held[0].reading.answer(view))))
    return Found(Unread(Refusal.NO_DEADLINE))


def _resumes(tokens: Sequence[Token], span: Span, view: View) -> bool:
    return span.end < len(tokens) and tokens[span.end].text in view.language.resumes


def _day_and_time(*spans: Span) -> Reading | None:
    """ "Friday: send it by 5pm" says one thing in two places."""
    for day, clock in (spans, spans[::-1]):
        one, other = replace(day.reading.phrase, announced=False), replace(clock.reading.phrase, announced=False)
        if one == Phrase(day=one.day) and other == Phrase(clock=other.clock, zone=other.zone):
            return Reading(replace(other, day=one.day))
    return None


def _place(tokens: Sequence[Token], span: Span) -> tuple[int, int]:
    """The characters of a span; at the end of the sentence also the "please" behind it."""
    last = span.end
    while span.at_tail and last < len(tokens) and tokens[last].text != MASK:
        last += 1
    return tokens[span.start].start, tokens[last - 1].end


def _one_of(spans: list[Span], tokens: Sequence[Token], view: View) -> Found:
    """The answer of the only span; several that do not say the same are asked about."""
    answers = [span.reading.answer(view) for span in spans]
    span, answer = spans[-1], answers[-1]
    places = (_place(tokens, span),)
    if any(other != answer for other in answers) or _goes_on(tokens, span):
        candidates = tuple(dict.fromkeys(one for each in answers for one in _candidates(each)))
        return Found(Unread(Refusal.AMBIGUOUS, candidates), places)
    return Found(answer, places)


def _goes_on(tokens: Sequence[Token], span: Span) -> bool:
    """Whether words of time stand right beside the span, not understood with it."""
    after = tokens[span.end].means.keys() if span.end < len(tokens) else frozenset[Kind]()
    before = tokens[span.start - 1].means.keys() if span.start else frozenset[Kind]()
    return bool(after & GOING_ON) or bool(before & {Kind.WEEKDAY, Kind.DAYWORD, Kind.MONTH}) or _hour_before(tokens, span)


def _hour_before(tokens: Sequence[Token], span: Span) -> bool:
    """ "Call Ann 3 tomorrow" may mean three o'clock."""
    number = tokens[span.start - 1].means.get(Kind.NUM) if span.start else None
    return isinstance(number, int) and 0 < number < 13 and span.sign is Sign.TELLING and span.reading.phrase.clock is None


def _candidates(answer: Deadline | Unread) -> tuple[Deadline, ...]:
    return (answer,) if isinstance(answer, Deadline) else answer.candidates


def _spans(tokens: Sequence[Token], view: View) -> Iterator[Span]:
    """The longest readings, from left to right, none inside another."""
    behind = 0
    chart = Chart(deadlines(), tokens, view)
    for start in _starts(tokens):
        if start < behind or not tokens[start].means or not _opens(tokens, start):
            continue
        for end, reading in sorted(readings(chart, start).items(), reverse=True):
            span = _span(tokens, start, end, reading, view)
            if span is not None:
                behind = span.end
                yield span
                break


def _starts(tokens: Sequence[Token]) -> Sequence[int]:
    announced = [at for at, token in enumerate(tokens) if not PREFIXES.isdisjoint(token.means)][-ANNOUNCED:]
    count = len(tokens)
    return sorted({*range(min(HEAD, count)), *range(max(0, count - TAIL), count), *announced})


def _span(tokens: Sequence[Token], start: int, end: int, reading: Reading, view: View) -> Span | None:
    if not _closes(tokens, end) or (reading.phrase.loose and start and Kind.NUM in tokens[start].means):
        return None
    core = [token for token in tokens[start:end] if token.means.keys() - LINKS]
    links = {kind for token in tokens[start:end] for kind in token.means.keys() & (LINKS | COUNTED_FROM)}
    thin = len(core) == 1 and not core[0].means.keys() & TELLING and not links & {Kind.AT, Kind.ON}
    thin = thin and not any(part in (CLOSING, OPENING) for part in core[0].means.values())
    if len(core) == 1 and isinstance(core[0].means.get(Kind.NUM), Digits):
        thin = True
    at_tail = all(_is_trailing(token, view) for token in tokens[end:])
    if thin and not at_tail and not _is_mark(tokens[end]):
        return None
    sign = _sign(tokens, start, end, core, links, view)
    return Span(start, end, reading, sign, thin, not start, at_tail)


def _sign(
    tokens: Sequence[Token], start: int, end: int, core: list[Token], links: set[Kind], view: View
) -> Sign:
    first = next((token for token in tokens[start:end] if token.means.keys() - {Kind.COMMA, Kind.OPEN, Kind.DASH}), None)
    if first is not None and not PREFIXES.isdisjoint(first.means):
        return Sign.ANNOUNCED
    if start and not tokens[start - 1].means.keys().isdisjoint({Kind.AFTER, Kind.FROM}):
        return Sign.NONE
    if start and tokens[start - 1].text in view.language.holders:
        return Sign.HELD
    return Sign.TELLING if _tells(core, links, view) else Sign.NONE


def _tells(core: list[Token], links: set[Kind], view: View) -> bool:
    kinds = {kind for token in core for kind in token.means}
    if len(core) == 1 and core[0].text in view.language.doubtful:
        return bool(links & ({Kind.ON} if Kind.WEEKDAY in kinds else {Kind.ON, Kind.IN}))
    if kinds & TELLING or (kinds & {Kind.UNIT, Kind.UNITS} and (kinds | links) & COUNTED_FROM):
        return True
    if Kind.MONTH in kinds and kinds & {Kind.NUM, Kind.ORD, Kind.REL}:
        return True
    if any(isinstance(number := token.means.get(Kind.NUM), Digits) and number.width == 4 for token in core) and len(core) > 4:
        return True
    if any(part in (CLOSING, OPENING) for token in core for part in token.means.values()):
        return True
    return bool(links & {Kind.ON, Kind.IN, Kind.AT, Kind.OVER})


def _is_trailing(token: Token, view: View) -> bool:
    return _is_mark(token) or token.text in view.language.courtesies


def _is_mark(token: Token) -> bool:
    return token.text in PUNCTUATION or token.text == MASK


def _opens(tokens: Sequence[Token], start: int) -> bool:
    token = tokens[start]
    if not start or not token.glued:
        return True
    return token.text in {",", "("} or tokens[start - 1].text in OPENING or tokens[start - 1].text == MASK


def _closes(tokens: Sequence[Token], end: int) -> bool:
    """Whether a reading may end here: no part of a longer word, no amount."""
    if end >= len(tokens):
        return True
    after = tokens[end]
    if after.text in MEASURES:
        return False
    if not after.glued or after.text == MASK:
        return True
    return after.text in PUNCTUATION and not (end + 1 < len(tokens) and tokens[end + 1].glued and tokens[end + 1].text not in PUNCTUATION)
