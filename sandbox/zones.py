"""People's time zones, and dates in them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.errors import UnknownHereError


def known_zone(name: str) -> str:
    """The name of a zone, as it was given. Raises: UnknownHereError when there is no such zone."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise UnknownHereError(f"There is no zone “{name}”: write it like Europe/Berlin.") from None


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
