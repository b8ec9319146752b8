"""Reasons to ask although a span reads as a time: adjacent words that were not understood, or that negate it."""

from collections.abc import Sequence
from itertools import pairwise

from bot.domain.reading.kinds import PREFIXES, Token, WordKind
from bot.domain.reading.meaning import View
from bot.domain.reading.spans import MASK, NUMBERS, Sign, Span, goes_on, is_mark, joins_twins, tail_of

#: Any of these right before a span: it began earlier, in a way that was not understood.
COMING_BEFORE = frozenset({WordKind.WEEKDAY, WordKind.DAYWORD, WordKind.MONTH})
#: Behind "every" they make a deadline that comes again and again.
RECURRING = frozenset({WordKind.UNIT, WordKind.WEEKDAY, WordKind.PART, WordKind.MONTH})
#: Maximum number of tokens between "by" and the time it announces: "by the board meeting in room four, 4pm".
REACH = 8
#: Skipped between "not", "except" … and the day that they negate.
SMALL = frozenset({WordKind.ON, WordKind.AT, WordKind.IN, WordKind.THE, WordKind.COMMA, WordKind.BY})
#: Maximum number of unknown words at the end of a text that count as part of the deadline: "by Friday standup".
MAX_LOOSE = 2
#: Maximum number of tokens between a time and a day that may belong to both.
MAX_BETWEEN = 4
#: Maximum number of tokens of the times that are joined to another by "or".
MAX_CHOOSING = 12


#: Words of a time, which belong to a span behind which they come with an unknown word between.
OF_TIME = frozenset(
    {
        WordKind.HALF,
        WordKind.QUARTERHOUR,
        WordKind.NOON,
        WordKind.MIDNIGHT,
        WordKind.CARD,
        WordKind.TENS,
        WordKind.NUM,
        WordKind.PAST,
    }
)
OF_TIME |= {WordKind.MONTH, WordKind.WEEKDAY, WordKind.DAYWORD, WordKind.MERIDIEM}
#: "Ten to …", "20 to …" begins a time of day.
MINUTES = frozenset({5, 10, 20, 25})
#: The endings of ordinals, mistyped ("15tth").
ORDINAL_LETTERS = frozenset("stndrh")
#: Words that a time may have begun with: "Easter t noon".
BEGUN = frozenset(
    {WordKind.MONTH, WordKind.WEEKDAY, WordKind.DAYWORD, WordKind.HOLIDAY, WordKind.ORD, WordKind.PART, WordKind.EOX}
)
#: Kinds that precede the number of a day.
ORDERED = frozenset({WordKind.THE, WordKind.MONTH})
#: Next to a time they say that it is not certain.
HEDGES = frozenset(
    "maybe perhaps probably possibly hopefully vielleicht eventuell hoffentlich wahrscheinlich vermutlich".split()
)
#: A small word of which a letter is missing or doubled: "t", "aat".
TINY = 3


def is_doubtful(tokens: Sequence[Token], span: Span, named: Sequence[Span], view: View) -> bool:
    """Return whether adjacent words suggest that the span is not, or not all of, the deadline."""
    ours = {other.end for other in named if other.sign < Sign.TELLING}
    return (
        goes_on(tokens, span.end)
        or _is_mistyped(tokens, span, named)
        or (span.start not in ours and _came_before(tokens, span, view))
        or _is_announced_elsewhere(tokens, span, named)
        or _is_cut_off(tokens, span, view)
        or _leaves_a_time(tokens, span, named, view)
        or is_barred(tokens, span, named)
        or choice_from(tokens, span, named) < span.start
        or _has_another(tokens, span)
        or _is_denied(tokens, span, view)
        or _is_hedged(tokens, span)
        or _recurs(tokens, span, view)
    )


