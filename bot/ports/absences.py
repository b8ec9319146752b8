"""When people are away, and which days are holidays."""

from datetime import date
from typing import Protocol

from bot.domain.habits import Absence
from bot.domain.promise import UserId
from bot.domain.statuses import Asked


class AbsenceBook(Protocol):
    """Of people we know; what is written of anybody else is lost."""

    def of(self, person: UserId, *, for_change: bool = False) -> tuple[Absence, ...]:
        """The earliest first; `for_change` locks the person until the transaction ends."""
        ...

    def write(self, person: UserId, absences: tuple[Absence, ...]) -> None:
        """Puts these in place of all that were."""
        ...

    def asked(self, person: UserId) -> Asked | None:
        """What they were last asked of a status of theirs."""
        ...

    def ask(self, person: UserId, question: Asked) -> None: ...


class Calendars(Protocol):
    """Public holidays by country, as somebody else keeps them."""

    def days_off(self, country: str) -> frozenset[date]:
        """The holidays of the years around now; none for an empty name, or one that nobody keeps any more."""
        ...

    def named(self, words: str) -> str:
        """The calendar that somebody means by a country's code or name, with a part of it or without: "DE-BY".

        Raises UnreadableError, about `country`, when there is none.
        """
        ...
