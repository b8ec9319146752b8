"""The runs of words in a sentence that read as a time, and how surely each is meant as its deadline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.reading.chart import Chart
from bot.domain.reading.grammar import deadlines
from bot.domain.reading.kinds import PREFIXES, Digits, Token, WordKind
from bot.domain.reading.meaning import CLOSING, LUNCH, OPENING, View
from bot.domain.reading.readings import PhraseReading, readings

#: The placeholder for masked text: a character that is not a word.
MASK = "\ufffc"
#: Deadlines are looked for at both ends of a sentence, and behind the last of the words that announce one.
HEAD, TAIL, ANNOUNCED = 24, 40, 8
SMALL_WORDS = PREFIXES | {WordKind.ON, WordKind.AT, WordKind.IN, WordKind.OVER, WordKind.THE, WordKind.AGREED}
MARKS = frozenset({WordKind.COMMA, WordKind.OPEN, WordKind.CLOSE, WordKind.DASH})
BETWEEN_PIECES = SMALL_WORDS | MARKS
#: Any of these makes a run of words a date without further signs.
TELLING = frozenset(
    {
        WordKind.DAYWORD,
        WordKind.TONIGHT,
        WordKind.WEEKDAY,
        WordKind.MERIDIEM,
        WordKind.AP,
        WordKind.OCLOCK,
        WordKind.NOON,
        WordKind.MIDNIGHT,
        WordKind.EOX,
        WordKind.COMING,
        WordKind.END,
        WordKind.COLON,
        WordKind.SAMETIME,
        WordKind.AGO,
        WordKind.PREAGO,
    }
)
#: A measure is a deadline only with one of these ("in 3 days", "next week").
COUNTED_FROM = frozenset(
    {
        WordKind.IN,
        WordKind.WITHIN,
        WordKind.LATER,
        WordKind.FROM,
        WordKind.AFTER,
        WordKind.PLUS,
        WordKind.REL,
        WordKind.BEFORE,
        WordKind.AGO,
    }
)
#: Any of these right behind a span means that it goes on in a way that was not understood.
GOING_ON = frozenset(
    {
        *(
            WordKind.NUM,
            WordKind.ORD,
            WordKind.CARD,
            WordKind.TENS,
            WordKind.DAYWORD,
            WordKind.TONIGHT,
            WordKind.WEEKDAY,
            WordKind.WEEKDAYS,
            WordKind.MONTH,
        ),
        *(
            WordKind.MERIDIEM,
            WordKind.OCLOCK,
            WordKind.NOON,
            WordKind.MIDNIGHT,
            WordKind.PART,
            WordKind.UNIT,
            WordKind.UNITS,
            WordKind.REL,
            WordKind.COMING,
        ),
        WordKind.AGO,
    }
)
#: Any of these right before a span: the task is done after it.
BEHIND = frozenset({WordKind.AFTER, WordKind.FROM, WordKind.PAST})
NUMBERS = frozenset({WordKind.NUM, WordKind.ORD, WordKind.CARD})
PUNCTUATION = frozenset(",.;:!?)]…-–—")
#: Marks behind which a word begins, though nothing stands between them.
LEFT_OPEN = frozenset(",;:([\"'“‘") | {MASK}
#: The verb of the task is among so many first words: "pls", "we should", "can you".
VERB_AMONG = 4
#: Behind a number they make it an amount.
MEASURES = frozenset("%€$£¥°×")


class Sign(IntEnum):
    """The confidence that a run of words is the deadline of the sentence, and not a part of the task."""

    NONE = 0  #: no deadline: "after Friday"
    HELD = 1  #: rather a part of the task: "slides for Friday"
    TELLING = 2  #: a time that stands for itself: "tomorrow"
    ANNOUNCED = 3  #: "by Friday"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens that reads as a time."""

    start: int
    end: int
    reading: PhraseReading
    sign: Sign
    #: It is a bare number, month or the like, which another kind of thing can be too.
    thin: bool
    at_head: bool
    at_tail: bool


def spans(tokens: Sequence[Token], view: View) -> Iterator[Span]:
    """The longest readings, from left to right, none inside another."""
    behind = 0
    chart = Chart(deadlines(), tokens, view)
    tail = tail_of(tokens, view)
    for start in _starts(tokens):
        if start < behind or not tokens[start].means or not _may_begin(tokens, start):
            continue
        if joins_twins(tokens, start):
            behind = start + 2
            continue
        for end, reading in sorted(readings(chart, start).items(), reverse=True):
            span = _span(tokens, start, end, reading, tail, view)
            if span is not None:
                behind = span.end
                yield span
                break


