"""When a digest is posted: once a period, at its hour in its setter's zone, in every week of the year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digests import Cadence, DigestSetting, last_chance_at, next_post_at, period_of
from bot.domain.promise import ChannelId
from bot.domain.working_time import WorkingHours
from tests.unit.factories import CHARLIE, MONDAY, TEAM

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
#: They change their clocks in March and November, in March and October, in September and April, by half an hour, never.
ZONES = ("America/New_York", "Europe/Berlin", "Pacific/Auckland", "Australia/Lord_Howe", "Asia/Kolkata")


def posts(setting: DigestSetting) -> list[datetime]:
    """Every post of 2027, as one follows from the other."""
    found = [next_post_at(setting, NEW_YEAR)]
    while found[-1].year < 2028:
        found.append(next_post_at(setting, found[-1]))
    return found[:-1]


def digest_at(zone: str, cadence: Cadence, hour: time, weekday: int = 6) -> DigestSetting:
    return DigestSetting(TEAM, ChannelId("C1"), cadence, hour, zone, CHARLIE, MONDAY, NEW_YEAR, weekday)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [time(16), time(9), time(2, 30), time(0), time(23, 59)])
def test_a_weekly_digest_comes_on_its_day_at_its_hour_through_every_change_of_the_clocks(zone: str, hour: time) -> None:
    setting = digest_at(zone, Cadence.WEEKLY, hour)
    local = [at.astimezone(ZoneInfo(zone)) for at in posts(setting)]
    assert {at.weekday() for at in local} == {6}
    assert [at.date() for at in local] == [local[0].date() + timedelta(weeks=week) for week in range(52)]
    # Only what no clock shows, on the Sunday in spring, is posted later: by the length of the gap.
    shown = [at for at in local if at.time() != hour]
    assert len(shown) <= (hour == time(2, 30))
    assert all(
        timedelta() < at.replace(tzinfo=None) - datetime.combine(at.date(), hour) <= timedelta(hours=1) for at in shown
    )


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_digest_comes_once_each_weekday_and_covers_what_the_last_one_left(zone: str) -> None:
    setting = digest_at(zone, Cadence.DAILY, time(9))
    days = [at.astimezone(ZoneInfo(zone)).date() for at in posts(setting)]
    all_days = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    assert days == [day for day in all_days if day.weekday() < 5]
    assert len(days) >= 260
    for at in posts(setting)[:20]:
        assert period_of(setting, at).coming_to == next_post_at(setting, at)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cadence", Cadence)
def test_the_last_chance_leaves_three_hours_of_work_before_every_post(zone: str, cadence: Cadence) -> None:
    setting = digest_at(zone, cadence, time(16), weekday=4)
    for at in posts(setting):
        before = last_chance_at(setting, at)
        assert WorkingHours(zone).working_time(before, at) == timedelta(hours=3)
