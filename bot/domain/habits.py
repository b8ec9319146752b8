"""When Kept may message a person: working time without quiet hours, and their lead time for reminders."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.spans import BLOCK, Span, Spans, spans_near, spans_of
from bot.domain.working_time import HORIZON, WorkingHours, aware

#: The last hour of work is kept free for answering, where the time before it allows.
CLOSING = timedelta(hours=1)


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
    _near: dict[int, Spans] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        """Return a hash of a few fields: a decision asks a cache about habits forty times."""
        return hash((self.hours.zone, self.hours.days_off, self.quiet))

    @classmethod
    def of(cls, known: "WorkingHours | Habits") -> "Habits":
        return known if isinstance(known, Habits) else cls(known)

    def windows(self, day: date) -> tuple[Span, ...]:
        """Return the spans of a local day in which Kept may send messages, in time order.

        >>> lunch = Habits(quiet=(time(12), time(13)))
        >>> [f"{start:%H:%M}-{end:%H:%M}" for start, end in lunch.windows(date(2026, 11, 23))]
        ['09:00-12:00', '13:00-18:00']
        >>> mornings_off = Habits(quiet=(time(20), time(10)))
        >>> [f"{start:%H:%M}-{end:%H:%M}" for start, end in mornings_off.windows(date(2026, 11, 23))]
        ['10:00-18:00']
        """
        return spans_of(self._wall, day) if self.hours.works_on(day) else ()

    def absences_at(self, instant: datetime) -> tuple[Absence, ...]:
        """Return the entered absences that cover the local day of an instant."""
        if not self.absences:
            return ()
        day = self.hours.local(instant).date()
        return tuple(each for each in self.absences if each.covers(day))

    def spans(self, near: datetime) -> Spans:
        """Return the message hours of the months around an instant."""
        if self.quiet is None:
            return self.hours.spans(near)
        block = near.toordinal() // BLOCK
        spans = self._near.get(block)
        if spans is None:
            spans = self._near[block] = spans_near(self._wall, self.hours.days, self.hours.days_off, block)
        return spans

    def is_listening(self, instant: datetime) -> bool:
        return self.spans(instant).holds(instant)

    def moment(self, want: datetime, earliest: datetime, latest: datetime) -> datetime:
        """Return `want` moved into message hours: the last moment before it, else the first after it, else `want`.

        Not before `earliest` and not after `latest`.
        """
        return self.moment_before(want, earliest) or self.moment_after(want, latest) or aware(want)

    def moment_before(self, want: datetime, earliest: datetime) -> datetime | None:
        """Return `want` if within message hours, else near the end of the last span before it, with time to answer."""
        at = want = aware(want)
        if want < earliest:
            return None
        if self.is_listening(want):
            return want
        while at >= earliest:
            spans = self.spans(at)
            if last := spans.ended_by(want):
                begins, end = max(last[0], aware(earliest)), last[1]
                return max(end - CLOSING, begins + (end - begins) / 2) if begins < end else None
            at = spans.since
        return None

    def moment_after(self, want: datetime, latest: datetime) -> datetime | None:
        """Return `want` if within message hours, else the start of the next span."""
        at = want = aware(want)
        while at <= latest:
            spans = self.spans(at)
            if following := spans.ending_after(want):
                found = max(following[0], want)
                return found if found <= latest else None
            at = spans.until
        return None

    def next_moment(self, after: datetime) -> datetime:
        """Return `after` if within message hours, else the start of the next span."""
        return self.moment_after(after, after + HORIZON) or aware(after)

    def next_morning(self, after: datetime) -> datetime:
        """Return the first start of message hours on a working day later than `after`."""
        at = after = aware(after)
        while at - after <= HORIZON:
            spans = self.spans(at)
            if morning := spans.morning_after(after):
                return morning if self.hours.is_in_reach(after, morning) else after + timedelta(days=1)
            at = spans.until
        return after + timedelta(days=1)

    @property
    def _wall(self) -> tuple[str, time, time, tuple[time, time] | None]:
        return self.hours.zone, self.hours.start, self.hours.end, self.quiet
