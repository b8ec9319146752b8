"""Choose the deadline of a sentence among the times that it names; in doubt, ask."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.reading.answer import Deadline, Refusal, Unread, candidates_of
from bot.domain.reading.doubts import MAX_BETWEEN, choice_from, is_barred, is_doubtful
from bot.domain.reading.kinds import Token, WordKind
from bot.domain.reading.meaning import View
from bot.domain.reading.phrase import Phrase
from bot.domain.reading.readings import PhraseReading
from bot.domain.reading.slips import with_slips
from bot.domain.reading.spans import PUNCTUATION, Sign, Span, goes_on, is_mark, spans

#: Behind one of these a second thing to do begins: "v1 Thursday, v2 Friday".
PARTING = frozenset({",", ";", "-", "–", "—"})
#: A verb of change stands among the first words: "please cut it by 5".
FIRST_WORDS = 3
#: Maximum number of tokens after a time that still counts as the end of the text.
NEAR_END = 2

Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The deadline of a sentence, the characters that name it (none if there is none), and those it was read from."""

    answer: Deadline | Unread
    places: Places = ()
    sources: Places = ()


def find_deadline(tokens: Sequence[Token], view: View) -> Found:
    """Return the deadline of a sentence, or a refusal with what could have been meant.

    Where a word may be a mistyped word of time and that would change the answer, both are candidates, unless one was
    read from a part of the words of the other: in "Fridy 5pm" that is not today at five.
    """
    certain = _found(tokens, view)
    guessed = with_slips(tokens, view.language)
    likely = certain if guessed is None else _found(guessed, view)
    if likely == certain:
        return certain
    candidates = candidates_of(likely.answer)
    if not (candidates and is_part(certain.sources, likely.sources)):
        candidates = tuple(dict.fromkeys((*candidates, *candidates_of(certain.answer))))
    if not candidates:
        return certain
    return Found(Unread(Refusal.AMBIGUOUS, candidates), likely.places or certain.places)


def is_part(places: Places, of: Places) -> bool:
    """Return whether each place lies within a longer one of the others."""
    return all(any(a <= start and end <= b and (a, b) != (start, end) for a, b in of) for start, end in places)


def _found(tokens: Sequence[Token], view: View) -> Found:
    """The deadline as far as the words are known."""
    named = list(spans(tokens, view))
    chosen = _chosen(named, tokens, view)
    if len(chosen) == 2 and (both := _day_and_time(*chosen)):
        answer = both.answer(view)
        if any(is_doubtful(tokens, span, named, view) for span in chosen):
            answer = Unread(Refusal.AMBIGUOUS, candidates_of(answer))
        places = tuple(_place(tokens, span) for span in chosen)
        return Found(answer, places, places)
    if chosen:
        return _one_of(chosen, named, tokens, view)
    held = [span for span in named if span.sign is Sign.HELD and span.at_tail and not span.thin]
    held = held or [span for span in named if span.sign is Sign.TELLING and _may_be_meant(tokens, span)]
    answers = [span.reading.answer(view) for span in held[-1:]]
    candidates = tuple(one for answer in answers for one in candidates_of(answer))
    is_impossible = answers == [Unread(Refusal.IMPOSSIBLE)]
    refusal = Refusal.IMPOSSIBLE if is_impossible else Refusal.AMBIGUOUS if candidates else Refusal.NO_DEADLINE
    return Found(Unread(refusal, candidates), sources=tuple(_place(tokens, span) for span in held[-1:]))


def _may_be_meant(tokens: Sequence[Token], span: Span) -> bool:
    """Return whether to ask about a time in the middle: with a clock, or near the end ("send it Friday mate")."""
    is_near_end = len(tokens) - span.end <= NEAR_END and WordKind.THE not in tokens[span.start].means and not span.thin
    return span.reading.phrase.clock is not None or is_near_end


