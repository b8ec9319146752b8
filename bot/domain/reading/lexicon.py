"""The words of a language, from the table they are written in to the phrases that text is searched for.

A line of a table is a kind, the value its words carry (none, if they only join) and the words, separated by commas; a
phrase of several words counts as one. "MONTH 1+1: january|jan, february|feb" counts the value up by one a comma. A line
that begins with blanks goes on with the one before.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.reading.kinds import PREFIXES, Meanings, Unit, WordKind
from bot.domain.reading.language import Entry, Language
from bot.domain.reading.meaning import AFTERNOON, CLOSING, EVENING, LUNCH, MORNING, NIGHT, OPENING

PARTS = {
    "morning": MORNING,
    "lunch": LUNCH,
    "afternoon": AFTERNOON,
    "evening": EVENING,
    "night": NIGHT,
    "closing": CLOSING,
    "opening": OPENING,
}
WORD = re.compile(r"[^\W\d_]+")
#: A word of fewer letters is a word of many languages, unless it announces a deadline ("by").
TELLING_LENGTH = 3
COUNTED_IN = frozenset({WordKind.UNIT, WordKind.UNITS, WordKind.EOX})


def entries(table: str) -> tuple[Entry, ...]:
    """The entries of a table of words."""
    lines = table.replace("\n    ", " ").strip().splitlines()
    return tuple(entry for line in lines for entry in _line(line))


def _line(line: str) -> Iterator[Entry]:
    head, words = line.split(": ", 1)
    name, _, value = head.partition(" ")
    kind = WordKind[name]
    if kind is WordKind.HOLIDAY or "+" not in value:
        yield kind, _value(kind, value), words
        return
    first, step = map(int, value.split("+"))
    for nth, synonyms in enumerate(words.split(", ")):
        yield kind, first + nth * step, synonyms.replace("|", ", ")


def _value(kind: WordKind, written: str) -> object:
    if not written or kind is WordKind.HOLIDAY:
        return written or None
    if kind in COUNTED_IN:
        return Unit(written)
    return PARTS[written] if kind is WordKind.PART else float(written) if "." in written else int(written)


@dataclass(frozen=True, slots=True)
class LexiconPhrase:
    words: tuple[str, ...]
    means: Meanings


Lexicon = Mapping[str, tuple[LexiconPhrase, ...]]


@cache
def lexicon(language: Language, *, foreign: bool = False) -> Lexicon:
    """The language's phrases by their first word, the longest first; with those of others that are guessed at."""
    meanings: dict[tuple[str, ...], Meanings] = {}
    for kind, value, phrases in (*language.entries, *(language.foreign if foreign else ())):
        for phrase in phrases.split(","):
            meanings.setdefault(tuple(phrase.split()), {})[kind] = value
            if kind is WordKind.HOLIDAY or kind is WordKind.OCLOCK:  # "mothers day", "oclock"
                meanings.setdefault(tuple(phrase.replace("'", "").split()), {})[kind] = value
    by_first: dict[str, list[LexiconPhrase]] = {}
    for words, means in sorted(meanings.items(), key=lambda item: -len(item[0])):
        by_first.setdefault(words[0], []).append(LexiconPhrase(words, means))
    return {first: tuple(found) for first, found in by_first.items()}


def has_words_of(text: str, language: Language, mine: Language) -> bool:
    """Return whether a text has a word of time that one language has and the other lacks."""
    return not _only_in(language, mine).isdisjoint(WORD.findall(text.lower()))


@cache
def _only_in(language: Language, mine: Language) -> frozenset[str]:
    words = {
        first
        for first, phrases in lexicon(language).items()
        if len(first) >= TELLING_LENGTH or any(not PREFIXES.isdisjoint(phrase.means) for phrase in phrases)
    }
    return frozenset(words.difference(lexicon(mine)))
