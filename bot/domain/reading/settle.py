"""Settle what a phrase leaves open (the half of the day, the year, the end of a period), or refuse as ambiguous."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.reading.answer import Deadline, Granularity, Refusal, Unread
from bot.domain.reading.meaning import DAY, MINUTES_A_DAY, MORNING, ClockTime, Part, Stretch, View, Zone, on, plus
from bot.domain.reading.phrase import Phrase
from bot.domain.working_time import WorkingHours

HALF_A_DAY = MINUTES_A_DAY // 2
#: "Tomorrow at 8" is an hour before work, not two hours behind it; seven may be either.
NEAR_WORK = 60
#: A deadline further ahead is asked about: its year is more often mistyped than meant.
FAR_OFF = timedelta(days=2 * 366)


def settle(phrase: Phrase, view: View) -> Deadline | Unread:
    """The one instant still ahead that the phrase can mean, or why there is none."""
    meant = _meant(phrase, view)
    if meant is None:
        return Unread(Refusal.NO_DEADLINE)
    if not meant:
        return Unread(Refusal.IMPOSSIBLE)
    ahead = tuple(dict.fromkeys(one for one in meant if one.at > view.now))
    if not ahead:
        return Unread(Refusal.PAST)
    first, *others = ahead
    is_in_doubt = others or phrase.every or phrase.doubtful or first.at - view.now > FAR_OFF
    return Unread(Refusal.AMBIGUOUS, ahead) if is_in_doubt else first


def _meant(phrase: Phrase, view: View) -> tuple[Deadline, ...] | None:
    """Everything that the phrase can mean, what is past included; None when its pieces do not go together."""
    if phrase.instant is not None:
        return tuple(Deadline(at, view.hours.zone, Granularity.MINUTE) for at in phrase.instant)
    if phrase.shift is not None:
        if phrase.shift.seconds:
            return _shifted(phrase, view)
        start = phrase.day or (on(view.today),)
        phrase = replace(phrase, day=tuple(on(plus(view, one.last, phrase.shift)) for one in start), shift=None)
    if phrase.clock is not None:
        return _timed(phrase, phrase.clock, view)
    if phrase.part is not None:
        return _parted(phrase, phrase.part, view)
    return tuple(_closing(stretch, view, before=phrase.before) for stretch in phrase.day or ())


def _shifted(phrase: Phrase, view: View) -> tuple[Deadline, ...] | None:
    """ "+3 hours", with days and minutes counted from now."""
    shift = phrase.shift
    if shift is None or phrase.day is not None or phrase.clock is not None or phrase.part is not None:
        return None
    start = (
        view.hours.instant(plus(view, view.today, shift), view.local.time()) if shift.days or shift.months else view.now
    )
    return (Deadline(start + timedelta(seconds=shift.seconds), view.hours.zone, Granularity.MINUTE),)


def _timed(phrase: Phrase, clock: ClockTime, view: View) -> tuple[Deadline, ...] | None:
    if phrase.zone is not None and phrase.day is not None and clock.written:
        clock = replace(clock, sure=True)  # where the zone's clocks stand, the morning may be over
    options = _options(clock, phrase.part)
    if not options or not all(stretch.single for stretch in phrase.day or ()):
        return None
    if phrase.day is None and phrase.part is not None and phrase.part.closing:
        phrase = replace(phrase, day=(on(view.today),))
    if phrase.day is None:
        dates = tuple(_closing(stretch, view) for stretch in clock.dates if phrase.doubtful)
        if dates and dates[0].granularity is Granularity.YEAR:
            return dates
        return (*_next_time(options, clock, phrase.zone, view), *dates)
    if clock.midnight and phrase.part is None:
        options = (0, MINUTES_A_DAY) if clock.minutes else (0, HALF_A_DAY, MINUTES_A_DAY)
    return tuple(one for stretch in phrase.day for one in _likely(stretch.last, options, clock, phrase.zone, view))


def _options(clock: ClockTime, part: Part | None) -> tuple[int, ...]:
    """The minutes of the day that a clock can show, within the part of the day that was named."""
    options: tuple[int, ...] = (clock.minutes,)
    if not clock.sure:
        morning = clock.minutes % HALF_A_DAY
        options = (morning, morning + HALF_A_DAY)
    if part is None:
        return options
    if part.latest == MINUTES_A_DAY and 0 in options:
        options = (*options, MINUTES_A_DAY)
    return tuple(one for one in options if part.earliest <= one <= part.latest)


def _next_time(options: tuple[int, ...], clock: ClockTime, zone: Zone | None, view: View) -> tuple[Deadline, ...]:
    """A time with no day: the next that is still ahead. One that today can no longer mean is in doubt."""
    # Where the zone's clocks stand, it may still be yesterday.
    for ahead in (0,) if zone is None else (-1, 0):
        day = view.today + ahead * DAY
        found = tuple(_likely(day, options, clock, zone, view, named=False))
        if any(one.at > view.now for one in found):
            return (*found, *_tomorrow_instead(found, day, options, zone, view))
    return tuple(one for minutes in options for one in _at(view.today + DAY, minutes, zone, view))


def _tomorrow_instead(
    found: tuple[Deadline, ...], day: date, options: tuple[int, ...], zone: Zone | None, view: View
) -> tuple[Deadline, ...]:
    """ "By 9", typed at ten: nine in the evening, or when work begins tomorrow."""
    if len(options) != 2 or len(found) != 1 or found[0] not in _at(day, options[1], zone, view):
        return ()
    works = [not _from_work(one, view) for one in options]
    over = _at(day, options[0], zone, view)[0].at <= view.now
    return tuple(_at(day + DAY, options[0], zone, view)) if over and works == [True, False] else ()


def _likely(
    day: date, options: tuple[int, ...], clock: ClockTime, zone: Zone | None, view: View, *, named: bool = True
) -> list[Deadline]:
    """Of morning and evening: what is still ahead; what lies in working hours; what a clock would show; else both.

    When neither lies in working hours, the sooner is meant if no day was `named`, or if it is just before work.
    """
    if len(options) == 1:
        return _at(day, options[0], zone, view)
    ahead = tuple(one for one in options if any(each.at > view.now for each in _at(day, one, zone, view)))
    if len(ahead) > 1 and not clock.sure:
        working = tuple(one for one in ahead if not _from_work(one, view))
        if len(working) == 1:
            ahead = working
        elif clock.written or (not working and (not named or _from_work(ahead[0], view) <= NEAR_WORK)):
            ahead = ahead[:1]
        elif not working and _from_work(ahead[-1], view) < NEAR_WORK:
            ahead = ahead[-1:]
    return [each for one in ahead or options for each in _at(day, one, zone, view)]


def _from_work(minutes: int, view: View) -> int:
    """Return the minutes between a time of day and working hours; 0 within them."""
    return max(_minutes(view.hours.start) - minutes, minutes - _minutes(view.hours.end), 0)


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _at(day: date, minutes: int, zone: Zone | None, view: View) -> list[Deadline]:
    """A wall-clock time; twice when the zone's letters and its place disagree ("EST" in summer)."""
    days, minute = divmod(minutes, MINUTES_A_DAY)
    day, wall = day + days * DAY, time(minute // 60, minute % 60)
    if zone is None:
        return [Deadline(view.hours.instant(day, wall), view.hours.zone, Granularity.MINUTE)]
    found: list[Deadline] = []
    if zone.place is not None:
        there = WorkingHours(zone.place)
        found.append(Deadline(there.instant(day, wall), zone.place, Granularity.MINUTE))
    if zone.offset is not None:
        utc = WorkingHours().instant(day, wall) - timedelta(minutes=zone.offset)
        if not found or found[0].at != utc:
            found.append(Deadline(utc, found[0].zone if found else view.hours.zone, Granularity.MINUTE))
    return found


def _parted(phrase: Phrase, part: Part, view: View) -> tuple[Deadline, ...] | None:
    """A part of the day ends when it ends; with no day it is today's, or tomorrow's when today's is over."""

    def end(day: date) -> Deadline:
        if part.closing:
            return _closing(on(day), view)
        minute = _minutes(view.hours.start) if part.opening else part.start if phrase.before else part.end
        return _at(day, minute, None, view)[0]

    if phrase.day is not None:
        return tuple(end(one.last) for one in phrase.day) if all(one.single for one in phrase.day) else None
    # "In the morning", typed in the morning, is tomorrow's: today's would be "this morning".
    over = end(view.today).at <= view.now or (part == MORNING and _minutes(view.local.time()) >= part.start)
    return (end(view.today + over * DAY),)


def _closing(stretch: Stretch, view: View, *, before: bool = False) -> Deadline:
    """The end of the last working day of a week, of the last day of anything else; at worst of the calendar's day."""
    if before and not stretch.ends:
        if stretch.single:
            return Deadline(view.hours.opens(stretch.last), view.hours.zone, Granularity.DAY)
        stretch = replace(stretch, first=stretch.first - (stretch.last - stretch.first) - DAY, last=stretch.first - DAY)
    last = stretch.last
    if stretch.grain is Granularity.WEEK:
        worked = [stretch.last - n * DAY for n in range(7) if view.hours.works_on(stretch.last - n * DAY)]
        last = next((day for day in worked if _close(day, view) > view.now), stretch.last)
    return Deadline(_close(last, view), view.hours.zone, stretch.grain)


def _close(day: date, view: View) -> datetime:
    closes = view.hours.closes(day)
    return closes if closes > view.now else view.hours.instant(day, time(23, 59))
