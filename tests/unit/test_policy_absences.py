"""Days off and settings: deadlines that fall on them, and sentences for what cannot be set."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.clashes import Off, Reason, clash
from bot.domain.errors import UnreadableError
from bot.domain.habits import Absence, Habits
from bot.domain.preferences import Preferences
from bot.domain.promise import Due, Promise
from bot.holidays_of import countries, holidays_of
from tests.unit.factories import ALICE, BOB, MONDAY, promised

PREFERENCES = Preferences()
CHRISTMAS = Absence(date(2026, 12, 24), date(2027, 1, 2), "skiing")


def due(at: datetime, zone: str = "UTC") -> Promise:
    return promised(terms=replace(promised().terms, due=Due(at, zone)))


def test_a_deadline_in_an_absence_is_seen_with_a_day_before_and_a_day_after() -> None:
    alice = PREFERENCES.habits("Europe/Berlin", absences=[CHRISTMAS])
    bob = PREFERENCES.habits("Europe/Berlin", holidays=[date(2027, 1, 4)])
    seen = clash(due(datetime(2026, 12, 29, 16, tzinfo=UTC), "Europe/Berlin"), alice, bob, MONDAY)
    assert seen
    assert seen.off == (Off(ALICE, Reason.ABSENCE, CHRISTMAS.first_on, CHRISTMAS.last_on),)
    assert seen.earlier == Due(datetime(2026, 12, 23, 16, tzinfo=UTC), "Europe/Berlin")
    assert seen.later == Due(datetime(2027, 1, 5, 16, tzinfo=UTC), "Europe/Berlin")


def test_a_holiday_of_the_requester_counts_in_the_requesters_own_zone() -> None:
    tokyo = PREFERENCES.habits("Asia/Tokyo", holidays=[date(2026, 11, 28)])
    night = due(datetime(2026, 11, 27, 16, tzinfo=UTC))  # Friday here, Saturday the 28th there
    seen = clash(night, PREFERENCES.habits("UTC"), tokyo, MONDAY)
    assert seen
    assert seen.off == (Off(BOB, Reason.HOLIDAY, date(2026, 11, 28), date(2026, 11, 28)),)
    assert clash(night, PREFERENCES.habits("UTC"), PREFERENCES.habits("UTC"), MONDAY) is None


def test_a_day_before_that_has_passed_is_not_offered() -> None:
    away = PREFERENCES.habits("UTC", absences=[Absence(MONDAY.date(), date(2026, 12, 31))])
    seen = clash(promised(), away, Habits(), MONDAY)
    assert seen
    assert seen.earlier is None
    assert seen.later
    assert seen.later.at > datetime(2027, 1, 1, tzinfo=UTC)


def test_absences_and_holidays_become_days_off() -> None:
    habits = PREFERENCES.habits("UTC", [date(2026, 12, 8)], [Absence(date(2026, 12, 24), date(2026, 12, 26))])
    assert sorted(day.day for day in habits.hours.days_off) == [8, 24, 25, 26]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (Preferences(days=frozenset()), "days", "at least one working day"),
        (Preferences(days=frozenset({7})), "days", "from Monday to Sunday"),
        (Preferences(start=time(9), end=time(10)), "end", "two hours or more"),
        (Preferences(start=time(22), end=time(6)), "end", "night shifts"),
        (Preferences(quiet=(time(8), time(17, 30))), "quiet", "at least one hour"),
        (Preferences(quiet=(time(17), time(10))), "", ""),
        (Preferences(lead_days=0), "lead_days", "1 to 10 working days"),
        (Preferences(daily_cap=21), "daily_cap", "1 to 20 messages"),
    ],
)
def test_an_invalid_setting_is_reported_at_its_field(wrong: Preferences, field: str, sentence: str) -> None:
    faults = wrong.faults()
    assert sentence in faults.get(field, "")
    assert set(faults) == ({field} if field else set())


def test_holidays_come_by_country_and_part_of_it() -> None:
    assert date(2026, 10, 3) in holidays_of("DE", [2026])
    assert date(2026, 1, 6) in holidays_of("de-by", [2026]) - holidays_of("DE", [2026])
    assert holidays_of("", [2026]) == frozenset()
    assert {"DE", "US", "JP"} <= countries().keys()
    with pytest.raises(UnreadableError, match="no holiday calendar called Atlantis"):
        holidays_of("Atlantis", [2026])
