"""What a language is to the reader: lists of words, and a few facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.reading.kinds import Kind, Meanings

#: (kind, value, the words that mean it, separated by commas; a phrase of several words counts as one)
Entry = tuple[Kind, object, str]


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language and the facts that words cannot carry."""

    code: str
    entries: tuple[Entry, ...]
    #: "half five" is half an hour before five (German), not after (British English).
    half_before: bool = False
    #: "15." is an ordinal, "15.3." a date.
    dotted_ordinals: bool = False
    #: Day before month in 5/11; None: ask the zone.
    day_first: bool | None = None
    #: "I will", "I promise to" …: said before the task, no part of it.
    leads: tuple[str, ...] = ()
    #: "to", "that" behind one of them.
    lead_joins: tuple[str, ...] = ()
    #: "to", "for" before a recipient at the head of the text.
    recipient_words: tuple[str, ...] = ()
    #: Joins two recipients.
    joins: tuple[str, ...] = ()
    #: Said after the deadline, no part of either: "please".
    courtesies: frozenset[str] = frozenset()
    #: A date after one of these belongs to the task ("the report from Friday").
    holders: frozenset[str] = frozenset()
    #: Behind one of these the task goes on, so that the date before it stands for itself ("tell Ann tomorrow about …").
    resumes: frozenset[str] = frozenset()
    #: "Not … before Friday" is no deadline.
    denials: frozenset[str] = frozenset()
    #: Verbs with which "by 5" is an amount ("cut it by 5").
    changes: frozenset[str] = frozenset()
    #: Beside a deadline they make it come again and again.
    recurring: frozenset[str] = frozenset()
    #: Verbs whose object a week or a quarter can be ("plan next quarter").
    plans: frozenset[str] = frozenset()
    #: Names of days and months that are everyday words too: alone they need a sign that a date is meant.
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Phrase:
    words: tuple[str, ...]
    means: Meanings


Lexicon = Mapping[str, tuple[Phrase, ...]]


@cache
def lexicon(language: Language) -> Lexicon:
    """The language's phrases by their first word, the longest first."""
    meanings: dict[tuple[str, ...], Meanings] = {}
    for kind, value, phrases in language.entries:
        for phrase in phrases.split(","):
            meanings.setdefault(tuple(phrase.split()), {})[kind] = value
    by_first: dict[str, list[Phrase]] = {}
    for words, means in sorted(meanings.items(), key=lambda item: -len(item[0])):
        by_first.setdefault(words[0], []).append(Phrase(words, means))
    return {first: tuple(found) for first, found in by_first.items()}
