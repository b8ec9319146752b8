"""People drawn at random for the reminders' properties, and an independent account of when they listen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from bot.domain.habits import Absence, Habits
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, Promise
from tests.unit.factories import promised

ZONES = sorted(available_timezones())
#: Every zone's offset is a multiple of this since 2020, and so are the hours drawn here: nothing changes in between.
GRID = timedelta(minutes=15)


def half_hours(first: int, last: int) -> st.SearchStrategy[time]:
    return st.builds(lambda half: time(half // 2, 30 * (half % 2)), st.integers(2 * first, 2 * last))


@st.composite
def people(draw: st.DrawFn, near: datetime) -> Habits:
    """A person with a zone, a week, holidays, an absence and perhaps quiet hours around an instant.

    Their hours keep clear of the night, when clocks change: what a gap or a fold means is tested in test_policy_zones.
    """
    start = draw(half_hours(5, 14))
    preferences = Preferences(
        days=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        start=start,
        end=(datetime(2026, 1, 1, start.hour, start.minute) + timedelta(hours=draw(st.integers(2, 8)))).time(),  # noqa: DTZ001  a wall clock
        lead_days=draw(st.integers(1, 3)),
        quiet=draw(st.none() | st.tuples(half_hours(5, 22), half_hours(5, 22)).filter(lambda span: span[0] != span[1])),
    )
    if preferences.faults():
        preferences = Preferences(preferences.days, preferences.start, preferences.end)
    holidays = draw(st.sets(days_near(near), max_size=5))
    first = draw(days_near(near))
    away = draw(st.lists(st.just(Absence(first, first + timedelta(days=draw(st.integers(0, 20))))), max_size=1))
    return preferences.habits(draw(st.sampled_from(ZONES)), holidays, away)


def days_near(near: datetime) -> st.SearchStrategy[date]:
    return st.integers(-3, 40).map(lambda days: near.date() + timedelta(days=days))


@st.composite
def situations(draw: st.DrawFn, least: timedelta = timedelta(minutes=10)) -> tuple[Promise, Habits, Habits]:
    """A promise of ten minutes to forty days between two people, made at any minute from 2020 to 2037."""
    made_at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 17 * 365 * 24 * 60)))
    spans = st.integers(10, 24 * 60) | st.integers(10, 40 * 24 * 60)
    span = max(least, timedelta(minutes=draw(spans)))
    return due_in(span, made_at), draw(people(made_at)), draw(people(made_at))


def due_in(span: timedelta, made_at: datetime) -> Promise:
    terms = promised().terms
    return promised(made_at=made_at, terms=type(terms)(terms.what, Due(made_at + span, "UTC")))


def listens(habits: Habits, instant: datetime) -> bool:
    """By the wall clock at the instant alone, without any instant being derived from a wall clock."""
    wall = (instant + (instant.astimezone(ZoneInfo(habits.hours.zone)).utcoffset() or timedelta())).replace(tzinfo=None)
    if wall.weekday() not in habits.hours.days or wall.date() in habits.hours.days_off:
        return False
    if not habits.hours.start <= wall.time() < habits.hours.end:
        return False
    if habits.quiet is None:
        return True
    hush, end = habits.quiet
    is_quiet = hush <= wall.time() < end if hush < end else wall.time() >= hush or wall.time() < end
    return not is_quiet


def could_listen(habits: Habits, start: datetime, end: datetime) -> bool:
    """Return whether there was any moment of listening from `start` up to `end`."""
    return any(listens(habits, at) for at in _grid(start, end))


def _grid(start: datetime, end: datetime) -> Iterator[datetime]:
    yield start
    at = datetime.fromtimestamp((start.timestamp() // GRID.total_seconds() + 1) * GRID.total_seconds(), UTC)
    while at <= end:
        yield at
        at += GRID
