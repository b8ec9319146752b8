"""The arithmetic of working time as a walk through the days, one after the other: what bisection has to agree with."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.domain.habits import CLOSING, Habits
from bot.domain.spans import Span
from bot.domain.working_time import HORIZON, WorkingHours, aware


def days_from(hours: WorkingHours, first: date) -> Iterator[date]:
    days = (first + timedelta(days=ahead) for ahead in range(HORIZON.days))
    return (day for day in days if hours.works_on(day))


def is_working(hours: WorkingHours, at: datetime) -> bool:
    day = hours.local(at).date()
    return hours.works_on(day) and hours.opens(day) <= at < hours.closes(day)


def next_opening(hours: WorkingHours, after: datetime) -> datetime:
    openings = map(hours.opens, days_from(hours, hours.local(after).date()))
    return aware(after) if is_working(hours, after) else next((at for at in openings if at >= after), aware(after))


def leaving(hours: WorkingHours, until: datetime, amount: timedelta) -> datetime:
    left, last = amount, hours.local(until).date()
    for day in (last - timedelta(days=back) for back in range(HORIZON.days)):
        if hours.works_on(day):
            ends = min(aware(until), hours.closes(day))
            room = ends - hours.opens(day)
            if room >= left:
                return ends - left
            left -= max(room, timedelta())
    return aware(until) - HORIZON


def after(hours: WorkingHours, start: datetime, amount: timedelta) -> datetime:
    left = amount
    for day in days_from(hours, hours.local(start).date()):
        begins = max(aware(start), hours.opens(day))
        room = hours.closes(day) - begins
        if room > left:
            return begins + left
        left -= max(room, timedelta())
    return aware(start) + HORIZON


def working_time(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    total, day = timedelta(), hours.local(start).date()
    while day <= hours.local(end).date():
        if hours.works_on(day):
            total += max(min(aware(end), hours.closes(day)) - max(aware(start), hours.opens(day)), timedelta())
        day += timedelta(days=1)
    return total


def is_listening(habits: Habits, at: datetime) -> bool:
    return any(start <= aware(at) < end for start, end in habits.windows(habits.hours.local(at).date()))


def moment_before(habits: Habits, want: datetime, earliest: datetime) -> datetime | None:
    if want < earliest:
        return None
    if is_listening(habits, want):
        return aware(want)
    day = habits.hours.local(want).date()
    while day >= habits.hours.local(earliest).date():
        for start, end in reversed(habits.windows(day)):
            begins = max(start, aware(earliest))
            if end <= want and begins < end:
                return max(end - CLOSING, begins + (end - begins) / 2)
        day -= timedelta(days=1)
    return None


def moment_after(habits: Habits, want: datetime, latest: datetime) -> datetime | None:
    for start, end in spans_from(habits, habits.hours.local(want).date(), latest):
        if want < end and max(start, want) <= latest:
            return max(start, aware(want))
    return None


def spans_from(habits: Habits, day: date, latest: datetime) -> Iterator[Span]:
    while day <= habits.hours.local(latest).date():
        yield from habits.windows(day)
        day += timedelta(days=1)


def next_morning(habits: Habits, after: datetime) -> datetime:
    first = habits.hours.local(after).date()
    days = (habits.windows(first + timedelta(days=ahead)) for ahead in range(HORIZON.days))
    return next((spans[0][0] for spans in days if spans and spans[0][0] > after), aware(after) + timedelta(days=1))
