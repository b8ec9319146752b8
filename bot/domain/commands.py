"""Recognise the command in a text, by its name, a synonym, or a typo."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.ordinary_words import ORDINARY

#: The commands about one promise, with synonyms. Before a number a synonym certainly means the command.
NUMBERED: Mapping[str, tuple[str, ...]] = {
    "done": tuple("finish finished complete completed close closed delivered deliver report erledigt fertig".split()),
    "risk": tuple("late slip slips slipped slipping atrisk delayed".split()),
    "accept": tuple("agree approve confirm annehmen akzeptiere".split()),
    "decline": tuple("reject refuse deny ablehnen".split()),
    "cancel": tuple("remove delete drop revoke storniere".split()),
    "release": tuple("unneeded".split()),
    "reopen": (),
    "move": tuple("postpone reschedule extend delay push bump mv shift snooze defer verschiebe verschieben".split()),
    "hand": tuple("handover reassign assign transfer".split()),
    "show": tuple("view details info status see zeig zeige".split()),
    "edit": tuple("correct change update".split()),
    "undo": (),
    "need": (),
    "end": tuple("stop".split()),
}
#: The other commands, with synonyms that count if nothing else is typed.
PLAIN: Mapping[str, tuple[str, ...]] = {
    "list": tuple("ls lists liste promises todo todos mine overview".split()),
    "help": tuple("hilfe commands usage hi hello hallo".split()),
    "stats": tuple("record statistics".split()),
    "settings": tuple("setting preferences config einstellungen privacy".split()),
    "away": tuple("vacation holiday pto urlaub".split()),
    "ask": (),
    "digest": (),
    "listen": (),
    "export": (),
    "back": (),
    "remind": ("remember",),
}
COMMANDS = frozenset({*NUMBERED, *PLAIN})
#: Minimum length of a word for a match with two edits.
SHORT = 4
_VERB_FIRST = re.compile(
    r"(?P<word>[^\W\d_]{1,20})(?:\s+(?:over|it|me|promise|number|no|nr|of(?=\s+#?[0-9]{1,9}[.!?]?$)))?"
    r"(?:\s+|\s*:\s*)(?P<hash>#?)(?P<number>[0-9]{1,9})"
    r"(?:(?=[\s,;:.!?–—-])(?:[\s,;.!?–—-]|:(?![\w+-]+:))+(?P<rest>.*))?",
    re.DOTALL | re.IGNORECASE,
)
#: The same without the space, for the words that certainly are commands: "done1", "move#1 friday".
_GLUED = re.compile(
    r"(?P<word>[^\W\d_]{2,20})(?P<hash>#?)(?P<number>[0-9]{1,9})(?:[\s,;:.!?–—-]+(?P<rest>.*))?",
    re.DOTALL | re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(
    r"(?P<hash>#?)(?P<number>[0-9]{1,9})[\s,;:.!–—-]+(?:is\s+|was\s+|ist\s+)?(?P<word>[^\W\d_]{2,20})"
    r"(?:(?=[\s,;:.!?–—-])(?:[\s,;.!?–—-]|:(?![\w+-]+:))+(?P<rest>.*))?",
    re.DOTALL | re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(r"(?P<hash>#?)(?P<number>[0-9]{1,9})[.!?]?")
_WORD = re.compile(r"[^\W\d_]+")
_WITH_NUMBER = re.compile(
    r"\b(?:with|mit|on|about|bei)\s+(?:number\s+|no\.?\s+|nr\.?\s+)?(?P<number>[0-9]{1,9})\s*[.!]*$", re.IGNORECASE
)
_MARKED = re.compile(r"(?<![\w&#])#(?P<number>[0-9]{1,9})(?![\w-])")


@dataclass(frozen=True, slots=True)
class Typed:
    """A text taken as a command: `verb` is one of COMMANDS, or empty for a word that is none.

    `is_sure` is False if the word is only within two edits of the command. `is_own_word`: it is the command's name, not
    a synonym. `marked`: the number was typed as `#4`, not `4`; `number` is None if none was typed.
    """

    verb: str
    word: str
    number: int | None = None
    rest: str = ""
    marked: bool = False
    is_sure: bool = True

    @property
    def is_own_word(self) -> bool:
        return self.verb == self.word

    @property
    def canonical(self) -> str:
        """The command in the form that the routes match."""
        number = "" if self.number is None else f" {'#' if self.marked else ''}{self.number}"
        return f"{self.verb}{number} {self.rest}".strip()


def typed(text: str) -> Typed | None:
    """Return the command at the start of a text, or None.

    >>> typed("postpone #4 to Friday")
    Typed(verb='move', word='postpone', number=4, rest='to Friday', marked=True, is_sure=True)
    >>> typed("show me 4").canonical, typed("status of 4").canonical
    ('show 4', 'show 4')
    >>> typed("4 done").canonical, typed("lsit missed").verb, typed("done!").rest, typed("send the deck")
    ('done 4', 'list', '', None)
    """
    text = text.strip()
    if alone := _NUMBER_ALONE.fullmatch(text):
        return Typed("show", "show", int(alone["number"]), "", marked=True)
    if found := _NUMBER_FIRST.fullmatch(text):
        verb, is_sure = meant(found["word"], NUMBERED)
        if verb:
            return _numbered(found, verb, is_sure=is_sure)
    if found := _VERB_FIRST.fullmatch(text):
        verb, is_sure = meant(found["word"], NUMBERED)
        return _numbered(found, verb, is_sure=is_sure)
    if (found := _GLUED.fullmatch(text)) and meant(found["word"], NUMBERED)[1]:
        return _numbered(found, meant(found["word"], NUMBERED)[0], is_sure=True)
    word = _WORD.match(text)
    if word is None:
        return None
    verb, is_sure = meant(word.group(), {**NUMBERED, **PLAIN})
    rest = text[word.end() :].strip()
    rest = rest if rest.strip(".!") else ""
    if not verb or (rest and is_sure and word.group().lower() != verb):
        return None  # a synonym is a command only before a number, or alone
    return Typed(verb, word.group().lower(), None, rest, is_sure=is_sure)


def _numbered(found: "re.Match[str]", verb: str, *, is_sure: bool) -> Typed:
    rest = (found["rest"] or "").strip()
    return Typed(verb, found["word"].lower(), int(found["number"]), rest, bool(found["hash"]), is_sure=is_sure)


def marked_number(text: str) -> int | None:
    """Return the first number written as `#4` in a text.

    >>> marked_number("can we move #2 to Thursday?"), marked_number("channel #2b")
    (2, None)
    """
    found = _MARKED.search(text)
    return int(found["number"]) if found else None


def number_with(text: str) -> int | None:
    """Return the number after "with" or "on" at the end of a text: it may be that of a promise.

    >>> number_with("I'm done with 1"), number_with("fertig mit Nr. 2!"), number_with("meet with 3 clients")
    (1, 2, None)
    """
    found = _WITH_NUMBER.search(text)
    return int(found["number"]) if found else None


@cache
def _meanings() -> Mapping[str, str]:
    both = {**PLAIN, **NUMBERED}
    return {word: verb for verb, words in both.items() for word in (*words, verb)}


def meant(word: str, among: Mapping[str, tuple[str, ...]]) -> tuple[str, bool]:
    """Return the command for a word, and whether the word is its name or a synonym (True) or only similar (False).

    An empty command stands for none.

    >>> meant("postpone", NUMBERED), meant("mvoe", NUMBERED), meant("send", NUMBERED)
    (('move', True), ('move', False), ('', False))
    """
    word = word.lower()
    if (verb := _meanings().get(word)) and verb in among:
        return verb, True
    if word in ORDINARY or word in _meanings():
        return "", False
    near = sorted((edits(word, each), each) for each in among if _may_be(word, each))
    return (near[0][1], False) if near else ("", False)


def _may_be(word: str, command: str) -> bool:
    most = 1 if min(len(word), len(command)) < SHORT else 2
    return abs(len(word) - len(command)) <= most and 0 < edits(word, command) <= most


def edits(one: str, other: str) -> int:
    """Return the edit distance of two words: letters added, dropped, replaced, or swapped with their neighbour.

    >>> edits("lsit", "list"), edits("lst", "list"), edits("done", "move")
    (1, 1, 2)
    """
    rows: list[list[int]] = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        rows.append(list(_row(rows, one, other, i, letter)))
    return rows[-1][-1]


def _row(rows: list[list[int]], one: str, other: str, i: int, letter: str) -> Iterator[int]:
    left = i
    yield left
    for j, wanted in enumerate(other, 1):
        here = min(rows[i - 1][j] + 1, left + 1, rows[i - 1][j - 1] + (letter != wanted))
        if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
            here = min(here, rows[i - 2][j - 2] + 1)
        left = here
        yield here
