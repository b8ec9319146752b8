"""People as Kept needs to know them."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.habits import Habits
from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.domain.working_time import WorkingHours


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a workspace; `fetched_at` tells how fresh Slack's part (name, zone, locale) is.

    The days and times of `hours`, `lead_days`, `daily_cap` and `has_brief` are theirs to choose.
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
    has_brief: bool = False

    @property
    def preferences(self) -> Preferences:
        """What they chose, or what stands until they do."""
        hours = self.hours
        return Preferences(
            hours.days,
            hours.start,
            hours.end,
            lead_days=self.lead_days,
            daily_cap=self.daily_cap,
            has_brief=self.has_brief,
        )

    @property
    def habits(self) -> Habits:
        """Their time as the reminders see it."""
        return Habits(self.hours, None, self.lead_days, self.daily_cap, self.has_brief)
