"""Where the sandbox's clock begins."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import in_hours
from sandbox.settings import Settings
from sandbox.world import World

FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (FRIDAY.replace(hour=10, minute=7), FRIDAY.replace(hour=10, minute=7)),
        (FRIDAY.replace(hour=6), FRIDAY.replace(hour=9)),
        (FRIDAY.replace(hour=15), FRIDAY + timedelta(days=3, hours=9)),
        (FRIDAY + timedelta(days=1, hours=3), FRIDAY + timedelta(days=3, hours=9)),
    ],
)
def test_it_begins_when_people_are_at_work(now: datetime, begins: datetime) -> None:
    assert in_hours(now) == begins


def test_it_shows_real_time_unless_that_was_asked_for() -> None:
    assert World(Settings()).clock.offset_s == 0
    began = World(Settings(in_hours=True)).clock.now()
    assert in_hours(began) == began
