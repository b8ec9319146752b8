"""Days off: read from words, kept in order, and taken from a Slack status that says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.absences import KEPT_FOR, MOST, added, coming, read_absence, without_today
from bot.domain.errors import UnreadableError
from bot.domain.habits import Absence
from bot.domain.statuses import SlackStatus, absence_of
from bot.domain.working_time import WorkingHours
from bot.holidays_of import calendar_named, holidays_of
from bot.region_names import OTHER_NAMES, other_names
from handlers.away import status_in

WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=UTC)
BERLIN = WorkingHours("Europe/Berlin")


def day(month: int, number: int) -> date:
    return date(2026 if month > 10 else 2027, month, number)


@pytest.mark.parametrize(
    ("words", "locale", "first", "last"),
    [
        ("24 Dec – 2 Jan", "en", day(12, 24), day(1, 2)),
        ("24 Dec-2 Jan", "en", day(12, 24), day(1, 2)),
        ("Dec 24 to Jan 2", "en", day(12, 24), day(1, 2)),
        ("from 24 December 2026 through 2 January 2027", "en", day(12, 24), day(1, 2)),
        ("2026-12-24 - 2027-01-02", "en", day(12, 24), day(1, 2)),
        ("2026-12-24", "en", day(12, 24), day(12, 24)),
        ("24.12.-2.1.", "en", day(12, 24), day(1, 2)),
        ("24 – 31 Dec", "en", day(12, 24), day(12, 31)),
        ("Dec 24 - 28", "en", day(12, 24), day(12, 28)),
        ("Friday", "en", day(11, 27), day(11, 27)),
        ("until Friday", "en", day(11, 25), day(11, 27)),
        ("this week", "en", day(11, 25), day(11, 29)),
        ("next week", "en", day(11, 30), day(12, 6)),
        ("Mon-Fri", "en", day(11, 30), day(12, 4)),
        ("Christmas", "en", day(12, 25), day(12, 25)),
        ("vom 24. bis 31. Dezember", "de", day(12, 24), day(12, 31)),
        ("24. Dezember bis 2. Januar", "de", day(12, 24), day(1, 2)),
        ("24.–31.12.", "de", day(12, 24), day(12, 31)),
        ("bis Freitag", "de", day(11, 25), day(11, 27)),
        ("nächste Woche", "de", day(11, 30), day(12, 6)),
    ],
)
def test_days_are_read_as_people_write_them(words: str, locale: str, first: date, last: date) -> None:
    read = read_absence(words, WEDNESDAY, BERLIN, locale)
    assert (read.first_on, read.last_on) == (first, last)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "which days"),
        ("bananas", "which days"),
        ("Wednesday", "which days"),  # today, or in a week?
        ("31 Feb", "which days"),
        ("yesterday", "over already"),
        ("1 Dec 2026 – 5 Dec 2027", "longer than a year"),
        ("x" * 101, "which days"),
    ],
)
def test_what_names_no_days_with_certainty_is_refused(words: str, says: str) -> None:
    with pytest.raises(UnreadableError, match=says):
        read_absence(words, WEDNESDAY, BERLIN)


def test_days_are_those_of_the_speakers_zone() -> None:
    late = datetime(2026, 11, 25, 20, tzinfo=UTC)
    assert read_absence("today", late, WorkingHours("Asia/Tokyo")).first_on == day(11, 26)


def test_what_touches_becomes_one_and_what_is_long_over_goes() -> None:
    long_over = Absence(day(11, 1) - KEPT_FOR, day(11, 2) - KEPT_FOR)
    kept = added((long_over, Absence(day(12, 24), day(12, 26))), Absence(day(12, 27), day(12, 30)), day(11, 25))
    assert kept == (Absence(day(12, 24), day(12, 30)),)


def test_there_is_room_for_so_many() -> None:
    many = tuple(Absence(day(12, 1) + timedelta(days=7 * n), day(12, 1) + timedelta(days=7 * n)) for n in range(MOST))
    with pytest.raises(UnreadableError, match="absences fit"):
        added(many, Absence(day(11, 25), day(11, 25)), day(11, 25))


def test_who_is_back_was_away_until_yesterday() -> None:
    away = Absence(day(11, 23), day(11, 27))
    assert without_today((away,), day(11, 25)) == (Absence(day(11, 23), day(11, 24)),)
    assert without_today((away,), day(11, 23)) == ()
    assert coming((away,), day(11, 28)) == ()


def until(month: int, number: int, hour: int) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "last"),
    [
        (SlackStatus("Vacationing", ":palm_tree:", until(12, 4, 22)), day(12, 4)),
        (SlackStatus("Out sick", ":face_with_thermometer:", until(11, 25, 22)), day(11, 25)),
        (SlackStatus("krankgeschrieben", "", until(11, 27, 22)), day(11, 27)),
        (SlackStatus("Im Urlaub", "", until(12, 1, 7)), day(11, 30)),  # gone before that morning
        (SlackStatus("OOO until Monday", "", until(11, 30, 6)), day(11, 29)),
        (SlackStatus("OOO for lunch", "", until(11, 25, 12)), None),
        (SlackStatus("Vacationing", ":palm_tree:"), None),
        (SlackStatus("Vacationing", ":palm_tree:", until(11, 25, 8)), None),
        (SlackStatus("In a meeting", ":spiral_calendar_pad:", until(11, 27, 22)), None),
        (SlackStatus("Back from vacation", ":palm_tree:", until(11, 27, 22)), None),
        (SlackStatus("Wieder gesund, nicht mehr krank", "", until(11, 27, 22)), None),
        (SlackStatus("reviewing a pull request", "", until(11, 27, 22)), None),
    ],
)
def test_a_status_takes_away_whole_days_and_only_with_an_end(status: SlackStatus, last: date | None) -> None:
    found = absence_of(status, BERLIN, WEDNESDAY)
    assert found == (Absence(day(11, 25), last, "status") if last else None)


def test_a_status_over_a_weekend_alone_changes_nothing() -> None:
    saturday = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert absence_of(SlackStatus("Vacation", "", until(11, 29, 22)), BERLIN, saturday) is None


@pytest.mark.parametrize("profile", [None, [], {"status_expiration": "soon"}, {"status_expiration": 10**30}])
def test_a_profile_of_any_shape_is_read(profile: object) -> None:
    assert status_in({"event": {"user": {"profile": profile}}}).ends_at is None


@pytest.mark.parametrize(
    ("words", "calendar"),
    [
        ("DE", "DE"),
        ("de-by", "DE-BY"),
        ("Germany", "DE"),
        ("Germany, Bayern", "DE-BY"),
        ("UK, Scotland", "GB-SCT"),
        ("united states", "US"),
        ("Guinea-Bissau", "GW"),
        ("DE-Augsburg", "DE-Augsburg"),
        ("England", "GB-ENG"),
        ("wien", "AT-9"),
        ("Mecklenburg-Vorpommern", "DE-MV"),
        ("New South Wales", "AU-NSW"),
        ("NSW", "AU-NSW"),
        ("Zurich", "CH-ZH"),
        ("Texas, USA", "US-TX"),
        ("Wien/Österreich", "AT-9"),
        ("Spain, La Rioja", "ES-RI"),
        ("Georgia", "GE"),
        ("Puerto Rico", "PR"),
        ("BY", "BY"),
        (" ", ""),
        ("Saxony", "DE-SN"),
        ("lower saxony", "DE-NI"),
        ("Germany, North Rhine-Westphalia", "DE-NW"),
        ("Saxony-Anhalt", "DE-ST"),
        ("Catalonia", "ES-CT"),
        ("Basque Country, Spain", "ES-PV"),
        ("Vienna", "AT-9"),
        ("Genf", "CH-GE"),
        ("St. Gallen", "CH-SG"),
        ("South Tyrol", "IT-BZ"),
        ("Deutschland", "DE"),
        ("Österreich, Tyrol", "AT-7"),
        ("Vereinigte Staaten", "US"),
        ("Türkei", "TR"),
    ],
)
def test_a_country_is_named_as_people_name_it(words: str, calendar: str) -> None:
    assert calendar_named(words) == calendar
    assert bool(holidays_of(calendar, [2026])) == bool(calendar)


@pytest.mark.parametrize("country", OTHER_NAMES)
def test_each_other_name_is_that_of_one_region_of_its_country(country: str) -> None:
    for name, code in other_names(country).items():
        assert calendar_named(f"{country}, {name}") == f"{country}-{code}"
        assert holidays_of(f"{country}-{code}", [2026])


@pytest.mark.parametrize("words", ["Narnia", "DE-XX", "-", "Germany, Narnia", "Germany, Texas", "OÖ"])
def test_a_country_without_a_known_calendar_is_reported_at_its_field(words: str) -> None:
    with pytest.raises(UnreadableError, match="no holiday calendar") as refused:
        calendar_named(words)
    assert refused.value.about == "country"


@pytest.mark.parametrize("words", ["La Rioja", "santa cruz", "La Paz", "Santa Catarina", "KTN"])
def test_a_part_that_several_countries_have_is_asked_about_with_names_that_are_read(words: str) -> None:
    with pytest.raises(UnreadableError, match=f"Several countries have a {words}") as asked:
        calendar_named(words)
    assert asked.value.about == "country"
    choices = str(asked.value).rpartition(": ")[2].rstrip(".").split("; ")
    read = [calendar_named(choice) for choice in choices]
    assert len(set(read)) == len(choices) > 1
    assert all(holidays_of(calendar, [2026]) for calendar in read)
