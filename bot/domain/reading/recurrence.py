"""How often something comes again: "every Friday", "alle zwei Wochen", "the last working day of each month".

This module reads only the recurrence; bot.domain.repeating reads the hour and the first and last day.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading.kinds import Digits, Token, Unit, WordKind
from bot.domain.recurring import MAX_EVERY, RecurrencePace


@dataclass(frozen=True, slots=True)
class Beat:
    """A rule without its hour and its first day; a weekly one without weekdays, a monthly one without a day is open."""

    pace: RecurrencePace
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    day: int = 0
    nth: int = 0
    is_working_day: bool = False

    @property
    def is_open(self) -> bool:
        match self.pace:
            case RecurrencePace.DAILY:
                return False
            case RecurrencePace.WEEKLY:
                return not self.weekdays
            case RecurrencePace.MONTHLY:
                return not self.day and not self.nth


#: The end of a run of words, and its meanings: one beat, two in doubt, none if no rule can express it.
BeatsFound = tuple[int, tuple[Beat, ...]]
DAILY, WEEKLY, MONTHLY = Beat(RecurrencePace.DAILY), Beat(RecurrencePace.WEEKLY), Beat(RecurrencePace.MONTHLY)
LAST_DAY, LAST_WORKING_DAY = (
    Beat(RecurrencePace.MONTHLY, day=31),
    Beat(RecurrencePace.MONTHLY, nth=-1, is_working_day=True),
)
#: A month may lack its fifth Friday.
MAX_NTH = 4


@dataclass(frozen=True)
class Signs:
    """The words of one language that only recurrence needs; all others it shares with deadlines."""

    every: frozenset[str]
    adverbs: Mapping[str, tuple[Beat, ...]]
    #: "Every *other* week".
    other: frozenset[str]
    #: Between a day and its month.
    of: frozenset[str]
    since: frozenset[str]
    until: frozenset[str]
    #: Phrases for the rule on days off.
    day_before: tuple[str, ...]
    #: "Montags" can only be how often; "Mondays" may have lost its apostrophe.
    plural_is_adverb: bool = False


ENGLISH = Signs(
    every=frozenset({"every", "each"}),
    adverbs={
        "daily": (DAILY,),
        "weekly": (WEEKLY,),
        "monthly": (MONTHLY,),
        "fortnightly": (replace(WEEKLY, every=2),),
        **dict.fromkeys("biweekly bimonthly quarterly yearly annually hourly nightly".split(), ()),
    },
    other=frozenset({"other", "alternate"}),
    of=frozenset({"of", "in", "the", "a", "every", "each"}),
    since=frozenset({"starting", "beginning", "commencing", "from", "starting from", "starting on", "as of"}),
    until=frozenset({"until", "till", "til", "through", "thru", "' til", "up until"}),
    day_before=(
        "or the working day before",
        "or the business day before",
        "or the day before",
        "or the workday before",
    ),
)
GERMAN = Signs(
    every=frozenset({"jeden", "jede", "jedes", "jeder", "jedem", "alle"}),
    adverbs={
        **dict.fromkeys(("täglich", "werktags", "arbeitstäglich"), (DAILY,)),
        "wöchentlich": (WEEKLY,),
        "monatlich": (MONTHLY,),
        **dict.fromkeys(("vierzehntägig", "zweiwöchentlich", "zweiwöchig"), (replace(WEEKLY, every=2),)),
        **dict.fromkeys(("quartalsweise", "jährlich", "stündlich"), ()),
    },
    other=frozenset(),
    of=frozenset({"von", "vom", "im", "in", "des", "jeden", "jedem", "jedes", "eines", "dem"}),
    since=frozenset({"ab", "beginnend", "von"}),
    until=frozenset({"bis", "bis zum", "bis zu"}),
    day_before=("oder am werktag davor", "oder am arbeitstag davor", "sonst am werktag davor", "oder am tag davor"),
    plural_is_adverb=True,
)
SIGNS = {"en": ENGLISH, "de": GERMAN}
_JOINS = frozenset({WordKind.COMMA, WordKind.AND, WordKind.SLASH, WordKind.EVERY, WordKind.ON})
_COUNTS = frozenset(
    {WordKind.NUM, WordKind.CARD, WordKind.ORD, WordKind.COUPLE, WordKind.FEW, WordKind.REL, WordKind.LAST}
)
_RANGES = frozenset({WordKind.DASH, WordKind.TO, WordKind.THROUGH})
_SMALL = frozenset(
    {WordKind.ON, WordKind.THE, WordKind.BY, WordKind.COMMA, WordKind.AT, WordKind.IN, WordKind.OPEN, WordKind.OVER}
)


def beats_at(tokens: Sequence[Token], at: int, signs: Signs) -> BeatsFound | None:
    """Return the recurrence that the words from `at` on name; None if they name none."""
    token = tokens[at]
    if token.text in signs.every:
        return _counted(tokens, at + 1, signs)
    if token.text in signs.adverbs:
        return at + 1, signs.adverbs[token.text]
    if WordKind.WEEKDAYS in token.means and not (
        at and tokens[at - 1].means.keys() & _COUNTS
    ):  # "two Fridays from now"
        end, days = weekdays_at(tokens, at)
        return end, (replace(WEEKLY, weekdays=days),)
    if token.means.get(WordKind.UNITS) is Unit.WORKDAY and at and WordKind.ON in tokens[at - 1].means:
        return at + 1, (DAILY,)  # "on weekdays"
    found = month_day_at(tokens, at)
    if found and (month := _of_month(tokens, found[0], signs)):
        words = {each.text for each in tokens[found[0] : month]}
        return (month, found[1]) if words & signs.every else None
    return None


def weekdays_at(tokens: Sequence[Token], at: int) -> tuple[int, frozenset[int]]:
    """The weekdays that begin at a place, joined by commas or "and", or as a range; where they end."""
    days: set[int] = set()
    end = at
    while (day := _weekday(tokens, at)) is not None:
        days.add(day)
        end = at = at + 1
        if at < len(tokens) and _RANGES & tokens[at].means.keys() and (last := _weekday(tokens, at + 1)) is not None:
            days |= {(day + n) % 7 for n in range((last - day) % 7 + 1)}
            end = at = at + 2
        while at < len(tokens) and (_JOINS & tokens[at].means.keys() or tokens[at].text in ("&", "+")):
            at += 1
    return end, frozenset(days)


def month_day_at(tokens: Sequence[Token], at: int) -> BeatsFound | None:
    """ "The 15th", "the last working day", "the first Monday", "the end": a day of any month."""
    at = past_small(tokens, at)
    if at >= len(tokens):
        return None
    token, unit, weekday = tokens[at], _unit(tokens, at + 1), _weekday(tokens, at + 1)
    if WordKind.LAST in token.means:
        if weekday is not None:
            return at + 2, (Beat(RecurrencePace.MONTHLY, nth=-1, weekdays=frozenset({weekday})),)
        last = {Unit.DAY: LAST_DAY, Unit.WORKDAY: LAST_WORKING_DAY}.get(unit) if unit else None
        return (at + 2, (last,)) if last else None
    if WordKind.END in token.means:
        return at + 1, (LAST_DAY,)
    number = token.means.get(WordKind.ORD)
    if not isinstance(number, int):
        return None
    if weekday is not None:
        beat = Beat(RecurrencePace.MONTHLY, nth=int(number), weekdays=frozenset({weekday}))
        return (at + 2, (beat,) if number <= MAX_NTH else ())
    if unit is Unit.WORKDAY:
        return at + 2, ()
    return at + (2 if unit is Unit.DAY else 1), (
        Beat(RecurrencePace.MONTHLY, day=int(number)),
    ) if 0 < number < 32 else ()


def past_small(tokens: Sequence[Token], at: int) -> int:
    """Behind the small words before a day or an hour."""
    while at < len(tokens) and (means := tokens[at].means.keys()) and (WordKind.BY in means or means <= _SMALL):
        at += 1
    return at


def past_month(tokens: Sequence[Token], at: int, signs: Signs) -> int:
    """Behind "of the month", when it stands there."""
    return _of_month(tokens, at, signs) or at


def _counted(tokens: Sequence[Token], at: int, signs: Signs) -> BeatsFound | None:
    """Read the words after "every"."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.text in signs.other:
        return _measured(tokens, at + 1, 2)
    if isinstance(token.means.get(WordKind.ORD), int) or WordKind.LAST in token.means:
        return _ordinal(tokens, at, signs)
    count = token.means.get(WordKind.NUM) or token.means.get(WordKind.CARD)
    if isinstance(count, int):
        return _measured(tokens, at + 1, int(count))
    return _measured(tokens, at, 1)


