"""Pieces put together: a day, a time, a part of the day and a zone, in any order, with the small words between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from bot.domain.reading.chart import Chart
from bot.domain.reading.kinds import PREFIXES, WordKind
from bot.domain.reading.meaning import MORNING, OPENING, ClockTime, DayPart, Days, Instants, Length, Part, Zone

#: Small words that may stand before any piece.
ANYWHERE = PREFIXES | {WordKind.THROUGH, WordKind.COMMA, WordKind.THE, WordKind.AGREED, WordKind.OPEN, WordKind.CLOSE}
PLACES = frozenset({WordKind.IN, WordKind.ON, WordKind.AT, WordKind.OVER})
LINKS: dict[str, frozenset[WordKind]] = {
    "instant": ANYWHERE | {WordKind.APPROX},
    "day": ANYWHERE | PLACES | {WordKind.SOMETIME, WordKind.EVERY, WordKind.DASH, WordKind.OF, WordKind.APPROX},
    "day_part": ANYWHERE | {WordKind.DASH},
    "day_clock": ANYWHERE,
    "clock": ANYWHERE | {WordKind.AT, WordKind.APPROX, WordKind.TEE, WordKind.COLON, WordKind.DASH},
    "hour": ANYWHERE | {WordKind.AT, WordKind.APPROX, WordKind.TEE},
    "part": ANYWHERE | PLACES | {WordKind.DASH, WordKind.APPROX},
    "zone": frozenset({WordKind.OPEN}),
    "shift": frozenset(),
}
#: All that may stand before "by" in one deadline.
MARKS = frozenset({WordKind.COMMA, WordKind.OPEN, WordKind.CLOSE, WordKind.DASH, WordKind.COLON, WordKind.AGREED})
ANY_LINK = frozenset[WordKind]().union(*LINKS.values())
#: With one of these before it a second day is another thing.
PARTS = PREFIXES | {WordKind.DASH, WordKind.EVERY, WordKind.OF, WordKind.THROUGH}
TRAILING = frozenset({WordKind.AGREED, WordKind.CLOSE})
NO_KINDS = frozenset[WordKind]()
MAX_LINKS = 4
#: Maximum number of pieces in a phrase: a day may be named again ("Friday, the 27th"), which has no end of its own.
MAX_PIECES = 8


@dataclass(frozen=True)
class Phrase:
    """The pieces of one deadline."""

    day: Days | None = None
    clock: ClockTime | None = None
    part: Part | None = None
    zone: Zone | None = None
    instant: Instants | None = None
    shift: Length | None = None
    #: "By", "due" … stood before a piece: once, in one deadline.
    announced: bool = False
    #: "Before" a day is not "by" it.
    before: bool = False
    #: "Every Friday" comes more than once.
    every: bool = False
    #: A bare number that only its company makes an hour.
    loose: bool = False
    #: A bare number behind a date, which only a part of the day makes an hour.
    partless: bool = False
    #: Its company leaves doubt: "Friday 5" may be a date.
    doubtful: bool = False

    def but(self, **changed: Any) -> "Phrase":
        """Return the phrase with some pieces changed, in a quarter of the time that dataclasses.replace takes."""
        new = object.__new__(Phrase)
        new.__dict__.update(self.__dict__, **changed)
        return new

    @property
    def whole(self) -> bool:
        if self.part is None and (self.partless or (self.loose and self.day is None)):
            return False
        if self.day is not None or self.clock is not None or self.part is not None:
            return True
        return self.instant is not None or self.shift is not None

    @property
    def only_a_day(self) -> bool:
        """No time of day is named, at most a part of it."""
        return self.day is not None and self.clock is None and self.shift is None

    @property
    def filled(self) -> tuple[bool, ...]:
        return (
            self.day is not None,
            self.clock is not None,
            self.part is not None,
            self.zone is not None,
            self.instant is not None,
            self.shift is not None,
            self.loose,
            self.partless,
        )


BLANK = Phrase()


class Before(NamedTuple):
    """The context before a piece: the small words, and the kinds of the token before those."""

    links: frozenset[WordKind]
    token: frozenset[WordKind]
    #: The kinds of its own first token.
    first: frozenset[WordKind]
    #: Nothing stands between that and the token before.
    glued: bool


def phrases(chart: Chart, start: int, begun: Phrase | None = None) -> Mapping[int, Phrase]:
    """For every place where a phrase that begins at `start` can end, the one of fewest pieces.

    What it says already may have `begun` elsewhere. Each place is parsed once in a chart.
    """
    key = (start, begun)
    known: Mapping[int, Phrase] | None = chart.phrases.get(key)
    if known is None:
        known = chart.phrases[key] = _parsed(chart, start, begun or BLANK)
    return known


def _parsed(chart: Chart, start: int, begun: Phrase) -> Mapping[int, Phrase]:
    found: dict[int, Phrase] = {}
    seen: set[tuple[int, tuple[bool, ...]]] = set()
    layer = [(start, begun)]
    for _ in range(MAX_PIECES):
        grown: list[tuple[int, Phrase]] = []
        for end, phrase in (longer for at, shorter in layer for longer in _longer(chart, at, shorter)):
            if (end, phrase.filled) not in seen:
                seen.add((end, phrase.filled))
                grown.append((end, phrase))
                if phrase.whole:
                    found.setdefault(end, phrase)
        layer = grown
    for end, phrase in tuple(found.items()):
        while (after := _agreed(chart, end)) > end:
            end = after
            found.setdefault(end, phrase)
    return found


def _agreed(chart: Chart, at: int) -> int:
    """Behind a word that adds nothing, and the comma before it: "Friday, at the latest"."""
    is_comma = at < len(chart.tokens) and WordKind.COMMA in chart.tokens[at].means
    end = at + is_comma
    return end + 1 if end < len(chart.tokens) and not TRAILING.isdisjoint(chart.tokens[end].means) else at


def _longer(chart: Chart, at: int, phrase: Phrase) -> Iterator[tuple[int, Phrase]]:
    """The phrase with one more piece, in every way that the tokens allow."""
    if at >= len(chart.tokens) or not chart.tokens[at].means:
        return
    last = chart.sets[at - 1] if phrase.whole else NO_KINDS
    passed: list[frozenset[WordKind]] = []
    between = NO_KINDS
    for place in range(at, min(at + MAX_LINKS + 1, len(chart.tokens))):
        kinds = chart.sets[place]
        for slot in chart.rules_at(place, SLOTS):
            if passed and any(LINKS[slot].isdisjoint(link) for link in passed):
                continue
            matches = chart.find(slot, place)
            if not matches:
                continue
            links = LINKS[slot] & between
            before = Before(links, last, kinds, chart.tokens[place].glued)
            for end, value in matches:
                longer = FILL[slot](phrase, value, before)
                if longer is not None and links.isdisjoint(PREFIXES):
                    yield end, longer
                elif longer is not None and not phrase.announced:
                    yield end, longer.but(announced=True)
        if ANY_LINK.isdisjoint(kinds) or _is_particle(passed, kinds) or _is_in_a_time(chart, place):
            break
        passed.append(kinds)
        between |= kinds


def _is_in_a_time(chart: Chart, place: int) -> bool:
    """Return whether a colon joins an hour and its minutes: in "17:00 Uhr", "17" is no day and "00 Uhr" no hour.

    Behind a year it joins a date and a time ("06/Nov/2026:17:00").
    """
    if WordKind.COLON not in chart.sets[place]:
        return False
    around = chart.tokens[max(place - 1, 0) : place + 2]
    is_joint = len(around) == 3 and around[1].glued and around[2].glued
    return is_joint and all(WordKind.NUM in each.means and len(each.text) <= 2 for each in around[::2])


def _is_particle(passed: list[frozenset[WordKind]], kinds: frozenset[WordKind]) -> bool:
    """Return whether the small words before this one belong to the task: "turn it in by Monday"."""
    if not PREFIXES.isdisjoint(kinds):
        return any(MARKS.isdisjoint(link) for link in passed)
    return bool(passed) and not PLACES.isdisjoint(passed[-1]) and not PLACES.isdisjoint(kinds)


def _instant(phrase: Phrase, value: Instants, _: Before) -> Phrase | None:
    return phrase.but(instant=value) if phrase == Phrase() else None


def _day(phrase: Phrase, value: Days, before: Before) -> Phrase | None:
    """Add a day. A second one either names the same day ("Wednesday (today)") or makes the phrase ambiguous."""
    if phrase.instant is not None or (phrase.loose and not PREFIXES.isdisjoint(before.links)):
        return None
    if WordKind.MONTH in before.first and phrase.clock and not phrase.clock.written and WordKind.NUM in before.token:
        return None
    if WordKind.EVERY in before.links and not PREFIXES.isdisjoint(before.links):
        return None
    if WordKind.OF in before.links and phrase.part is None and phrase.clock is None:
        return None
    if phrase.day is not None:
        agreed = tuple(stretch for stretch in phrase.day if stretch in value)
        if not agreed and not (phrase.day and value and before.links.isdisjoint(PARTS)):
            return None
        if not agreed and not all(stretch.single for stretch in (*phrase.day, *value)):
            return None
        value = agreed or (*phrase.day, *value)
    return phrase.but(
        day=value,
        before=phrase.before or WordKind.BEFORE in before.links,
        every=phrase.every or WordKind.EVERY in before.links,
    )


def _day_part(phrase: Phrase, value: DayPart, before: Before) -> Phrase | None:
    with_day = _day(phrase, value[0], before)
    return None if with_day is None else _part(with_day, value[1], before)


def _day_clock(phrase: Phrase, value: tuple[Days, ClockTime, Zone | None], before: Before) -> Phrase | None:
    days, clock, zone = value
    with_day = _day(phrase, days, before)
    with_clock = None if with_day is None else _clock(with_day, clock, before)
    return with_clock if with_clock is None or zone is None else _zone(with_clock, zone, before)


def _clock(phrase: Phrase, value: ClockTime, before: Before) -> Phrase | None:
    """A time; behind the T of an ISO date it is on the 24-hour clock."""
    if phrase.clock is not None or phrase.instant is not None:
        return None
    return phrase.but(clock=replace(value, sure=True, exact=True) if WordKind.TEE in before.links else value)


def _hour(phrase: Phrase, value: ClockTime, before: Before) -> Phrase | None:
    """A bare number behind a day is an hour after "tomorrow", may be one after "Friday", and is none after a date."""
    with_clock = _clock(phrase, value, before)
    if with_clock is None or not {WordKind.AT, WordKind.TEE}.isdisjoint(before.links):
        return with_clock
    if not PREFIXES.isdisjoint(before.links):
        return with_clock.but(doubtful=phrase.day is None and _is_date_too(value))
    if phrase.day is not None and phrase.part is None:
        if WordKind.WEEKDAY in before.token:
            return with_clock.but(doubtful=not value.written)
        if before.token.isdisjoint({WordKind.DAYWORD, WordKind.HOLIDAY}):
            return with_clock.but(partless=True)
    return with_clock.but(loose=True)


def _is_date_too(clock: ClockTime) -> bool:
    """ "By 15" may be the 15th, "by 2027" the year."""
    return bool(clock.dates) or (clock.sure and (clock.minutes >= 19 * 60 if clock.written else clock.minutes > 0))


def _part(phrase: Phrase, value: Part, before: Before) -> Phrase | None:
    if phrase.instant is not None:
        return None
    if phrase.part is not None:
        if {phrase.part, value} != {MORNING, OPENING}:
            return None
        value = OPENING  # "first thing Monday morning"
    return phrase.but(part=value, before=phrase.before or WordKind.BEFORE in before.links)


def _zone(phrase: Phrase, value: Zone, before: Before) -> Phrase | None:
    """A zone; "10:00-11:30" names none."""
    if phrase.clock is None or phrase.zone is not None:
        return None
    if before.glued and WordKind.DASH in before.first and not phrase.clock.exact:
        return None
    return phrase.but(zone=value)


def _shift(phrase: Phrase, value: Length, _: Before) -> Phrase | None:
    return phrase.but(shift=value) if phrase.shift is None and phrase.instant is None else None


FILL: dict[str, Callable[[Phrase, Any, Before], Phrase | None]] = {
    "instant": _instant,
    "day": _day,
    "day_part": _day_part,
    "day_clock": _day_clock,
    "clock": _clock,
    "hour": _hour,
    "part": _part,
    "zone": _zone,
    "shift": _shift,
}
SLOTS = tuple(FILL)
