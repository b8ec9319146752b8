"""The people of one workspace, and what the workspace chose for those who chose nothing."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, String, bindparam, cast, select, union, update

from bot.domain.habits import Absence
from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import TeamId, UserId
from bot.storage.among import among
from bot.storage.book import SqlBook
from bot.storage.bulk_select import BulkSelect
from bot.storage.preferences import (
    absences_from,
    defaults,
    others_from,
    others_json,
    preferences_from,
    preferences_json,
)
from bot.storage.tables import for_both, json_column, people

#: The public holidays of a country, by its calendar's name.
Holidays = Callable[[str], frozenset[date]]

#: Columns refreshed from Slack; the working week and the preferences belong to the person.
_SLACKS = ("name", "zone", "locale", "is_bot", "is_gone", "is_admin", "is_guest", "fetched_at")


def person_columns(table: FromClause) -> Sequence[ColumnElement[Any]]:
    """Return the columns of a person's row, JSON as its text: few texts differ, and what each means is cached."""
    return [as_text(each).label(each.name) if each.type is json_column else each for each in table.c]


def as_text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(column, String)


_WITH_DEFAULTS: Any = select(*person_columns(people), as_text(defaults.c.preferences).label("for_all")).join(
    defaults, defaults.c.team_id == people.c.team_id, isouter=True
)
_GET = _WITH_DEFAULTS.where(people.c.team_id == bindparam("team"), people.c.id == bindparam("person"))
THESE = _WITH_DEFAULTS.where(people.c.team_id == bindparam("team"), among(people.c.id, "people"))
_THESE = BulkSelect(THESE)
_NAMES = (
    select(people.c.id, people.c.name)
    .where(people.c.team_id == bindparam("team"), people.c.is_bot.is_(False), people.c.is_gone.is_(False))
    .limit(bindparam("most"))
)
_FOR_ALL = select(defaults.c.preferences).where(defaults.c.team_id == bindparam("team"))


def _upsert(insert: Any) -> Any:
    statement = insert(people)
    news = {name: statement.excluded[name] for name in _SLACKS}
    return statement.on_conflict_do_update(index_elements=["team_id", "id"], set_=news)


def _upsert_for_all(insert: Any) -> Any:
    statement = insert(defaults)
    news = {name: statement.excluded[name] for name in ("preferences", "set_by", "set_at")}
    return statement.on_conflict_do_update(index_elements=["team_id"], set_=news)


_SAVE, _CHOOSE_FOR_ALL = for_both(_upsert), for_both(_upsert_for_all)
_COUNTRIES = union(
    *(select(table.c.preferences["country"].as_string().label("country")).distinct() for table in (people, defaults))
)
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


def no_holidays(_: str) -> frozenset[date]:
    return frozenset()


class SqlPersonBook(SqlBook):
    """PersonBook over a connection."""

    __slots__ = ("_cached", "_for_all", "_holidays")

    def __init__(self, connection: Connection, team_id: TeamId, holidays: Holidays = no_holidays) -> None:
        super().__init__(connection, team_id)
        self._holidays = holidays
        #: Cache of people read in this transaction.
        self._cached: dict[UserId, Person | None] = {}
        self._for_all: Preferences | None = None

    def get(self, person: UserId) -> Person | None:
        if person not in self._cached:
            row = self._connection.execute(_GET, {"team": self._team_id, "person": person}).one_or_none()
            self.preload({person: row})
        return self._cached[person]

    def prefetch(self, people: Collection[UserId]) -> None:
        if unread := sorted({each for each in people if each not in self._cached}):
            rows = _THESE.rows(self._connection, {"team": self._team_id, "people": unread})
            self.preload(dict.fromkeys(unread) | {UserId(row[1]): row for row in rows})

    def preload(self, rows: Mapping[UserId, Sequence[Any] | None]) -> None:
        """Let `get` of these people answer from memory for the rest of the transaction."""
        for person, row in rows.items():
            self._cached[person] = None if row is None else _person(row, self._holidays)

    def forget_cached(self) -> None:
        """Clear the cache of people, and of their defaults."""
        self._cached.clear()
        self._for_all = None

    def save(self, person: Person) -> None:
        self._cached.pop(person.id, None)
        chosen = person.preferences
        values = {
            "team_id": self._team_id,
            "id": person.id,
            "name": person.name,
            "zone": person.zone,
            "locale": person.locale,
            "is_bot": person.is_bot,
            "is_gone": person.is_gone,
            "is_admin": person.is_admin,
            "is_guest": person.is_guest,
            "fetched_at": person.fetched_at,
            "work_days": sorted(chosen.days),
            "work_start": chosen.start,
            "work_end": chosen.end,
            "days_off": sorted(day.isoformat() for day in person.holidays),
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], values)

    def choose(self, person: UserId, chosen: Preferences) -> None:
        self._cached.pop(person, None)
        values = {
            "team": self._team_id,
            "person": person,
            "days": sorted(chosen.days),
            "start": chosen.start,
            "end": chosen.end,
            "others": others_json(chosen),
        }
        self._connection.execute(_CHOOSE, values)

    def names(self, most: int) -> Mapping[UserId, str]:
        rows = self._connection.execute(_NAMES, {"team": self._team_id, "most": most})
        return {UserId(row.id): row.name for row in rows}

    def for_all(self) -> Preferences:
        if self._for_all is None:
            stored = self._connection.execute(_FOR_ALL, {"team": self._team_id}).scalar_one_or_none()
            self._for_all = preferences_from(stored) if stored else Preferences()
        return self._for_all

    def choose_for_all(self, chosen: Preferences, by: UserId, at: datetime) -> None:
        self.forget_cached()
        values = {"team_id": self._team_id, "preferences": preferences_json(chosen), "set_by": by, "set_at": at}
        self._connection.execute(_CHOOSE_FOR_ALL[self._connection.dialect.name], values)


def _person(row: Sequence[Any], holidays: Holidays) -> Person:
    """Build a person from the columns of `person_columns` and what is chosen for all, in this order."""
    team_id, person, name, zone, locale, is_bot, is_gone, fetched_at, days, start, end, days_off = row[:12]
    own, is_admin, is_guest, absences, _, for_all = row[12:]
    chosen = _chosen(days, start, end, own, for_all)
    return Person(
        team_id=team_id,
        id=person,
        name=name,
        fetched_at=fetched_at,
        zone=zone,
        preferences=chosen,
        holidays=_with(holidays(chosen.country), days_off),
        absences=_absences(absences) if absences else (),
        locale=locale,
        is_bot=is_bot,
        is_gone=is_gone,
        is_admin=bool(is_admin),
        is_guest=bool(is_guest),
        has_chosen=own is not None,
    )


@lru_cache(1024)
def _chosen(days: str, start: time, end: time, own: str | None, for_all: str | None) -> Preferences:
    """Return a person's settings; those for all if they have none."""
    if own is None and for_all is not None:
        return preferences_from(json.loads(for_all))
    return Preferences(frozenset(json.loads(days)), start, end, **others_from(json.loads(own) if own else {}))


@lru_cache(1024)
def _absences(stored: str) -> tuple[Absence, ...]:
    return absences_from(json.loads(stored))


@lru_cache(1024)
def _with(holidays: frozenset[date], stored: str) -> frozenset[date]:
    """Return holidays with further days: the same set for all who have no others, so that it is compared quickly."""
    days = json.loads(stored)
    return holidays.union(map(date.fromisoformat, days)) if days else holidays


def chosen_countries(connection: Connection) -> tuple[str, ...]:
    return tuple(country for country in connection.execute(_COUNTRIES).scalars() if country)
