"""A language as the reader needs it: lists of words, and a few facts."""

from dataclasses import dataclass

from bot.domain.reading.kinds import WordKind

#: (kind, value, the words that mean it, separated by commas; a phrase of several words counts as one)
Entry = tuple[WordKind, object, str]


def words(listed: str) -> frozenset[str]:
    """The words of a text; "_" joins those of a phrase."""
    return frozenset(word.replace("_", " ") for word in listed.split())


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
    #: The task may end in its verb, behind the deadline: "bis Freitag schicken".
    verb_last: bool = False
    #: "I will", "I promise to" …: words before the task that are not part of it.
    leads: tuple[str, ...] = ()
    #: "to", "that" behind one of them.
    lead_joins: tuple[str, ...] = ()
    #: "to", "for" before a recipient at the head of the text.
    recipient_words: tuple[str, ...] = ()
    #: Joins two recipients.
    joins: tuple[str, ...] = ()
    #: Words after the deadline that belong to neither: "please".
    courtesies: frozenset[str] = frozenset()
    #: A date after one of these belongs to the task ("the report from Friday").
    holders: frozenset[str] = frozenset()
    #: After one of these the task goes on, so the date before it is complete ("call Ann tomorrow about …").
    resumes: frozenset[str] = frozenset()
    #: "Not … before Friday" is no deadline.
    denials: frozenset[str] = frozenset()
    #: "Don't forget" and the like deny nothing.
    reminds: frozenset[str] = frozenset()
    #: Verbs with which "by 5" is an amount ("cut it by 5").
    changes: frozenset[str] = frozenset()
    #: Next to a deadline they make it recurring.
    recurring: frozenset[str] = frozenset()
    #: Verbs whose object a week or a quarter can be ("plan next quarter").
    plans: frozenset[str] = frozenset()
    #: Names of days and months that are everyday words too: alone they need a sign that a date is meant.
    doubtful: frozenset[str] = frozenset()
    #: Other languages' names of days and months, which colleagues mix in: guessed at, never taken for certain.
    foreign: tuple[Entry, ...] = ()
    #: Everyday words one letter away from a word of time.
    ordinary: frozenset[str] = frozenset()
    #: Verbs whose object is the day itself ("skip Monday").
    moves: frozenset[str] = frozenset()
    #: Verbs with which "until Friday" is a deadline ("send it until …"); with all others something lasts that long.
    deliveries: frozenset[str] = frozenset()
    #: Behind a day they are when it is due: "by Friday's standup", "by Friday the board meeting".
    events: frozenset[str] = frozenset()
    #: Behind a deadline the sentence goes on with one of these.
    continues: frozenset[str] = frozenset()
