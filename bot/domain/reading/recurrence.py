"""How often something comes again: "every Friday", "alle zwei Wochen", "the last working day of each month".

Of the words this file knows only how often; at what hour, from when and until when is read by bot.domain.repeating.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading.kinds import Digits, Kind, Token, Unit
from bot.domain.recurring import MOST_EVERY, Pace


@dataclass(frozen=True, slots=True)
class Beat:
    """A rule without its hour and its first day; a weekly one without weekdays, a monthly one without a day is open."""

    pace: Pace
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    day: int = 0
    nth: int = 0
    is_working_day: bool = False

    @property
    def is_open(self) -> bool:
        match self.pace:
            case Pace.DAILY:
                return False
            case Pace.WEEKLY:
                return not self.weekdays
            case Pace.MONTHLY:
                return not self.day and not self.nth


#: Where a run of words ends, and what it can mean: one beat, two in doubt, none when nothing here can keep it.
Heard = tuple[int, tuple[Beat, ...]]
DAILY, WEEKLY, MONTHLY = Beat(Pace.DAILY), Beat(Pace.WEEKLY), Beat(Pace.MONTHLY)
LAST_DAY, LAST_WORKING_DAY = Beat(Pace.MONTHLY, day=31), Beat(Pace.MONTHLY, nth=-1, is_working_day=True)
#: A month may lack its fifth Friday.
MOST_NTH = 4


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
    #: What is wanted instead on a day off.
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
    of=frozenset({"von", "vom", "im", "in", "des", "jeden", "jedes", "eines", "dem"}),
    since=frozenset({"ab", "beginnend", "von"}),
    until=frozenset({"bis", "bis zum", "bis zu"}),
    day_before=("oder am werktag davor", "oder am arbeitstag davor", "sonst am werktag davor", "oder am tag davor"),
    plural_is_adverb=True,
)
SIGNS = {"en": ENGLISH, "de": GERMAN}
_JOINS = frozenset({Kind.COMMA, Kind.AND, Kind.SLASH, Kind.EVERY, Kind.ON})
_COUNTS = frozenset({Kind.NUM, Kind.CARD, Kind.ORD, Kind.COUPLE, Kind.FEW, Kind.REL, Kind.LAST})
_RANGES = frozenset({Kind.DASH, Kind.TO, Kind.THROUGH})
_SMALL = frozenset({Kind.ON, Kind.THE, Kind.BY, Kind.COMMA, Kind.AT, Kind.IN, Kind.OPEN, Kind.OVER})


def heard_at(tokens: Sequence[Token], at: int, signs: Signs) -> Heard | None:
    """What the words from `at` on say of how often; None when they say nothing of the kind."""
    token = tokens[at]
    if token.text in signs.every:
        return _counted(tokens, at + 1, signs)
    if token.text in signs.adverbs:
        return at + 1, signs.adverbs[token.text]
    if Kind.WEEKDAYS in token.means and not (at and tokens[at - 1].means.keys() & _COUNTS):  # "two Fridays from now"
        end, days = weekdays_at(tokens, at)
        return end, (replace(WEEKLY, weekdays=days),)
    if _unit(token) is Unit.WORKDAY and Kind.UNITS in token.means and at and Kind.ON in tokens[at - 1].means:
        return at + 1, (DAILY,)  # "on weekdays"
    found = month_day_at(tokens, at)
    if found and (month := _of_month(tokens, found[0], signs)):
        said = {each.text for each in tokens[found[0] : month]}
        return (month, found[1]) if said & signs.every else None
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


def month_day_at(tokens: Sequence[Token], at: int) -> Heard | None:
    """ "The 15th", "the last working day", "the first Monday", "the end": a day of any month."""
    at = past_small(tokens, at)
    if at >= len(tokens):
        return None
    token, after = tokens[at], tokens[at + 1 : at + 2]
    unit, weekday = _unit(after[0]) if after else None, _weekday(tokens, at + 1)
    if Kind.LAST in token.means:
        if weekday is not None:
            return at + 2, (Beat(Pace.MONTHLY, nth=-1, weekdays=frozenset({weekday})),)
        last = {Unit.DAY: LAST_DAY, Unit.WORKDAY: LAST_WORKING_DAY}.get(unit) if unit else None
        return (at + 2, (last,)) if last else None
    if Kind.END in token.means:
        return at + 1, (LAST_DAY,)
    number = token.means.get(Kind.ORD)
    if not isinstance(number, int):
        return None
    if weekday is not None:
        beat = Beat(Pace.MONTHLY, nth=int(number), weekdays=frozenset({weekday}))
        return (at + 2, (beat,) if number <= MOST_NTH else ())
    if unit is Unit.WORKDAY:
        return at + 2, ()
    return at + (2 if unit is Unit.DAY else 1), (Beat(Pace.MONTHLY, day=int(number)),) if 0 < number < 32 else ()


def past_small(tokens: Sequence[Token], at: int) -> int:
    """Behind the small words before a day or an hour."""
    while at < len(tokens) and (means := tokens[at].means.keys()) and (Kind.BY in means or means <= _SMALL):
        at += 1
    return at


def past_month(tokens: Sequence[Token], at: int, signs: Signs) -> int:
    """Behind "of the month", when it stands there."""
    return _of_month(tokens, at, signs) or at


def _counted(tokens: Sequence[Token], at: int, signs: Signs) -> Heard | None:
    """What follows "every"."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.text in signs.other:
        return _measured(tokens, at + 1, 2)
    if isinstance(token.means.get(Kind.ORD), int) or Kind.LAST in token.means:
        return _ordinal(tokens, at, signs)
    count = token.means.get(Kind.NUM) or token.means.get(Kind.CARD)
    if isinstance(count, int):
        return _measured(tokens, at + 1, int(count))
    return _measured(tokens, at, 1)