def _starts(tokens: Sequence[Token]) -> Sequence[int]:
    announced = [at for at, token in enumerate(tokens) if not PREFIXES.isdisjoint(token.means)][-ANNOUNCED:]
    count = len(tokens)
    return sorted({*range(min(HEAD, count)), *range(max(0, count - TAIL), count), *announced})


def joins_twins(tokens: Sequence[Token], at: int) -> bool:
    """ "One by one", "file by file"."""
    if not 0 < at < len(tokens) - 1 or PREFIXES.isdisjoint(tokens[at].means):
        return False
    return tokens[at - 1].text == tokens[at + 1].text and not _is_number(tokens[at + 1])


def goes_on(tokens: Sequence[Token], after: int) -> bool:
    """Return whether words of time that the span does not cover directly follow it: "in an hour or two"."""
    if after < len(tokens) and WordKind.OR in tokens[after].means:
        after += 1
    return after < len(tokens) and not GOING_ON.isdisjoint(tokens[after].means)


def tail_of(tokens: Sequence[Token], view: View) -> int:
    """Behind the last token that is more than a mark or a "please"."""
    tail = len(tokens)
    while tail and (is_mark(tokens[tail - 1]) or tokens[tail - 1].text in view.language.courtesies):
        tail -= 1
    return tail


def _span(tokens: Sequence[Token], start: int, end: int, reading: PhraseReading, tail: int, view: View) -> Span | None:
    """The span, unless its words belong to their neighbours: "PR 3 tomorrow" holds no three o'clock."""
    if not _may_end(tokens, end) or (reading.phrase.loose and start and WordKind.NUM in tokens[start].means):
        return None
    if end < len(tokens) and WordKind.MONTH in tokens[end].means and not NUMBERS.isdisjoint(tokens[end - 1].means):
        return None  # "4 July, by 1 July" holds no one o'clock
    if (inner := _inner(tokens, start, end)) and _belongs_to_task(tokens, start, inner):
        return None
    core = [token for token in tokens[start:end] if not token.means.keys() <= BETWEEN_PIECES]
    links = frozenset(kind for token in tokens[start:end] for kind in token.means)
    thin = all(_is_number(token) for token in core) or (len(core) == 1 and _is_thin(core[0], links))
    at_tail = end >= tail
    if thin and not at_tail and not is_mark(tokens[end]):
        return None
    sign = _sign(tokens, start, core, links, view)
    if not start and not at_tail and WordKind.THE in tokens[0].means and _is_word(tokens[end]):
        sign = min(sign, Sign.HELD)  # "the Monday report"
    if sign is Sign.TELLING and _is_object(tokens, start, reading, links, view):
        sign = Sign.HELD
    return Span(start, end, reading, sign, thin, not start, at_tail)


