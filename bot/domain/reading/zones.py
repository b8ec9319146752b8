"""Time zones as people name them."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from bot.domain.reading.kinds import Digits, WordKind
from bot.domain.reading.language import Entry
from bot.domain.reading.meaning import View, Zone

REGIONS = frozenset("Africa America Asia Atlantic Australia Europe Indian Pacific".split())
#: Letters: the place whose clocks are meant, and the offset in minutes that they say literally.
ABBREVIATIONS: dict[str, tuple[str | None, int | None]] = {
    "utc, gmt, z, utc time, coordinated universal, greenwich mean time, zulu": (None, 0),
    "et, eastern": ("America/New_York", None),
    "est, eastern standard": ("America/New_York", -300),
    "edt, eastern daylight": ("America/New_York", -240),
    "ct, central": ("America/Chicago", None),
    "cst, central standard": ("America/Chicago", -360),
    "cdt, central daylight": ("America/Chicago", -300),
    "mt, mountain": ("America/Denver", None),
    "mst, mountain standard": ("America/Denver", -420),
    "mdt, mountain daylight": ("America/Denver", -360),
    "pt, pacific": ("America/Los_Angeles", None),
    "pst, pacific standard": ("America/Los_Angeles", -480),
    "pdt, pacific daylight": ("America/Los_Angeles", -420),
    "akst": ("America/Anchorage", -540),
    "akdt": ("America/Anchorage", -480),
    "hst": ("Pacific/Honolulu", -600),
    "bst, british summer": ("Europe/London", 60),
    "wet, western european": ("Europe/Lisbon", 0),
    "west": ("Europe/Lisbon", 60),
    "mez": ("Europe/Berlin", 60),
    "mesz": ("Europe/Berlin", 120),
    "cet, central european": ("Europe/Berlin", 60),
    "cest, central european summer": ("Europe/Berlin", 120),
    "eet, eastern european": ("Europe/Athens", 120),
    "eest": ("Europe/Athens", 180),
    "msk": ("Europe/Moscow", 180),
    "ist, india standard, indian standard": ("Asia/Kolkata", 330),
    "pkt": ("Asia/Karachi", 300),
    "sgt": ("Asia/Singapore", 480),
    "hkt": ("Asia/Hong_Kong", 480),
    "jst, japan standard": ("Asia/Tokyo", 540),
    "kst": ("Asia/Seoul", 540),
    "awst": ("Australia/Perth", 480),
    "acst": ("Australia/Adelaide", 570),
    "acdt": ("Australia/Adelaide", 630),
    "aest": ("Australia/Sydney", 600),
    "aedt": ("Australia/Sydney", 660),
    "nzst": ("Pacific/Auckland", 720),
    "nzdt": ("Pacific/Auckland", 780),
    "brt": ("America/Sao_Paulo", -180),
    "art": ("America/Argentina/Buenos_Aires", -180),
    "wib": ("Asia/Jakarta", 420),
    "ict": ("Asia/Bangkok", 420),
    "pht": ("Asia/Manila", 480),
    "sast": ("Africa/Johannesburg", 120),
    "eat": ("Africa/Nairobi", 180),
    "wat": ("Africa/Lagos", 60),
    "cat": ("Africa/Maputo", 120),
    "trt": ("Europe/Istanbul", 180),
    "gst": ("Asia/Dubai", 240),
    "npt": ("Asia/Kathmandu", 345),
    "nst": ("America/St_Johns", -210),
    "ndt": ("America/St_Johns", -150),
    "adt": ("America/Halifax", -180),
}
#: Countries and their people where one zone holds, and cities that no zone is named after.
PLACES: dict[str, str] = {
    "America/New_York": "boston, washington dc, dc, nyc, new york city, ny, atlanta, miami, philadelphia, east coast",
    "America/Chicago": "dallas, houston, austin, texas, minneapolis, nashville",
    "America/Denver": "salt lake city, colorado, utah",
    "America/Los_Angeles": "san francisco, sf, seattle, la, portland, san diego, california, west coast, bay area",
    "America/Toronto": "montreal, ottawa",
    "America/Sao_Paulo": "são paulo, rio, rio de janeiro",
    "America/Argentina/Buenos_Aires": "buenos aires, argentina, argentine",
    "America/Bogota": "colombia, colombian, bogotá",
    "Europe/London": "uk, u.k., british, britain, england, english, scotland, edinburgh, manchester, united kingdom",
    "Europe/Dublin": "ireland, irish",
    "Europe/Berlin": "germany, german, munich, münchen, hamburg, frankfurt, cologne, köln, stuttgart",
    "Europe/Paris": "france, french, lyon",
    "Europe/Madrid": "spain, spanish, barcelona",
    "Europe/Rome": "italy, italian, milan",
    "Europe/Amsterdam": "netherlands, dutch, holland, rotterdam",
    "Europe/Brussels": "belgium, belgian",
    "Europe/Zurich": "switzerland, swiss, zürich, geneva, basel",
    "Europe/Vienna": "austria, austrian, wien",
    "Europe/Lisbon": "lisboa, porto",
    "Europe/Stockholm": "sweden, swedish",
    "Europe/Oslo": "norway, norwegian",
    "Europe/Copenhagen": "denmark, danish",
    "Europe/Helsinki": "finland, finnish",
    "Europe/Warsaw": "poland, polish, krakow",
    "Europe/Prague": "czech, czechia",
    "Europe/Athens": "greece, greek",
    "Europe/Kyiv": "ukraine, ukrainian, kiev",
    "Europe/Istanbul": "turkey, turkish, ankara",
    "Europe/Bucharest": "romania, romanian",
    "Africa/Lagos": "nigeria, nigerian",
    "Africa/Nairobi": "kenya, kenyan",
    "Africa/Cairo": "egypt, egyptian",
    "Africa/Johannesburg": "south africa, south african, cape town",
    "Asia/Jerusalem": "israel, israeli, tel aviv",
    "Asia/Riyadh": "saudi",
    "Asia/Dubai": "uae, abu dhabi",
    "Asia/Kolkata": "india, indian, mumbai, delhi, new delhi, bangalore, bengaluru, chennai, hyderabad, pune",
    "Asia/Karachi": "pakistan, pakistani",
    "Asia/Dhaka": "bangladesh",
    "Asia/Bangkok": "thailand, thai",
    "Asia/Ho_Chi_Minh": "vietnam, vietnamese, saigon, hanoi",
    "Asia/Singapore": "singaporean",
    "Asia/Manila": "philippines, philippine",
    "Asia/Shanghai": "china, chinese, beijing, shenzhen",
    "Asia/Seoul": "korea, korean, south korea",
    "Asia/Tokyo": "japan, japanese, osaka",
    "Australia/Sydney": "canberra",
    "Pacific/Auckland": "new zealand, wellington",
}
#: Everyday words and names of people among the last parts of zones' names.
NO_CITIES = frozenset("center knox easter reunion troll jersey christmas".split())


@cache
def _zones() -> dict[str, str]:
    """The zones of the tz database by their names in small letters."""
    return {name.lower(): name for name in available_timezones() if name.split("/")[0] in REGIONS}


def zone_named(name: str) -> Zone | None:
    """The zone of the tz database with that name; None when there is none."""
    found = _zones().get(name.lower())
    return None if found is None else Zone(found)


def _cities() -> Iterator[tuple[str, str]]:
    """Zones, and the cities that are their names' last part or are known to lie in them."""
    for name in sorted(_zones().values()):
        city = name.rpartition("/")[2].replace("_", " ").lower()
        if city not in NO_CITIES and city.replace(" ", "").isalpha():
            yield name, city
    yield from PLACES.items()


