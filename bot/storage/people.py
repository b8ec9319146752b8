"""The people of one workspace."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.domain.working_time import WorkingHours
from bot.storage.tables import for_both, people

#: What Slack is asked for again; the working week and the preferences are the person's own once they stand.
_SLACKS = ("name", "zone", "locale", "is_bot", "is_gone", "fetched_at")

#: Preferences that have no column of their own.
_OTHERS = ("lead_days", "daily_cap", "has_brief")

_GET = select(people).where(people.c.team_id == bindparam("team"), people.c.id == bindparam("person"))


def _upsert(insert: Any) -> Any:
    statement = insert(people)
    news = {name: statement.excluded[name] for name in _SLACKS}
    return statement.on_conflict_do_update(index_elements=["team_id", "id"], set_=news)


_SAVE = for_both(_upsert)
_CHOOSE = (
    update(people)
    .where(people.c.team_id == bindparam("team"), people.c.id == bindparam("person"))
    .values(
        work_days=bindparam("days"),
        work_start=bindparam("start"),
        work_end=bindparam("end"),
        preferences=bindparam("others"),
    )
)


class People:
    """PersonBook over a connection."""

    __slots__ = ("_connection", "_met", "_team_id")

    def __init__(self, connection: Connection, team_id: TeamId) -> None:
        self._connection = connection
        self._team_id = team_id
        #: Who was read in this transaction: several plans of it ask for the same two.
        self._met: dict[UserId, Person | None] = {}

    def get(self, person: UserId) -> Person | None:
        if person not in self._met:
            row = self._connection.execute(_GET, {"team": self._team_id, "person": person}).one_or_none()
            self._met[person] = _person(row) if row is not None else None
        return self._met[person]

    def save(self, person: Person) -> None:
        self._met.pop(person.id, None)
        hours = person.hours
        values = {
            "team_id": self._team_id,
            "id": person.id,
            "name": person.name,
            "zone": hours.zone,
            "locale": person.locale,
            "is_bot": person.is_bot,
            "is_gone": person.is_gone,
            "fetched_at": person.fetched_at,
            "work_days": sorted(hours.days),
            "work_start": hours.start,
            "work_end": hours.end,
            "days_off": sorted(day.isoformat() for day in hours.days_off),
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], values)

    def choose(self, person: UserId, chosen: Preferences) -> None:
        self._met.pop(person, None)
        values = {
            "team": self._team_id,
            "person": person,
            "days": sorted(chosen.days),
            "start": chosen.start,
            "end": chosen.end,
            "others": {name: getattr(chosen, name) for name in _OTHERS},
        }
        self._connection.execute(_CHOOSE, values)


def _person(row: Row[Any]) -> Person:
    hours = WorkingHours(
        zone=row.zone,
        days=frozenset(row.work_days),
        start=row.work_start,
        end=row.work_end,
        days_off=frozenset(map(date.fromisoformat, row.days_off)),
    )
    return Person(
        team_id=TeamId(row.team_id),
        id=UserId(row.id),
        name=row.name,
        fetched_at=row.fetched_at,
        hours=hours,
        locale=row.locale,
        is_bot=row.is_bot,
        is_gone=row.is_gone,
        **{name: value for name, value in (row.preferences or {}).items() if name in _OTHERS},
    )
