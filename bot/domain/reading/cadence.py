"""How often, and all that is said around it: the hour, the first day and the last, and what a day off means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import product

from bot.domain.due_dates import Deadline, Granularity, read_deadline
from bot.domain.reading.answer import candidates_of
from bot.domain.reading.kinds import Kind, Token
from bot.domain.reading.meaning import View
from bot.domain.reading.recurrence import (
    Beat,
    Signs,
    heard_at,
    is_mark,
    month_day_at,
    past_month,
    past_small,
    weekdays_at,
)
from bot.domain.reading.weekdays import week_start
from bot.domain.recurring import Pace
from bot.domain.working_time import WorkingHours

#: How it comes again is looked for among so many words at the head of a text and at its tail.
HEAD, TAIL, MOST_HEARD = 24, 40, 4
#: An hour, a first and a last day are said in so many words at most.
WINDOW = 8
#: Two instants, in other weeks and months, at which words that name an hour alone name the same hour.
PROBES = ((date(2026, 1, 7), time(0)), (date(2026, 2, 12), time(0, 7)))

Hour = tuple[time, str]


@dataclass(frozen=True, slots=True)
class Said:
    """How often, at what hour (several in doubt), from when and until when; and the tokens in which it stands."""

    start: int
    end: int
    beats: tuple[Beat, ...]
    hours: tuple[Hour, ...] = ()
    since: date | None = None
    until: date | None = None
    day_before: bool = False
    #: Something was said that cannot be kept.
    beyond: bool = False


@dataclass(frozen=True)
class Ear:
    """What the words are read with."""

    view: View
    signs: Signs
    locale: str
    text: str
    tokens: Sequence[Token] = field(default_factory=tuple)

    def words(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def tail(self) -> int:
        """Behind the last token that is more than a mark or a "please"."""
        tail = len(self.tokens)
        while tail and is_mark(self.tokens[tail - 1], self.view.language.courtesies):
            tail -= 1
        return tail


def find_cadence(ear: Ear) -> Said | None:
    """The run of words that says how often: at the tail of the text, at its head, or where the text resumes."""
    heard = list(_all_heard(ear))
    tail = ear.tail()
    at_tail = [said for said in heard if said.end >= tail]
    at_head = [said for said in heard if all(is_mark(token) for token in ear.tokens[: said.start])]
    inside = [said for said in heard if said.end < len(ear.tokens) and _resumes(ear, said.end)]
    for found in (*at_tail, *at_head, *inside):
        if found.beats or found in at_tail or found in at_head:
            end = len(ear.tokens) if found.end >= tail else found.end
            return replace(found, end=end, beyond=found.beyond or len(heard) > 1)
    # "Every other day except Friday": a deadline that is read from the rest of it would be wrong.
    return next((replace(said, beyond=True) for said in heard if _says_every(ear, said)), None)


def _resumes(ear: Ear, at: int) -> bool:
    text = ear.tokens[at].text
    is_last_verb = ear.view.language.verb_last and at + 1 == ear.tail() and text.endswith("n")
    return is_last_verb or text in ear.view.language.resumes or text in (",", ";")


def _says_every(ear: Ear, said: Said) -> bool:
    return any(token.text in ear.signs.every for token in ear.tokens[said.start : said.end])


def _all_heard(ear: Ear) -> Iterator[Said]:
    tokens, count, behind, found = ear.tokens, len(ear.tokens), 0, 0
    for at in sorted({*range(min(HEAD, count)), *range(max(0, count - TAIL), count)}):
        heard = heard_at(tokens, at, ear.signs) if at >= behind else None
        if heard is None:
            continue
        start = at
        while start and tokens[start - 1].means.keys() & {Kind.ON, Kind.BY, Kind.AT} and tokens[at].text != "at":
            start -= 1
        said = _followed(Said(start, *heard), ear)
        behind = said.end
        if tokens[at].text in ear.signs.adverbs and not _is_adverb(ear, at, said):
            continue
        yield replace(said, beyond=_is_held(ear, at, said))
        found += 1
        if found == MOST_HEARD:
            return


def _is_adverb(ear: Ear, at: int, said: Said) -> bool:
    """ "Post it daily", not "the daily", and not "daily report"."""
    before = ear.tokens[at - 1].text if at else ""
    if before in ear.view.language.holders or before in ear.view.language.resumes - {"to", "for"}:
        return False
    if said.end >= ear.tail():
        return True
    return (at == 0 and said.end > at + 1) or ear.tokens[said.end].text in (",", ":")


def _is_held(ear: Ear, at: int, said: Said) -> bool:
    """Whether it may belong to the task: "slides for every Monday", "Fridays deck"."""
    if said.start and ear.tokens[said.start - 1].text in ear.view.language.holders:
        return True
    is_plural = Kind.WEEKDAYS in ear.tokens[at].means and not ear.signs.plural_is_adverb
    return is_plural and said.start == at and said.end == at + 1 < ear.tail() and not is_mark(ear.tokens[at + 1])


def _followed(said: Said, ear: Ear) -> Said:
    """With the weekday, the day of the month, the hour, the first and the last day that stand right behind."""
    while said.end < len(ear.tokens):
        longer = _with_day(said, ear) or _with_hour(said, ear) or _with_bound(said, ear) or _with_day_before(said, ear)
        if longer is None:
            break
        said = longer
    return said


def _with_day(said: Said, ear: Ear) -> Said | None:
    if not any(beat.is_open for beat in said.beats):
        return None
    tokens, at = ear.tokens, past_small(ear.tokens, said.end)
    if said.beats[0].pace is Pace.WEEKLY:
        end, days = weekdays_at(tokens, at)
        return (
            replace(said, end=end, beats=tuple(replace(beat, weekdays=days) for beat in said.beats)) if days else None
        )
    found = month_day_at(tokens, at)
    if found is None:
        return None
    end, days_of_month = found
    beats = tuple(replace(day, every=beat.every) for beat, day in product(said.beats, days_of_month))
    return replace(said, end=past_month(tokens, end, ear.signs), beats=beats)


def _with_hour(said: Said, ear: Ear) -> Said | None:
    if said.hours or ear.tokens[said.end].text in ear.signs.since:
        return None
    for end in range(min(said.end + WINDOW, len(ear.tokens)), said.end, -1):
        if is_mark(ear.tokens[end - 1]) or _is_amount(ear.tokens, said.end, end):
            continue
        if hours := _hours_alone(ear.words(said.end, end), ear):
            return replace(said, end=end, hours=hours)
    return None


def _is_amount(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a number belongs to what follows it: "every Friday 10 slides"."""
    if end == len(tokens):
        return False
    is_bare = all(token.means.keys() <= {Kind.NUM, Kind.CARD, Kind.COMMA} for token in tokens[start:end])
    return (
        (tokens[end].glued and not is_mark(tokens[end]))
        or tokens[end].text == ":"
        or (is_bare and not is_mark(tokens[end]))
    )