PLACES_AND_ZONES: tuple[Entry, ...] = (
    *((WordKind.ZONE, Zone(place, offset), names) for names, (place, offset) in ABBREVIATIONS.items()),
    *((WordKind.CITY, Zone(place), names) for place, names in _cities()),
)

#: Zones where 3/4 is the 4th of March: the United States with its islands, and eastern Asia (year, month, day).
MONTH_FIRST = frozenset(
    """
    America/New_York America/Detroit America/Chicago America/Menominee America/Denver America/Boise America/Phoenix
    America/Los_Angeles America/Anchorage America/Juneau America/Sitka America/Nome America/Adak America/Metlakatla
    America/Yakutat America/Puerto_Rico Pacific/Honolulu Pacific/Guam Asia/Manila Asia/Tokyo Asia/Seoul Asia/Shanghai
    Asia/Taipei UTC Etc/UTC Etc/GMT GMT
    """.split()
)
MONTH_FIRST_PREFIXES = ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")


def month_comes_first(zone: str) -> bool:
    return zone in MONTH_FIRST or zone.startswith(MONTH_FIRST_PREFIXES)


def zone_east(_: View, found: Zone, *numbers: Digits) -> Zone | None:
    """UTC+2, GMT+0530, UTC+5:30."""
    return _offset(numbers, 1) if found.offset == 0 else None


def zone_west(_: View, found: Zone, *numbers: Digits) -> Zone | None:
    return _offset(numbers, -1) if found.offset == 0 else None


def offset_named_east(_: View, *parts: Any) -> Zone | None:
    """GMT+0200 (CEST), as browsers write it."""
    return _offset(parts[-2:-1], 1)


def offset_named_west(_: View, *parts: Any) -> Zone | None:
    return _offset(parts[-2:-1], -1)


def offset_east(_: View, first: Digits, *others: Digits) -> Zone | None:
    """+0200, +02:00."""
    return _offset((first, *others), 1) if others or first.width == 4 else None


def offset_west(_: View, first: Digits, *others: Digits) -> Zone | None:
    return _offset((first, *others), -1) if others or first.width == 4 else None


def _offset(numbers: tuple[Digits, ...], sign: int) -> Zone | None:
    """Hours, hours and minutes, or both in one number of three or four digits."""
    hours, minutes = numbers[0], 0
    if len(numbers) > 1:
        minutes = numbers[1]
    elif hours.width > 2:
        hours, minutes = Digits(str(hours // 100)), hours % 100
    return Zone(None, sign * (hours * 60 + minutes)) if hours <= 14 and minutes < 60 else None
