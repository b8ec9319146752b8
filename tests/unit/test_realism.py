"""Realistic dates: the load of the week, the first day with room, and how long such things took before."""

from datetime import datetime, timedelta

import pytest

from bot.domain.outcomes import Past
from bot.domain.promise import PromiseId
from bot.domain.realism import Pace, day_with_room, doubt, pace_of, stretched
from bot.domain.working_time import WorkingHours
from bot.views.asides import with_asides
from bot.views.replies import recorded
from tests.unit.factories import FRIDAY, MONDAY, promised
from tests.unit.histories import BERLIN, delivered, past
from tests.unit.views_gallery import said_in

HOURS = WorkingHours(BERLIN)
PROMISE = promised(id=PromiseId("NEW"))
UNKNOWN = Pace(0.0, 0)


def owed(day: int) -> datetime:
    """The deadline of something else that is owed."""
    return MONDAY + timedelta(days=day, hours=8)


def took(times: float) -> Past:
    """A promise of a working week, delivered after so many times that long."""
    at = HOURS.after(MONDAY, HOURS.working_time(MONDAY, FRIDAY) * times)
    return past(*delivered(at))


def test_an_empty_week_and_a_punctual_past_raise_no_doubt() -> None:
    assert doubt(PROMISE, [], pace_of([took(0.9)] * 8), HOURS) is None
    assert doubt(PROMISE, [owed(4), owed(14), owed(15), owed(16)], UNKNOWN, HOURS) is None


def test_a_busy_week_names_the_first_day_with_room() -> None:
    others = [owed(3), owed(4), owed(4), owed(7), owed(7)]
    found = doubt(PROMISE, others, UNKNOWN, HOURS)
    assert found is not None
    # Friday and the Monday after have two each already: Tuesday, at the same time of day.
    assert (found.others, found.better.local.isoformat()) == (3, "2026-12-01T18:00:00+01:00")


def test_a_busy_week_with_room_on_the_day_itself_is_no_news() -> None:
    assert doubt(PROMISE, [owed(1), owed(2), owed(3)], UNKNOWN, HOURS) is None


@pytest.mark.parametrize(("times", "ratio"), [([1.6] * 8, 1.6), ([0.5, 1.5, 1.5, 2.0, 1.0], 1.5)])
def test_the_outside_view_is_the_median_of_what_the_last_deliveries_took(times: list[float], ratio: float) -> None:
    assert pace_of([took(each) for each in times]) == Pace(pytest.approx(ratio), len(times))


def test_four_deliveries_say_nothing_and_the_newest_eight_say_it_all() -> None:
    assert pace_of([took(3)] * 4) == Pace(0.0, 4)
    assert pace_of([*[took(0.2)] * 20, *[took(2)] * 8]) == Pace(pytest.approx(2), 8)


def test_a_stretched_date_keeps_its_hour_and_falls_on_a_day_of_work() -> None:
    assert HOURS.local(stretched(MONDAY, FRIDAY, 1.6, HOURS)).isoformat() == "2026-12-02T18:00:00+01:00"
    assert day_with_room(FRIDAY + timedelta(days=1), [], HOURS) == FRIDAY + timedelta(days=3)


def test_the_line_is_one_and_says_who_sees_it() -> None:
    found = doubt(PROMISE, [owed(3), owed(4), owed(4)], pace_of([took(1.6)] * 8), HOURS)
    receipt = recorded(PROMISE, MONDAY)
    shown = with_asides(receipt, (found,), PROMISE)
    assert len(shown.blocks) == len(receipt.blocks) + 1
    assert said_in(shown).splitlines()[-1] == (
        "Only you see this: you already owe 3 others that week, and your last 8 took 1.6 × the promised time. "
        "Would Wed 2 Dec, 18:00 CET be safer?"
    )
