"""Who is promised what how often, read from one line of text: "@bob every Friday send the status"."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

from bot.domain.due_dates import Deadline, Granularity, Refusal, Unread, view_of
from bot.domain.reading.answer import candidates_of
from bot.domain.reading.cadence import PROBES, Ear, Said, find_cadence, hours_on, trailing_bound
from bot.domain.reading.meaning import View
from bot.domain.reading.recurrence import LAST_DAY, LAST_WORKING_DAY, SIGNS, Beat
from bot.domain.reading.tokens import tokenize
from bot.domain.recurring import OnDayOff, Pace, Rule, first_due
from bot.domain.wording import Wording, addressed, masked, plain, read_promise, weighed, without
from bot.domain.working_time import HORIZON, WorkingHours

#: Without any of these words nothing comes again: most texts are over with here.
SIGN = re.compile(
    r"\b(?:every|each|daily|weekly|biweekly|fortnightly|monthly|bimonthly|quarterly|yearly|annually|hourly|nightly"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekdays|(?:work(?:ing)?|business) ?days"
    r"|jede[nrsm]?|alle|täglich|arbeitstäglich|werktags|wöchentlich|monatlich|jährlich|stündlich|quartalsweise"
    r"|vierzehntägig|zweiwöch\w+|(?:mon|diens|donners|frei|sams|sonn)tags|mittwochs)\b",
    re.IGNORECASE,
)
A_WEEK = timedelta(days=7)


def read_repeating(text: str, now: datetime, hours: WorkingHours, locale: str = "en") -> Wording | None:
    """What is promised again and again; None when the words do not say that anything is.

    With a deadline, the first one, `rules` holds the one rule that is certain. Otherwise they hold what may be meant.
    """
    if not SIGN.search(text):
        return None
    view = view_of(now, hours, locale)
    signs = SIGNS[view.language.code]
    text, weight = weighed(plain(text), view)
    people, task = addressed(text, view.language)
    shown = masked(task)
    ear = Ear(view, signs, locale, shown, tokenize(shown, view.language))
    said = find_cadence(ear)
    if said is None:
        return None
    places = ((ear.tokens[said.start].start, ear.tokens[said.end - 1].end),)
    understood = task[places[0][0] : places[0][1]].strip(" ,;:.")
    more, what = addressed(without(task, places), view.language)
    said, what, is_sure = _completed(said, what, ear)
    rules = tuple(_rules(said, view))
    people = (*people, *more)
    first = first_due(rules[0], now, hours) if is_sure and len(rules) == 1 else None
    if first and not said.beyond:
        return Wording(what, people, Deadline(first.at, first.zone, Granularity.MINUTE), rules, weight)
    if not rules:
        return Wording(task, people, Unread(Refusal.RECURRING, (), understood), weight=weight)
    plainly = read_promise(text, now, hours, locale)
    once = () if is_sure and not said.beyond else candidates_of(plainly.deadline)
    # Where it may be meant once after all, the words stay whole.
    return Wording(plainly.what if once else what, people, Unread(Refusal.RECURRING, once, understood), rules, weight)


def _completed(said: Said, what: str, ear: Ear) -> tuple[Said, str, bool]:
    """With the hour, or the weekday, that stands elsewhere: "every Friday send it by 5pm"; and whether all is sure."""
    now, hours = ear.view.now, ear.view.hours
    said, what = _bounded(said, what, ear)
    read = read_promise(what, now, hours, ear.locale).deadline
    if isinstance(read, Unread) and read.refusal is Refusal.NO_DEADLINE:
        return said, what, True
    probes = [read_promise(what, hours.instant(day, at), hours, ear.locale) for day, at in PROBES]
    found = [
        [(WorkingHours(each.zone).local(each.at), each) for each in candidates_of(probe.deadline)] for probe in probes
    ]
    if not said.hours:
        first, second = (
            hours_on(day, [each for _, each in read]) for (day, _), read in zip(PROBES, found, strict=True)
        )
        if first and first == second:
            return replace(said, hours=first), probes[0].what, True
    if [beat.pace for beat in said.beats if beat.is_open] == [Pace.WEEKLY] and all(len(read) == 1 for read in found):
        (one, deadline), (other, _) = found[0][0], found[1][0]
        is_near = all(read[0][0].date() - day < A_WEEK for (day, _), read in zip(PROBES, found, strict=True))
        if is_near and (one.weekday(), one.time()) == (other.weekday(), other.time()):
            beat = replace(said.beats[0], weekdays=frozenset({one.weekday()}))
            is_timed = deadline.granularity is Granularity.MINUTE and not said.hours
            hour = ((one.time(), deadline.zone),) if is_timed else said.hours
            return replace(said, beats=(beat,), hours=hour), probes[0].what, True
    return said, what, False


def _bounded(said: Said, what: str, ear: Ear) -> tuple[Said, str]:
    """With the last day, or the first, that stands at the end: "every Friday send the status until March"."""
    shown = masked(what)
    rest = replace(ear, text=shown, tokens=tokenize(shown, ear.view.language))
    found = trailing_bound(said, rest)
    if found is None:
        return said, what
    at, bounded = found
    return bounded, without(what, ((rest.tokens[at].start, rest.tokens[-1].end),))


def _rules(said: Said, view: View) -> Iterator[Rule]:
    """Every rule that may be meant, each from the first day on which it comes."""
    hours = said.hours or ((view.hours.end, view.hours.zone),)
    beats = [each for beat in said.beats for each in _closed(beat, view)]
    for beat, (at, zone) in product(beats, hours):
        weekdays = view.hours.days if beat.is_working_day else beat.weekdays
        before = said.day_before or beat.is_working_day
        rule = Rule(
            pace=beat.pace,
            at=at,
            zone=zone,
            starts_on=max(said.since or view.today, view.today),
            weekdays=weekdays,
            day=beat.day or 1,
            ends_on=said.until,
            on_day_off=OnDayOff.DAY_BEFORE if before else OnDayOff.SKIP,
            nth=beat.nth,
        )
        if first := _first_day(rule, view.now):
            yield replace(rule, starts_on=first, every=beat.every)


def _closed(beat: Beat, view: View) -> tuple[Beat, ...]:
    """What an open beat may mean: any working day of the week; the first or the last of the month."""
    if not beat.is_open:
        return (beat,)
    if beat.pace is Pace.WEEKLY:
        return tuple(replace(beat, weekdays=frozenset({day})) for day in sorted(view.hours.days))
    return tuple(replace(day, every=beat.every) for day in (Beat(Pace.MONTHLY, day=1), LAST_DAY, LAST_WORKING_DAY))


def _first_day(rule: Rule, now: datetime) -> date | None:
    """From which "every two weeks" counts: the first day that is still to come, whoever may be off on it."""
    clock = WorkingHours(rule.zone)
    days = (rule.starts_on + timedelta(days=n) for n in range(HORIZON.days))
    return next((day for day in days if rule.falls_on(day) and clock.instant(day, rule.at) > now), None)