def _measured(tokens: Sequence[Token], at: int, count: int) -> BeatsFound | None:
    """ "[Every 2] weeks": days, weeks, months, or weekdays by their names."""
    if at >= len(tokens) or not count:
        return None
    end, days = weekdays_at(tokens, at)
    if days:
        return end, _kept(replace(WEEKLY, every=count, weekdays=days))
    unit = _unit(tokens, at)
    if count == 1 and WordKind.PART in tokens[at].means:
        return at, (DAILY,)  # the part itself says at what hour
    if unit is None:
        return (at + 1, ()) if not {WordKind.MONTH, WordKind.DAYPART}.isdisjoint(tokens[at].means) else None
    if unit is Unit.DAY and count % 7 == 0:
        unit, count = Unit.WEEK, count // 7
    match unit:
        case Unit.DAY | Unit.WORKDAY if count == 1:
            return at + 1, (DAILY,)
        case Unit.WEEK:
            return at + 1, _kept(replace(WEEKLY, every=count))
        case Unit.FORTNIGHT:
            return at + 1, _kept(replace(WEEKLY, every=2 * count))
        case Unit.MONTH:
            return at + 1, _kept(replace(MONTHLY, every=count))
        case _:
            return at + 1, ()


def _ordinal(tokens: Sequence[Token], at: int, signs: Signs) -> BeatsFound | None:
    """ "[Every] second week", "first Monday of the month", "15th", "last Friday"."""
    number = tokens[at].means.get(WordKind.ORD)
    if isinstance(number, int) and _unit(tokens, at + 1) in (Unit.WEEK, Unit.MONTH):
        return _measured(tokens, at + 1, int(number))
    found = month_day_at(tokens, at)
    if found is None:
        return None
    end, beats = found
    month = _of_month(tokens, end, signs)
    if month or (beats and beats[0].nth in (1, -1)):
        return month or end, beats
    if beats and beats[0].nth:  # every other Friday, or the second of the month
        weekly = Beat(RecurrencePace.WEEKLY, every=beats[0].nth, weekdays=beats[0].weekdays)
        return end, (weekly, *beats)
    is_bare = end == at + 1
    if not is_bare:
        return end, ()  # "every third day"
    follows = tokens[end].means.keys() if end < len(tokens) else {WordKind.AT}
    is_day = isinstance(number, Digits) and not follows.isdisjoint({WordKind.AT, WordKind.BY, WordKind.COMMA})
    return (end, beats) if is_day else None


def _kept(beat: Beat) -> tuple[Beat, ...]:
    return (beat,) if beat.every <= MAX_EVERY else ()


def _of_month(tokens: Sequence[Token], at: int, signs: Signs) -> int | None:
    """Behind "of the month", "of every month", "im Monat"."""
    start = at
    while at < len(tokens) and at - start < 3 and tokens[at].text in signs.of:
        at += 1
    return at + 1 if _unit(tokens, at) is Unit.MONTH else None


def _unit(tokens: Sequence[Token], at: int) -> Unit | None:
    if at >= len(tokens):
        return None
    found = tokens[at].means.get(WordKind.UNIT) or tokens[at].means.get(WordKind.UNITS)
    return found if isinstance(found, Unit) else None


def _weekday(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens):
        return None
    means = tokens[at].means
    found = means.get(WordKind.WEEKDAY, means.get(WordKind.WEEKDAYS))
    return found if isinstance(found, int) else None


def is_filler(token: Token, courtesies: Collection[str] = ()) -> bool:
    """Return whether a token is only a mark, or a "please"."""
    return not token.text[0].isalnum() or token.text in courtesies
