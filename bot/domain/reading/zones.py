"""Time zones as people name them."""

from bot.domain.reading.kinds import Kind
from bot.domain.reading.language import Entry
from bot.domain.reading.meaning import Zone

#: Letters: the place whose clocks are meant, and the offset in minutes that they say literally.
ABBREVIATIONS: dict[str, tuple[str | None, int | None]] = {
    "utc, gmt, z, greenwich mean time, zulu": (None, 0),
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
    "wet": ("Europe/Lisbon", 0),
    "west": ("Europe/Lisbon", 60),
    "cet, central european": ("Europe/Berlin", 60),
    "cest": ("Europe/Berlin", 120),
    "eet": ("Europe/Athens", 120),
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
}
CITIES: dict[str, str] = {
    "new york": "America/New_York",
    "boston": "America/New_York",
    "toronto": "America/Toronto",
    "chicago": "America/Chicago",
    "denver": "America/Denver",
    "phoenix": "America/Phoenix",
    "san francisco, sf, seattle, los angeles, la": "America/Los_Angeles",
    "mexico city": "America/Mexico_City",
    "são paulo, sao paulo": "America/Sao_Paulo",
    "london": "Europe/London",
    "dublin": "Europe/Dublin",
    "lisbon": "Europe/Lisbon",
    "madrid": "Europe/Madrid",
    "paris": "Europe/Paris",
    "amsterdam": "Europe/Amsterdam",
    "berlin": "Europe/Berlin",
    "zurich, zürich": "Europe/Zurich",
    "vienna": "Europe/Vienna",
    "rome": "Europe/Rome",
    "stockholm": "Europe/Stockholm",
    "warsaw": "Europe/Warsaw",
    "athens": "Europe/Athens",
    "kyiv": "Europe/Kyiv",
    "istanbul": "Europe/Istanbul",
    "moscow": "Europe/Moscow",
    "lagos": "Africa/Lagos",
    "nairobi": "Africa/Nairobi",
    "johannesburg": "Africa/Johannesburg",
    "dubai": "Asia/Dubai",
    "india, mumbai, delhi, bangalore": "Asia/Kolkata",
    "singapore": "Asia/Singapore",
    "hong kong": "Asia/Hong_Kong",
    "shanghai, beijing": "Asia/Shanghai",
    "seoul": "Asia/Seoul",
    "tokyo": "Asia/Tokyo",
    "sydney": "Australia/Sydney",
    "auckland": "Pacific/Auckland",
}
ZONE_ENTRIES: tuple[Entry, ...] = tuple(
    (Kind.ZONE, Zone(place, offset), names) for names, (place, offset) in ABBREVIATIONS.items()
)
CITY_ENTRIES: tuple[Entry, ...] = tuple((Kind.CITY, Zone(place), names) for names, place in CITIES.items())

#: Where 3/4 is the 4th of March: the United States, their islands, and eastern Asia, which writes year, month, day.
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
