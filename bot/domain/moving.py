"""Split the words of `move 4 to Monday noon, because …` into date and reason."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from bot.domain.due_dates import Deadline, Refusal, Unread

Read = Callable[[str], Deadline | Unread]
_TO = re.compile(r"(?:to|until|till|by|on|for|auf|bis)\s+", re.IGNORECASE)
#: Separators of date and reason, the most certain first.
_BECAUSE = re.compile(r"(?<![\s,;:.–—-])[\s,;:.–—-]+(?:because|since|due\s+to|as|weil|wegen|da)\s+", re.IGNORECASE)
_MARK = re.compile(r"(?<!\s)\s*(?:[,;]\s+|:\s+|\.\s+|\s[–—-]\s|–|—|\()\s*")
#: Words that continue the date, so no reason begins with them.
_GOES_ON = frozenset("or and oder und at um before after not maybe".split())
#: Maximum number of words tried as a date, and of marks tried as separators.
WORDS_TRIED = 12


def split_reason(words: str, read: Read) -> tuple[Deadline | Unread, str]:
    """Return the instant that the words name, and the reason after it; `read` parses a date.

    If none is certain, return the refusal of the first part that may be a date, with the reason after it.
    """
    words = _TO.sub("", words.strip(), count=1) if _TO.match(words.strip()) else words.strip()
    refused: tuple[Unread, str] | None = None
    for date, reason, is_marked in _parts(words):
        found = read(date.strip(" ,;:.–—-"))
        if isinstance(found, Unread) and (found.refusal is Refusal.NO_DEADLINE or refused):
            continue
        if not (is_marked or _is_reason(reason, read)):
            continue
        why = reason.strip(" ,;:.–—-()")
        if isinstance(found, Deadline):
            return found, why
        refused = found, why
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
