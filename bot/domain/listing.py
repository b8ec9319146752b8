"""Parse the filter of `list …`: a side, a channel, days, or words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.promise import ChannelId, Promise
from bot.domain.working_time import WorkingHours

_SIDES = {
    "owing": "owing mine my i",
    "owed": "owed waiting others",
    "missed": "missed late overdue due-past verpasst",
    "all": "all everything open alle alles offen",
    "closed": "closed done finished kept ended past erledigt fertig",
}
#: Words in `list …` that are ignored.
_FILLERS = frozenset("my mine the promises promise please me of all for in i owe owes open".split())
_CHANNEL = re.compile(r"<#(?P<id>[CG][A-Z0-9]+)(?:\|[^<>]*)?>")
#: Maximum number of words of a search.
MAX_WORDS = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """`side` is one of owing, owed, missed, all, closed; `days` a first and a last day, in the reader's zone."""

    side: str = "all"
    channel: ChannelId | None = None
    days: tuple[date, date] | None = None
    words: tuple[str, ...] = ()
    title: str = ""

    def holds(self, promise: Promise, hours: WorkingHours) -> bool:
        """Return whether a promise matches the filter; the side is not checked."""
        if self.channel and promise.origin.channel_id != self.channel:
            return False
        if self.days and not self.days[0] <= hours.local(promise.terms.due.at).date() <= self.days[1]:
            return False
        what = promise.terms.what.casefold()
        return all(word in what for word in self.words)


def read_listing(text: str, now: datetime, hours: WorkingHours) -> Listing | None:
    """Parse the words after `list`; None if they are no filter.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    >>> read_listing("late", monday, WorkingHours()).side, read_listing("deck", monday, WorkingHours()).words
    ('missed', ('deck',))
    """
    if channel := _CHANNEL.fullmatch(text.strip()):
        return Listing(channel=ChannelId(channel["id"]))
    words = re.findall(r"[^\s,;:.!?]+", text.casefold())
    today = hours.local(now).date()
    if days := _days(" ".join(words), today):
        return Listing(days=days, title=" ".join(words))
    for side, names in _SIDES.items():
        if words and words[0] in names.split() and _FILLERS.issuperset(words[1:]):
            return Listing(side)
    rest = [word for word in words if word not in _FILLERS]
    if not rest:
        return Listing()
    return Listing(words=tuple(rest)) if len(words) <= MAX_WORDS else None


def _days(words: str, today: date) -> tuple[date, date] | None:
    monday = today - timedelta(days=today.weekday())
    spans = {
        ("today", "due today", "heute"): (today, today),
        ("tomorrow", "due tomorrow", "morgen"): (today + timedelta(days=1), today + timedelta(days=1)),
        ("this week", "week", "due this week", "diese woche"): (monday, monday + timedelta(days=6)),
        ("next week", "due next week", "nächste woche"): (monday + timedelta(days=7), monday + timedelta(days=13)),
    }
    return next((days for names, days in spans.items() if words in names), None)


def held(promises: Iterable[Promise], listing: Listing, hours: WorkingHours) -> tuple[Promise, ...]:
    """Return the promises that match the filter, in the order given."""
    return tuple(promise for promise in promises if listing.holds(promise, hours))
