"""When Kept may message a person: working time without quiet hours, and their lead time for reminders."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.working_time import HORIZON, WorkingHours, aware

#: The last hour of work is kept free for answering, where the time before it allows.
CLOSING = timedelta(hours=1)
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole local days away, both ends included; `why` is shown only to the person."""

    first_on: date
    last_on: date
    why: str = ""

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def days(self) -> frozenset[date]:
        return frozenset(self.first_on + timedelta(days=n) for n in range((self.last_on - self.first_on).days + 1))


@dataclass(frozen=True, slots=True)
class Habits:
    """One person's calendar and reminder settings.

    `hours.days_off` holds holidays and absences; `absences` are those that the person entered. `quiet` are wall-clock
    hours, over midnight if they end before they begin. `lead_days` is counted in working days.
    """

    hours: WorkingHours = field(default_factory=WorkingHours)
    quiet: tuple[time, time] | None = None
    lead_days: int = 1
    daily_cap: int = 4
    has_brief: bool = False
    absences: tuple[Absence, ...] = ()

    @classmethod
    def of(cls, known: "WorkingHours | Habits") -> "Habits":
        return known if isinstance(known, Habits) else cls(known)

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return the spans of a local day in which Kept may send messages, in time order.

        >>> lunch = Habits(quiet=(time(12), time(13)))
        >>> [f"{start:%H:%M}-{end:%H:%M}" for start, end in lunch.windows(date(2026, 11, 23))]
        ['09:00-12:00', '13:00-18:00']
        >>> mornings_off = Habits(quiet=(time(20), time(10)))
        >>> [f"{start:%H:%M}-{end:%H:%M}" for start, end in mornings_off.windows(date(2026, 11, 23))]
        ['10:00-18:00']
        """
        if not self.hours.works_on(day):
            return ()
        opens, closes = self.hours.opens(day), self.hours.closes(day)
        spans = [(opens, closes)]
        if self.quiet:
            hush, end = (self.hours.instant(day, at) for at in self.quiet)
            if self.quiet[0] < self.quiet[1]:
                spans = [(opens, min(closes, hush)), (max(opens, end), closes)]
            else:
                spans = [(max(opens, end), min(closes, hush))]
        return tuple(span for span in spans if span[0] < span[1])

    def is_listening(self, instant: datetime) -> bool:
        return any(start <= aware(instant) < end for start, end in self.windows(self.hours.local(instant).date()))

    def moment(self, want: datetime, earliest: datetime, latest: datetime) -> datetime:
        """Return `want` moved into message hours: the last moment before it, else the first after it, else `want`.

        Not before `earliest` and not after `latest`.
        """
        return self.moment_before(want, earliest) or self.moment_after(want, latest) or aware(want)

    def moment_before(self, want: datetime, earliest: datetime) -> datetime | None:
        """Return `want` if within message hours, else near the end of the last span before it, with time to answer."""
        if want < earliest:
            return None
        if self.is_listening(want):
            return aware(want)
        day, first = self.hours.local(want).date(), self.hours.local(earliest).date()
        while day >= first:
            for start, end in reversed(self.windows(day)):
                begins = max(start, aware(earliest))
                if end <= want and begins < end:
                    return max(end - CLOSING, begins + (end - begins) / 2)
            day -= timedelta(days=1)
        return None

    def moment_after(self, want: datetime, latest: datetime) -> datetime | None:
        """Return `want` if within message hours, else the start of the next span."""
        for start, end in self._spans_from(self.hours.local(want).date(), latest):
            if want < end and max(start, want) <= latest:
                return max(start, aware(want))
        return None

    def next_moment(self, after: datetime) -> datetime:
        """Return `after` if within message hours, else the start of the next span."""
        return self.moment_after(after, after + HORIZON) or aware(after)

    def next_morning(self, after: datetime) -> datetime:
        """Return the first start of message hours on a working day later than `after`."""
        day = self.hours.local(after).date()
        for ahead in range(HORIZON.days):
            spans = self.windows(day + timedelta(days=ahead))
            if spans and spans[0][0] > after:
                return spans[0][0]
        return aware(after) + timedelta(days=1)

    def _spans_from(self, day: date, latest: datetime) -> Iterator[Window]:
        last = self.hours.local(latest).date()
        while day <= last:
            yield from self.windows(day)
            day += timedelta(days=1)
