"""Spans of working time as sorted instants: what lies weeks away is found by bisection, not by a walk through days.

Walking took most of the time of a decision about a person's messages (docs/performance.md). The spans of some months
are computed once for everybody who has the same hours.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
Quiet = tuple[time, time] | None
#: A wall-clock day in an IANA zone: its start and end, and the quiet hours within.
Wall = tuple[str, time, time, Quiet]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Days that are computed together. The spans near an instant are those of its block and of both adjacent ones.
BLOCK = 64


@lru_cache(1024)
def instant(zone: str, day: date, at: time) -> datetime:
    """Return the UTC instant of a wall-clock time; a gap goes to the later instant, a fold to the earlier."""
    return datetime.combine(day, at.replace(fold=0) if at.fold else at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Spans:
    """All spans between two local midnights, in time order.

    `before[n]` is the time within the first n of them, `mornings` are the first starts of each day.
    """

    since: datetime
    until: datetime
    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    mornings: list[datetime]

    def holds(self, at: datetime) -> bool:
        """Return whether an instant lies within a span."""
        place = bisect_right(self.starts, at) - 1
        return place >= 0 and at < self.ends[place]

    def passed(self, at: datetime) -> timedelta:
        """Return the time within spans before an instant."""
        place = bisect_right(self.starts, at)
        if place and at < self.ends[place - 1]:
            return self.before[place - 1] + (at - self.starts[place - 1])
        return self.before[place]

    def first_past(self, passed: timedelta) -> datetime | None:
        """Return the instant of a span at which that much time within spans has passed; None if it comes later."""
        place = bisect_right(self.before, passed) - 1
        return self.starts[place] + (passed - self.before[place]) if place < len(self.starts) else None

    def last_at(self, passed: timedelta, until: datetime) -> datetime | None:
        """Return the latest instant up to `until` at which no more time within spans has passed; None if none has."""
        place = min(bisect_right(self.before, passed), bisect_right(self.starts, until)) - 1
        return self.starts[place] + (passed - self.before[place]) if place >= 0 else None

    def ending_after(self, at: datetime) -> Span | None:
        """Return the first span that ends after an instant."""
        place = bisect_right(self.ends, at)
        return (self.starts[place], self.ends[place]) if place < len(self.ends) else None

    def ended_by(self, at: datetime) -> Span | None:
        """Return the last span that has ended by an instant."""
        place = bisect_right(self.ends, at) - 1
        return (self.starts[place], self.ends[place]) if place >= 0 else None

    def start_from(self, at: datetime) -> datetime | None:
        """Return the first start of a span that is not before an instant."""
        place = bisect_left(self.starts, at)
        return self.starts[place] if place < len(self.starts) else None

    def started_by(self, at: datetime) -> datetime | None:
        """Return the last start of a span up to an instant."""
        place = bisect_right(self.starts, at)
        return self.starts[place - 1] if place else None

    def morning_after(self, at: datetime) -> datetime | None:
        place = bisect_right(self.mornings, at)
        return self.mornings[place] if place < len(self.mornings) else None


def spans_of(wall: Wall, day: date) -> tuple[Span, ...]:
    """Return the spans of one day, in time order, without those that have no length."""
    zone, start, end, quiet = wall
    opens, closes = instant(zone, day, start), instant(zone, day, end)
    spans = [(opens, closes)]
    if quiet:
        hush, over = (instant(zone, day, at) for at in quiet)
        if quiet[0] < quiet[1]:
            spans = [(opens, min(closes, hush)), (max(opens, over), closes)]
        else:
            spans = [(max(opens, over), min(closes, hush))]
    return tuple(span for span in spans if span[0] < span[1])


@lru_cache(1024)
def spans_near(wall: Wall, days: frozenset[int], days_off: frozenset[date], block: int) -> Spans:
    """Return the spans of the working days in a block and in the adjacent ones."""
    worked = [
        spans
        for each in (block - 1, block, block + 1)
        for day, spans in _block(wall, each)
        if day.weekday() in days and day not in days_off and spans
    ]
    flat = [span for spans in worked for span in spans]
    return Spans(
        instant(wall[0], date.fromordinal((block - 1) * BLOCK), time(0)),
        instant(wall[0], date.fromordinal((block + 2) * BLOCK), time(0)),
        [start for start, _ in flat],
        [end for _, end in flat],
        list(accumulate((end - start for start, end in flat), initial=timedelta())),
        [spans[0][0] for spans in worked],
    )


@lru_cache(512)
def _block(wall: Wall, block: int) -> tuple[tuple[date, tuple[Span, ...]], ...]:
    days = map(date.fromordinal, range(block * BLOCK, (block + 1) * BLOCK))
    return tuple((day, spans_of(wall, day)) for day in days)
