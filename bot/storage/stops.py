"""Why nothing is sent for now, in one workspace or in all of them."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from bot.domain.promise import TeamId
from bot.ports import Stop
from bot.storage.book import SqlBook
from bot.storage.tables import for_both, stops

_THIS = (stops.c.team_id == bindparam("team"), stops.c.subject == bindparam("about"))
_GET = select(stops).where(*_THIS)
_LIFT = delete(stops).where(*_THIS)
_ALL = select(stops).order_by(stops.c.since, stops.c.team_id, stops.c.subject)


def _upsert(insert: Any) -> Any:
    statement = insert(stops)
    news = {"error": statement.excluded.error, "until": statement.excluded.until}
    return statement.on_conflict_do_update(index_elements=["team_id", "subject"], set_=news)


_SET = for_both(_upsert)


class SqlStopBook(SqlBook):
    """StopBook over a connection."""

    __slots__ = ()

    def get(self, subject: str) -> Stop | None:
        row = self._connection.execute(_GET, {"team": self._team_id, "about": subject}).one_or_none()
        return _stop(row) if row is not None else None

    def set(self, stop: Stop) -> None:
        values = {"subject": stop.subject, "error": stop.error, "since": stop.since, "until": stop.until}
        self._connection.execute(_SET[self._connection.dialect.name], {"team_id": self._team_id, **values})

    def lift(self, subject: str) -> None:
        self._connection.execute(_LIFT, {"team": self._team_id, "about": subject})


def stopped(connection: Connection) -> tuple[Stop, ...]:
    return tuple(map(_stop, connection.execute(_ALL)))


def _stop(row: Row[Any]) -> Stop:
    return Stop(TeamId(row.team_id), row.subject, row.error, row.since, row.until)
