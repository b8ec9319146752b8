"""Typed text, names, times and lengths of time in Slack's markup.

Typed text is cut first and escaped last. Escaping alone is not enough: Slack links a bare `@everyone` unless the text
object says `verbatim` (bot.views.blocks does), and a line break or a fence of backticks could forge our own.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from bot.domain.leavers import NAME, has_left
from bot.domain.promise import Due, Promise, UserId
from bot.language import ENGLISH, _, current, day_text, ngettext, pgettext

#: Invisible characters, and those that may reverse the line or hide what follows.
_TRICKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LENGTHS = {letter: len(entity) for letter, entity in _ENTITIES.items()}
#: A date in Slack's markup, by its seconds since 1970 and its fallback; typed text is escaped, so all are ours.
_DATE = re.compile(r"<!date\^(\d+)\^[^|>]*\|([^>]*)>")
_FENCE = "```"
#: Right-to-left text is isolated, so that it does not reorder ours.
_RIGHT_TO_LEFT, _ISOLATE, _END_ISOLATE = ("R", "AL"), "\u2068", "\u2069"


def escape(text: str) -> str:
    """Return the text so that Slack reads no mention, link or date in it; always the last step.

    >>> escape("<!channel> R&D")
    '&lt;!channel&gt; R&amp;D'
    """
    for letter, entity in _ENTITIES.items():  # & first, since the entities hold one
        text = text.replace(letter, entity)
    return text


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, ending in “…” if cut.

    >>> cut("the whole deck", 9)
    'the whol…'
    """
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def clean(text: str) -> str:
    """Return the text without control characters and direction marks; its lines stay."""
    if text.isprintable():  # a line without such characters, as nearly all are
        return text.strip()
    return _TRICKS.sub("", text.replace("\r\n", "\n")).strip()


def one_line(text: str, limit: int) -> str:
    """Return typed text as one line of mrkdwn no longer than `limit` once escaped.

    >>> one_line("see\\n<http://x|y>", 40)
    'see &lt;http://x|y&gt;'
    """
    line = " ".join(clean(text).split()).replace(_FENCE, "'''")
    if not line.isascii() and any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in set(line)):
        return f"{_ISOLATE}{_escaped(line, limit - 2)}{_END_ISOLATE}"
    return _escaped(line, limit)


def _escaped(line: str, limit: int) -> str:
    whole, room = escape(line), limit
    if len(whole) <= limit:
        return whole
    for at, letter in enumerate(line):
        room -= _LENGTHS.get(letter, 1)
        if room < 0:
            return escape(cut(line, _fitting(line, at, limit)))
    return whole


def _fitting(line: str, length: int, limit: int) -> int:
    """Return the longest cut of at most `length` characters that fits once escaped."""
    while length and len(escape(cut(line, length))) > limit:
        length -= 1
    return length


def quoted(text: str, limit: int = 300) -> str:
    """Return typed text in quotation marks."""
    return _("“{words}”").format(words=one_line(text, limit))


def person(user_id: UserId) -> str:
    """Return a mention, only of ids from Slack; a fixed text for a person whose data was deleted."""
    return _(NAME) if has_left(user_id) else f"<@{user_id}>"


class Name(str):
    """A mention, or “you”, with what translations need with it: `{by} {by.have}`, `{by.dative}`."""

    __slots__ = ()
    _is_you = False

    @property
    def dative(self) -> str:
        return pgettext("dative", "you") if self._is_you else str(self)

    @property
    def accusative(self) -> str:
        return pgettext("accusative", "you") if self._is_you else str(self)

    @property
    def have(self) -> str:
        return pgettext("you", "have") if self._is_you else pgettext("a person", "has")

    @property
    def be(self) -> str:
        return pgettext("you", "are") if self._is_you else pgettext("a person", "is")


class You(Name):
    """The reader."""

    __slots__ = ()
    _is_you = True


def named(user_id: UserId, viewer: UserId | None) -> Name:
    """Return a mention, or “you” for the reader."""
    return You(_("you")) if user_id == viewer else Name(person(user_id))


def opening(sentence: str) -> str:
    """Return the sentence with a capital letter.

    >>> opening("you promised")
    'You promised'
    """
    return sentence[:1].upper() + sentence[1:]


def mid_sentence(words: str) -> str:
    """Return words as they stand inside a sentence: in English with a small letter; German nouns keep theirs.

    >>> mid_sentence("Late, still open")
    'late, still open'
    """
    return words[:1].lower() + words[1:] if current() == ENGLISH else words


