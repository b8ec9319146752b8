"""Read the words of `move 4 to Monday noon, because …`: a date, which may count from the deadline, and a reason."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from bot.domain.due_dates import (
    Deadline,
    Granularity,
    Refusal,
    Unread,
    candidates_of,
    is_length,
    names_only_a_time,
    read_deadline,
)
from bot.domain.working_time import WorkingHours

Read = Callable[[str], Deadline | Unread]
_TO = re.compile(r"(?:to|until|till|by|on|for|auf|bis)\s+", re.IGNORECASE)
#: Separators of date and reason, the most certain first.
_BECAUSE = re.compile(
    r"(?<![\s,;:.–—-])[\s,;:.–—-]+(?:because(?:\s+of)?|since|due\s+to|as|weil|wegen|da)\s+", re.IGNORECASE
)
_MARK = re.compile(r"(?<!\s)\s*(?:[,;]\s+|:\s+|\.\s+|\s[–—-]\s|–|—|\()\s*")
#: A length counted from the deadline: "a day later", "two more hours", "back a week", "+1 day".
_LATER = (
    re.compile(r"(?P<length>.{1,60})\s(?:later|longer|more|später|länger)", re.IGNORECASE),
    re.compile(r"(?:(?:back|out)\s(?:by\s)?|\+\s?)(?P<length>.{1,60})", re.IGNORECASE),
)
_MORE = re.compile(r"\s(?:more|weitere)(?=\s)", re.IGNORECASE)
#: Words that continue the date, so no reason begins with them.
_GOES_ON = frozenset("or and oder und at um before after not maybe".split())
#: Maximum number of words tried as a date, and of marks tried as separators.
WORDS_TRIED = 12


def split_reason(words: str, read: Read) -> tuple[Deadline | Unread, str]:
    """Return the instant that the words name, and the reason after it; `read` parses a date.

    If none is certain, return the refusal of the first part that may be a date, with the reason after it. The beginning
    of that part is not tried alone: the year of "4 December 2062" is no reason for 4 December.
    """
    words = _TO.sub("", words.strip(), count=1) if _TO.match(words.strip()) else words.strip()
    refused: tuple[Unread, str] | None = None
    in_doubt = ""
    for date, reason, is_marked in _parts(words):
        if in_doubt.startswith(date):
            continue
        found = read(date.strip(" ,;:.–—-"))
        if isinstance(found, Unread) and (found.refusal is Refusal.NO_DEADLINE or refused):
            continue
        if not (is_marked or _is_reason(reason, read)):
            continue
        why = reason.strip(" ,;:.–—-()")
        if isinstance(found, Deadline):
            return found, why
        refused, in_doubt = (found, why), date
    return refused or (Unread(Refusal.NO_DEADLINE), "")


def _parts(words: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the possible splits into date and reason, with whether a mark separates them."""
    yield words, "", True
    for pattern in (_BECAUSE, _MARK):
        for found in islice(pattern.finditer(words), WORDS_TRIED):
            yield words[: found.start()], words[found.end() :], True
    split = words.split()
    for count in range(min(len(split) - 1, WORDS_TRIED), 0, -1):
        yield " ".join(split[:count]), " ".join(split[count:]), False


def _is_reason(reason: str, read: Read) -> bool:
    """Return whether words after a date, without a mark, are not part of the date."""
    first, *_ = reason.lower().split()
    if first.strip(",;:.") in _GOES_ON:
        return False
    answer = read(reason)
    return isinstance(answer, Unread) and answer.refusal is Refusal.NO_DEADLINE


def read_new_date(words: str, due_at: datetime, now: datetime, hours: WorkingHours, locale: str) -> Deadline | Unread:
    """Read the date to which a promise moves.

    "A day later" is counted from its deadline; where that leads from a working day to one off, the next working day is
    meant as likely. A length alone, and a time of day alone while the deadline is on another day, may be counted from
    either; all are candidates.
    """
    words, later_than = " ".join(words.split()), max(due_at, now)
    more = _MORE.sub("", words)
    lengths = [found["length"] for pattern in _LATER if (found := pattern.fullmatch(words))]
    if lengths or more != words:
        return _one_of(_after(later_than, (*lengths, more)[0], hours, locale), words)
    answer = read_deadline(words, now, hours, locale)
    after: tuple[Deadline, ...] = ()
    if is_length(words, now, hours, locale):
        after = _after(due_at, words, hours, locale)
    elif isinstance(answer, Deadline) and names_only_a_time(words, now, hours, locale):
        day, time = hours.local(due_at).date(), hours.local(answer.at).time()
        after = (Deadline(hours.instant(day, time), hours.zone, Granularity.MINUTE),)
    read = candidates_of(answer)
    new = tuple(each for each in after if each.at > now and each not in read)
    return _one_of((*new, *read), words) if new else answer


def _one_of(moments: tuple[Deadline, ...], words: str) -> Deadline | Unread:
    """Return the only moment, or a refusal: ambiguous, or none."""
    if len(moments) == 1:
        return moments[0]
    return Unread(Refusal.AMBIGUOUS, moments, words) if moments else Unread(Refusal.NO_DEADLINE)


def _after(due_at: datetime, length: str, hours: WorkingHours, locale: str) -> tuple[Deadline, ...]:
    """Return the deadline moved by a length, at its time of day where that counts days; nothing if it is no length.

    Before a day off that follows from a working day stands the next working day.
    """
    if not is_length(length, due_at, hours, locale):
        return ()
    read = read_deadline(f"in {length}", due_at, hours, locale)
    if not isinstance(read, Deadline) or read.granularity is Granularity.MINUTE:
        return (read,) if isinstance(read, Deadline) else ()
    day, time = hours.local(read.at).date(), hours.local(due_at).time()
    days = [day]
    if hours.works_on(hours.local(due_at).date()) and not hours.works_on(day):
        days.insert(0, hours.local(hours.next_opening(hours.instant(day, time))).date())
    return tuple(Deadline(hours.instant(each, time), hours.zone, Granularity.MINUTE) for each in days)
