"""The kinds of words a deadline is made of: what every language's words are sorted into."""

from dataclasses import dataclass, field
from enum import StrEnum, auto


class Digits(int):
    """A number as it was written: how many digits it had is part of what it says ("05", "0900", "1.05")."""

    width: int

    def __new__(cls, written: str) -> "Digits":
        number = super().__new__(cls, written)
        number.width = len(written)
        return number


class Unit(StrEnum):
    """A measure of time that people count in."""

    SECOND = auto()
    MINUTE = auto()
    HOUR = auto()
    DAY = auto()
    WORKDAY = auto()
    WEEK = auto()
    FORTNIGHT = auto()
    WEEKEND = auto()
    MONTH = auto()
    QUARTER = auto()
    YEAR = auto()
    DECADE = auto()


class WordKind(StrEnum):
    """The grammatical kinds of words; one word may have several ("second": an ordinal, a unit)."""

    # numbers
    NUM = auto()  #: digits
    CARD = auto()  #: a spelled number below twenty (or the whole of it, where a language writes it as one word)
    TENS = auto()  #: twenty, thirty …
    HUNDRED = auto()
    THOUSAND = auto()
    ORD = auto()  #: an ordinal, in digits or spelled
    OH = auto()  #: the nought in "three oh five"
    A = auto()
    HALF = auto()
    FRACTION = auto()  #: an amount that is no whole number, as one word
    FEW = auto()
    COUPLE = auto()
    MORE = auto()  #: "two more days"
    # days
    DAYWORD = auto()  #: days from today
    TONIGHT = auto()
    WEEKDAY = auto()  #: Monday = 0
    WEEKDAYS = auto()  #: the plural
    MONTH = auto()
    HOLIDAY = auto()
    QTR = auto()  #: the letter of "Q3"
    HALFYEAR = auto()  #: the letter of "H2"
    WEEKOF = auto()  #: "w/c"
    WEEKNO = auto()  #: the letter of "W32"
    # measures and places in them
    UNIT = auto()
    UNITS = auto()  #: the plural
    REL = auto()  #: this = 0, next = 1
    COMING = auto()
    LAST = auto()
    END = auto()
    LATE = auto()
    EARLY = auto()
    MID = auto()
    START = auto()
    EOX = auto()  #: "EOM": the unit whose end it is
    # times of day
    MERIDIEM = auto()  #: hours to add: 0 or 12
    AP = auto()  #: the same, when glued to the number
    OCLOCK = auto()
    H = auto()  #: the letter of "17h30"
    NOON = auto()
    MIDNIGHT = auto()
    PART = auto()  #: a part of the day
    DAYPART = auto()  #: a weekday and a part of it, as one word
    QUARTERHOUR = auto()
    ISH = auto()
    PAST = auto()
    TO = auto()
    SAMETIME = auto()
    ZONE = auto()
    CITY = auto()
    TIME = auto()
    TEE = auto()  #: the letter between an ISO date and its time
    # small words
    THE = auto()
    OF = auto()
    AND = auto()
    OR = auto()
    BETWEEN = auto()
    IN = auto()
    WITHIN = auto()
    ON = auto()
    AT = auto()
    OVER = auto()
    BY = auto()
    BEFORE = auto()
    AFTER = auto()
    THROUGH = auto()  #: between the two ends of a range
    NEAREST = auto()
    FROM = auto()
    LATER = auto()
    AGO = auto()
    PREAGO = auto()  #: "ago" where it stands in front
    NOW = auto()
    APPROX = auto()
    SOMETIME = auto()
    AGREED = auto()  #: words that add nothing: "at the latest", "sharp"
    EVERY = auto()
    UNTIL = auto()
    UP_TO = auto()  #: how far something reaches, more often than when it is due: "up to", "through"
    EARLIEST = auto()  #: the day before or behind it is the first, not the last: "at the earliest"
    BAR = auto()  #: the adjacent day is not the deadline: "not before", "rather than", "except"
    # marks
    COMMA = auto()
    DOT = auto()
    DASH = auto()
    SLASH = auto()
    COLON = auto()
    PLUS = auto()
    OPEN = auto()
    CLOSE = auto()
    APOSTROPHE = auto()


#: Small words that announce a deadline.
PREFIXES = frozenset({WordKind.BY, WordKind.BEFORE, WordKind.UNTIL})

#: One meaning of a word: its kind, and the value it carries (None for words that only join).
Meanings = dict[WordKind, object]


@dataclass(slots=True)
class Token:
    """A word, number or mark of the text, at its place."""

    text: str
    start: int
    end: int
    #: Nothing stands between it and the token before.
    glued: bool
    means: Meanings = field(default_factory=dict)
    #: Written like a name: a capital, then none.
    capital: bool = False
