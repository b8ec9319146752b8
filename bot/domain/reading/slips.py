"""Words mistyped by one letter, or cut short: the words of time that their writer may have meant.

A guess is never taken for certain. A sentence is read twice, with the guesses and without them; where that makes a
difference, the reader asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from bot.domain.reading.kinds import PREFIXES, Kind, Meanings, Token
from bot.domain.reading.language import Language

VOWELS = frozenset("aeiou")
#: The kinds of words that are guessed at; those that name a day are guessed at even when they stand alone.
DAYS = frozenset({Kind.DAYWORD, Kind.TONIGHT, Kind.WEEKDAY})
GUESSED = DAYS | {Kind.MONTH, Kind.REL, Kind.UNIT, Kind.UNITS, Kind.PART, Kind.NOON, Kind.MIDNIGHT, Kind.END, Kind.MID}
GUESSED |= {Kind.CARD, Kind.TENS, Kind.ORD, Kind.COMING, Kind.LAST, Kind.WITHIN, Kind.EOX, Kind.OCLOCK}
#: From so many letters on any one letter may be wrong; in a shorter word one is doubled, missing, or two are swapped.
LONG, SHORT = 6, 3
#: Beside one of these a word may be a day mistyped, even if it is short: "thrs 3pm", "3pm tus".
CLOCK_BEHIND = frozenset({Kind.NOON, Kind.MIDNIGHT, Kind.PART, Kind.AT})
CLOCK_BEFORE = frozenset({Kind.AP, Kind.MERIDIEM, Kind.NOON, Kind.MIDNIGHT, Kind.OCLOCK})
#: A word cut to its consonants has so many letters at least, where nothing announces it.
SKELETON = 4


@dataclass(frozen=True, slots=True)
class Slip:
    """What a mistyped word may mean; `likely` when it can hardly be another word."""

    means: Meanings
    likely: bool


def with_slips(tokens: Sequence[Token], language: Language, *, announced: bool = False) -> list[Token] | None:
    """The tokens with a guess for every unknown word that may be a word of time; None when there is no such word."""
    guessed: list[Token] = []
    found = False
    for at, token in enumerate(tokens):
        if not PREFIXES.isdisjoint(token.means):
            announced = True
        elif not token.means and token.text[0].isalpha():
            means = _guess(tokens, at, language, announced=announced or _follows_next(tokens, at))
            if means:
                token, found = replace(token, means=means), True
            announced = announced and bool(means)
        guessed.append(token)
    return guessed if found else None


def _guess(tokens: Sequence[Token], at: int, language: Language, *, announced: bool) -> Meanings | None:
    token = tokens[at]
    slip = slip_of(token.text, language)
    if slip is None:
        return None
    if announced or (slip.likely and not slip.means.keys().isdisjoint(GUESSED)):
        return slip.means
    if len(token.text) < SHORT or token.capital or DAYS.isdisjoint(slip.means):
        return None
    is_alone = not any(each.text[0].isalnum() for each in tokens[at + 1 :])
    is_alone = is_alone or (not at and tokens[1].text in (":", ","))
    return slip.means if is_alone or _is_beside_a_clock(tokens, at) else None


def _follows_next(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and Kind.REL in tokens[at - 1].means


def _is_beside_a_clock(tokens: Sequence[Token], at: int) -> bool:
    behind, before = tokens[at + 1 : at + 3], tokens[max(at - 1, 0) : at]
    if behind and not CLOCK_BEHIND.isdisjoint(behind[0].means):
        return True
    if len(behind) == 2 and Kind.NUM in behind[0].means and not CLOCK_AFTER_NUMBER.isdisjoint(behind[1].means):
        return True
    return bool(before) and not CLOCK_BEFORE.isdisjoint(before[0].means)


CLOCK_AFTER_NUMBER = CLOCK_BEFORE | {Kind.COLON, Kind.H, Kind.DOT}


@lru_cache(4_096)
def slip_of(word: str, language: Language) -> Slip | None:
    """The word of time that another is one slip away from; None when there is none, or two as near."""
    if word in language.ordinary:
        return None
    for kind, value, short in language.cut_short:
        if word == short:
            return Slip({kind: value}, likely=False)
    best, found = 2, dict[str, tuple[str, Meanings]]()
    for name, means in _words_of_time(language).items():
        rank = _rank(word, name)
        if rank is not None and rank <= best:
            found = found if rank == best else {}
            best, found[str(means)] = rank, (name, means)
    if len(found) == 1:
        ((name, means),) = found.values()
        return Slip(means, likely=len(name) >= LONG)
    return None if found else _cut_short(word, language)


@cache
def _words_of_time(language: Language) -> Mapping[str, Meanings]:
    meanings: dict[str, Meanings] = {}
    for kind, value, phrases in (*language.entries, *language.foreign):
        for word in phrases.split(", "):
            if kind in GUESSED and word.isalpha() and len(word) >= SHORT:
                meanings.setdefault(word, {})[kind] = value
    return meanings


def _rank(word: str, name: str) -> int | None:
    """How likely a slip it is: 0 a letter missing, doubled, or swapped with the next; 1 a wrong one in a long word."""
    if abs(len(word) - len(name)) > 1 or (len(name) < LONG and word[0] != name[0]):
        return None
    start = end = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    while end < min(len(word), len(name)) - start and word[-1 - end] == name[-1 - end]:
        end += 1
    wrong, right = word[start : len(word) - end], name[start : len(name) - end]
    if not wrong or (len(wrong) == 2 and wrong == right[::-1]) or (not right and wrong == word[start - 1]):
        return 0 if len(right) < 2 or wrong else None
    return 1 if len(name) >= LONG and len(wrong) <= 1 and len(right) <= 1 else None


def _cut_short(word: str, language: Language) -> Slip | None:
    """ "Frdy", "tmrw": letters of one day's name, in order, the first among them; likely only without its vowels."""
    found = [means for name, means in _days(language).items() if word[0] == name[0] and _is_within(word, name)]
    likely = len(word) >= SKELETON and VOWELS.isdisjoint(word)
    return Slip(found[0], likely) if len(found) == 1 and len(word) > 1 else None


def _is_within(word: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in word)


@cache
def _days(language: Language) -> dict[str, Meanings]:
    """The full names of days in the language's own words."""
    names = {word for kind, _, phrases in language.entries if kind in DAYS for word in phrases.split(", ")}
    return {name: means for name, means in _words_of_time(language).items() if name in names and len(name) >= LONG}
