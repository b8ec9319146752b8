"""Classify the people that a sentence mentions: recipients, watchers, and people who are only mentioned."""

import re
from dataclasses import dataclass

from bot.domain.wording import MENTION

#: After one of these verbs "to @ned" names only the recipient.
GIVING = frozenset(
    "send give deliver bring show mail email forward hand submit ship pass report present post share provide return"
    " get tell sending giving schicke schicken sende senden gib gebe geben liefere liefern bringe bringen zeige zeigen"
    " maile mailen".split()
)
#: Prepositions before the recipient.
TOWARDS = frozenset("to for an für".split())
#: Words before watchers.
FOLLOWING = frozenset("cc fyi".split())
_FIRST_WORD = re.compile(r"[^\W\d_]+")
#: Anchored to the first blank: otherwise each of a thousand blanks would be tried as a start.
_AND = re.compile(r"(?<!\s)\s*(?:,|&|\band\b|\bund\b)\s*$")
_NEXT = re.compile(r"(?<!\s)\s*(?:(?:,|&|\band\b|\bund\b)\s*)?$")
#: A name without the @, and the verb of giving that it was typed before.
_BARE = re.compile(r"([^\W\d_]{2,40})[,:]?\s+(?=([^\W\d_]{2,40})\b)")
#: These stand before such a verb in a sentence of one's own.
_NO_NAMES = frozenset(
    "will may can must shall should please to not also then just and or bitte ich wir dann auch".split()
)
_POSSESSIVE = re.compile(r"['’]s?\b")
#: Watchers behind a task whose recipient stands before it: "the deck cc @ned and @tom", "(cc @ned) the deck".
_COPIED = re.compile(
    rf"(?<![\s,;(])[\s,;(]*\b(?:cc|fyi)\b:?\s*(?P<who>(?:{MENTION.pattern})(?:(?:\s*[,&]\s*|\s+(?:and|und)\s+|\s+)(?:{MENTION.pattern})){{0,9}})\)?",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s{2,}")
#: In `ask @ben and @cat …` the owner is ambiguous.
_SEVERAL = re.compile(
    rf"(?<!\s)\s*(?:{MENTION.pattern})\s*(?:,|&|\+|/|\band\b|\bor\b|\bund\b|\boder\b)\s*(?:{MENTION.pattern})"
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """The people that a sentence mentions, as written there, and the rest of the task.

    `to` is the recipient; `doubtful` may be one, so Kept asks; `watchers` follow the promise.
    """

    what: str
    to: str = ""
    doubtful: str = ""
    watchers: tuple[str, ...] = ()


def named_within(what: str) -> Addressed:
    """Find the recipient in a task without a leading one, by the words around the mentions.

    >>> named_within("send the deck to <@U1|ned>")
    Addressed(what='send the deck', to='<@U1|ned>', doubtful='', watchers=())
    >>> named_within("send @ned the deck").to, named_within("review <@U1>'s PR").doubtful
    ('@ned', '<@U1>')
    """
    to, doubtful, watchers, cuts = "", "", list[str](), list[tuple[int, int]]()
    end_of_last, is_final = 0, False
    for match in MENTION.finditer(what):
        before, name = what[: match.start()], match.group()
        word = _word_before(before)
        joined = bool(_AND.fullmatch(what[end_of_last : match.start()])) if end_of_last else False
        if _POSSESSIVE.match(what, match.end()):
            doubtful = doubtful or name
        elif word in FOLLOWING or (joined and (to or watchers)):
            watchers.append(name)
            cuts.append((_start_of(before, word, joined=joined), match.end()))
        elif word in TOWARDS or _is_object(before, word):
            if to and (word == "to") <= is_final:
                continue
            to, is_final = name, word == "to"
            if _is_object(before, word) or (_gives(what) and _ends(what, match.end())):
                cuts.append((_start_of(before, word if word in TOWARDS else "", joined=False), match.end()))
        else:
            doubtful = doubtful or name
        end_of_last = match.end()
    left = _without(what, cuts)
    return Addressed(left or what, to, "" if to else doubtful, tuple(watchers))


def copied_in(what: str) -> tuple[str, tuple[str, ...]]:
    """Return a task without its copies ("cc @ned"), and the people who get them.

    >>> copied_in("the deck cc @ned and @tom"), copied_in("(cc @ned) the deck"), copied_in("the deck")
    (('the deck', ('@ned', '@tom')), ('the deck', ('@ned',)), ('the deck', ()))
    """
    found = _COPIED.search(what)
    if found is None:
        return what, ()
    return _without(what, [found.span()]), tuple(match.group() for match in MENTION.finditer(found["who"]))


def bare_name(what: str) -> tuple[str, str]:
    """Return the word before a verb of giving that opens a task, which may be a name without its @, and the rest.

    >>> bare_name("bob send the plan"), bare_name("will send the plan"), bare_name("send the plan")
    (('bob', 'send the plan'), ('', ''), ('', ''))
    """
    match = _BARE.match(what)
    if match is None or match[2].lower() not in GIVING or match[1].lower() in GIVING | _NO_NAMES:
        return "", ""
    return match[1], what[match.end() :]


def several_asked(text: str) -> bool:
    """Return whether a request begins with two people joined by "and", so that Kept asks which one owes it.

    >>> several_asked("@ben and @cat review it"), several_asked("@ben review it with @cat")
    (True, False)
    """
    return _SEVERAL.match(text) is not None


def _word_before(before: str) -> str:
    if not before[-1:].isspace():
        return ""
    *_, last = ("", *before.split())
    return last.rstrip(":").lower()


def _is_object(before: str, word: str) -> bool:
    """Return whether the name follows a verb of giving that opens the sentence: "send @ned the deck"."""
    return word in GIVING and before.strip().lower() == word


def _gives(what: str) -> bool:
    first = _FIRST_WORD.match(what)
    return first is not None and first.group().lower() in GIVING


def _ends(what: str, end: int) -> bool:
    """Return whether only more names follow."""
    rest = MENTION.sub("", what[end:])
    return not rest.strip(" \t\n,;.!") or _NEXT.fullmatch(rest) is not None or _is_copy(rest)


def _is_copy(rest: str) -> bool:
    return set(re.findall(r"[^\W\d_]+", rest.lower())) <= {*FOLLOWING, "and", "und"}


def _start_of(before: str, word: str, *, joined: bool) -> int:
    """Return the index where the words that lead to a name begin."""
    if joined:
        return len(_AND.sub("", before))
    if not word:
        return len(before)
    return before.lower().rindex(word)


def _without(what: str, cuts: list[tuple[int, int]]) -> str:
    for start, end in reversed(cuts):
        what = f"{what[:start]} {what[end:]}"
    return _SPACES.sub(" ", what).strip(" ,;:–—-")
