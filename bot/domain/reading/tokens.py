"""Text cut into words, numbers and marks, each with what it can mean in a language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.reading.kinds import Digits, Meanings, Token, WordKind
from bot.domain.reading.language import Language
from bot.domain.reading.lexicon import Lexicon, LexiconPhrase, lexicon
from bot.domain.reading.zones import zone_named

#: Zones by their names; short forms with digits or strokes; digits; "a.m." as one word; words with their apostrophes;
#: a mark, or the same mark again and again.
ATOM = re.compile(
    r"(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[a-z_/]+|2(?:day|mo|mr|ni)[a-z]*|b4\b|w/(?:in?|c|b|e)\b|1st(?=\sthing)"
    r"|[0-9]+|[ap]\.\s?m\b\.?|[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|([^\w\s])\1*|\S",
    re.IGNORECASE,
)
MARKS: dict[str, WordKind] = {
    ",": WordKind.COMMA,
    ".": WordKind.DOT,
    "-": WordKind.DASH,
    "–": WordKind.DASH,
    "—": WordKind.DASH,
    "−": WordKind.DASH,
    "/": WordKind.SLASH,
    ":": WordKind.COLON,
    "+": WordKind.PLUS,
    "@": WordKind.AT,
    "~": WordKind.APPROX,
    "(": WordKind.OPEN,
    ")": WordKind.CLOSE,
    "'": WordKind.APOSTROPHE,
    "’": WordKind.APOSTROPHE,
    "[": WordKind.OPEN,
    "]": WordKind.CLOSE,
    "½": WordKind.HALF,
}
ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
#: More digits than a date has are a number of something else.
LONGEST_NUMBER = 8


def tokenize(text: str, language: Language) -> list[Token]:
    """The tokens of `text`; their offsets point into it."""
    atoms = _atoms(text)
    words = lexicon(language)
    tokens: list[Token] = []
    at = 0
    while at < len(atoms):
        token, at = _token(atoms, at, words, language)
        tokens.append(token)
    return tokens


def respelled(tokens: Sequence[Token], words: Mapping[int, str], language: Language) -> list[Token]:
    """The tokens with some of their words spelled otherwise, and what the phrases with these words mean."""
    spelled = [replace(token, text=words[at]) if at in words else token for at, token in enumerate(tokens)]
    found: list[Token] = []
    at = 0
    while at < len(spelled):
        phrases = lexicon(language, foreign=True).get(spelled[at].text, ())
        ends = [(end, phrase) for phrase in phrases if (end := _phrase_end(spelled, at, phrase)) is not None]
        end, phrase = next((each for each in ends if any(n in words for n in range(at, each[0]))), (at + 1, None))
        found.append(_merged(spelled, at, end, phrase.means) if phrase else spelled[at])
        at = end
    return found


def _atoms(text: str) -> list[Token]:
    atoms: list[Token] = []
    end = -1
    for match in ATOM.finditer(text):
        start = match.start()
        word = match.group()
        is_name = word[0].isupper() and word[1:].islower()
        atoms.append(Token(word.lower().replace("’", "'"), start, match.end(), start == end, capital=is_name))
        end = match.end()
    return atoms


def _token(atoms: list[Token], at: int, words: Lexicon, language: Language) -> tuple[Token, int]:
    """The token that begins at an atom, and where the next one begins."""
    atom = atoms[at]
    if "/" in atom.text and (zone := zone_named(atom.text)):
        return _merged(atoms, at, at + 1, {WordKind.ZONE: zone}), at + 1
    if atom.text.isdecimal() and atom.text.isascii():
        return _number(atoms, at, language)
    if atom.text == "t" and not (atom.glued and any(after.text.isdecimal() for after in atoms[at + 1 : at + 2])):
        return _merged(atoms, at, at + 1, {}), at + 1  # the T of an ISO date stands between numbers
    for phrase in words.get(atom.text, ()) or words.get(atom.text.rstrip("'"), ()):
        end = _phrase_end(atoms, at, phrase)
        if end is not None:
            return _merged(atoms, at, end, phrase.means), end
    kind = MARKS.get(atom.text)
    means: Meanings = {} if kind is None else {kind: 0.5 if kind is WordKind.HALF else None}
    return _merged(atoms, at, at + 1, means), at + 1


def _number(atoms: list[Token], at: int, language: Language) -> tuple[Token, int]:
    digits = atoms[at].text
    if len(digits) > LONGEST_NUMBER:
        return _merged(atoms, at, at + 1, {}), at + 1
    after = atoms[at + 1].text if _glued(atoms, at + 1) else ""
    if after in ORDINAL_ENDINGS:
        return _merged(atoms, at, at + 2, {WordKind.ORD: Digits(digits)}), at + 2
    if language.dotted_ordinals and after == "." and len(digits) <= 2 and not _glued(atoms, at + 2):
        return _merged(atoms, at, at + 2, {WordKind.ORD: Digits(digits)}), at + 2
    return _merged(atoms, at, at + 1, {WordKind.NUM: Digits(digits)}), at + 1


def _phrase_end(atoms: Sequence[Token], at: int, phrase: LexiconPhrase) -> int | None:
    """Behind the last atom of a phrase that begins at `at`; hyphens and dots inside it do not count.

    The dot of an abbreviation belongs to it, unless the sentence goes on right behind ("mon.com").
    """
    for nth, word in enumerate(phrase.words):
        if nth and at < len(atoms) and atoms[at].text in {"-", "."} and atoms[at].glued:
            at += 1
        if at >= len(atoms) or (atoms[at].text != word and atoms[at].text.rstrip("'") != word):
            return None
        at += 1
    return at + (_glued(atoms, at) and atoms[at].text == "." and not _word_follows(atoms, at + 1))


def _glued(atoms: Sequence[Token], at: int) -> bool:
    return at < len(atoms) and atoms[at].glued


def _word_follows(atoms: Sequence[Token], at: int) -> bool:
    return _glued(atoms, at) and atoms[at].text.isalpha()


def _merged(atoms: Sequence[Token], at: int, end: int, means: Meanings) -> Token:
    """The atoms as one token; a single atom is that token itself."""
    first = atoms[at]
    if end == at + 1:
        first.means = means
        return first
    text = " ".join(atom.text for atom in atoms[at:end])
    return Token(text, first.start, atoms[end - 1].end, first.glued, means, first.capital)
