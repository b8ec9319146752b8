"""A person's settings, and their validation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.domain.habits import Absence, Habits
from bot.domain.working_time import MONDAY_TO_FRIDAY, WorkingHours
from bot.language import _, offered

#: The shortest working day: a shorter one has no room for a nudge and its answer.
MIN_DAY = timedelta(hours=2)
MIN_LISTENING = timedelta(hours=1)
MAX_LEAD_DAYS = 10
MAX_A_DAY = 20


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's settings, or the workspace's for people without any.

    `country` names a calendar of public holidays: an ISO 3166 code with an optional subdivision ("DE", "DE-BY"),
    empty for none. `shows_room` lets people who ask for a promise see whether there is room for it, and nothing else.
    `language` is a code of bot.language, empty for the one of the person's Slack.
    """

    days: frozenset[int] = MONDAY_TO_FRIDAY
    start: time = time(9)
    end: time = time(18)
    country: str = ""
    lead_days: int = 1
    daily_cap: int = 4
    has_brief: bool = False
    quiet: tuple[time, time] | None = None
    shows_room: bool = False
    language: str = ""

    def faults(self) -> Mapping[str, str]:
        """Return a sentence for each invalid field; empty if all are valid.

        >>> Preferences(start=time(18), end=time(9)).faults()
        {'end': 'Your day has to end two hours or more after it begins; night shifts cannot be set yet.'}
        """
        found = {}
        if not self.days:
            found["days"] = _("Choose at least one working day, or I could never write to you.")
        elif not self.days <= frozenset(range(7)):
            found["days"] = _("Choose working days from Monday to Sunday.")
        if _span(self.start, self.end) < MIN_DAY:
            found["end"] = _("Your day has to end two hours or more after it begins; night shifts cannot be set yet.")
        elif self.quiet and self._listening() < MIN_LISTENING:
            found["quiet"] = _("Quiet hours have to leave at least one hour of your working day.")
        if not 1 <= self.lead_days <= MAX_LEAD_DAYS:
            found["lead_days"] = _("Choose from 1 to {most_lead_days} working days ahead.").format(
                most_lead_days=MAX_LEAD_DAYS
            )
        if not 1 <= self.daily_cap <= MAX_A_DAY:
            found["daily_cap"] = _("Choose from 1 to {most_a_day} messages a day.").format(most_a_day=MAX_A_DAY)
        if self.language and self.language not in offered():
            found["language"] = _("Choose one of the languages in the list.")
        return found

    def habits(self, zone: str, holidays: Iterable[date] = (), absences: Iterable[Absence] = ()) -> Habits:
        """Combine the settings with the person's zone, holidays and absences."""
        return _habits(self, zone, frozenset(holidays), tuple(absences))  # the same set if it is one

    def _listening(self) -> timedelta:
        any_day = date(2026, 1, 5)
        everyday = WorkingHours("UTC", frozenset(range(7)), self.start, self.end)
        spans = Habits(everyday, self.quiet).windows(any_day)
        return sum((end - start for start, end in spans), timedelta())


@lru_cache(1024)
def _habits(chosen: Preferences, zone: str, holidays: frozenset[date], away: tuple[Absence, ...]) -> Habits:
    """Return the same habits for all who have the same: they are compared quickly, and share their spans."""
    days_off = holidays.union(*(absence.days() for absence in away)) if away else holidays
    hours = WorkingHours(zone, chosen.days, chosen.start, chosen.end, days_off)
    return Habits(hours, chosen.quiet, chosen.lead_days, chosen.daily_cap, chosen.has_brief, away)


#: The names of the settings in lists of changes.
_NAMES = {
    "days": "working days",
    "start": "start of the day",
    "end": "end of the day",
    "country": "country of holidays",
    "lead_days": "working days ahead",
    "daily_cap": "messages a day",
    "has_brief": "morning brief",
    "quiet": "quiet hours",
    "shows_room": "shows room",
    "language": "language",
}


def changes_between(before: Preferences, after: Preferences) -> str:
    """Return every setting that differs with its old and its new value.

    >>> changes_between(Preferences(), Preferences(country="AT", start=time(8), quiet=(time(12), time(13))))
    'start of the day: 09:00 → 08:00; country of holidays: none → AT; quiet hours: none → 12:00–13:00'
    >>> changes_between(Preferences(), Preferences(days=frozenset({0, 1}), has_brief=True))
    'working days: Mon Tue Wed Thu Fri → Mon Tue; morning brief: no → yes'
    """
    pairs = ((name, getattr(before, field), getattr(after, field)) for field, name in _NAMES.items())
    return "; ".join(f"{name}: {_written(old)} → {_written(new)}" for name, old, new in pairs if old != new)


def _written(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
        case frozenset():
            return " ".join(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day] for day in sorted(value))
        case (start, end):
            return f"{start:%H:%M}–{end:%H:%M}"
        case _:
            return str(value or "none")


def _span(start: time, end: time) -> timedelta:
    any_day = date(2026, 1, 5)
    return datetime.combine(any_day, end) - datetime.combine(any_day, start)
