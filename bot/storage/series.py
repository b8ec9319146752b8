"""Series of one workspace: the rule of recurrence, and when the next occurrence is made."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    exists,
    insert,
    or_,
    select,
)
from sqlalchemy import update as change

from bot.domain.promise import ChannelId, Origin, PromiseId, TeamId, UserId
from bot.domain.recurring import Series, rule_from
from bot.storage.book import SqlBook
from bot.storage.rows import weight_from, weight_values
from bot.storage.tables import Instant, json_column, metadata, stops


def _text(name: str) -> "Column[str]":
    return Column(name, String, nullable=False)


#: `id` is that of the first occurrence, `number` that of the newest; `wakes_at` is Series.wakes_at.
series = Table(
    "series",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("id", String, primary_key=True, nullable=False),
    _text("owner_id"),
    _text("requester_id"),
    Column("watchers", json_column, nullable=False),
    _text("what"),
    _text("done_when"),
    Column("rule", json_column, nullable=False),
    _text("channel_id"),
    Column("is_private", Boolean, nullable=False),
    _text("permalink"),
    Column("number", Integer, nullable=False),
    Column("wakes_at", Instant),
    Column("ended_at", Instant),
    _text("ended_by"),
    Column("estimate_minutes", Integer),
    Column("priority", String),
)
_goes_on = series.c.ended_at.is_(None)
_wakes = series.c.wakes_at.is_not(None)
Index("series_wake", series.c.wakes_at, sqlite_where=_wakes, postgresql_where=_wakes)
Index("series_owing", series.c.team_id, series.c.owner_id, sqlite_where=_goes_on, postgresql_where=_goes_on)
Index("series_owed", series.c.team_id, series.c.requester_id, sqlite_where=_goes_on, postgresql_where=_goes_on)

_IN_TEAM = series.c.team_id == bindparam("team")
_BY_ID = select(series).where(_IN_TEAM, series.c.id == bindparam("series"))
_BY_ID_FOR_CHANGE = _BY_ID.with_for_update()
_CHANGE = change(series).where(_IN_TEAM, series.c.id == bindparam("series"))
_OF_PERSON = (
    select(series)
    .where(
        _IN_TEAM, _goes_on, or_(series.c.owner_id == bindparam("person"), series.c.requester_id == bindparam("person"))
    )
    .order_by(series.c.wakes_at, series.c.number)
    .limit(bindparam("at_most"))
)
# A stopped workspace gets no occurrences; the time until it is mended counts as downtime.
_is_stopped = exists().where(stops.c.team_id == series.c.team_id, stops.c.subject == "", stops.c.until.is_(None))
_DUE = (
    select(series.c.team_id, series.c.id)
    .where(series.c.wakes_at <= bindparam("now", type_=Instant()), ~_is_stopped)
    .order_by(series.c.wakes_at)
    .limit(bindparam("at_most"))
)
NEXT_SERIES = select(series.c.wakes_at.label("at")).where(_wakes).order_by(series.c.wakes_at).limit(1)


class SqlSeriesBook(SqlBook):
    """SeriesBook over a connection."""

    __slots__ = ()

    def add(self, begun: Series) -> None:
        self._connection.execute(insert(series), {"team_id": self._team_id, "id": begun.id, **_values(begun)})

    def save(self, changed: Series) -> None:
        self._connection.execute(_CHANGE, {"team": self._team_id, "series": changed.id, **_values(changed)})

    def get(self, series_id: PromiseId, *, for_change: bool = False) -> Series | None:
        statement = _BY_ID_FOR_CHANGE if for_change else _BY_ID
        row = self._connection.execute(statement, {"team": self._team_id, "series": series_id}).one_or_none()
        return _series_from(row) if row is not None else None

    def of_person(self, person: UserId, limit: int) -> tuple[Series, ...]:
        asked = {"team": self._team_id, "person": person, "at_most": limit}
        return tuple(map(_series_from, self._connection.execute(_OF_PERSON, asked)))


def series_due(connection: Connection, now: datetime, limit: int) -> tuple[tuple[TeamId, PromiseId], ...]:
    rows = connection.execute(_DUE, {"now": now, "at_most": limit})
    return tuple((TeamId(row.team_id), PromiseId(row.id)) for row in rows)


def _values(given: Series) -> dict[str, Any]:
    return {
        "owner_id": given.owner_id,
        "requester_id": given.requester_id,
        "watchers": list(given.watchers),
        "what": given.what,
        "done_when": given.done_when,
        "rule": given.rule.written(),
        "channel_id": given.origin.channel_id,
        "is_private": given.origin.is_private,
        "permalink": given.origin.permalink,
        "number": given.number,
        "wakes_at": given.wakes_at,
        "ended_at": given.ended_at,
        "ended_by": given.ended_by,
        **weight_values(given.weight),
    }


def _series_from(row: "Row[Any]") -> Series:
    return Series(
        owner_id=UserId(row.owner_id),
        requester_id=UserId(row.requester_id),
        what=row.what,
        rule=rule_from(row.rule),
        done_when=row.done_when,
        ended_at=row.ended_at,
        id=PromiseId(row.id),
        watchers=tuple(map(UserId, row.watchers)),
        origin=Origin(ChannelId(row.channel_id), row.is_private, row.permalink),
        number=row.number,
        wakes_at=row.wakes_at,
        ended_by=UserId(row.ended_by),
        weight=weight_from(row.estimate_minutes, row.priority),
    )
