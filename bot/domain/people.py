"""Members of a workspace."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.habits import Absence, Habits
from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.domain.working_time import WorkingHours
from bot.language import language_of

#: Who owns the tokens and webhooks that belong to a workspace and to no person.
WORKSPACE = UserId("")


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a workspace; `fetched_at` is when Slack's part (name, zone, locale, is_admin, is_guest) was read.

    `preferences` are their own, or the workspace's until they choose (`has_chosen`). `holidays` are those of their
    country; `habits` is derived from all of this.
    """

    team_id: TeamId
    id: UserId
    name: str
    fetched_at: datetime
    zone: str = "UTC"
    preferences: Preferences = field(default_factory=Preferences)
    holidays: frozenset[date] = frozenset()
    absences: tuple[Absence, ...] = ()
    locale: str = "en"
    is_bot: bool = False
    is_gone: bool = False
    is_admin: bool = False
    is_guest: bool = False
    has_chosen: bool = False
    habits: Habits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "habits", self.preferences.habits(self.zone, self.holidays, self.absences))

    @property
    def hours(self) -> WorkingHours:
        """Return their working hours, with holidays and absences as days off."""
        return self.habits.hours

    @property
    def language(self) -> str:
        """Return the code of the language that Kept uses with them."""
        return language_of(self.locale, self.preferences.language)

    @property
    def reading_locale(self) -> str:
        """Return the locale in which their words are read: Slack's, unless they chose another language."""
        chosen = self.preferences.language
        return self.locale if chosen in ("", self.locale[:2].lower()) else chosen


def is_called(name: str, word: str) -> bool:
    """Return whether a word is the first name in a full name, or the whole of it; letter case does not count.

    >>> is_called("Bob Brown", "bob"), is_called("Bobby", "bob")
    (True, False)
    """
    return word.casefold() in (name.casefold(), *name.casefold().split()[:1])


def is_person(subject: str) -> bool:
    """Return whether a Slack id is a person's and not a conversation's.

    >>> is_person("U024BE7LH"), is_person("C024BE91L")
    (True, False)
    """
    return subject.startswith(("U", "W"))