def _measured(tokens: Sequence[Token], at: int, count: int) -> Heard | None:
    """ "[Every 2] weeks": days, weeks, months, or weekdays by their names."""
    if at >= len(tokens) or not count:
        return None
    end, days = weekdays_at(tokens, at)
    if days:
        return end, _kept(replace(WEEKLY, every=count, weekdays=days))
    unit = _unit(tokens[at])
    if count == 1 and Kind.PART in tokens[at].means:
        return at, (DAILY,)  # the part itself says at what hour
    if unit is None:
        return (at + 1, ()) if not {Kind.MONTH, Kind.DAYPART}.isdisjoint(tokens[at].means) else None
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


def _ordinal(tokens: Sequence[Token], at: int, signs: Signs) -> Heard | None:
    """ "[Every] second week", "first Monday of the month", "15th", "last Friday"."""
    number = tokens[at].means.get(Kind.ORD)
    if isinstance(number, int) and at + 1 < len(tokens) and _unit(tokens[at + 1]) in (Unit.WEEK, Unit.MONTH):
        return _measured(tokens, at + 1, int(number))
    found = month_day_at(tokens, at)
    if found is None:
        return None
    end, beats = found
    month = _of_month(tokens, end, signs)
    if month or (beats and beats[0].nth in (1, -1)):
        return month or end, beats
    if beats and beats[0].nth:  # every other Friday, or the second of the month
        weekly = Beat(Pace.WEEKLY, every=beats[0].nth, weekdays=beats[0].weekdays)
        return end, (weekly, *beats)
    is_bare = end == at + 1
    if not is_bare:
        return end, ()  # "every third day"
    follows = tokens[end].means.keys() if end < len(tokens) else {Kind.AT}
    is_day = isinstance(number, Digits) and not follows.isdisjoint({Kind.AT, Kind.BY, Kind.COMMA})
    return (end, beats) if is_day else None


def _kept(beat: Beat) -> tuple[Beat, ...]:
    return (beat,) if 0 < beat.every <= MOST_EVERY else ()


def _of_month(tokens: Sequence[Token], at: int, signs: Signs) -> int | None:
    """Behind "of the month", "of every month", "im Monat"."""
    start = at
    while at < len(tokens) and at - start < 3 and tokens[at].text in signs.of:
        at += 1
    return at + 1 if at < len(tokens) and _unit(tokens[at]) is Unit.MONTH else None


def _unit(token: Token) -> Unit | None:
    found = token.means.get(Kind.UNIT) or token.means.get(Kind.UNITS)
    return found if isinstance(found, Unit) else None


def _weekday(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens):
        return None
    means = tokens[at].means
    found = means.get(Kind.WEEKDAY, means.get(Kind.WEEKDAYS))
    return found if isinstance(found, int) else None


def is_mark(token: Token, courtesies: Collection[str] = ()) -> bool:
    """Whether a token is only a mark, or a "please"."""
    return not token.text[0].isalnum() or token.text in courtesies