def _came_before(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """Return whether words of time directly precede the span. "Call Ann 3 tomorrow" may mean three o'clock."""
    if not span.start:
        return False
    before = tokens[span.start - 1]
    number = None if before.glued else before.means.get(WordKind.NUM)
    is_day = span.sign is Sign.TELLING and span.reading.phrase.clock is None
    earlier = tokens[max(span.start - 2, 0) : span.start - 1]
    is_held = any(token.text in view.language.holders for token in earlier)  # "for March by Friday"
    is_hour = isinstance(number, int) and 0 < number < 13 and is_day
    return is_hour or not (is_held or COMING_BEFORE.isdisjoint(before.means))


def _is_announced_elsewhere(tokens: Sequence[Token], span: Span, named: Sequence[Span]) -> bool:
    """Return whether unknown words separate the span from a "by" before it: "by the board meeting 4pm"."""
    if span.sign is Sign.ANNOUNCED:
        return False
    covered = {at for other in named if other is not span for at in range(other.start, other.end)}
    for at in reversed(range(max(span.start - 1 - REACH, 0), span.start)):
        means = tokens[at].means
        if not PREFIXES.isdisjoint(means) and WordKind.AGREED not in means and not _is_hyphenated(tokens, at):
            return at not in covered
    return False


def _is_hyphenated(tokens: Sequence[Token], at: int) -> bool:
    """ "Stand-by", "by-law", "step by step"."""
    after = tokens[at + 1]
    return joins_twins(tokens, at) or tokens[at].glued or (after.glued and WordKind.DASH in after.means)


def _is_cut_off(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """Return whether the words after the span may belong to it: "9am HQ time", "5pm in Smalltown"."""
    rest: list[Token] = []
    for token in tokens[span.end : tail_of(tokens, view)]:
        if is_mark(token) and token.text not in (MASK, "@"):
            break
        rest.append(token)
    if not rest:
        return False
    if _trails_into_time(rest, view, at_head=span.at_head):
        return True
    if span.at_head:
        return False
    language, is_clock = view.language, span.reading.phrase.clock is not None
    if is_clock and any(WordKind.TIME in token.means for token in rest[:4]):
        return (
            rest[0].text not in language.continues or rest[0].text in language.holders or WordKind.IN in rest[0].means
        )
    if is_clock and WordKind.IN in rest[0].means and len(rest) > 1:
        return rest[1].capital and not rest[1].means
    if not is_clock and span.sign is not Sign.ANNOUNCED:
        return False
    is_resumed = rest[0].text in language.continues and WordKind.THE not in rest[0].means
    if span.sign is Sign.ANNOUNCED and rest[-1].text in language.events and not is_resumed:
        return True
    if len(rest) > MAX_LOOSE or any(token.text in language.continues for token in rest):
        return False
    return any(_is_unknown(token, view) for token in rest)


def _trails_into_time(rest: Sequence[Token], view: View, *, at_head: bool) -> bool:
    """Return whether words of time follow a word that was not understood: "by Friday at hal past four"."""
    if at_head and WordKind.AT not in rest[0].means:
        return False
    for token in rest[:MAX_BETWEEN]:
        if not token.means.keys().isdisjoint(OF_TIME):
            return True
        is_resumed = token.text in view.language.continues and token.means.keys().isdisjoint({WordKind.AT, WordKind.A})
        if is_resumed and WordKind.AT not in rest[0].means:
            return False
    return False


def _is_unknown(token: Token, view: View) -> bool:
    is_verb = view.language.verb_last and token.text[-1] in "nt" and not token.text.endswith("zeit")
    return token.text[0].isalpha() and token.means.keys() <= {WordKind.CITY, WordKind.END} and not is_verb


def _is_mistyped(tokens: Sequence[Token], span: Span, named: Sequence[Span]) -> bool:
    """ "Ten to ive", "the 4h", "15tth 3pm", "15 March att noon": a time around a word with a letter wrong."""
    last, behind = tokens[span.end - 1], tokens[span.end : span.end + 2]
    number = last.means.get(WordKind.CARD, last.means.get(WordKind.NUM))
    is_to = bool(behind) and WordKind.TO in behind[0].means
    if is_to and len(behind) > 1:
        is_to = not behind[1].means and not behind[1].capital
    if is_to and (WordKind.CARD in last.means or number in MINUTES):
        return True
    for at in range(max(span.start - MAX_BETWEEN, 1), span.end):
        is_ending = (
            tokens[at].glued and WordKind.NUM in tokens[at - 1].means and ORDINAL_LETTERS.issuperset(tokens[at].text)
        )
        if is_ending and not (tokens[at].means and ORDERED.isdisjoint(tokens[max(at - 2, 0)].means)):
            return True
    if span.start < 2 or span.sign is not Sign.TELLING:
        return False
    earlier, tiny = tokens[span.start - 2 : span.start]
    if tiny.means or tiny.capital or not tiny.text.isalpha() or len(tiny.text) > TINY:
        return False
    is_begun = not BEGUN.isdisjoint(earlier.means) or (WordKind.NUM in earlier.means and earlier.glued)
    return is_begun or any(other.end == span.start - 1 for other in named)


def _leaves_a_time(tokens: Sequence[Token], span: Span, named: Sequence[Span], view: View) -> bool:
    """Return whether a time directly before the span may belong to it: "9am HQ time on Friday"."""
    held = view.language.holders
    adjacent = [other for other in named if other.end == span.start]
    if span.sign is Sign.TELLING and any(tokens[max(other.start - 1, 0)].text not in held for other in adjacent):
        return True
    if span.reading.phrase.clock is not None or span.reading.phrase.part is not None:
        return False
    for other in named:
        gap = tokens[other.end : span.start]
        is_near = other.end <= span.start and len(gap) <= MAX_BETWEEN and WordKind.THE not in tokens[other.start].means
        if is_near and other.sign is Sign.TELLING and other.reading.phrase.clock is not None:
            return span.sign is not Sign.ANNOUNCED or any(WordKind.TIME in token.means for token in gap)
    return False


def is_barred(tokens: Sequence[Token], span: Span, named: Sequence[Span]) -> bool:
    """ "Not before Friday", "Thursday if not Friday", "Thursday at the earliest", "any day but Friday"."""
    before = span.start
    while before and SMALL & tokens[before - 1].means.keys() and WordKind.BAR not in tokens[before - 1].means:
        before -= 1
    if before and not {WordKind.BAR, WordKind.EARLIEST}.isdisjoint(tokens[before - 1].means):
        return True
    after = span.end
    while after < len(tokens) and not {WordKind.COMMA, WordKind.OPEN, WordKind.AND}.isdisjoint(tokens[after].means):
        after += 1
    if after >= len(tokens):
        return False
    starts = {other.start for other in named}
    means = tokens[after].means
    return WordKind.EARLIEST in means or (
        WordKind.BAR in means and not starts.isdisjoint({after + 1, after + 2, after})
    )


def choice_from(tokens: Sequence[Token], span: Span, named: Sequence[Span]) -> int:
    """Return where other times begin that "or" joins to a span, its start if there are none: "3 or 4 or 5 December",
    "Dec 3 or 4 by noon", "Monday or maybe Tuesday", "the day after or Monday".
    """
    ends = {other.end: other.start for other in named}
    at = _before_marks(tokens, span.start)
    is_adjacent = at > 1 and WordKind.OR in tokens[at - 1].means
    if at > 1 and WordKind.OR in tokens[at - 2].means and not is_adjacent:
        at -= 1  # "maybe"
    has_or = False
    for _ in range(MAX_CHOOSING):
        token = tokens[at - 1]
        is_or = WordKind.OR in token.means
        if not at or (at in ends and has_or) or not (is_or or is_mark(token) or not NUMBERS.isdisjoint(token.means)):
            break
        has_or, at = has_or or is_or, at - 1
    if not has_or:
        return span.start
    if at in ends:
        return ends[at]
    is_small = at > 0 and not SMALL.isdisjoint(tokens[at - 1].means)
    if not is_adjacent or (is_small and WordKind.OR in tokens[at].means):
        return span.start  # "on or before Friday" is one time
    return at - is_small


def _before_marks(tokens: Sequence[Token], at: int) -> int:
    while at and is_mark(tokens[at - 1]):
        at -= 1
    return at


def _has_another(tokens: Sequence[Token], span: Span) -> bool:
    """ "By Friday, or Monday if legal is late": a second day directly behind the first."""
    rest = [token for token in tokens[span.end : span.end + MAX_BETWEEN] if not is_mark(token)]
    return len(rest) > 1 and WordKind.OR in rest[0].means and not COMING_BEFORE.isdisjoint(rest[1].means)


def _is_denied(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """ "Do not send it before Friday", "don't call until noon" and "never on Friday" set no deadline."""
    before = span.reading.phrase.before or not {WordKind.BEFORE, WordKind.UNTIL}.isdisjoint(tokens[span.start].means)
    if not before and span.sign is Sign.ANNOUNCED:
        return False
    for token, after in pairwise(tokens[: span.start + 1]):
        if token.text in view.language.denials:
            return before or after.text not in view.language.reminds
    return False


def _is_hedged(tokens: Sequence[Token], span: Span) -> bool:
    """ "Maybe Friday", "hopefully by Friday", "Friday perhaps"."""
    before = span.start
    while before and not SMALL.isdisjoint(tokens[before - 1].means):
        before -= 1
    around = (*tokens[max(before - 1, 0) : before], *tokens[span.end : span.end + 1])
    return any(token.text in HEDGES for token in around)


def _recurs(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """ "Every day by 5pm", "on Mondays by noon", "daily at 5"; but not "the daily report by 5"."""
    adjacent = (*tokens[max(span.start - 1, 0) : span.start], *tokens[span.end : span.end + 1])
    return any(token.text in view.language.recurring for token in adjacent) or any(
        WordKind.WEEKDAYS in token.means or (WordKind.EVERY in token.means and not RECURRING.isdisjoint(after.means))
        for token, after in pairwise(tokens)
    )
