"""People as Kept needs to know them."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.promise import TeamId, UserId
from bot.domain.working_time import WorkingHours


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a workspace; `fetched_at` tells how fresh Slack's part (name, zone, locale) is."""

    team_id: TeamId
    id: UserId
    name: str
    fetched_at: datetime
    hours: WorkingHours = field(default_factory=WorkingHours)
    locale: str = "en"
    is_bot: bool = False
    is_gone: bool = False