def _chosen(named: list[Span], tokens: Sequence[Token], view: View) -> list[Span]:
    """The spans that may be the deadline: what is announced, else what stands for itself."""
    telling = [span for span in named if span.sign is Sign.TELLING or _heads(tokens, span)]
    ends = [span for span in telling if span.at_head or span.at_tail]
    if announced := _announced(named, tokens, view):
        return announced + [span for span in ends if not (span.thin or _gives_way(tokens, span, announced[0]))]
    alone = [span for span in telling if not span.thin and span not in ends and _stands_alone(tokens, span, view)]
    chosen = ends + [span for span in alone if not ends or tokens[span.end].text in PARTING]
    return sorted(chosen, key=lambda span: span.start)


def _heads(tokens: Sequence[Token], span: Span) -> bool:
    """ "Monday to Wednesday: send it by noon": several days that stand before the task."""
    is_range = span.reading.range and span.reading.phrase.day is not None
    return span.at_head and is_range and span.end < len(tokens) and tokens[span.end].text == ":"


def _gives_way(tokens: Sequence[Token], span: Span, announced: Span) -> bool:
    """Return whether another day is announced directly after the span: "(21 June) by 20 June"."""
    return (
        span.end <= announced.start
        and announced.reading.phrase.day is not None
        and all(is_mark(token) for token in tokens[span.end : announced.start])
    )


def _announced(named: list[Span], tokens: Sequence[Token], view: View) -> list[Span]:
    """Return the spans after "by"; a bare number only if there is no other, and not as the amount of a change."""
    announced = [span for span in named if span.sign is Sign.ANNOUNCED]
    firm = [span for span in announced if not span.thin]
    if not firm and not view.language.changes.isdisjoint(token.text for token in tokens[:FIRST_WORDS]):
        return []
    return firm or announced


def _stands_alone(tokens: Sequence[Token], span: Span, view: View) -> bool:
    """Return whether the task goes on after the span in a way that leaves the span complete, or in doubt."""
    after = tokens[span.end].text
    return after in PARTING or after in view.language.resumes or goes_on(tokens, span.end)


def _day_and_time(*two: Span) -> PhraseReading | None:
    """ "Friday: send it by 5pm" says one thing in two places, "Friday or Monday: send it by 5pm" does not."""
    for day, clock in (two, two[::-1]):
        if day.reading.others or (clock.reading.others and not clock.reading.range):
            continue
        one = replace(day.reading.phrase, announced=False)
        other = replace(clock.reading.phrase, announced=False)
        if one == Phrase(day=one.day) and other == Phrase(clock=other.clock, zone=other.zone):
            return PhraseReading(replace(other, day=one.day))
    return None


def _one_of(chosen: list[Span], named: list[Span], tokens: Sequence[Token], view: View) -> Found:
    """The answer of the only span; several that do not say the same are asked about."""
    first = choice_from(tokens, chosen[-1], named)
    joined = [span for span in named if first <= span.start < chosen[-1].start and span not in chosen]
    answers = [span.reading.answer(view) for span in (*joined, *chosen)]
    start, end = _place(tokens, chosen[-1])
    places = ((min(start, tokens[first].start), end),)
    doubtful = any(is_doubtful(tokens, span, named, view) for span in chosen)
    if doubtful or any(other != answers[-1] for other in answers):
        if any(is_barred(tokens, span, named) for span in chosen):
            answers = [span.reading.answer(view) for span in named if not span.thin]
        answers = [*(both.answer(view) for both in _with_days_before(chosen[-1], named)), *answers]
        candidates = tuple(dict.fromkeys(one for each in answers for one in candidates_of(each)))
        return Found(Unread(Refusal.AMBIGUOUS, candidates), places, places)
    return Found(answers[-1], places, places)


def _with_days_before(clock: Span, named: list[Span]) -> list[PhraseReading]:
    """ "Friday um 5pm": a time of day with the day named shortly before it, whatever the word between them is."""
    near = [span for span in named if 0 < clock.start - span.end <= MAX_BETWEEN and span.sign is not Sign.NONE]
    return [both for span in near if (both := _day_and_time(span, clock))]


def _place(tokens: Sequence[Token], span: Span) -> tuple[int, int]:
    """The characters of a span; at the end of the sentence also the "please" behind it."""
    last = span.end
    while span.at_tail and last < len(tokens) and (tokens[last].text[0] in PUNCTUATION or tokens[last].text.isalpha()):
        last += 1
    return tokens[span.start].start, tokens[last - 1].end