def when(due_at: datetime, zone: str) -> str:
    """Return a time that each reader sees in their own zone; the fallback is in `zone`, and names it."""
    return _when(due_at, zone, current())


@lru_cache(maxsize=250)  # a message names the same deadline in its text, its line and its buttons
def _when(due_at: datetime, zone: str, language: str) -> str:
    fallback = escape(plain_when(due_at, zone)).replace("|", "")
    return f"<!date^{int(due_at.timestamp())}^{_date_pattern(language)}|{fallback}>"


@cache
def _date_pattern(_language: str) -> str:
    return _("{day} at {time}").format(day="{day_divider_pretty}", time="{time}")


def in_words(text: str, zone: str = "", now: datetime | None = None) -> str:
    """Return a text with its dates written out, as notifications and screen readers need them.

    They are in `zone`, or each in the zone of its own fallback if the reader's is unknown.

    >>> from datetime import UTC
    >>> in_words(f"Due {when(datetime(2026, 11, 27, 16, tzinfo=UTC), 'Europe/Berlin')}.", "America/New_York")
    'Due Fri 27 Nov, 11:00 EST.'
    """

    def written_out(date: re.Match[str]) -> str:
        return escape(plain_when(datetime.fromtimestamp(int(date[1]), UTC), zone, now)) if zone else date[2]

    return _DATE.sub(written_out, text)


def plain_when(due_at: datetime, zone: str, now: datetime | None = None) -> str:
    """Return a time as text, in `zone`; with its year if `now` is given and lies in another one.

    >>> from datetime import UTC
    >>> plain_when(datetime(2026, 11, 27, 16, tzinfo=UTC), "Europe/Berlin")
    'Fri 27 Nov, 17:00 CET'
    >>> plain_when(datetime(2026, 11, 27, 16, tzinfo=UTC), "America/Sao_Paulo")
    'Fri 27 Nov, 13:00 UTC-3'
    """
    local = due_at.astimezone(ZoneInfo(zone))
    is_other_year = now is not None and now.astimezone(local.tzinfo).year != local.year
    return f"{day_text(local, year=is_other_year)}, {local.hour:02}:{local.minute:02} {zone_name(local)}"


def day_of(due: Due) -> str:
    """Return the day of a deadline, in the deadline's zone."""
    return day_text(due.local)


def city_of(zone: str) -> str:
    """Return the city that a zone is named after.

    >>> city_of("America/New_York"), city_of("UTC")
    ('New York', 'UTC')
    """
    return zone.rpartition("/")[2].replace("_", " ")


def zone_name(local: datetime) -> str:
    """Return the short name of a zone at a time, or its offset from UTC if it has none.

    >>> zone_name(datetime(2026, 7, 1, tzinfo=ZoneInfo("Asia/Kathmandu")))
    'UTC+5:45'
    """
    name = local.tzname() or ""
    if name.isalpha():
        return name
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def span(length: timedelta) -> str:
    """Return a length of time in its largest unit, rounded down.

    >>> span(timedelta(days=2, hours=5)), span(timedelta(minutes=61)), span(timedelta(seconds=20))
    ('2 days', '1 hour', 'less than a minute')
    """
    seconds = int(length.total_seconds())
    if seconds >= 14 * 86_400:
        return ngettext("{count} week", "{count} weeks", seconds // (7 * 86_400))
    if seconds >= 86_400:
        return ngettext("{count} day", "{count} days", seconds // 86_400)
    if seconds >= 3_600:
        return ngettext("{count} hour", "{count} hours", seconds // 3_600)
    if seconds >= 60:
        return ngettext("{count} minute", "{count} minutes", seconds // 60)
    return _("less than a minute")


def late(by: timedelta) -> str:
    """Return how late something is.

    >>> late(timedelta(days=2))
    '2 days late'
    """
    return _("{span} late").format(span=span(by))


def name_of(promise: Promise) -> str:
    """Return how a promise is referred to."""
    return numbered(promise.number)


def numbered(number: int) -> str:
    """Return how the promise with a number is referred to."""
    return f"#{number}"


def by_due(due: Due) -> str:
    """Return “by” and a deadline, as the end of a promise's words."""
    return _("by {due}").format(due=when(due.at, due.zone))


def due_of(promise: Promise) -> str:
    """Return the deadline in force, in each reader's own zone."""
    return when(promise.terms.due.at, promise.terms.due.zone)
