"""Protocols for absences and public holidays."""

from datetime import date
from typing import Protocol

from bot.domain.habits import Absence
from bot.domain.promise import UserId
from bot.domain.statuses import StatusQuestion


class AbsenceBook(Protocol):
    """Absences of known people; writes for unknown ones are ignored."""

    def of(self, person: UserId, *, for_change: bool = False) -> tuple[Absence, ...]:
        """Return the absences, the earliest first; `for_change` locks the person until the transaction ends."""
        ...

    def write(self, person: UserId, absences: tuple[Absence, ...]) -> None:
        """Replace all absences."""
        ...

    def asked(self, person: UserId) -> StatusQuestion | None:
        """Return the last question to a person about their Slack status."""
        ...

    def ask(self, person: UserId, question: StatusQuestion) -> None: ...


class Calendars(Protocol):
    """Public holidays by country, from an external source."""

    def days_off(self, country: str) -> frozenset[date]:
        """Return the holidays of the years around now; none for an empty or unknown country."""
        ...

    def named(self, words: str) -> str:
        """Return the calendar for a country's code or name, with or without a subdivision: "DE-BY".

        Raises UnreadableError, about `country`, if there is none.
        """
        ...

    def title(self, calendar: str) -> str:
        """Return the name of a country and its part with the code: "Germany, Bayern (DE-BY)"; empty for none."""
        ...