def _with_bound(said: Said, ear: Ear) -> Said | None:
    """ "Starting next week", "until the end of March"."""
    at = said.end + (ear.tokens[said.end].text in (",", "("))
    if at >= len(ear.tokens):
        return None
    is_since, is_until = ear.tokens[at].text in ear.signs.since, ear.tokens[at].text in ear.signs.until
    if not (is_since and said.since is None) and not (is_until and said.until is None):
        return None
    for end in range(min(at + 1 + WINDOW, len(ear.tokens)), at + 1, -1):
        read = read_deadline(ear.words(at + 1, end), ear.view.now, ear.view.hours, ear.locale)
        if isinstance(read, Deadline) and read.granularity is not Granularity.MINUTE:
            day = ear.view.hours.local(read.at).date()
            if is_until:
                return replace(said, end=end, until=day)
            return replace(said, end=end, since=_first_of(day, read.granularity, ear.view))
    return None


def trailing_bound(said: Said, ear: Ear) -> tuple[int, Said] | None:
    """Where a last or a first day stands at the end of other words; "from" and "bis" mean too much there."""
    for at in range(max(0, len(ear.tokens) - WINDOW - 2), len(ear.tokens)):
        token = ear.tokens[at]
        if token.text in ear.signs.since | ear.signs.until and not token.means.keys() & {Kind.FROM, Kind.BY, Kind.OF}:
            found = _with_bound(replace(said, end=at), ear)
            if found and found.end >= ear.tail():
                return at, found
    return None


def _first_of(last: date, granularity: Granularity, view: View) -> date:
    """The first day of the period that was named: "from next week on" is from its Monday."""
    match granularity:
        case Granularity.WEEK:
            return week_start(view, last)
        case Granularity.MONTH:
            return last.replace(day=1)
        case _:
            return last


def _with_day_before(said: Said, ear: Ear) -> Said | None:
    if said.day_before:
        return None
    at = said.end + (ear.tokens[said.end].text in (",", "("))
    for words in ear.signs.day_before:
        for end in range(at + 1, min(at + WINDOW, len(ear.tokens)) + 1):
            if ear.words(at, end).lower() == words:
                end += end < len(ear.tokens) and ear.tokens[end].text == ")"
                return replace(said, end=end, day_before=True)
    return None


def _hours_alone(words: str, ear: Ear) -> tuple[Hour, ...]:
    """The hour that the words name, both where morning or evening is open; none when they name a day as well."""
    first, second = (_probed(words, day, at, ear) for day, at in PROBES)
    return first if first == second else ()


def _probed(words: str, day: date, at: time, ear: Ear) -> tuple[Hour, ...]:
    hours = replace(ear.view.hours, days_off=frozenset())
    return hours_on(day, candidates_of(read_deadline(words, hours.instant(day, at), hours, ear.locale)))


def hours_on(day: date, read: Sequence[Deadline]) -> tuple[Hour, ...]:
    local = [WorkingHours(each.zone).local(each.at) for each in read]
    if any(each.date() != day for each in local):
        return ()
    return tuple((each.time(), deadline.zone) for each, deadline in zip(local, read, strict=True))
