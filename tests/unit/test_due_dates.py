"""The meaning of a deadline's words depends on who uses them, where and when."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread, read_deadline
from bot.domain.errors import NaiveTimeError
from bot.domain.reading.zones import ABBREVIATIONS
from bot.domain.working_time import WorkingHours

WEDNESDAY = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
NEW_YORK = WorkingHours("America/New_York")


def read(words: str, hours: WorkingHours = NEW_YORK, now: datetime = WEDNESDAY, locale: str = "en") -> Deadline:
    answer = read_deadline(words, now, hours, locale)
    assert isinstance(answer, Deadline), answer
    return answer


def refused(words: str, hours: WorkingHours = NEW_YORK, now: datetime = WEDNESDAY, locale: str = "en") -> Unread:
    answer = read_deadline(words, now, hours, locale)
    assert isinstance(answer, Unread), answer
    return answer


def test_a_deadline_is_an_aware_instant_in_utc_with_the_zone_it_was_meant_in() -> None:
    deadline = read("Friday 5pm")
    assert deadline == Deadline(datetime(2026, 3, 6, 22, tzinfo=UTC), "America/New_York", Granularity.MINUTE)
    assert deadline.at.tzinfo is UTC


def test_a_length_in_minutes_is_in_utc_too_whatever_the_zone_of_now() -> None:
    local = WEDNESDAY.astimezone(NEW_YORK.tz)
    assert read("in 2 hours", now=local).at == datetime(2026, 3, 4, 17, 15, tzinfo=UTC)
    assert read("in 2 hours", now=local).at.tzinfo is UTC


def test_days_keep_the_wall_clock_and_hours_the_time_that_passes_when_clocks_change() -> None:
    saturday = datetime(2026, 3, 7, 15, tzinfo=UTC)  # 10:00 in New York; clocks go forward in the night
    assert read("1 day from now", now=saturday).at == datetime(2026, 3, 8, 14, tzinfo=UTC)
    assert read("24 hours from now", now=saturday).at == datetime(2026, 3, 8, 15, tzinfo=UTC)


def test_a_day_ends_with_its_owners_working_day() -> None:
    early_bird = WorkingHours("Europe/Berlin", start=time(7), end=time(15, 30))
    assert read("Friday", early_bird).at == datetime(2026, 3, 6, 14, 30, tzinfo=UTC)


def test_a_week_ends_with_its_owners_last_working_day() -> None:
    sunday_to_thursday = WorkingHours("Asia/Dubai", days=frozenset({6, 0, 1, 2, 3}))
    assert read("end of the week", sunday_to_thursday).at.date() == date(2026, 3, 5)
    assert read("end of the week", WorkingHours(days=frozenset({0, 1, 2}))).at.date() == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("words", "hours", "local"),
    [
        ("in half a day", WorkingHours(start=time(15), end=time(18)), "03-04 16:45"),
        ("next Saturday", WorkingHours(days=frozenset(range(6))), "03-14 18:00"),
        ("next week", WorkingHours(days=frozenset({0})), "03-09 18:00"),
    ],
)
def test_a_deadline_depends_on_when_its_owner_works(words: str, hours: WorkingHours, local: str) -> None:
    assert f"{read(words, hours).at:%m-%d %H:%M}" == local


def test_working_days_leave_out_holidays_and_time_off() -> None:
    off_on_thursday = WorkingHours("UTC", days_off=frozenset({date(2026, 3, 5)}))
    assert read("in 2 working days", off_on_thursday).at.date() == date(2026, 3, 9)


def test_the_order_of_a_slash_date_is_the_zones_unless_the_locale_says() -> None:
    london = WorkingHours("Europe/London")
    assert read("5/11").at.date() == date(2026, 5, 11)
    assert read("5/11", london).at.date() == date(2026, 11, 5)
    assert read("5/11", london, locale="en-US").at.date() == date(2026, 5, 11)
    assert read("5/11", locale="en-GB").at.date() == date(2026, 11, 5)


def test_a_zone_in_the_text_is_kept_with_the_deadline() -> None:
    assert read("Friday 5pm PT") == Deadline(
        datetime(2026, 3, 7, 1, tzinfo=UTC), "America/Los_Angeles", Granularity.MINUTE
    )


def test_the_letters_of_a_zone_name_an_offset_that_its_place_has_in_the_year() -> None:
    for letters, (place, offset) in ABBREVIATIONS.items():
        if place and offset is not None:
            seen = {datetime(2026, month, 1, tzinfo=ZoneInfo(place)).utcoffset() for month in (1, 7)}
            assert timedelta(minutes=offset) in seen, letters


def test_a_time_alone_in_another_zone_is_the_next_there_though_yesterday_is_not_over_there() -> None:
    kolkata = WorkingHours("Asia/Kolkata")
    tuesday_early = datetime(2026, 3, 2, 20, tzinfo=UTC)  # 1:30 on Tuesday in Kolkata, noon on Monday in Los Angeles
    assert read("5pm PT", kolkata, tuesday_early).at == datetime(2026, 3, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "granularity"),
    [
        ("Friday at noon", Granularity.MINUTE),
        ("Friday", Granularity.DAY),
        ("next week", Granularity.WEEK),
        ("end of April", Granularity.MONTH),
        ("Q3", Granularity.QUARTER),
        ("EOY", Granularity.YEAR),
    ],
)
def test_the_granularity_is_that_of_the_words(words: str, granularity: Granularity) -> None:
    assert read(words).granularity is granularity


def test_a_refusal_shows_what_could_have_been_meant_and_which_words_were_read() -> None:
    answer = refused(" tomorrow at 7 ")
    assert answer.refusal is Refusal.AMBIGUOUS
    assert [candidate.at.hour for candidate in answer.candidates] == [12, 0]
    assert answer.understood == "tomorrow at 7"
    assert refused("February 30").understood == "February 30"


def test_nothing_is_read_when_one_word_is_left_over() -> None:
    assert refused("Friday 5pm sharpish").refusal is Refusal.NO_DEADLINE
    assert refused("the 27th floor").refusal is Refusal.NO_DEADLINE
    assert refused("3 pages").refusal is Refusal.NO_DEADLINE


def test_a_length_alone_is_asked_about() -> None:
    answer = refused("2 hours")
    assert (answer.refusal, answer.candidates[0].at) == (Refusal.AMBIGUOUS, datetime(2026, 3, 4, 17, 15, tzinfo=UTC))


def test_half_five_is_before_five_in_german_and_after_five_in_english() -> None:
    utc = WorkingHours()
    assert read("half five", utc).at.time() == time(17, 30)
    assert read("halb fünf", utc, locale="de-DE").at.time() == time(16, 30)


def test_an_unknown_language_is_read_as_english() -> None:
    assert read("Friday", locale="xx").at == read("Friday").at


def test_a_moment_without_a_zone_is_refused_as_our_own_fault() -> None:
    with pytest.raises(NaiveTimeError):
        read_deadline("Friday", datetime(2026, 3, 4, 10), NEW_YORK)  # noqa: DTZ001 — the naive moment is the point


def test_the_weekday_that_is_today_is_asked_about_until_its_work_is_over() -> None:
    assert refused("Wednesday").refusal is Refusal.AMBIGUOUS
    assert read("Wednesday", now=datetime(2026, 3, 5, 0, 30, tzinfo=UTC)).at.date() == date(2026, 3, 11)


def test_no_deadline_lies_in_the_past() -> None:
    for words in ("yesterday", "today at 9am", "last Friday", "March 3, 2026", "an hour ago", "2026-03-04T10:15"):
        assert refused(words).refusal is Refusal.PAST
