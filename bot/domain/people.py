"""People as Kept needs to know them."""

from dataclasses import dataclass, field
from datetime import datetime, time

from bot.domain.habits import Absence, Habits
from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.domain.working_time import WorkingHours


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a workspace; `fetched_at` tells how fresh Slack's part (name, zone, locale, is_admin) is.

    The days and times of `hours` and everything from `lead_days` to `quiet` are theirs to choose, or the workspace's
    until they do (`has_chosen`). The days off of `hours` are the holidays of their country and their absences.
    """

    team_id: TeamId
    id: UserId
    name: str
    fetched_at: datetime
    hours: WorkingHours = field(default_factory=WorkingHours)
    locale: str = "en"
    is_bot: bool = False
    is_gone: bool = False
    lead_days: int = 1
    daily_cap: int = 4
    country: str = ""
    has_brief: bool = False
    quiet: tuple[time, time] | None = None
    absences: tuple[Absence, ...] = ()
    is_admin: bool = False
    has_chosen: bool = False

    @property
    def preferences(self) -> Preferences:
        """What they chose, or what stands until they do."""
        hours = self.hours
        return Preferences(
            hours.days, hours.start, hours.end, self.country, self.lead_days, self.daily_cap, self.has_brief, self.quiet
        )

    @property
    def habits(self) -> Habits:
        """Their time as the reminders see it."""
        return Habits(self.hours, self.quiet, self.lead_days, self.daily_cap, self.has_brief, self.absences)