def _inner(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return where an announcer stands inside a span: "Friday by 5pm"."""
    return next((at for at in range(start + 1, end) if not PREFIXES.isdisjoint(tokens[at].means)), None)


def _belongs_to_task(tokens: Sequence[Token], start: int, inner: int) -> bool:
    """Return whether the words before an announcer belong to the task: "tickets 12-15 by 5pm"."""
    is_over = any(token.means.keys() & BEHIND for token in tokens[max(start - 1, 0) : start])
    is_range = [list(token.means)[:1] for token in tokens[start:inner]] == [
        [WordKind.NUM],
        [WordKind.DASH],
        [WordKind.NUM],
    ]
    return is_over or (start > 0 and is_range)


def _is_object(
    tokens: Sequence[Token], start: int, reading: PhraseReading, kinds: frozenset[WordKind], view: View
) -> bool:
    """Return whether the time is the object of the task: "plan next quarter", "skip Monday", "from 1 to 10 May"."""
    if (reading.range or WordKind.FROM in tokens[start].means) and WordKind.BETWEEN not in kinds:
        return True
    if not start or not kinds.isdisjoint({WordKind.IN, WordKind.OVER, WordKind.AT, WordKind.ON}):
        return False
    before = [token.text for token in tokens[max(start - 2, 0) : start]]
    verbs = {before[-1], " ".join(before)}  # "skip", "take off"
    is_planned = not verbs.isdisjoint(view.language.plans) and any(not day.single for day in reading.phrase.day or ())
    return is_planned or not verbs.isdisjoint(view.language.moves)


def _is_word(token: Token) -> bool:
    return not token.means and token.text[0].isalpha()


def _is_thin(token: Token, kinds: frozenset[WordKind]) -> bool:
    if _is_part(token, CLOSING, OPENING) or token.means.keys() & TELLING:
        return False
    return kinds.isdisjoint({WordKind.AT, WordKind.ON})


def _sign(tokens: Sequence[Token], start: int, core: list[Token], kinds: frozenset[WordKind], view: View) -> Sign:
    first = next(token for token in tokens[start:] if not token.means.keys() <= MARKS)
    if any(WordKind.UP_TO in token.means for token in (first, *tokens[max(start - 1, 0) : start])):
        return Sign.HELD
    if not PREFIXES.isdisjoint(first.means):
        is_until = WordKind.UNTIL in first.means and WordKind.BY not in first.means
        return Sign.HELD if is_until and _lasts(tokens, start, view) else Sign.ANNOUNCED
    if any(token.means.keys() & BEHIND for token in tokens[max(start - 1, 0) : start]):
        return Sign.NONE
    holding = [first] if WordKind.APPROX in first.means else []  # "about Friday"
    if any(token.text in view.language.holders for token in (*holding, *tokens[start - 1 : start])):
        return Sign.HELD
    if len(core) == 1 and core[0].text in view.language.doubtful:
        wanted = {WordKind.ON} if WordKind.WEEKDAY in core[0].means else {WordKind.ON, WordKind.IN}
        return Sign.NONE if kinds.isdisjoint(wanted) else Sign.TELLING
    return Sign.TELLING if _is_unmistakable(core, kinds) else Sign.HELD


def _lasts(tokens: Sequence[Token], start: int, view: View) -> bool:
    """Return whether the task lasts until the time ("freeze it until Friday"), unlike "send it until Friday"."""
    words = [token.text for token in tokens[:start] if token.text[0].isalpha()]
    language = view.language
    verb = next((word for word in words[:VERB_AMONG] if word in language.deliveries | language.moves), "")
    return bool(words) and (verb not in language.deliveries if language.deliveries else verb in language.moves)


def _is_unmistakable(core: list[Token], kinds: frozenset[WordKind]) -> bool:
    """Return whether the words can hardly be anything but a deadline."""
    if kinds & TELLING or kinds & {WordKind.ON, WordKind.IN, WordKind.AT, WordKind.OVER}:
        return True
    if kinds & {WordKind.UNIT, WordKind.UNITS} and kinds & COUNTED_FROM:
        return True
    if (WordKind.MONTH in kinds and kinds & {WordKind.NUM, WordKind.ORD, WordKind.REL}) or {
        WordKind.PART,
        WordKind.REL,
    } <= kinds:
        return True
    if any(_is_part(token, CLOSING, OPENING) for token in core):
        return True
    numbers = [number for token in core if isinstance(number := token.means.get(WordKind.NUM), Digits)]
    return len(numbers) > 2 and any(number.width == 4 for number in numbers)


def _is_number(token: Token) -> bool:
    return isinstance(token.means.get(WordKind.NUM), Digits)


def _is_part(token: Token, *parts: object) -> bool:
    return token.means.get(WordKind.PART) in parts


def is_mark(token: Token) -> bool:
    return not token.text[0].isalnum() and token.text[0] not in MEASURES


def _may_begin(tokens: Sequence[Token], start: int) -> bool:
    token = tokens[start]
    if token.means.get(WordKind.PART) == LUNCH and start:
        return False  # "have lunch Monday"
    return not start or not token.glued or token.text in {",", "(", "["} or tokens[start - 1].text[-1] in LEFT_OPEN


def _may_end(tokens: Sequence[Token], end: int) -> bool:
    """Return whether a reading may end here: not within a longer word, not before a unit."""
    if end >= len(tokens):
        return True
    after = tokens[end]
    if after.text in MEASURES:
        return False
    if not after.glued or after.text[0] == MASK:
        return True
    follows = tokens[end + 1] if end + 1 < len(tokens) else None
    return after.text[0] in PUNCTUATION and (follows is None or not follows.glued or follows.text[0] in PUNCTUATION)
