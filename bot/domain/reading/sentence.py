"""Which of the times that a sentence names is its deadline; in doubt, none is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.domain.reading.answer import Deadline, Refusal, Unread
from bot.domain.reading.kinds import Kind, Token
from bot.domain.reading.meaning import View
from bot.domain.reading.phrase import Phrase
from bot.domain.reading.readings import Reading
from bot.domain.reading.spans import PUNCTUATION, Sign, Span, spans

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
        Kind.UNIT,
        Kind.UNITS,
        Kind.REL,
        Kind.COMING,
        Kind.TONIGHT,
        Kind.AGO,
    }
)
#: Any of these right before it, likewise.
COMING_BEFORE = frozenset({Kind.WEEKDAY, Kind.DAYWORD, Kind.MONTH})
#: Behind "every" they make a deadline that comes again and again.
RECURRING = frozenset({Kind.UNIT, Kind.WEEKDAY, Kind.PART, Kind.MONTH})
#: Behind one of these a second thing to do begins: "v1 Thursday, v2 Friday".
PARTING = frozenset({",", ";"})
#: A verb of change stands among the first words: "please cut it by 5".
FIRST_WORDS = 3

Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The deadline of a sentence, and the characters in which it was said (none when there is none)."""

    answer: Deadline | Unread
    places: Places = ()


def find_deadline(tokens: Sequence[Token], view: View) -> Found:
    """The deadline of a sentence, or a refusal with what could have been meant."""
    named = list(spans(tokens, view))
    telling = [span for span in named if _is_telling(span)]
    ends = [span for span in telling if span.at_head or span.at_tail]
    if announced := _announced(named, tokens, view):
        chosen = announced + [span for span in ends if not span.thin]
    else:
        alone = [span for span in telling if not span.thin and span not in ends and _stands_alone(tokens, span, view)]
        chosen = ends + [span for span in alone if not ends or tokens[span.end].text in PARTING]
        chosen.sort(key=lambda span: span.start)
    if len(chosen) == 2 and (both := _day_and_time(*chosen)):
        return Found(both.answer(view), tuple(_place(tokens, span) for span in chosen))
    if chosen:
        return _one_of(chosen, named, tokens, view)
    held = [span for span in named if span.sign is Sign.HELD and span.at_tail and not span.thin]
    candidates = _candidates(held[-1].reading.answer(view)) if held else ()
    return Found(Unread(Refusal.AMBIGUOUS if candidates else Refusal.NO_DEADLINE, candidates))


def _announced(named: list[Span], tokens: Sequence[Token], view: View) -> list[Span]:
    """What "by" announces; a bare number only if nothing better is, and not as the amount of a change."""
    announced = [span for span in named if span.sign is Sign.ANNOUNCED]
    firm = [span for span in announced if not span.thin]
    if not firm and not view.language.changes.isdisjoint(token.text for token in tokens[:FIRST_WORDS]):
        return []
    return firm or announced


def _is_telling(span: Span) -> bool:
    return span.sign is Sign.TELLING


def _stands_alone(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """Whether the task goes on behind the span in a way that leaves the span by itself, or in doubt."""
    after = tokens[span.end].text
    return after in PARTING or after in view.language.resumes or _goes_on(tokens, span)


def _day_and_time(*two: Span) -> Reading | None:
    """ "Friday: send it by 5pm" says one thing in two places."""
    for day, clock in (two, two[::-1]):
        one = replace(day.reading.phrase, announced=False)
        other = replace(clock.reading.phrase, announced=False)
        if one == Phrase(day=one.day) and other == Phrase(clock=other.clock, zone=other.zone):
            return Reading(replace(other, day=one.day))
    return None


def _one_of(chosen: list[Span], named: list[Span], tokens: Sequence[Token], view: View) -> Found:
    """The answer of the only span; several that do not say the same are asked about."""
    answers = [span.reading.answer(view) for span in chosen]
    span, answer = chosen[-1], answers[-1]
    places = (_place(tokens, span),)
    ours = {other.end for other in named if other.sign < Sign.TELLING}
    doubt = _goes_on(tokens, span) or (span.start not in ours and _came_before(tokens, span, view))
    doubt = doubt or _recurs(tokens, span, view) or _is_denied(tokens, span, view)
    if doubt or any(other != answer for other in answers):
        candidates = tuple(dict.fromkeys(one for each in answers for one in _candidates(each)))
        return Found(Unread(Refusal.AMBIGUOUS, candidates), places)
    return Found(answer, places)


def _goes_on(tokens: Sequence[Token], span: Span) -> bool:
    """Whether words of time stand right behind the span, not understood with it: "in an hour or two"."""
    after = span.end
    if after < len(tokens) and Kind.OR in tokens[after].means:
        after += 1
    return after < len(tokens) and not GOING_ON.isdisjoint(tokens[after].means)


def _came_before(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """Whether words of time stand right before the span. "Call Ann 3 tomorrow" may mean three o'clock."""
    if not span.start:
        return False
    before = tokens[span.start - 1]
    means = before.means
    number = None if before.glued else means.get(Kind.NUM)
    hour = isinstance(number, int) and 0 < number < 13 and _is_telling(span) and span.reading.phrase.clock is None
    held = span.start > 1 and tokens[span.start - 2].text in view.language.holders  # "for March by Friday"
    return hour or not (held or COMING_BEFORE.isdisjoint(means))


def _recurs(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """ "Every day by 5pm", "on Mondays by noon", "daily at 5"; but not "the daily report by 5"."""
    beside = (*tokens[max(span.start - 1, 0) : span.start], *tokens[span.end : span.end + 1])
    return any(token.text in view.language.recurring for token in beside) or any(
        Kind.WEEKDAYS in token.means or (Kind.EVERY in token.means and not RECURRING.isdisjoint(after.means))
        for token, after in pairwise(tokens)
    )


def _is_denied(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """ "Do not send it before Friday" and "don't call until noon" set no deadline."""
    before = span.reading.phrase.before or not {Kind.BEFORE, Kind.UNTIL}.isdisjoint(tokens[span.start].means)
    return before and any(token.text in view.language.denials for token in tokens[: span.start])


def _place(tokens: Sequence[Token], span: Span) -> tuple[int, int]:
    """The characters of a span; at the end of the sentence also the "please" behind it."""
    last = span.end
    while span.at_tail and last < len(tokens) and (tokens[last].text[0] in PUNCTUATION or tokens[last].text.isalpha()):
        last += 1
    return tokens[span.start].start, tokens[last - 1].end


def _candidates(answer: Deadline | Unread) -> tuple[Deadline, ...]:
    return (answer,) if isinstance(answer, Deadline) else answer.candidates
