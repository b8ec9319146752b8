"""Read a recurring promise from one line of text: "@bob every Friday send the status"."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

from bot.domain.due_dates import LANGUAGES, Deadline, Granularity, Refusal, Unread, view_of
from bot.domain.reading.answer import candidates_of
from bot.domain.reading.cadence import PROBES, CadenceContext, CadenceSpan, find_cadence, hours_on, trailing_bound
from bot.domain.reading.meaning import View
from bot.domain.reading.recurrence import LAST_DAY, LAST_WORKING_DAY, SIGNS, Beat
from bot.domain.reading.tokens import tokenize
from bot.domain.reading.weighing import in_small_letters
from bot.domain.recurring import OnDayOff, RecurrencePace, RecurrenceRule, first_due
from bot.domain.wording import Wording, addressed, masked, plain_text, read_promise, weighed, without
from bot.domain.working_time import HORIZON, WorkingHours

#: One of these words is in every recurring promise; without any the text is not searched further.
#: Searched for in a text in small letters, which is several times as fast.
SIGN = re.compile(
    r"\b(?:every|each|daily|weekly|biweekly|fortnightly|monthly|bimonthly|quarterly|yearly|annually|hourly|nightly"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekdays|(?:work(?:ing)?|business) ?days"
    r"|jede[nrsm]?|alle|täglich|arbeitstäglich|werktags|wöchentlich|monatlich|jährlich|stündlich|quartalsweise"
    r"|vierzehntägig|zweiwöch\w+|(?:mon|diens|donners|frei|sams|sonn)tags|mittwochs)\b"
)
#: Before "weekly" it makes another rule, of which two are meant: twice a week, or every two weeks.
HALVED = re.compile(r"\b(?:bi|semi|half|twice|halb)[\s-]*$", re.IGNORECASE)
A_WEEK = timedelta(days=7)
#: How many characters at the end of a text may say what happens on a day off.
LONGEST_ENDING = 60


def read_repeating(text: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Wording | None:
    """Read a recurring promise, in the locale's language or else in another; None if the words name no recurrence.

    If `deadline` is set, it is the first one and `rules` holds the one certain rule; else `rules` are the candidates.
    """
    if not SIGN.search(in_small_letters(text)):
        return None
    text = plain_text(text)
    others = (code for code in LANGUAGES if code != locale[:2].lower())
    return next(filter(None, (_repeating(text, now, hours, each) for each in (locale, *others))), None)


def _repeating(text: str, now: datetime, hours: WorkingHours, locale: str) -> Wording | None:
    view = view_of(now, hours, locale)
    signs = SIGNS[view.language.code]
    text, weight = weighed(text, view)
    people, task = addressed(text, view.language)
    shown = masked(task)
    context = CadenceContext(view, signs, locale, shown, tokenize(shown, view.language))
    span = find_cadence(context)
    if span is None:
        return None
    places = ((context.tokens[span.start].start, context.tokens[span.end - 1].end),)
    understood = task[places[0][0] : places[0][1]].strip(" ,;:.")
    is_halved = HALVED.search(task[: places[0][0]])
    more, what = addressed(without(task, places), view.language)
    span, what, is_sure = _completed(span, what, context)
    rules = () if is_halved else tuple(_rules(span, view))
    what = HALVED.sub("", what) if is_halved else what
    people = (*people, *more)
    first = first_due(rules[0], now, hours) if is_sure and len(rules) == 1 else None
    if first and not span.beyond:
        return Wording(what, people, Deadline(first.at, first.zone, Granularity.MINUTE), rules, weight)
    if not rules:
        return Wording(task, people, Unread(Refusal.RECURRING, (), understood), weight=weight)
    plainly = read_promise(text, now, hours, locale)
    once = () if is_sure and not span.beyond else candidates_of(plainly.deadline)
    # If a single deadline may be meant, the words stay whole.
    return Wording(plainly.what if once else what, people, Unread(Refusal.RECURRING, once, understood), rules, weight)


def _completed(span: CadenceSpan, what: str, context: CadenceContext) -> tuple[CadenceSpan, str, bool]:
    """Add an hour or weekday named elsewhere ("every Friday send it by 5pm"); also return whether all is certain."""
    now, hours = context.view.now, context.view.hours
    span, what = _bounded(*_before_days_off(span, what, context), context)
    read = read_promise(what, now, hours, context.locale).deadline
    if isinstance(read, Unread) and read.refusal is Refusal.NO_DEADLINE:
        return span, what, True
    probes = [read_promise(what, hours.instant(day, at), hours, context.locale) for day, at in PROBES]
    found = [
        [(WorkingHours(each.zone).local(each.at), each) for each in candidates_of(probe.deadline)] for probe in probes
    ]
    if not span.hours:
        first, second = (
            hours_on(day, [each for _, each in read]) for (day, _), read in zip(PROBES, found, strict=True)
        )
        if first and first == second:
            return replace(span, hours=first), probes[0].what, True
    if [beat.pace for beat in span.beats if beat.is_open] == [RecurrencePace.WEEKLY] and all(
        len(read) == 1 for read in found
    ):
        (one, deadline), (other, _) = found[0][0], found[1][0]
        is_near = all(read[0][0].date() - day < A_WEEK for (day, _), read in zip(PROBES, found, strict=True))
        if is_near and (one.weekday(), one.time()) == (other.weekday(), other.time()):
            beat = replace(span.beats[0], weekdays=frozenset({one.weekday()}))
            is_timed = deadline.granularity is Granularity.MINUTE and not span.hours
            hour = ((one.time(), deadline.zone),) if is_timed else span.hours
            return replace(span, beats=(beat,), hours=hour), probes[0].what, True
    return span, what, False


def _before_days_off(span: CadenceSpan, what: str, context: CadenceContext) -> tuple[CadenceSpan, str]:
    """Add what is to happen on a day off, named at the end: "every Friday send it or the working day before"."""
    ending = "|".join(map(re.escape, context.signs.day_before))
    found = re.search(rf"[\s,(]+(?:{ending})[\s).!]*$", what[-LONGEST_ENDING:], re.IGNORECASE)
    if span.day_before or found is None:
        return span, what
    return replace(span, day_before=True), what[: len(what) - len(found.group())]


def _bounded(span: CadenceSpan, what: str, context: CadenceContext) -> tuple[CadenceSpan, str]:
    """Add a last or first day named at the end: "every Friday send the status until March"."""
    shown = masked(what)
    rest = replace(context, text=shown, tokens=tokenize(shown, context.view.language))
    found = trailing_bound(span, rest)
    if found is None:
        return span, what
    at, bounded = found
    return bounded, without(what, ((rest.tokens[at].start, rest.tokens[-1].end),))


def _rules(span: CadenceSpan, view: View) -> Iterator[RecurrenceRule]:
    """Return the rules that may be meant, each starting on its first occurrence."""
    hours = span.hours or ((view.hours.end, view.hours.zone),)
    beats = [each for beat in span.beats for each in _closed(beat, view)]
    for beat, (at, zone) in product(beats, hours):
        weekdays = view.hours.days if beat.is_working_day else beat.weekdays
        before = span.day_before or beat.is_working_day
        rule = RecurrenceRule(
            pace=beat.pace,
            at=at,
            zone=zone,
            starts_on=max(span.since or view.today, view.today),
            weekdays=weekdays,
            day=beat.day or 1,
            ends_on=span.until,
            on_day_off=OnDayOff.DAY_BEFORE if before else OnDayOff.SKIP,
            nth=beat.nth,
        )
        if first := _first_day(rule, view.now):
            yield replace(rule, starts_on=first, every=beat.every)


def _closed(beat: Beat, view: View) -> tuple[Beat, ...]:
    """Return the beats that an open one may mean: any working day of the week; the first or last of the month."""
    if not beat.is_open:
        return (beat,)
    if beat.pace is RecurrencePace.WEEKLY:
        return tuple(replace(beat, weekdays=frozenset({day})) for day in sorted(view.hours.days))
    return tuple(
        replace(day, every=beat.every) for day in (Beat(RecurrencePace.MONTHLY, day=1), LAST_DAY, LAST_WORKING_DAY)
    )


def _first_day(rule: RecurrenceRule, now: datetime) -> date | None:
    """Return the first day still to come, from which "every two weeks" counts; days off are ignored."""
    clock = WorkingHours(rule.zone)
    days = (rule.starts_on + timedelta(days=n) for n in range(HORIZON.days))
    return next((day for day in days if rule.falls_on(day) and clock.instant(day, rule.at) > now), None)
