"""Read an estimate and a priority next to a task: "send the deck by Friday, about 3 h, urgent".

They are read only where they are unambiguous: at an edge of the sentence or of its deadline, separated from the task
by a mark or by the deadline itself. Everywhere else the words belong to the task: "an urgent care contract".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from bot.domain.reading.meaning import View
from bot.domain.reading.sentence import find_deadline
from bot.domain.reading.spans import MASK
from bot.domain.reading.tokens import tokenize
from bot.domain.weight import MAX_ESTIMATE, MIN_ESTIMATE, NO_ESTIMATE, Priority

#: A day of work, in English and in German words.
DAY_OF_WORK = timedelta(hours=8)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_S = r"\s{1,3}"
_COUNT = (
    rf"(?:\d{{1,3}}(?:[.,]\d{{1,2}})?|half(?:{_S}an?)?|an?|one|two|three|four|five|six"
    rf"|eine?n?(?:{_S}halben?)?|zwei|drei|vier|fünf|sechs)"
)
_HOURS = r"(?:h(?:rs?|ours?)?|std|stunden?)"
_AMOUNT = (
    rf"(?:\d{{1,2}}\s?h\s?\d{{1,2}}(?:\s?min)?|{_COUNT}\s{{0,3}}(?:{_HOURS}|min(?:ute[ns]?|s)?)\b\.?"
    rf"|(?:half{_S}a|eine?n?{_S}halben){_S}(?:day|tag))"
)
_DAYS = rf"(?:{_COUNT}{_S}(?:days?|tage?n?))"
_ANY = rf"(?:{_AMOUNT}|{_DAYS})"
_ABOUT = rf"(?:(?:about|around|approx(?:imately)?|roughly|ca|circa|etwa|ungefähr|rund)\.?{_S}|[~≈]\s?)"
_TAKES = (
    rf"(?:(?:takes|needs|dauert|braucht)|(?:(?:it|this|that){_S})?(?:should|will|would){_S}take|(?:it|this)['’]ll{_S}take"
    rf"|(?:it|this){_S}takes(?={_S}me\b)){_S}(?:(?:me|mich|only|nur){_S}){{0,2}}"
)
_ESTIMATED = r"(?:est(?:\.|imated?|imate)?|effort|aufwand|geschätzt|schätzung)\s?[:=]?\s{0,3}"
_OF_WORK = rf"{_S}(?:of{_S}work|arbeit|aufwand)"
_ESTIMATE = (
    rf"(?:{_ESTIMATED}{_ABOUT}?{_ANY}|{_TAKES}{_ABOUT}?{_ANY}(?:{_OF_WORK})?|{_ABOUT}{_AMOUNT}(?:{_OF_WORK})?"
    rf"|{_ABOUT}?{_ANY}{_OF_WORK}|(?:dürfte|wird|sollte){_S}{_ABOUT}?{_ANY}{_S}dauern)"
)
#: In brackets behind a deadline an amount is enough; from 8 h on it may be a time of day.
_BARE = rf"(?:[1-7](?:[.,]\d)?\s?h|{_COUNT}\s{{0,3}}(?:hrs?|hours?|std|stunden?|min(?:ute[ns]?|s)?)\b\.?)"
_IT_IS = rf"(?:(?:it['’]s|this{_S}is|it{_S}is|es{_S}ist|das{_S}ist|very|really|sehr){_S}){{0,2}}"
_URGENT = (
    rf"(?:{_IT_IS}(?:urgent|dringend|eilig)|eilt(?:{_S}sehr)?|(?:high|top|highest|hohe|höchste){_S}prio(?:rity|rität)?"
    rf"|prio(?:rity|rität)?\s?[:=]?\s?(?:1|high|urgent|hoch))"
)
_WHENEVER = (
    rf"(?:when(?:ever)?{_S}(?:you|i){_S}(?:can|get{_S}(?:to{_S}it|a{_S}chance|around{_S}to{_S}it)|have(?:{_S}the)?{_S}time)"
    rf"|no{_S}(?:rush|hurry)|(?:it['’]s{_S}|this{_S}is{_S})?not{_S}urgent|low{_S}prio(?:rity)?"
    rf"|prio(?:rity|rität)?\s?[:=]?\s?(?:3|low|niedrig)|wenn{_S}du{_S}(?:kannst|zeit{_S}hast|dazu{_S}kommst)"
    rf"|keine{_S}eile|(?:ist{_S})?nicht{_S}(?:dringend|eilig)|eilt{_S}nicht|niedrige{_S}prio(?:rität)?)"
)
#: Each alternative is bounded in length, so that a text of any kind is passed over once.
PHRASE = re.compile(
    rf"(?<![\w'’/#@.-])(?:(?P<estimate>{_ESTIMATE})|(?P<whenever>{_WHENEVER})|(?P<urgent>{_URGENT})|(?P<bare>{_BARE}))(?![\w'’/@-])",
    re.IGNORECASE,
)
#: Whatever PHRASE matches holds one of these: most texts hold none, and are passed over
#: in a tenth of the time. Searched for in a text in small letters, which is several times as fast.
SIGN = re.compile(
    r"\d\s?h|(?:\b|half|[anerio]|two|three|four|five|six|sechs|fünf)h\b|hrs?\b|hour|std|stund|min|\b(?:half)?days?\b"
    r"|\btage?n?\b|prio|urgent|dringend|eil|when|wenn|rush|hurry"
)
_ESTIMATE_ALONE = re.compile(rf"(?:{_ESTIMATE}|{_ABOUT}?{_ANY})", re.IGNORECASE)
_PRIORITIES = {
    Priority.URGENT: re.compile(_URGENT, re.IGNORECASE),
    Priority.WHENEVER: re.compile(_WHENEVER, re.IGNORECASE),
    Priority.NORMAL: re.compile(rf"(?:normal|no|keine)(?:{_S}prio(?:rity|rität)?)?", re.IGNORECASE),
}
_NONE_ALONE = re.compile(rf"(?:no|without(?:{_S}an)?|keine){_S}(?:estimate|hours|schätzung)", re.IGNORECASE)
_HALF_DAY = re.compile(rf"half{_S}a{_S}day|halben{_S}tag", re.IGNORECASE)
_MIXED = re.compile(r"(\d{1,2})\s?h\s?(\d{1,2})", re.IGNORECASE)
_MEASURE = re.compile(rf"({_COUNT})\s{{0,3}}({_HOURS}|min|days?|tage?)", re.IGNORECASE)
_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
}
#: Before the task stand only people.
_HEAD = re.compile(rf"(?:[\s,;:{MASK}]|@[\w.-]{{1,80}})*")
_OPENS, _CLOSES = "([", ")]"
#: Marks that separate a phrase from the task; a colon separates it from a task that follows.
_PARTS, _PARTS_AFTER = ",;.!–—\n", ",;.!–—:\n"
#: Words that begin a deadline directly after a phrase.
_ANNOUNCES = re.compile(r"(?:by|due|until|till|bis)\b", re.IGNORECASE)
#: Maximum number of phrases read from either end of a text.
MAX_PHRASES = 4

Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """An estimate and a priority with the `places` in the text that name them."""

    estimate: timedelta | None = None
    priority: Priority | None = None
    places: Places = ()


def in_small_letters(text: str) -> str:
    """Return the text as re.IGNORECASE would compare it with small letters: a dotless ı is an i, too."""
    return text.casefold().replace("ı", "i")


def weight_in(shown: str, view: View) -> Named:
    """Return the estimate and the priority that a sentence names for certain; `shown` is the text with all masked that
    is not to be read. Where two of a kind differ, neither is taken.
    """
    found: list[tuple[re.Match[str], tuple[int, int]]] = []
    while len(found) < MAX_PHRASES and (taken := _next(shown, view)):
        found.append(taken)
        start, end = taken[1]
        shown = shown[:start] + " " * (end - start) + shown[end:]
    lengths = [(match, match["estimate"] or match["bare"]) for match, _ in found]
    estimates = {_length(length) for _, length in lengths if length}
    priorities = {_priority(match) for match, length in lengths if not length}
    if len(estimates) > 1 or len(priorities) > 1 or None in estimates:
        return Named()
    return Named(next(iter(estimates), None), next(iter(priorities), None), tuple(place for _, place in found))


def weight_named(words: str) -> Named | None:
    """Return what words set that say nothing else; None for any others.

    >>> named = weight_named("about 3 h, urgent")
    >>> named.estimate, named.priority
    (datetime.timedelta(seconds=10800), <Priority.URGENT: 'urgent'>)
    >>> weight_named("send the deck"), weight_named("no estimate").estimate
    (None, datetime.timedelta(0))
    """
    estimate: timedelta | None = None
    priority: Priority | None = None
    for part in filter(None, (part.strip(" .!") for part in re.split(r"[,;]|\s(?:and|und)\s", words[:200]))):
        chosen = next((each for each, pattern in _PRIORITIES.items() if pattern.fullmatch(part)), None)
        length = NO_ESTIMATE if _NONE_ALONE.fullmatch(part) else estimate_named(part)
        if chosen is None and length is None:
            return None
        priority = chosen or priority
        estimate = length if chosen is None else estimate
    return Named(estimate, priority) if estimate is not None or priority else None


def estimate_named(words: str) -> timedelta | None:
    """Return the length that words alone name, a bare number in hours; None for words that name none.

    >>> estimate_named("1.5"), estimate_named("half a day"), estimate_named("soon")
    (datetime.timedelta(seconds=5400), datetime.timedelta(seconds=14400), None)
    """
    words = words.strip()
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?", words):
        return float(words.replace(",", ".")) * HOUR
    return _length(words) if len(words) <= 60 and _ESTIMATE_ALONE.fullmatch(words) else None


def _next(shown: str, view: View) -> tuple[re.Match[str], tuple[int, int]] | None:
    """The next phrase to take, those near the end first."""
    if not SIGN.search(in_small_letters(shown)):
        return None
    matches = list(islice(PHRASE.finditer(shown), 10 * MAX_PHRASES))
    near = dict.fromkeys([*matches[: -MAX_PHRASES - 1 : -1], *matches[:MAX_PHRASES]])
    for match in near:
        if place := _place(shown, match, matches, view):
            return match, place
    return None


def _place(shown: str, match: re.Match[str], matches: Sequence[re.Match[str]], view: View) -> tuple[int, int] | None:
    """Return the place of a phrase with the brackets around it; None if it may belong to the task."""
    start, end = match.span()
    left, right = shown[:start].rstrip(" "), shown[end:].lstrip(" ")
    is_bracketed = left[-1:] in _OPENS and right[:1] in _CLOSES and bool(left and right)
    if is_bracketed:
        start, end = len(left) - 1, len(shown) - len(right) + 1
        left, right = shown[:start].rstrip(" "), shown[end:].lstrip(" ")
    if _HEAD.fullmatch(left):
        is_parted = is_bracketed or right[:1] in tuple(_PARTS_AFTER) or right.startswith("- ")
        return (start, end) if is_parted and right.strip(" .!,;:–—-") else None
    is_parted = is_bracketed or left[-1:] in tuple(_PARTS) or left.endswith(" -")
    left = _before_others(left, matches)
    if match["bare"] and not (is_bracketed and _ends_with_deadline(left, view)):
        return None
    if not right.strip(" ,;.!\n)…–—-"):
        is_sure = (is_parted and not _is_listed(left)) or _ends_with_deadline(left, view)
    else:
        is_sure = is_parted and not _is_listed(left) and _is_deadline(right, view)
    return (start, end) if is_sure else None


def _before_others(left: str, matches: Sequence[re.Match[str]]) -> str:
    """Return the text before a phrase and before the phrases that it directly follows: ", about 3 h, urgent"."""
    for other in reversed(matches):
        if len(left.rstrip(" ,;.!–—-)]")) == other.end():
            left = left[: other.start()].rstrip(" ([")
    return left


def _is_listed(left: str) -> bool:
    """Return whether the text before a comma may be a list that goes on: "the labels bug, ui, urgent"."""
    return left.endswith(",") and "," in left[:-1]


def _ends_with_deadline(left: str, view: View) -> bool:
    words = left.rstrip(" ,;.!–—-")
    places = find_deadline(tokenize(words, view.language), view).places
    return any(end >= len(words) for _, end in places)


def _is_deadline(right: str, view: View) -> bool:
    """Return whether only the deadline follows."""
    words = right.lstrip(" ,;")
    if not (_ANNOUNCES.match(words) or right[:1] in ",;"):
        return False
    places = find_deadline(tokenize(words, view.language), view).places
    return any(start == 0 and end >= len(words.rstrip(" .!")) for start, end in places)


def _priority(match: re.Match[str]) -> Priority:
    return Priority.WHENEVER if match["whenever"] else Priority.URGENT


def _length(words: str) -> timedelta | None:
    """Return the length that an estimate names; None if it is out of range."""
    found = next(_lengths(words), None)
    return found if found and MIN_ESTIMATE <= found <= MAX_ESTIMATE else None


def _lengths(words: str) -> Iterator[timedelta]:
    if _HALF_DAY.search(words):
        yield DAY_OF_WORK / 2
    if mixed := _MIXED.search(words):
        yield int(mixed[1]) * HOUR + int(mixed[2]) * MINUTE
    if found := _MEASURE.search(words):
        unit = found[2].lower()
        size = MINUTE if unit.startswith("min") else DAY_OF_WORK if unit.startswith(("d", "t")) else HOUR
        yield _count(found[1].lower()) * size


def _count(words: str) -> float:
    if words[0].isdigit():
        return float(words.replace(",", "."))
    is_half = words.startswith("half") or "halb" in words
    return 0.5 if is_half else _NUMBERS.get(words, 1)
