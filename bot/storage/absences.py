"""Absences of one workspace's people, and the questions about their Slack status."""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.habits import Absence
from bot.domain.promise import TeamId, UserId
from bot.domain.statuses import StatusQuestion
from bot.storage.book import SqlBook
from bot.storage.preferences import absence_from, absence_json, absences_from, absences_json
from bot.storage.tables import people

_WHO = (people.c.team_id == bindparam("team"), people.c.id == bindparam("person"))
_OF = select(people.c.absences).where(*_WHO)
_OF_FOR_CHANGE = _OF.with_for_update()
_ASKED = select(people.c.asked).where(*_WHO)
_WRITE = update(people).where(*_WHO).values(absences=bindparam("all_of_them"))
_ASK = update(people).where(*_WHO).values(asked=bindparam("question"))


class SqlAbsenceBook(SqlBook):
    """AbsenceBook over a connection; `changed` is called to drop cached people after a write."""

    __slots__ = ("_changed",)

    def __init__(self, connection: Connection, team_id: TeamId, changed: Callable[[], None]) -> None:
        super().__init__(connection, team_id)
        self._changed = changed

    def of(self, person: UserId, *, for_change: bool = False) -> tuple[Absence, ...]:
        statement = _OF_FOR_CHANGE if for_change else _OF
        return absences_from(self._connection.execute(statement, self._key(person)).scalar_one_or_none())

    def write(self, person: UserId, absences: tuple[Absence, ...]) -> None:
        self._changed()
        self._connection.execute(_WRITE, self._key(person) | {"all_of_them": absences_json(absences)})

    def asked(self, person: UserId) -> StatusQuestion | None:
        stored = self._connection.execute(_ASKED, self._key(person)).scalar_one_or_none()
        return StatusQuestion(stored["mark"], absence_from(stored), stored["is_answered"]) if stored else None

    def ask(self, person: UserId, question: StatusQuestion) -> None:
        written = absence_json(question.absence) | {"mark": question.mark, "is_answered": question.is_answered}
        self._connection.execute(_ASK, self._key(person) | {"question": written})

    def _key(self, person: UserId) -> dict[str, str]:
        return {"team": self._team_id, "person": person}
