"""Slack's date formatting: what stands between the carets of <!date^…>."""

import re
from datetime import datetime, timedelta

from sandbox.zones import local

_TOKEN = re.compile(r"\{(\w+)\}")


def formatted(epoch: int, pattern: str, tz: str, now_s: float) -> str:
    """The pattern with its tokens filled in, in that zone; "pretty" ones say today, yesterday or tomorrow."""
    then, now = local(tz, epoch), local(tz, now_s)

    def filled(found: re.Match[str]) -> str:
        token = found[1]
        if token.endswith("_pretty"):
            return _near(then, now) or _plain(token.removesuffix("_pretty"), then, now)
        return _plain(token, then, now) or found[0]

    return _TOKEN.sub(filled, pattern)


def _plain(token: str, then: datetime, now: datetime) -> str:
    year = "" if then.year == now.year else f", {then.year}"
    match token:
        case "date_num":
            return then.strftime("%Y-%m-%d")
        case "date":
            return f"{then:%B} {_ordinal(then.day)}{year}"
        case "date_short":
            return f"{then:%b} {then.day}{year}"
        case "date_long":
            return f"{then:%A}, {then:%B} {_ordinal(then.day)}{year}"
        case "time":
            return then.strftime("%H:%M")
        case "time_secs":
            return then.strftime("%H:%M:%S")
        case "day_divider":
            return f"{then:%A}, {then:%B} {_ordinal(then.day)}{year}"
        case "ago":
            return _ago(now - then)
        case _:
            return ""


def _near(then: datetime, now: datetime) -> str:
    days = (then.date() - now.date()).days
    return {0: "today", -1: "yesterday", 1: "tomorrow"}.get(days, "")


def _ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _ago(passed: timedelta) -> str:
    seconds = passed.total_seconds()
    amount, unit = next(
        ((abs(seconds) // size, name) for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"))
         if abs(seconds) >= size),
        (abs(seconds), "second"),
    )  # fmt: skip
    words = f"{int(amount)} {unit}{'' if int(amount) == 1 else 's'}"
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def day_heading(seconds: float, tz: str, now_s: float) -> str:
    then, now = local(tz, seconds), local(tz, now_s)
    near = _near(then, now)
    return near.capitalize() if near else _plain("date_long", then, now)
