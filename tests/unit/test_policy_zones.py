"""Wall clocks become instants: every zone there is, every change of its clocks for some years.

KEPT_LONG=1 takes those until 2037.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.working_time import WorkingHours
from tests.patience import IS_LONG
from tests.unit.policy_people import ZONES

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  wall clocks are counted from here as well as instants
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2038 if IS_LONG else 2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


@cache
def transitions(name: str) -> tuple[tuple[datetime, timedelta, timedelta], ...]:
    """(the first instant of the new offset, the old one, the new one), found by looking at offsets alone."""
    zone, found, at = ZoneInfo(name), [], START
    while at < END:
        soon = at + timedelta(days=10)
        before, after = offset(zone, at), offset(zone, soon)
        if before != after:
            low, high = at, soon
            while high - low > MINUTE:
                middle = low + (high - low) // (2 * MINUTE) * MINUTE
                low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
            found.append((high, before, after))
        at = soon
    return tuple(found)


def changes() -> Iterator[tuple[str, datetime, timedelta, timedelta]]:
    """One zone for each history of changes: most names are links to another."""
    sent = {transitions(name): name for name in ZONES}
    for story, name in sent.items():
        for change in story:
            yield name, *change


def oracle(wall: datetime, change: datetime, before: timedelta, after: timedelta) -> datetime:
    """The first minute at which a clock shows `wall`, minute by minute; in a gap, as if it had not been moved yet."""
    naive = change.replace(tzinfo=None)
    for minute in range(-360, 361):
        instant = naive + minute * MINUTE
        if instant + (before if minute < 0 else after) == wall:
            return instant.replace(tzinfo=UTC)
    return (wall - before).replace(tzinfo=UTC)


def test_a_fold_goes_to_the_earlier_instant_and_a_gap_to_the_later_one_in_every_zone() -> None:
    checked = 0
    for name, change, before, after in changes():
        hours, middle = WorkingHours(name), change.replace(tzinfo=None) + before
        for minutes in (-121, -61, -60, -31, -1, 0, 29, 30, 59, 60, 61, 119, 120):
            wall = middle + minutes * MINUTE
            assert hours.instant(wall.date(), wall.time()) == oracle(wall, change, before, after), (name, wall)
            checked += 1
    assert checked > 4_000, "the zones of this machine have no history"


def test_work_begins_and_ends_by_the_wall_clock_on_the_day_that_clocks_change() -> None:
    for name, change, before, after in changes():
        wall = change.replace(tzinfo=None) + before
        if not time(1) <= wall.time() <= time(21):
            continue
        hours = WorkingHours(name, frozenset(range(7)), wall.time(), time(23, 30))
        opens = oracle(wall, change, before, after)
        assert hours.is_working(opens), name
        assert not hours.is_working(opens - MINUTE) or hours.local(opens - MINUTE).date() != wall.date(), name
        assert hours.next_opening(opens - 10 * MINUTE) == opens, name


def test_a_working_day_counts_the_hours_that_really_pass() -> None:
    night = WorkingHours("Europe/Berlin", frozenset(range(7)), time(0), time(8))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    for day, hours in ((spring, 7), (autumn, 9)):
        assert night.working_time(night.opens(day), night.closes(day)) == timedelta(hours=hours)
        assert night.after(night.opens(day), timedelta(hours=5)) == night.opens(day) + timedelta(hours=5)
        assert night.leaving(night.closes(day), timedelta(hours=5)) == night.closes(day) - timedelta(hours=5)
