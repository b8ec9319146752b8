"""Words mistyped by one letter, or cut short: the words of time that their writer may have meant.

A guess is never taken for certain. A sentence is read twice, with the guesses and without them; where that makes a
difference, the reader asks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.domain.reading.kinds import PREFIXES, Token, WordKind
from bot.domain.reading.language import Language
from bot.domain.reading.tokens import respelled

VOWELS = frozenset("aeiou")
#: The kinds of words that are guessed at; those that name a day are guessed at even when they stand alone.
DAYS = frozenset({WordKind.DAYWORD, WordKind.TONIGHT, WordKind.WEEKDAY})
GUESSED = DAYS | {
    WordKind.MONTH,
    WordKind.REL,
    WordKind.UNIT,
    WordKind.UNITS,
    WordKind.PART,
    WordKind.NOON,
    WordKind.MIDNIGHT,
    WordKind.END,
    WordKind.MID,
}
GUESSED |= {
    WordKind.CARD,
    WordKind.TENS,
    WordKind.ORD,
    WordKind.COMING,
    WordKind.LAST,
    WordKind.WITHIN,
    WordKind.EOX,
    WordKind.OCLOCK,
    WordKind.HOLIDAY,
}
GUESSED |= {
    WordKind.HALF,
    WordKind.QUARTERHOUR,
    WordKind.PAST,
    WordKind.HUNDRED,
    WordKind.MERIDIEM,
    WordKind.AFTER,
    WordKind.BEFORE,
    WordKind.FROM,
}
GUESSED |= {WordKind.APPROX}
#: From so many letters on any one letter may be wrong; in a shorter word one is doubled, missing, or two are swapped.
LONG, SHORT = 6, 3
#: Next to one of these even a short word may be a mistyped day: "thrs 3pm", "3pm tus".
CLOCK_BEHIND = frozenset({WordKind.MERIDIEM, WordKind.NOON, WordKind.MIDNIGHT, WordKind.PART, WordKind.AT})
CLOCK_BEFORE = frozenset({WordKind.AP, WordKind.MERIDIEM, WordKind.NOON, WordKind.MIDNIGHT, WordKind.OCLOCK})
CLOCK_AFTER_NUMBER = CLOCK_BEFORE | {WordKind.COLON, WordKind.H, WordKind.DOT}
MEASURES = frozenset({WordKind.UNIT, WordKind.UNITS})
COUNTS = frozenset({WordKind.NUM, WordKind.A, WordKind.MORE, WordKind.FEW, WordKind.COUPLE})
MONTHS = frozenset({WordKind.MONTH})
NUMBERS = frozenset({WordKind.NUM, WordKind.ORD, WordKind.OF})
#: Next to one of these any word may be a mistyped word of time: "neext Friday", "Christmas evve", "May thiird".
NEXT_TO_TIME = DAYS | {
    WordKind.MONTH,
    WordKind.HOLIDAY,
    WordKind.ORD,
    WordKind.CARD,
    WordKind.TENS,
    WordKind.HALF,
    WordKind.QUARTERHOUR,
    WordKind.PAST,
}
NEXT_TO_TIME |= {WordKind.UNIT, WordKind.UNITS, WordKind.REL, WordKind.COMING, WordKind.EOX}
#: A word cut to its consonants has so many letters at least, where nothing announces it.
SKELETON = 4


@dataclass(frozen=True, slots=True)
class Slip:
    """The word that a mistyped one may be; `likely` when it can hardly be another word, `far` when it easily can."""

    word: str
    likely: bool
    far: bool = False


def with_slips(tokens: Sequence[Token], language: Language, *, announced: bool = False) -> list[Token] | None:
    """The tokens with a guess for every unknown word that may be a word of time; None when there is no such word."""
    guesses: dict[int, str] = {}
    for at, token in enumerate(tokens):
        if not PREFIXES.isdisjoint(token.means):
            announced = True
        elif not token.means and token.text[0].isalpha():
            guess = _guess(tokens, at, language, announced=announced or _follows_next(tokens, at))
            if guess:
                guesses[at] = guess
            announced = announced and bool(guess)
    return respelled(tokens, guesses, language) if guesses else None


def _guess(tokens: Sequence[Token], at: int, language: Language, *, announced: bool) -> str | None:
    token = tokens[at]
    slip = slip_of(token.text, language)
    if slip is None:
        return None
    if announced or slip.likely:
        return slip.word
    if slip.far:
        return None
    kinds, is_short = _words_of_time(language)[slip.word], len(token.text) < SHORT
    behind, before = [each for each in tokens[at + 1 : at + 4] if each.text != "."], tokens[max(at - 1, 0) : at]
    near = frozenset(kind for each in (*behind[:1], *before) for kind in each.means)
    if not DAYS.isdisjoint(kinds) and any(not DAYS.isdisjoint(each.means) for each in behind[:1]):
        return None  # "call tom Friday"
    numbers = NUMBERS - {WordKind.NUM} if is_short and not token.capital else NUMBERS
    if WordKind.MONTH in kinds and not near.isdisjoint(numbers):
        return slip.word
    if token.capital or (is_short and DAYS.isdisjoint(kinds)):
        return None
    adjacent = NEXT_TO_TIME | (
        {WordKind.TO} if WordKind.CARD in kinds else COUNTS if not kinds.keys().isdisjoint(MEASURES) else set()
    )
    if not near.isdisjoint(adjacent) and not is_short:
        return slip.word
    if DAYS.isdisjoint(kinds):
        return None
    is_last = not is_short and not any(each.text[0].isalnum() for each in tokens[at + 1 :])
    is_first = not at and not is_short
    return slip.word if is_last or is_first or _is_next_to_clock(token, behind, before) else None


def _follows_next(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and WordKind.REL in tokens[at - 1].means


def _is_next_to_clock(token: Token, behind: Sequence[Token], before: Sequence[Token]) -> bool:
    if behind and not CLOCK_BEHIND.isdisjoint(behind[0].means):
        return True
    if behind and not PREFIXES.isdisjoint(behind[0].means) and len(token.text) > SHORT:
        return True
    if len(behind) > 1 and WordKind.NUM in behind[0].means and not CLOCK_AFTER_NUMBER.isdisjoint(behind[1].means):
        return True
    return bool(before) and not CLOCK_BEFORE.isdisjoint(before[0].means)


@lru_cache(4_096)
def slip_of(word: str, language: Language) -> Slip | None:
    """The word of time that another is one slip away from, a day's or month's name first; None when there is none."""
    if word in language.ordinary | language.continues | language.holders:
        return None
    best, found = 3, dict[str, str]()
    for name, kinds in _words_of_time(language).items():
        rank = _rank(word, name)
        if rank is not None and rank <= best:
            found = found if rank == best else {}
            best, found[str(kinds) or name] = rank, name
    for sought in (DAYS, MONTHS):
        named = [name for name in found.values() if not sought.isdisjoint(_words_of_time(language)[name])]
        found = dict.fromkeys(named[:1], named[0]) if named else found
    if len(found) == 1:
        name = next(iter(found.values()))
        return Slip(name, likely=len(name) >= LONG, far=best > 1)
    return None if found else _cut_short(word, language)


@cache
def _words_of_time(language: Language) -> Mapping[str, Mapping[WordKind, object]]:
    """Every word of the phrases that name times, with what it means by itself."""
    meanings: dict[str, dict[WordKind, object]] = {}
    for kind, value, phrases in (*language.entries, *language.foreign):
        for phrase in phrases.split(", ") if kind in GUESSED else ():
            for word in phrase.split():
                if word.isalpha() and len(word) >= SHORT:
                    meanings.setdefault(word, {}).update({kind: value} if word == phrase else {})
    return meanings


def _rank(word: str, name: str) -> int | None:
    """Rank a typo: 0 a letter missing, doubled or swapped with the next; 1 a wrong letter; 2 one in a short word."""
    if abs(len(word) - len(name)) > 1 or (len(name) < LONG and word[0] != name[0] and word != name[1:]):
        return None
    start = end = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    while end < min(len(word), len(name)) - start and word[-1 - end] == name[-1 - end]:
        end += 1
    wrong, right = word[start : len(word) - end], name[start : len(name) - end]
    if not wrong and len(right) < 2:
        return 0
    if (len(wrong) == 2 and wrong == right[::-1]) or (not right and start and wrong == word[start - 1]):
        return 0
    if len(wrong) > 1 or len(right) > 1 or len(name) <= SHORT:
        return None
    return 1 if len(name) >= LONG else 2


def _cut_short(word: str, language: Language) -> Slip | None:
    """ "Frdy", "tmrw": letters of one day's name, in order, the first among them; likely only without its vowels.

    Or the name with what belongs before it: "byfriday".
    """
    for name in _names_of_days(language):
        if word.endswith(name) and len(word) <= len(name) + SHORT:
            return Slip(name, likely=True)
    found = [name for name in _names_of_days(language) if word[0] == name[0] and _is_within(word, name)]
    likely = len(word) >= SKELETON and VOWELS.isdisjoint(word)
    return Slip(found[0], likely, far=not likely) if len(found) == 1 and len(word) > 1 else None


def _is_within(word: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in word)


@cache
def _names_of_days(language: Language) -> Collection[str]:
    """The full names of days in the language's own words."""
    entries = [phrases.split(", ") for kind, _, phrases in language.entries if kind in DAYS]
    return {word for words in entries for word in words if len(word) >= LONG and word.isalpha()}
