"""People's time zones, and dates in them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def local(tz: str, seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(tz))


def offset_s(tz: str, seconds: float) -> int:
    offset = local(tz, seconds).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def zone_label(tz: str, seconds: float) -> str:
    return local(tz, seconds).tzname() or tz


def epoch_of_local(tz: str, typed: str) -> int:
    """The instant of a local time typed as 2026-11-27T17:00 in that zone.

    Raises: ValueError when it is no such time.
    """
    return int(datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(tz)).timestamp())
