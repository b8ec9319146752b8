"""Channels in which Kept listens, and people whom it has welcomed."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Index, String, Table, bindparam, delete, select, update

from bot.domain.promise import ChannelId, UserId
from bot.ports.surfaces import Listening, Welcome
from bot.storage.book import SqlBook
from bot.storage.tables import Instant, deliveries, for_both, metadata

listening = Table(
    "listening",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("channel_id", String, primary_key=True, nullable=False),
    Column("set_by", String, nullable=False),
    Column("set_at", Instant, nullable=False),
)
welcomes = Table(
    "welcomes",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("person", String, primary_key=True, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("is_over", Boolean, nullable=False),
)
_stands = deliveries.c.ts.is_not(None)
Index(
    "deliveries_standing",
    deliveries.c.team_id,
    deliveries.c.channel_id,
    deliveries.c.ts,
    sqlite_where=_stands,
    postgresql_where=_stands,
)

_IN = (listening.c.team_id == bindparam("team"), listening.c.channel_id == bindparam("channel"))
_GET_LISTENING, _STOP_LISTENING = select(listening).where(*_IN), delete(listening).where(*_IN)
_LISTEN = for_both(lambda insert: insert(listening).on_conflict_do_nothing())
_OF = (welcomes.c.team_id == bindparam("team"), welcomes.c.person == bindparam("whom"))
_WELCOMED, _END = select(welcomes).where(*_OF), update(welcomes).where(*_OF).values(is_over=True)
_WELCOME = for_both(lambda insert: insert(welcomes).on_conflict_do_nothing())


class SqlSurfaceBook(SqlBook):
    """SurfaceBook over a connection."""

    __slots__ = ()

    def listening(self, channel_id: ChannelId) -> Listening | None:
        row = self._connection.execute(_GET_LISTENING, {"team": self._team_id, "channel": channel_id}).one_or_none()
        return Listening(ChannelId(row.channel_id), UserId(row.set_by), row.set_at) if row is not None else None

    def listen(self, setting: Listening) -> None:
        place = {"team_id": self._team_id, "channel_id": setting.channel_id}
        values = {**place, "set_by": setting.set_by, "set_at": setting.set_at}
        self._connection.execute(_LISTEN[self._connection.dialect.name], values)

    def stop_listening(self, channel_id: ChannelId) -> None:
        self._connection.execute(_STOP_LISTENING, {"team": self._team_id, "channel": channel_id})

    def welcome(self, person: UserId) -> Welcome | None:
        row = self._connection.execute(_WELCOMED, {"team": self._team_id, "whom": person}).one_or_none()
        return Welcome(row.first_at, row.is_over) if row is not None else None

    def note_welcome(self, person: UserId, at: datetime) -> None:
        values = {"team_id": self._team_id, "person": person, "first_at": at, "is_over": False}
        self._connection.execute(_WELCOME[self._connection.dialect.name], values)

    def end_welcome(self, person: UserId) -> None:
        self._connection.execute(_END, {"team": self._team_id, "whom": person})
